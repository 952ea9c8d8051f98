"""A stage: a whole Baton in a folder of its own, with the policies in force and one version of an agent, and a clock that is told.

Nobody of the staff is there: who is handed over waits. The register is left at home, since what is tried is not let yet.
"""

import asyncio
from collections.abc import AsyncIterator, Iterable, Mapping
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import Final

import msgspec

from baton.assembly.parts import packages, read_models
from baton.assembly.trials.job import HALCYON, Job
from baton.assembly.trials.mocked import Kept, mocked
from baton.assembly.written import passages
from baton.capabilities.agents.events import Agents, Procedures
from baton.capabilities.agents.trials.scenario import Mock
from baton.capabilities.governance.gate.tools import ToolGate
from baton.capabilities.knowledge.events import Articles
from baton.demo.world import END_MS, SystemOfRecord, World
from baton.engines.llm.connecting import connected
from baton.engines.models.fast import FastTier
from baton.engines.models.search import Index
from baton.engines.understanding import NoIndex, Understanding
from baton.kernel.actor import Actor
from baton.kernel.capability import Crafts, load
from baton.kernel.clock import FakeClock
from baton.kernel.committer import Committer
from baton.kernel.conversation import PolicyRevised
from baton.kernel.events import Event
from baton.kernel.stream import Stream, policy_name
from baton.settings import Settings
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore

LEFT_AT_HOME: Final = frozenset(
    {"governance.Register", "governance.Stop", "governance.Overspent", "agents.Agents", "agents.Scenarios", "orchestration.Intents"}
)  # fmt: skip
"""Policies that do not come along: who is let, who is stopped, and heads of one's own, whose file stays where it is."""
WORLD: Final = 7
"""The seed of the invented world that scenarios are written for."""
MOST_ROUNDS: Final = 60


class Stage:
    """One Baton on which talks follow each other."""

    def __init__(
        self, committer: Committer, actor: Actor, tools: Kept, record: SystemOfRecord | None, clock: FakeClock
    ) -> None:
        self.committer, self.actor, self.tools, self.record, self.clock = committer, actor, tools, record, clock

    async def append(self, stream: str, event: Event, by: str = "customer") -> None:
        """Append, and let everything come to rest: outside acts and what they cause."""
        asked = asyncio.ensure_future(self.committer.append(stream, event, by=by))
        await asyncio.sleep(0)
        await self._rest()
        await asked

    async def passes(self, seconds: float) -> None:
        """Let time pass, and what was due happen."""
        self.clock.forward(seconds)
        self.committer.nudge()
        await self._rest()

    def stream(self, name: str) -> Stream:
        """The conversation as it stands."""
        found = self.committer.memory.peek(f"conversation/{name}")
        if found is None:
            raise LookupError(name)
        return found

    async def _rest(self) -> None:
        for _ in range(MOST_ROUNDS):
            acting = asyncio.ensure_future(self.actor.settle())
            while not acting.done():
                await self.committer.settle()
                await asyncio.sleep(0)
            if not await self.committer.cycle():
                return


@asynccontextmanager
async def stage(folder: Path, job: Job, mocks: Iterable[Mock] = (), seed: int = WORLD) -> AsyncIterator[Stage]:
    """A stage in `folder` for the version of `job`."""
    clock, policies = FakeClock(END_MS), _decoded(job.policies)
    record = SystemOfRecord(folder / "record.db", _world(seed), clock.now_ms) if job.company == HALCYON else None
    store, keys = SqliteStore(folder / "log.db"), SqliteKeys(folder / "keys.db")
    await store.open(read_models(_crafts()))
    committer = Committer(store, _crafts(), keys, _models(job.policies.get(policy_name(Articles), "")), clock)
    gate = ToolGate()
    gate.follow(committer)
    minds = connected(Settings(home=folder), mocked(record, _of(policies, Procedures), mocks, gate))
    tools = Kept(minds)
    actor = Actor(committer, _crafts(), tools)
    committer.outside = actor.start
    await committer.start()
    made = Stage(committer, actor, tools, record, clock)
    await _in_force(made, job)
    try:
        yield made
    finally:
        await minds.close()
        if record is not None:
            record.close()
        await store.close()
        keys.close()


async def _in_force(made: Stage, job: Job) -> None:
    alone = Agents((msgspec.structs.replace(job.agent, approved=True, on=True, queues=()),))
    bodies = {name: body for name, body in job.policies.items() if name not in LEFT_AT_HOME}
    for name, body in {**bodies, policy_name(Agents): msgspec.json.encode(alone).decode()}.items():
        await made.append(f"policy/{name}", PolicyRevised(name, msgspec.Raw(body.encode())), by="system")


def _decoded(policies: Mapping[str, str]) -> Mapping[str, msgspec.Raw]:
    return {name: msgspec.Raw(body.encode()) for name, body in policies.items()}


def _of(policies: Mapping[str, msgspec.Raw], kind: type[Procedures]) -> Procedures:
    body = policies.get(policy_name(kind))
    return msgspec.json.decode(body, type=kind) if body is not None else kind()


@cache
def _crafts() -> Crafts:
    return load(packages())


@cache
def _world(seed: int) -> World:
    return World(seed, END_MS)


@cache
def _models(articles: str) -> Understanding:
    known = msgspec.json.decode(articles, type=Articles) if articles else Articles()
    texts = passages(known)
    return Understanding(FastTier(), Index.build(texts) if texts else NoIndex())
