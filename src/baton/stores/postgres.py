"""PostgreSQL: one writer connection a process, one advisory lock a lane while appending, sorted, in one round trip.

A plain sequence read by `position > last` misses entries whose transaction commits late; the lane's lock makes its
positions grow in commit order (docs/decisions/0003-lanes.md).
"""

import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import cast

import asyncpg
from sqlalchemy import Dialect, Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from baton.kernel.errors import BatonError
from baton.kernel.log import STEP
from baton.stores.sql import ADVANCE, Params, SqlStore

LOCKS = "SELECT pg_advisory_xact_lock(7262, lane) FROM unnest($1::int[]) AS lane ORDER BY lane"
RESERVE = "SELECT nextval('positions') FROM generate_series(1, $1)"
MOVE = """UPDATE cursors SET position = m.upto FROM unnest($1::bigint[], $2::int[], $3::bigint[]) AS m(upto, lane, was)
    WHERE cursors.lane = m.lane AND cursors.position = m.was"""
MUST = ("fsync", "synchronous_commit", "full_page_writes")


class PostgresStore(SqlStore):
    """The store at scale; several processes may write, each lane one at a time."""

    dialect = "postgres"
    blob = "BYTEA"
    sa: Dialect = asyncpg_dialect()  # type: ignore[no-untyped-call]

    def __init__(self, url: str, readers: int = 4) -> None:
        self.url = url
        self._readers = readers
        self._transaction: asyncpg.transaction.Transaction | None = None

    async def open(self, tables: Iterable[Table]) -> None:
        """Connect, refuse a server that may lose acknowledged commits, make what is missing."""
        self._write = await asyncpg.connect(self.url)
        for name in MUST:
            setting = await self._write.fetchval("SELECT current_setting($1)", name)
            if setting not in ("on", "remote_apply", "remote_write"):
                raise BatonError("weak_store", 500, f"PostgreSQL runs with {name} = {setting!r}. Start PostgreSQL with "
                                 f"{name} = on, or set BATON_LOG to a SQLite path.")  # fmt: skip
        await self._write.execute("SELECT pg_advisory_lock(7261)")
        try:
            await self._write.execute(f"CREATE SEQUENCE IF NOT EXISTS positions INCREMENT BY {STEP} START {STEP}")
            await self.make(tables)
        finally:
            await self._write.execute("SELECT pg_advisory_unlock(7261)")
        self._read = await asyncpg.create_pool(self.url, min_size=1, max_size=self._readers)

    async def close(self) -> None:
        """Close every connection."""
        await self._read.close()
        await self._write.close()

    async def begin(self, lanes: Sequence[int]) -> None:
        """Begin and lock these lanes, sorted, so that writers never wait for each other in a circle."""
        self._transaction = self._write.transaction()
        await self._transaction.start()
        if lanes:
            await self._write.fetch(LOCKS, sorted(lanes))

    async def commit(self) -> None:
        """Commit; the server syncs before it answers."""
        transaction, self._transaction = self._transaction, None
        if transaction is not None:
            await transaction.commit()

    async def rollback(self) -> None:
        """Undo."""
        transaction, self._transaction = self._transaction, None
        if transaction is not None and not self._write.is_closed():
            await transaction.rollback()

    async def moved(self) -> bool:
        """Others may always have written: a lane is read anew each time."""
        return True

    async def reserve(self, count: int) -> list[int]:
        """Positions from the sequence, taken under the lanes' locks."""
        return [row[0] for row in await self._write.fetch(RESERVE, count)]

    async def many(self, sql: str, rows: Sequence[Params]) -> int:
        """Run a write statement once a row, pipelined in one round trip."""
        if rows == [()]:
            await self._write.execute(sql)
            return 0
        if sql is ADVANCE:
            return int((await self._write.execute(MOVE, *map(list, zip(*rows, strict=True)))).split()[-1])
        await self._write.executemany(_numbered(sql), rows)
        return len(rows)

    async def fetch(self, sql: str, params: Params = ()) -> list[tuple[object, ...]]:
        """Read on the write connection."""
        return cast(list[tuple[object, ...]], [tuple(r) for r in await self._write.fetch(_numbered(sql), *params)])

    async def read(self, sql: str, params: Params = ()) -> list[tuple[object, ...]]:
        """Read what is committed."""
        return cast(list[tuple[object, ...]], [tuple(r) for r in await self._read.fetch(_numbered(sql), *params)])


@lru_cache(2000)
def _numbered(sql: str) -> str:
    parts = re.split(r"\?", sql)
    return "".join(part + (f"${n}" if n < len(parts) else "") for n, part in enumerate(parts, 1))
