"""`baton bench turns`: a turn posted, understood, decided and answered, seen by the client's event stream; beside its floor."""

import asyncio
import random
import statistics
from collections.abc import Callable

import msgspec

from bench.driver import Connection, Seen, crowd, hang_up, opened
from bench.servers import Server, quantile, running

OPEN_FOR_MEMORY = 300
Told = Callable[[str], None]


class Run(msgspec.Struct):
    """One measured stretch of one server."""

    turns: int
    cpu_s: float
    seconds: float
    p50_ms: float
    p99_ms: float
    syncs: float
    slow: float


def measure(server: Server, concurrency: int, seconds: float, seed: int) -> Run:
    """Let a crowd talk for `seconds` and read what it cost."""

    def meter() -> list[float]:
        return [server.cpu_s(), server.metric("baton_syncs_total"), server.metric("baton_slow_tier_total")]

    seen: Seen = asyncio.run(crowd(server.port, concurrency, seconds, meter, seed))
    done, (cpu_s, syncs, slow) = len(seen.latencies_ms), seen.metered
    p50, p99 = quantile(seen.latencies_ms, 0.5), quantile(seen.latencies_ms, 0.99)
    return Run(done, cpu_s, seconds, p50, p99, syncs / max(1, done), slow / max(1, done))


async def _open_many(port: int, count: int) -> None:
    connection = Connection(port)
    await connection.open()
    text = msgspec.json.encode({"text": "How do I choose a seat?", "nonce": "m"})
    everyone = await opened(port, count)
    for each in everyone:
        await connection.post(f"/api/chat/conversations/{each.name}/turns", text, each.token)
        await asyncio.wait_for(each.answers.get(), 30)
    hang_up(everyone)


def memory_kb(server: Server) -> float:
    """Kilobytes of resident memory for each open, answered conversation with its event stream; what is made once is made before."""
    asyncio.run(_open_many(server.port, OPEN_FOR_MEMORY))
    before = server.resident_mb()
    asyncio.run(_open_many(server.port, OPEN_FOR_MEMORY))
    return (server.resident_mb() - before) * 1000 / OPEN_FOR_MEMORY


def bench_turns(
    concurrency: tuple[int, ...] = (1, 50, 500), seconds: float = 3.0, log: str = "sqlite", repeats: int = 5,
    told: Told = lambda line: None,
) -> dict[str, dict[str, float]]:  # fmt: skip
    """The figures of CONTRACTS.md for each concurrency: medians over alternating repeats of Baton and its floor."""
    ours = ("demo", "--port", "{port}", "--home", "{home}", "--fresh", "--no-traffic", "--history-days", "0")
    env = {"BATON_LOG": log, "BATON_CHAT_RATE": "0"} if log != "sqlite" else {"BATON_CHAT_RATE": "0"}
    figures: dict[str, dict[str, float]] = {}
    with running("baton.cli", *ours, env=env) as baton, running("bench.floor", "{home}/floor.db", "{port}") as floor:
        kb = memory_kb(baton)
        for count in concurrency:
            measure(baton, count, 1, 0)
            measure(floor, count, 1, 0)
            pairs = []
            for repeat in range(repeats):
                told(f"{count} conversations, repeat {repeat + 1} of {repeats}")
                seed = random.Random(count * 100 + repeat).randrange(10**6)
                pairs.append((measure(baton, count, seconds, seed), measure(floor, count, seconds, seed)))
            figures[str(count)] = _told(pairs)
    return {count: {**f, "kb_per_conversation": round(kb, 1)} for count, f in figures.items()}


def _told(pairs: list[tuple[Run, Run]]) -> dict[str, float]:
    def median(of: Callable[[tuple[Run, Run]], float]) -> float:
        return round(statistics.median(of(p) for p in pairs), 4)

    return {
        "turns_per_cpu_s": median(lambda p: p[0].turns / max(p[0].cpu_s, 0.01)),
        "turns_per_s": median(lambda p: p[0].turns / p[0].seconds),
        "p50_ms": median(lambda p: p[0].p50_ms),
        "p99_ms": median(lambda p: p[0].p99_ms),
        "syncs_per_turn": median(lambda p: p[0].syncs),
        "slow_tier_share": median(lambda p: p[0].slow),
        "floor_turns_per_cpu_s": median(lambda p: p[1].turns / max(p[1].cpu_s, 0.01)),
        "floor_p99_ms": median(lambda p: p[1].p99_ms),
        "ratio": median(lambda p: (p[0].turns / max(p[0].cpu_s, 0.01)) / (p[1].turns / max(p[1].cpu_s, 0.01))),
    }
