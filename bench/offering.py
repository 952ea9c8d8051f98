"""Offering, measured: from what makes a pair possible (a rep sits down, a conversation joins) to the offer on disk and told of.

`few`: 24 reps, conversations join one by one, each decided at its own event. `crowd`: 2,000 wait, reps sit down one after
another and ticks offer; there the time is from the tick's moment on, and `ready_p99_ms` is all a rep waits for it.
"""

import asyncio
import tempfile
import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path

import msgspec

from baton.capabilities.routing.events import MAIN, HandedOver, OfferTaken, Place, Queue, RepReady, Routing, Tick
from baton.capabilities.routing.tables import METADATA
from baton.kernel.capability import load
from baton.kernel.clock import WallClock
from baton.kernel.committer import Committer, Done
from baton.kernel.conversation import Ended, PolicyRevised
from baton.kernel.lanes import LANES
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore
from bench.log import NoModels

REPS, JOINS, CROWD, SITS = 24, 200, 2_000, 50
Figures = dict[str, float]


class Heard:
    """When each conversation was offered, as the desk hears it, and when the tick that offered it was due."""

    def __init__(self) -> None:
        self.offered: dict[str, tuple[float, int, str]] = {}
        self.tick_ms = 0
        self.news = asyncio.Event()

    def batch(self, done: Sequence[Done]) -> None:
        """The committer's listener."""
        now_s = time.perf_counter()
        for each in done:
            if each.entry.stream != MAIN:
                continue
            tick = each.stream.facts.get(Tick)
            self.tick_ms = tick.at_ms if tick else 0
            late_ms = int(time.time() * 1000) - self.tick_ms
            for said in each.rest.caused:
                if isinstance(said.event, Place) and said.event.state == "offered":
                    self.offered[said.event.conversation] = (now_s, late_ms, said.event.rep)
        self.news.set()

    async def of(self, conversation: str) -> tuple[float, int, str]:
        """When it was offered."""
        while conversation not in self.offered:
            self.news.clear()
            await self.news.wait()
        return self.offered[conversation]


async def bench_offering() -> dict[str, Figures]:
    """Percentiles over all offers, in milliseconds."""
    with tempfile.TemporaryDirectory() as folder:
        async with _working(Path(folder)) as (committer, heard):
            few = await _few(committer, heard)
    with tempfile.TemporaryDirectory() as folder:
        async with _working(Path(folder)) as (committer, heard):
            return {"few": few, "crowd": await _crowd(committer, heard)}


async def _few(committer: Committer, heard: Heard) -> Figures:
    for n in range(REPS):
        await committer.append(MAIN, RepReady(f"r{n}", "available", capacity=1, skills=("general",)), by="bench")
    took = []
    for n in range(JOINS):
        conversation = f"conversation/c{n}"
        began_s = time.perf_counter()
        await committer.append(conversation, HandedOver("general", "asked"), by="bench")
        at_s, _, rep = await heard.of(conversation)
        took.append(1000 * (at_s - began_s))
        await committer.append(MAIN, OfferTaken(rep, conversation), by="bench")
        await committer.append(conversation, Ended("closed_by_rep"), by="bench")
    return _percentiles(took)


async def _crowd(committer: Committer, heard: Heard) -> Figures:
    joins = [committer.append(f"conversation/c{n}", HandedOver("general", "asked"), by="bench") for n in range(CROWD)]
    await asyncio.gather(*joins)
    while (await committer.memory.stream(MAIN)).facts.count(Place) < CROWD:
        heard.news.clear()
        await heard.news.wait()
    late, ready = [], []
    for n in range(SITS):
        known = set(heard.offered)
        began_s = time.perf_counter()
        await committer.append(MAIN, RepReady(f"r{n}", "available", capacity=1, skills=("general",)), by="bench")
        while not (fresh := heard.offered.keys() - known):
            heard.news.clear()
            await heard.news.wait()
        at_s, late_ms, _ = heard.offered[min(fresh)]
        late.append(float(late_ms))
        ready.append(1000 * (at_s - began_s))
        await committer.append(min(fresh), Ended("customer_left"), by="bench")
        await committer.append(MAIN, RepReady(f"r{n}", "offline"), by="bench")
    return {**_percentiles(late), "ready_p99_ms": _percentiles(ready)["p99_ms"]}


def _percentiles(took: list[float]) -> Figures:
    took = sorted(took)
    return {"p50_ms": round(took[len(took) // 2], 1), "p99_ms": round(took[len(took) * 99 // 100], 1), "n": len(took)}


@asynccontextmanager
async def _working(home: Path) -> AsyncIterator[tuple[Committer, Heard]]:
    crafts = load(["baton.capabilities.routing"])
    store, keys = SqliteStore(home / "log.db"), SqliteKeys(home / "keys.db")
    await store.open(list(METADATA.sorted_tables))
    committer = Committer(store, crafts, keys, NoModels(), WallClock(), range(LANES))
    heard = Heard()
    committer.listeners.append(heard.batch)
    await committer.start()
    running = asyncio.ensure_future(committer.run())
    rules = Routing((Queue("general", "General", skill="general"),))
    await committer.append(
        "policy/routing.Routing", PolicyRevised("routing.Routing", msgspec.Raw(msgspec.json.encode(rules))), by="bench"
    )
    try:
        yield committer, heard
    finally:
        running.cancel()
        with suppress(asyncio.CancelledError):
            await running
        await store.close()
        keys.close()
