"""Logs under test: a database that may be opened many times, by this process and by others, with the craft loaded."""

import asyncio
from collections.abc import AsyncIterator, Iterable, Sequence
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from baton.kernel.capability import load
from baton.kernel.committer import Committer
from baton.kernel.conversation import Started
from baton.kernel.digest import digest
from baton.kernel.events import Event
from baton.kernel.lanes import LANES
from baton.kernel.log import Recorded, Store
from baton.kernel.ports import Clock, Ending, Hit, Judgement, Met
from baton.stores.keys import SqliteKeys
from baton.stores.postgres import PostgresStore
from baton.stores.sqlite import SqliteStore
from tests.ports.craft.events import Asked
from tests.ports.craft.tables import METADATA
from tests.ports.stand_ins import FakeClock

CRAFTS = load(["tests.ports.craft"])
TABLES = METADATA.sorted_tables
ROOT_KEY = bytes(range(32))


class NoModels:
    """The craft asks no model."""

    version = "none"

    def ahead(self, texts: Sequence[str]) -> None:
        """Nothing is kept."""

    def judge(self, text: str, head: str = "") -> Judgement:
        """Nothing is known of it."""
        return Judgement()

    def search(self, text: str) -> Sequence[Hit]:
        """Nothing is found."""
        return ()

    def met(self, ending: Ending) -> Met:
        """Nothing is known of it."""
        return Met()


@dataclass
class Place:
    """Where a log and its keys are."""

    url: str
    folder: Path

    def store(self) -> Store:
        """The store, not yet open."""
        return PostgresStore(self.url) if self.url.startswith("postgres") else SqliteStore(Path(self.url))

    def keys(self) -> SqliteKeys:
        """The keys, open."""
        return SqliteKeys(self.folder / "keys.db", ROOT_KEY)

    @asynccontextmanager
    async def opened(
        self, lanes: Iterable[int] = range(LANES), clock: Clock | None = None, store: Store | None = None
    ) -> AsyncIterator[Committer]:
        """A committer that has started and does not run: tests call `settle`."""
        store, keys = store or self.store(), self.keys()
        await store.open(TABLES)
        committer = Committer(store, CRAFTS, keys, NoModels(), clock or FakeClock(), lanes)
        try:
            await committer.start()
            yield committer
        finally:
            await store.close()
            keys.close()

    @asynccontextmanager
    async def running(
        self, lanes: Iterable[int] = range(LANES), clock: Clock | None = None, store: Store | None = None
    ) -> AsyncIterator[Committer]:
        """A committer that runs."""
        async with self.opened(lanes, clock, store) as committer:
            task = asyncio.create_task(committer.run())
            try:
                yield committer
            finally:
                task.cancel()
                with suppress(asyncio.CancelledError):
                    await task

    async def digest(self) -> str:
        """What the log came to."""
        async with self.opened(lanes=()) as committer:
            return await digest(committer.store, committer.codec, TABLES)


async def say(committer: Committer, stream: str, *events: Event, **how) -> int:
    """Append to a committer that does not run, and let it come to rest."""
    asked = asyncio.create_task(committer.append(stream, *events, by=how.pop("by", "customer"), **how))
    await asyncio.sleep(0)
    await committer.settle()
    return await asked


async def all_of(store: Store, stream: str = "") -> list[Recorded]:
    """Every input there is, of one stream or of all."""
    found = await store.recorded(0, 1_000_000)
    return [row for row in found if not stream or row.entry.stream == stream]


def script(conversations: int, turns: int) -> list[tuple[str, Event]]:
    """The same customers asking the same things in the same order, turn about."""
    kinds = ("echo", "outside", "person", "elsewhere", "echo", "later", "raise", "echo")
    starts: list[tuple[str, Event]] = [(f"conversation/{c}", Started()) for c in range(conversations)]
    return starts + [
        (f"conversation/{c}", Asked(kinds[(turn + c) % len(kinds)], f"{c}-{turn}", text=f"text of {c}-{turn}"))
        for turn in range(turns)
        for c in range(conversations)
    ]
