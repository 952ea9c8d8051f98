"""`baton bench replay`: a day of contacts run against a changed policy, as `baton replay` runs it, on an invented log.

The day has 20 queues and 1,000 reps with logged presence. Read models of all its contacts are invented; the first conversations by name, which
are those that a replay draws to decide again, are in the log with their turns, so that both parts do what they do on a real one.
"""

import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from random import Random
from typing import Any

import msgspec

from baton.assembly.parts import Parts, opened
from baton.assembly.replaying import run
from baton.capabilities.lake.importing import driven
from baton.capabilities.lake.tables import CONVERSATIONS, SEGMENTS
from baton.capabilities.orchestration.replaying.change import AiShare, Change, Hours, Staffing
from baton.capabilities.orchestration.replaying.comparing import calibration
from baton.capabilities.orchestration.replaying.running import Asked
from baton.capabilities.orchestration.tables import PRESENCE
from baton.capabilities.routing.events import Queue, Routing
from baton.demo.policies import agents, articles
from baton.kernel.conversation import PolicyRevised, Started, TurnSaid
from baton.kernel.log import Work
from baton.kernel.stream import policy_name
from baton.kernel.tables import Tables
from baton.settings import Settings

DAY_MS = 86_400_000
QUEUES, REPS, LIVE, DRAWN = 20, 1000, 0.35, 2000
"""LIVE is the share of contacts that AI kept."""
TURNS = (
    "How long do refunds take?",
    "That is not what I asked.",
    "This is ridiculous, I am furious!",
    "A person, please.",
)
ROWS = 5000
CHANGE = Change(
    "a bench", {"starving_after_s": 600}, hours={"queue_3": Hours("08:00", "20:00")}, thresholds={"furious": 1000},
    ai_share=(AiShare(20, complexity="low"),), staffing=(Staffing("queue_5", 5, "09:00", "17:00"),),
)  # fmt: skip
Figures = dict[str, Any]


async def bench_replay(contacts: int, say: Callable[[str], None]) -> Figures:
    """Seconds of one replay, beside how many contacts and runs it took."""
    with tempfile.TemporaryDirectory(prefix="baton-replay-") as home:
        async with opened(Settings(home=Path(home))) as parts:
            since_ms = parts.clock.now_ms() // DAY_MS * DAY_MS
            await _fill(parts, contacts, since_ms, say)
            began = time.perf_counter()
            done = await run(parts, Asked(CHANGE, since_ms, since_ms + DAY_MS), {}, say)
            seconds = time.perf_counter() - began
    level = next(line for line in calibration(done.lines) if line.name == "service_level")
    return {
        "seconds": round(seconds, 1), "contacts": done.contacts + done.kept, "to_people": done.contacts, "reps": done.reps, "seeds": done.seeds,
        "conversations_decided_again": done.redecided.drawn, "decisions": done.redecided.decisions, "service_level_permille": level.before.value,
        "lines": len(done.lines),
    }  # fmt: skip


async def _fill(parts: Parts, contacts: int, since_ms: int, say: Callable[[str], None]) -> None:
    queues = tuple(Queue(f"queue_{n}", f"Queue {n}", f"queue_{n}") for n in range(QUEUES))
    for policy in (Routing(queues), agents(), articles()):
        revised = PolicyRevised(policy_name(type(policy)), msgspec.Raw(msgspec.json.encode(policy)))
        await driven(parts.committer, [parts.committer.append(f"policy/{revised.policy}", revised, by="system")])
    say(f"writing {DRAWN} conversations")
    names = [f"0{n:08d}" for n in range(min(DRAWN, contacts))]
    for event in (Started(), *(TurnSaid("customer", text) for text in TURNS)):
        appends = [parts.committer.append(f"conversation/{name}", event, by="customer") for name in names]
        await driven(parts.committer, appends)
    say(f"writing the read models of {contacts} contacts")
    for tables in _days(contacts, since_ms):
        await parts.store.begin(())
        await parts.store.put(Work([], [], [], [], [], [], [], {}, tables))
        await parts.store.commit()


def _days(contacts: int, since_ms: int) -> Iterator[Tables]:
    """Read models in parts: presence of every rep over a shift, then contacts over the day."""
    chance, tables = Random("bench replay"), Tables()
    starts = [since_ms + chance.randrange(0, DAY_MS - 28_800_000, 900_000) for _ in range(REPS)]
    for n, at_ms in enumerate(starts):
        for after_ms, presence in (
            (0, "available"),
            (14_400_000, "break"),
            (16_200_000, "available"),
            (28_800_000, "offline"),
        ):
            tables.put(PRESENCE, {"rep": f"rep-{n}", "since_ms": at_ms + after_ms}, presence=presence)
    for n in range(contacts):
        _contact(tables, n, chance, since_ms)
        if n % ROWS == ROWS - 1:
            yield tables
            tables = Tables()
    yield tables


def _contact(tables: Tables, n: int, chance: Random, since_ms: int) -> None:
    key, queue = f"0{n:08d}", chance.randrange(QUEUES)
    at_ms = since_ms + int(DAY_MS * chance.triangular(0, 1, 0.55))
    kept, level = chance.random() < LIVE, chance.choices(("low", "medium", "high"), (6, 3, 1))[0]
    waited_ms, took_ms = int(chance.expovariate(1 / 20_000)), int(chance.lognormvariate(5.4, 0.8) * 1000)
    left = not kept and chance.random() < 0.04
    tables.put(
        CONVERSATIONS, {"conversation": key}, origin="live", channel="voice", queue=f"queue_{queue}", started_ms=at_ms, last_ms=at_ms + took_ms,
        ended_ms=at_ms + took_ms, complexity=level, path="agent" if kept else "agent_rep" if n % 3 else "rep", contained=int(kept),
    )  # fmt: skip
    if not kept:
        rep = f"rep-{QUEUES * chance.randrange(REPS // QUEUES) + queue}"
        tables.put(
            SEGMENTS, {"conversation": key, "number": 1}, channel=("voice", "chat")[n % 2], queue=f"queue_{queue}", rep="" if left else rep,
            offered_ms=at_ms, answered_ms=0 if left else at_ms + waited_ms, ended_ms=at_ms + waited_ms + (0 if left else took_ms), wrap_ms=0,
            abandoned=int(left),
        )  # fmt: skip
