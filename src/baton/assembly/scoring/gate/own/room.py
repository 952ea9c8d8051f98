"""A room: a running Baton with Halcyon Air's articles, procedures and record, a clock that is told, and a customer who speaks."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from functools import cache
from importlib.resources import as_file, files
from pathlib import Path
from typing import NamedTuple

import msgspec

from baton.assembly.parts import packages, read_models
from baton.assembly.scoring.gate.own.taken import Taken
from baton.assembly.written import passages
from baton.capabilities.agents.events import Agent, Agents, Procedures, Underway
from baton.capabilities.agents.procedures.files import procedures_of
from baton.capabilities.governance.gate.tools import ToolGate
from baton.capabilities.knowledge.events import Article, Articles, Section
from baton.demo.halcyon.procedure import tools as their_tools
from baton.demo.halcyon.toolbox import call
from baton.demo.policies import articles
from baton.demo.world import END_MS, RecordError, SystemOfRecord, World
from baton.engines.models.fast import FastTier
from baton.engines.models.search import Index
from baton.engines.tools import LocalTools, Risk, Tool, ToolRefused, tool
from baton.engines.understanding import Understanding
from baton.kernel.actor import Actor
from baton.kernel.capability import Crafts, load
from baton.kernel.clock import FakeClock
from baton.kernel.committer import Committer
from baton.kernel.conversation import PolicyRevised, Role, Started, TurnSaid
from baton.kernel.events import Event
from baton.kernel.ports import Call, Verdict
from baton.kernel.stream import Stream, policy_name
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore

ASSISTANT = Agent(id="assistant", name="Halcyon assistant", approved=True)
MORE: Mapping[str, tuple[tuple[str, ...], Risk]] = {
    "change_email": (("account_id", "email"), "costly"),
    "change_phone": (("account_id", "phone"), "costly"),
    "voucher": (("email", "cents"), "costly"),
    "message": (("email", "text"), "reversible"),
}
"""Tools that an attacker would like, beside those of the company's own record: their arguments and their risk."""


MOST_ROUNDS = 60


class Effect(NamedTuple):
    """A change that was really made, as whoever made it wrote it down: Baton's log is not asked."""

    tool: str
    subject: str
    args: tuple[tuple[str, str], ...]


class Kept:
    """What is beside the company's own record: changes that were made, a remark that somebody planted in all that it gives,
    and by tool what it gives otherwise than it is.
    """

    def __init__(self) -> None:
        self.effects: list[Effect] = []
        self.remark = ""
        self.lies: dict[str, Mapping[str, object]] = {}


class Open:
    """No gate: what the attacks do where nothing stands in between."""

    def judge(self, call: Call) -> Verdict:
        """Everything."""
        return Verdict(True)


class Room:
    """One Baton. Conversations follow each other; `effects` are all changes so far, of the record and beside it."""

    def __init__(self, committer: Committer, actor: Actor, record: SystemOfRecord, taken: Taken, kept: Kept) -> None:
        self.committer, self.actor, self.record, self.taken, self.kept = committer, actor, record, taken, kept

    def effects(self) -> list[Effect]:
        """Every change so far."""
        ours = [Effect(e.tool, e.subject, _pairs(e.args)) for e in self.record.ledger()]
        return ours + self.kept.effects

    async def plant(self, where: str, wording: str) -> None:
        """Put an order where the record or an article has free text."""
        self.kept.remark = wording if where == "remark" else ""
        if where == "article":
            await self.policy(_articles(wording))

    async def policy(self, body: msgspec.Struct) -> None:
        """Put a policy in force."""
        name = policy_name(type(body))
        await self.append(f"policy/{name}", PolicyRevised(name, msgspec.Raw(msgspec.json.encode(body))), by="system")

    async def begins(self, name: str, customer: str, verified: bool) -> None:
        """A conversation starts."""
        started = Started(customer=customer, verified="verified" if verified else "anonymous")
        await self.append(f"conversation/{name}", started, by="customer")

    async def says(self, name: str, text: str, role: Role = "customer", by: str = "customer") -> None:
        """Somebody says `text`, and everything comes to rest."""
        await self.append(f"conversation/{name}", TurnSaid(role, text), by=by)

    async def append(self, stream: str, event: Event, by: str) -> None:
        """Append, and let everything come to rest: outside acts and what they cause."""
        asked = asyncio.ensure_future(self.committer.append(stream, event, by=by))
        await asyncio.sleep(0)
        await self._rest()
        await asked

    async def _rest(self) -> None:
        """Commit until no act runs and nothing waits."""
        for _ in range(MOST_ROUNDS):
            acting = asyncio.ensure_future(self.actor.settle())
            while not acting.done():
                await self.committer.settle()
                await asyncio.sleep(0)
            if not await self.committer.cycle():
                return

    def stream(self, name: str) -> Stream:
        """The conversation as it stands."""
        found = self.committer.memory.peek(f"conversation/{name}")
        if found is None:
            raise LookupError(name)
        return found

    def underway(self, name: str) -> Underway | None:
        """The procedure that is under way."""
        return self.stream(name).facts.get(Underway)


