"""Parts: chosen from settings, put together, started and stopped. There is no `if distributed` anywhere else."""

import asyncio
import gc
import pkgutil
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module
from importlib.metadata import entry_points

import msgspec
from sqlalchemy import MetaData, Table

import baton.capabilities
from baton.assembly.auditing import Auditing
from baton.assembly.forgetting import Forgetting, catch_up
from baton.assembly.learning import learn_now_and_then
from baton.assembly.replays import Replays
from baton.assembly.ruling import skills_in
from baton.assembly.teaching import Teaching, teaching_pool
from baton.assembly.tracing import exports_of
from baton.assembly.trials.running import Trials
from baton.assembly.written import known, passages
from baton.capabilities.agents.events import Procedures
from baton.capabilities.governance.gate.tools import ToolGate
from baton.capabilities.governance.register.beginning import begin
from baton.capabilities.knowledge.events import Articles
from baton.engines.audit.tables import METADATA as AUDIT
from baton.engines.blobs import FolderBlobs, SealedBlobs
from baton.engines.blobs.sealed import opened as unsealed
from baton.engines.llm.connecting import Minds, connected
from baton.engines.looking import Looking, slow_pool
from baton.engines.meanings import FILE, Meanings
from baton.engines.models.fast import FastTier
from baton.engines.models.own.served import Heads
from baton.engines.models.search import Index
from baton.engines.understanding import NoIndex, Understanding
from baton.kernel.actor import Actor
from baton.kernel.capability import Crafts, load
from baton.kernel.clock import SystemChance, WallClock
from baton.kernel.committer import Committer, Done
from baton.kernel.conversation import Started, TurnSaid
from baton.kernel.lanes import lane_of
from baton.kernel.log import ActRow, Store
from baton.kernel.ports import ActionResult, Chance, Claim, Clock, Tools, Wake
from baton.kernel.stream import policy_name
from baton.settings import Settings
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore


class Parts(msgspec.Struct):
    """Everything a running Baton is made of."""

    settings: Settings
    crafts: Crafts
    store: Store
    keys: SqliteKeys
    models: Understanding
    blobs: FolderBlobs
    looking: Looking
    minds: Minds
    teaching: Teaching
    replays: Replays
    trials: Trials
    committer: Committer
    auditing: Auditing
    actor: Actor
    wake: Wake
    clock: Clock
    chance: Chance
    gate: ToolGate


class NoTools:
    """Before a company connects its systems, no tool is there: every act ends unknown and a person takes over."""

    async def call(self, tool: str, args: object, key: str, claim: Claim | None = None) -> ActionResult:
        """Nobody knows."""
        return ActionResult(None, f"no tool {tool!r}")


def packages() -> list[str]:
    """The capability packages: those in this folder, and those that others ship under `baton.capabilities`."""
    own = [f"baton.capabilities.{m.name}" for m in pkgutil.iter_modules(baton.capabilities.__path__) if m.ispkg]
    return own + [e.value for e in entry_points(group="baton.capabilities")]


def read_models(crafts: Crafts) -> list[Table]:
    """The read-model tables of all capabilities."""
    found: list[Table] = []
    for module in crafts.modules.values():
        try:
            metadata: MetaData = import_module(f"{module.__name__}.tables").METADATA
        except ModuleNotFoundError:
            continue
        found += metadata.sorted_tables
    return found


def choose_store(settings: Settings) -> Store:
    """SQLite in the home folder, or the PostgreSQL the URL names."""
    if settings.log == "sqlite":
        return SqliteStore(settings.home / "log.db")
    from baton.stores.postgres import PostgresStore

    return PostgresStore(settings.log)


def choose_wake(settings: Settings) -> Wake:
    """In this process, or NATS."""
    from baton.engines.wake import LocalWake, NatsWake

    return LocalWake() if settings.wake == "local" else NatsWake(settings.wake)


async def assemble(
    settings: Settings,
    tools: Tools | None = None,
    clock: Clock | None = None,
    chance: Chance | None = None,
    gate: ToolGate | None = None,
) -> Parts:
    """Choose the parts, open the store and read where the log stands. Nothing runs yet."""
    crafts = load(packages())
    store = choose_store(settings)
    await store.open([*read_models(crafts), *AUDIT.sorted_tables])
    root = settings.root_key.get_secret_value() if settings.root_key else None
    keys = SqliteKeys(settings.home / "keys.db", bytes.fromhex(root) if root else None)
    blobs = FolderBlobs(settings.home / "blobs")
    heads = Heads(lambda name: unsealed(blobs.read(name), keys.of(name), name))
    models = Understanding(FastTier(), heads=heads)
    looking = Looking(
        tools or NoTools(), slow_pool() if settings.slow_tier == "on" else None, heads.file,
        Meanings(settings.home / FILE),
    )  # fmt: skip
    committer = Committer(store, crafts, keys, models, clock or WallClock(), settings.owned())
    minds = connected(settings, looking)
    actor = Actor(committer, crafts, minds)
    committer.outside = actor.start
    judging = gate or ToolGate()
    judging.follow(committer)
    teaching = Teaching(committer, SealedBlobs(blobs, keys), teaching_pool(settings))
    told = chance or SystemChance()
    replays = Replays(
        committer, models, teaching_pool(settings), lambda: skills_in(settings.home / "staff.db", committer.clock, told)
    )
    return Parts(
        settings, crafts, store, keys, models, blobs, looking, minds, teaching, replays, Trials(committer, teaching_pool(settings)), committer, Auditing(committer, settings), actor, choose_wake(settings),
        clock or WallClock(), told, judging,
    )  # fmt: skip


