"""A floor for scenes with agents: real store, real models, Halcyon Air's articles, procedures and system of record, and a fake clock."""

import asyncio
import tomllib
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import asynccontextmanager
from functools import cache
from pathlib import Path
from typing import TypeVar

import msgspec

from baton.assembly.parts import read_models
from baton.assembly.written import passages
from baton.capabilities import __name__ as capabilities
from baton.capabilities.agents.events import Agent, Agents, Procedures
from baton.capabilities.agents.procedures.files import procedures_of, risks_of
from baton.capabilities.governance.gate.tools import ToolGate
from baton.capabilities.knowledge.articles.files import articles_of
from baton.capabilities.knowledge.events import Articles
from baton.demo.halcyon.toolbox import call
from baton.demo.world import END_MS, RecordError, SystemOfRecord, World
from baton.engines.models.fast import FastTier
from baton.engines.models.search import Index
from baton.engines.tools import LocalTools, Tool, ToolRefused, tool
from baton.engines.understanding import Understanding
from baton.kernel.actor import Actor
from baton.kernel.capability import Crafts, load
from baton.kernel.clock import FakeClock
from baton.kernel.committer import Committer, Done
from baton.kernel.conversation import Decided, PolicyRevised, Started, Turn, TurnSaid
from baton.kernel.events import Event, Fact
from baton.kernel.stream import Stream, policy_name
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore

HALCYON = Path("src/baton/demo/halcyon")
FLOOR = (
    "agents",
    "complexity",
    "empathy",
    "escalations",
    "governance",
    "individual",
    "knowledge",
    "orchestration",
    "routing",
    "sentiment",
    "wellbeing",
)
ASSISTANT = Agent(id="assistant", name="Halcyon assistant", approved=True)
Answer = Mapping[str, str | int | bool]
F = TypeVar("F", bound=Fact)
T = TypeVar("T")
Calls = Callable[[str, Mapping[str, str], str], Awaitable[Answer]]


@cache
def crafts(more: tuple[str, ...] = ()) -> Crafts:
    """The capabilities of the floor, and `more` where a scene needs them."""
    return load([f"{capabilities}.{name}" for name in (*FLOOR, *more)])


@cache
def articles() -> Articles:
    """Halcyon Air's articles."""
    return articles_of(HALCYON / "articles")


@cache
def procedures() -> Procedures:
    """Halcyon Air's procedures."""
    return procedures_of(HALCYON / "procedures", HALCYON / "tools.toml")


@cache
def models() -> Understanding:
    """The fast tier over Halcyon Air's articles."""
    return Understanding(FastTier(), Index.build(passages(articles())))


@cache
def world() -> World:
    """Halcyon Air's world."""
    return World(now_ms=END_MS)


def halcyon_tools(calls: Calls) -> list[Tool]:
    """The tools of tools.toml, run by `calls`."""
    text = (HALCYON / "tools.toml").read_text()
    risks = risks_of(text)
    told = {t["name"]: t for t in tomllib.loads(text)["tool"]}

    def named(name: str) -> Tool:
        async def run(given: Mapping[str, str], key: str) -> Answer:
            return await calls(name, given, key)

        made = tool(name, told[name]["args"], run, risks[name])  # type: ignore[arg-type]
        shows = {field: told[name][field] for field in ("shows", "shows_args", "must") if field in told[name]}
        return msgspec.structs.replace(made, **shows)

    return [named(name) for name in told]