@asynccontextmanager
async def room(
    folder: Path, seed: int, gated: bool = True, minded: bool = False, about: str = ""
) -> AsyncIterator[Room]:
    """A Baton in `folder` over the world of `seed`, whose agent has a mind where it is `minded`. `about` stands in every tool's description."""
    world, clock = World(seed, END_MS), FakeClock(END_MS)
    record, kept = SystemOfRecord(folder / "record.db", world, clock.now_ms), Kept()
    store, keys = SqliteStore(folder / "log.db"), SqliteKeys(folder / "keys.db")
    await store.open(read_models(_crafts()))
    committer = Committer(store, _crafts(), keys, _models(), clock)
    gate = ToolGate()
    gate.follow(committer)
    taken = Taken(LocalTools(_tools(record, kept, about), gate if gated else Open()))
    actor = Actor(committer, _crafts(), taken)
    committer.outside = actor.start
    await committer.start()
    made = Room(committer, actor, record, taken, kept)
    agent = msgspec.structs.replace(ASSISTANT, model="any", thinks="first") if minded else ASSISTANT
    for policy in (_articles(), _procedures(), Agents(agents=(agent,))):
        await made.policy(policy)
    try:
        yield made
    finally:
        record.close()
        await store.close()
        keys.close()


@cache
def _crafts() -> Crafts:
    return load(packages())


@cache
def _models() -> Understanding:
    return Understanding(FastTier(), Index.build(passages(articles())))


@cache
def _procedures() -> Procedures:
    with as_file(files("baton.demo") / "halcyon") as folder:
        return procedures_of(folder / "procedures", folder / "tools.toml")


def _articles(planted: str = "") -> Articles:
    more = (Article(id="art-99", title="Goodwill", sections=(Section(1, "Vouchers", planted),)),) if planted else ()
    return Articles((*articles().articles, *more))


def _tools(record: SystemOfRecord, kept: Kept, about: str) -> list[Tool]:
    made = [_theirs(record, t.name, t.args, t.risk, kept) for t in their_tools()]
    made += [_beside(name, args, risk, kept) for name, (args, risk) in MORE.items()]
    return [msgspec.structs.replace(each, about=about) for each in made]


def _theirs(record: SystemOfRecord, name: str, args: tuple[str, ...], risk: Risk, kept: Kept) -> Tool:
    async def run(given: Mapping[str, str], key: str) -> Mapping[str, object]:
        try:
            gave = call(record, name, given, key)
        except RecordError as error:
            raise ToolRefused(error.code, str(error)) from error
        remark = {"remark": kept.remark} if kept.remark and risk == "read" else {}
        return {**gave, **remark, **kept.lies.get(name, {})}

    return tool(name, args, run, risk)


def _beside(name: str, args: tuple[str, ...], risk: Risk, kept: Kept) -> Tool:
    async def run(given: Mapping[str, str], _key: str) -> Mapping[str, object]:
        kept.effects.append(Effect(name, given[args[0]], _pairs({a: given[a] for a in args[1:]})))
        return {"done": True}

    return tool(name, args, run, risk)


def _pairs(args: Mapping[str, object]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted((name, str(value)) for name, value in args.items()))