@asynccontextmanager
async def running(parts: Parts) -> AsyncIterator[Parts]:
    """Commit, listen for news and act, until the block ends."""
    _follow_articles(parts)
    open_acts = await parts.committer.start()
    _learn_articles(parts)
    parts.committer.listeners.append(lambda done: _warm(parts, done))
    await catch_up(parts.committer)
    forgetting = Forgetting(parts.committer, parts.keys, parts.models)
    parts.committer.listeners.append(forgetting.heard)
    parts.committer.listeners.append(parts.teaching.errands.heard)
    parts.committer.listeners.append(parts.replays.errands.heard)
    parts.committer.listeners.append(parts.trials.errands.heard)
    exporting = exports_of(parts.committer, parts.settings, parts.chance)
    parts.committer.listeners.append(exporting.heard)
    parts.trials.told = exporting.tried
    async with asyncio.TaskGroup() as group:
        learning = learn_now_and_then(parts.committer, parts.crafts, parts.settings)
        tasks = [
            group.create_task(each)
            for each in (
                parts.committer.run(),
                _listen(parts),
                learning,
                parts.teaching.errands.run(),
                parts.replays.errands.run(),
                parts.trials.errands.run(),
                exporting.run(),
                forgetting.run(),
                parts.auditing.run(),
            )
        ]
        _ring(parts, group)
        await begin(parts.committer)
        await parts.gate.recall(parts.store)
        await parts.actor.resume(open_acts)
        gc.freeze()
        try:
            yield parts
        finally:
            for task in tasks:
                task.cancel()
    await parts.minds.close()
    await parts.looking.close()
    await parts.teaching.errands.close()
    await parts.replays.errands.close()
    await parts.trials.errands.close()
    await parts.auditing.close()
    await exporting.close()
    await parts.store.close()
    parts.keys.close()


def _learn_articles(parts: Parts) -> None:
    policies = parts.committer.memory.policies
    articles = policies.newest_of(Articles)
    texts = passages(articles)
    parts.models.use(Index.build(texts) if texts else NoIndex())
    parts.looking.meanings.learn(known(articles, policies.newest_of(Procedures)) if texts else ())


def _follow_articles(parts: Parts) -> None:
    def learned(name: str) -> None:
        if name in {policy_name(Articles), policy_name(Procedures)}:
            _learn_articles(parts)

    parts.committer.memory.policies.learned = learned


def _warm(parts: Parts, done: Sequence[Done]) -> None:
    """Somebody begins to talk: the slow tier may be needed soon, and takes a second or two to be ready."""
    if any(isinstance(d.entry.event, (Started, TurnSaid)) and d.stream.live for d in done):
        parts.looking.warm()


async def _listen(parts: Parts) -> None:
    async for lanes in parts.wake.heard():
        if not lanes.isdisjoint(parts.committer.lanes):
            parts.committer.nudge()


def _ring(parts: Parts, group: asyncio.TaskGroup) -> None:
    def ring(lanes: frozenset[int]) -> None:
        if parts.settings.wake != "local" and lanes:
            group.create_task(parts.wake.ring(lanes))

    parts.committer.ring = ring
    parts.committer.inherited = lambda acts: _resume(parts, group, acts)
    parts.committer.listeners.append(lambda done: ring(frozenset(lane_of(d.entry.stream) for d in done)))


def _resume(parts: Parts, group: asyncio.TaskGroup, acts: list[ActRow]) -> None:
    group.create_task(_recalled(parts, acts))


async def _recalled(parts: Parts, acts: list[ActRow]) -> None:
    await parts.gate.recall(parts.store)
    await parts.actor.resume(acts)


@asynccontextmanager
async def opened(settings: Settings) -> AsyncIterator[Parts]:
    """The parts, with policies read and nothing running: for commands that read, import or export."""
    parts = await assemble(settings)
    await parts.committer.start()
    _learn_articles(parts)
    try:
        yield parts
    finally:
        await parts.minds.close()
        await parts.store.close()
        parts.keys.close()