class Floor:
    """A running Baton with one conversation at a time, told step by step."""

    def __init__(self, committer: Committer, actor: Actor, record: SystemOfRecord, clock: FakeClock) -> None:
        self.committer, self.actor, self.record, self.clock = committer, actor, record, clock
        self.done: list[Done] = []
        self.decisions: dict[str, list[Decided]] = {}
        committer.listeners.append(self._keep)

    def _keep(self, done: Sequence[Done]) -> None:
        self.done.extend(done)
        for each in done:
            made = [c.event for c in each.rest.caused if isinstance(c.event, Decided)]
            self.decisions.setdefault(each.stream.id, []).extend(made)

    async def policy(self, body: msgspec.Struct) -> None:
        """Put a policy in force."""
        name = policy_name(type(body))
        revised = PolicyRevised(name, msgspec.Raw(msgspec.json.encode(body)))
        await self.append(f"policy/{name}", revised, by="system")

    async def begins(self, id: str = "one", **started: str) -> None:
        """A conversation starts."""
        await self.append(f"conversation/{id}", Started(**started), by="customer")  # type: ignore[arg-type]

    async def customer(self, text: str, id: str = "one", by: str = "customer") -> list[str]:
        """The customer says `text`; what was said in answer, once everything rests."""
        before = len(self.said(id))
        await self.append(f"conversation/{id}", TurnSaid("customer", text), by=by)
        return self.said(id)[before:]

    async def append(self, stream: str, *events: Event, by: str = "system") -> None:
        """Append, and let everything come to rest: timers, outside acts and what they cause."""
        asked = asyncio.ensure_future(self.committer.append(stream, *events, by=by))
        await asyncio.sleep(0)
        await self.rest()
        await asked

    async def rest(self) -> None:
        """Until nothing waits."""
        for _ in range(30):
            await self.committer.settle()
            running = [t for t in self.actor._running if not t.done()]
            if not running:
                return
            _, still = await asyncio.wait(running, timeout=0.001)
            if len(still) == len(running) and not self.committer._waiting:
                return

    async def committing(self, doing: Awaitable[T]) -> T:
        """Commit until `doing` is done."""
        task = asyncio.ensure_future(doing)
        while not task.done():
            await self.committer.settle()
            await asyncio.sleep(0)
        await self.rest()
        return await task

    def stream(self, id: str = "one") -> Stream:
        """The conversation as it stands."""
        found = self.committer.memory.peek(f"conversation/{id}")
        assert found is not None
        return found

    def turns(self, id: str = "one") -> list[Turn]:
        """Every turn."""
        return self.stream(id).turns

    def said(self, id: str = "one") -> list[str]:
        """What the agent said so far."""
        return [t.text for t in self.turns(id) if t.role == "agent"]

    def fact(self, kind: type[F], id: str = "one") -> F | None:
        """A fact of the conversation."""
        return self.stream(id).facts.get(kind)

    def last(self, id: str = "one") -> Decided:
        """The last decision."""
        return self.decisions[f"conversation/{id}"][-1]


@asynccontextmanager
async def floor(
    folder: Path, calls: Calls | None = None, agent: Agent = ASSISTANT, more: tuple[str, ...] = ()
) -> AsyncIterator[Floor]:
    """A floor with Halcyon Air's policies in force."""
    clock = FakeClock(END_MS)
    store = SqliteStore(folder / "log.db")
    await store.open(read_models(crafts(more)))
    keys = SqliteKeys(folder / "keys.db")
    record = SystemOfRecord(folder / "record.db", world(), clock.now_ms)

    async def halcyon(name: str, args: Mapping[str, str], key: str) -> Answer:
        try:
            return call(record, name, args, key)
        except RecordError as error:
            raise ToolRefused(error.code, error.message) from error

    committer = Committer(store, crafts(more), keys, models(), clock)
    gate = ToolGate()
    gate.follow(committer)
    actor = Actor(
        committer, crafts(more), LocalTools(halcyon_tools(calls or halcyon), gate, lambda: clock.now_ms() / 1000)
    )
    committer.outside = actor.start
    await committer.start()
    made = Floor(committer, actor, record, clock)
    for policy in (articles(), procedures(), Agents(agents=(agent,))):
        await made.policy(policy)
    try:
        yield made
    finally:
        record.close()
        await store.close()
        keys.close()
