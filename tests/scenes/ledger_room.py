"""A log with every capability in it, a clock that is told, and files to import: what scenes of the lake and the ledger need."""

import asyncio
import gzip
from collections.abc import AsyncIterator, Awaitable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any, cast

from sqlalchemy import Table, select

from baton.assembly.parts import packages, read_models
from baton.capabilities.lake.importing import Report, import_file
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.kernel.capability import load
from baton.kernel.clock import FakeClock
from baton.kernel.committer import Committer
from baton.kernel.conversation import Ended, Role, Started, TurnSaid
from baton.kernel.events import Event
from baton.kernel.ports import Models
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore
from tests.scenes.recorded import Recorded

DAY_S = 86_400
NOON = "2026-03-02 12:00"


@dataclass
class Room:
    """The log and what one may do with it."""

    folder: Path
    committer: Committer
    store: SqliteStore
    keys: SqliteKeys
    clock: FakeClock
    files: int = 0

    async def imported(self, kind: str, text: str | bytes, name: str = "") -> Report:
        """Write a file and import it."""
        return await import_file(kind, self.file(text, name or f"history.{kind}.csv"), self.committer, self.keys)

    def file(self, text: str | bytes, name: str) -> Path:
        """A file in a folder of its own."""
        self.files += 1
        path = self.folder / str(self.files) / name
        path.parent.mkdir()
        raw = text if isinstance(text, bytes) else text.encode()
        path.write_bytes(gzip.compress(raw) if name.endswith(".gz") and isinstance(text, str) else raw)
        return path

    async def append(self, stream: str, *events: Event, by: str = "system") -> None:
        """Append and let everything come to rest."""
        done = self.committer.append(stream, *events, by=by)
        await self.settled(done)

    async def settled(self, done: Awaitable[int]) -> int:
        """Cycle until it is on disk and everything rests."""
        task = asyncio.ensure_future(done)
        await asyncio.sleep(0)
        while not task.done():
            await self.committer.settle()
            await asyncio.sleep(0)
        await self.committer.settle()
        return await task

    async def pass_days(self, days: float) -> None:
        """Let days pass, and what was due happen."""
        self.clock.forward(days * DAY_S)
        self.committer.nudge()
        await self.committer.settle()

    async def talked(
        self, key: str, customer: str, *turns: tuple[str, str], channel: str = "chat", why: str = "customer_left", then: tuple[Event, ...] = ()
    ) -> None:  # fmt: skip
        """A live conversation from beginning to end; `then` happens before it ends."""
        stream = f"conversation/{key}"
        await self.append(stream, Started(channel=channel, customer=customer), by="customer")
        for role, text in turns:
            await self.append(stream, TurnSaid(cast(Role, role), text, who="kim" if role == "rep" else ""), by=role)
        for event in then:
            await self.append(stream, event)
        await self.append(stream, Ended(why))

    async def rows(self, table: Table) -> list[dict[str, Any]]:
        """Every row of a read model."""
        return [dict(row) for row in await self.store.rows(select(table))]

    async def needs(self) -> list[dict[str, Any]]:
        """The needs that count, oldest first."""
        rows = [row for row in await self.rows(NEEDS) if not row["merged_into"]]
        return sorted(rows, key=lambda row: (row["first_ms"], row["need"]))

    async def states(self) -> list[str]:
        """Their states."""
        return [str(row["state"]) for row in await self.needs()]

    async def conversations(self) -> list[dict[str, Any]]:
        """Conversations, oldest first."""
        return sorted(await self.rows(CONVERSATIONS), key=lambda row: row["started_ms"])

    async def contacts(self) -> list[dict[str, Any]]:
        """Contacts, oldest first."""
        return sorted(await self.rows(CONTACTS), key=lambda row: row["started_ms"])

    async def count(self, table: str = "entries") -> int:
        """How many rows a table of the log has."""
        return int(str((await self.store.read(f"SELECT count(*) FROM {table}"))[0][0]))


@asynccontextmanager
async def room(folder: Path, models: Models | None = None, only: tuple[str, ...] = ()) -> AsyncIterator[Room]:
    """An empty log in `folder`, with every capability, or with `only` these: then nobody but the scene acts."""
    crafts = load([p for p in packages() if not only or p.rpartition(".")[2] in only])
    store, keys, clock = SqliteStore(folder / "log.db"), SqliteKeys(folder / "keys.db"), FakeClock()
    await store.open(read_models(crafts))
    committer = Committer(store, crafts, keys, models or Recorded(), clock)
    await committer.start()
    try:
        yield Room(folder, committer, store, keys, clock)
    finally:
        await store.close()
        keys.close()
