"""PostgreSQL: one writer connection a process, one advisory lock a lane while appending, sorted, in one round trip.

A plain sequence read by `position > last` misses entries whose transaction commits late; the lane's lock makes its
positions grow in commit order (docs/decisions/0003-lanes.md). A commit takes four round trips: begin and lock; look;
write the log (one statement of rows as arrays); commit. Each read model adds one.
"""

import asyncio
import re
from collections.abc import Iterable, Sequence
from functools import lru_cache
from typing import cast

import asyncpg
from sqlalchemy import Dialect, Table
from sqlalchemy.dialects.postgresql.asyncpg import dialect as asyncpg_dialect

from baton.kernel.errors import BatonError, Fenced
from baton.kernel.log import STEP, EntryRow, Seen, Work
from baton.stores.sql import Params, SqlStore, columns

LIMIT_S = 60.0
OWN = "SELECT lane FROM unnest($1::int[]) AS lane WHERE pg_try_advisory_lock(7263, lane)"
LOCK = "pg_advisory_xact_lock(7262, {lane})"
RESERVE = "SELECT nextval('positions') FROM generate_series(1, $1)"
LOOK = """
SELECT 0 AS kind, e.* FROM unnest($1::int[]) AS lane JOIN cursors c USING (lane) CROSS JOIN LATERAL (
    SELECT position, lane, stream, once, by, cause, at_ms, happened_at_ms, body FROM entries
    WHERE entries.lane = c.lane AND entries.position > c.position ORDER BY entries.position LIMIT $2) AS e
UNION ALL
SELECT 1, position, lane, stream, once, by, cause, at_ms, happened_at_ms, body FROM entries
    WHERE $3 >= 0 AND stream >= 'policy/' AND stream < 'policy0' AND position > $3
UNION ALL
SELECT 2, position, lane, stream, once, by, cause, at_ms, happened_at_ms, body FROM entries
    JOIN unnest($4::text[], $5::text[]) AS named(stream, once) USING (stream, once)
UNION ALL
SELECT 3, nextval('positions'), 0, '', '', '', '', 0, 0, '' FROM generate_series(1, $6)"""
WRITE = """
WITH entered AS (
    INSERT INTO entries (position, lane, stream, once, by, cause, at_ms, happened_at_ms, body)
    SELECT * FROM unnest($1::bigint[], $2::int[], $3::text[], $4::text[], $5::text[], $6::text[], $7::bigint[],
        $8::bigint[], $9::bytea[])),
worked AS (
    INSERT INTO caused (position, lane, stream, ordinal, body)
    SELECT * FROM unnest($10::bigint[], $11::int[], $12::text[], $13::bigint[], $14::bytea[])),
held AS (
    INSERT INTO facts (stream, slot, body) SELECT * FROM unnest($15::text[], $16::text[], $17::bytea[])
    ON CONFLICT (stream, slot) DO UPDATE SET body = excluded.body),
waiting AS (
    INSERT INTO outbox (source, lane, stream, due_ms, happened_at_ms, by, body)
    SELECT * FROM unnest($18::text[], $19::int[], $20::text[], $21::bigint[], $22::bigint[], $23::text[], $24::bytea[])
    ON CONFLICT (source) DO NOTHING),
begun AS (
    INSERT INTO acts (key, lane, stream, position) SELECT * FROM unnest($25::text[], $26::int[], $27::text[], $28::bigint[])
    ON CONFLICT (key) DO NOTHING),
moved AS (
    UPDATE cursors SET position = m.upto FROM unnest($29::bigint[], $30::int[], $31::bigint[]) AS m(upto, lane, was)
    WHERE cursors.lane = m.lane AND cursors.position = m.was RETURNING 1)
SELECT count(*) FROM moved"""
MUST = ("fsync", "synchronous_commit", "full_page_writes")
CROSSED = (asyncpg.UniqueViolationError, asyncpg.DeadlockDetectedError, asyncpg.SerializationError)
GONE = (asyncpg.PostgresError, asyncpg.InterfaceError, OSError, TimeoutError)


class PostgresStore(SqlStore):
    """The store at scale; several processes may write, each lane one at a time."""

    dialect = "postgres"
    shared = True
    bad_data = (asyncpg.DataError, asyncpg.IntegrityConstraintViolationError)
    blob = "BYTEA"
    text = 'TEXT COLLATE "C"'
    sa: Dialect = asyncpg_dialect()  # type: ignore[no-untyped-call]

    def __init__(self, url: str, readers: int = 4) -> None:
        self.url = url
        self._readers = readers
        self._owned: frozenset[int] = frozenset()

    async def open(self, tables: Iterable[Table]) -> None:
        """Connect, refuse a server that may lose acknowledged commits, make what is missing."""
        try:
            self._write = await self._connect()
        except GONE as error:
            told = (
                f"PostgreSQL cannot be reached: {error}. Start it, or check the address and the password in BATON_LOG."
            )
            raise BatonError("no_database", 503, told) from error
        await self._write.execute("SELECT pg_advisory_lock(7261)")
        try:
            await self._write.execute(f"CREATE SEQUENCE IF NOT EXISTS positions INCREMENT BY {STEP} START {STEP}")
            await self.make(tables)
        finally:
            await self._write.execute("SELECT pg_advisory_unlock(7261)")
        self._read = await asyncpg.create_pool(self.url, min_size=1, max_size=self._readers, command_timeout=LIMIT_S)

    async def _connect(self) -> asyncpg.Connection:
        db = await asyncpg.connect(self.url, command_timeout=LIMIT_S, statement_cache_size=1000)
        for name in MUST:
            setting = await db.fetchval("SELECT current_setting($1)", name)
            if setting not in ("on", "remote_apply", "remote_write"):
                await db.close()
                raise BatonError("weak_store", 500, f"PostgreSQL runs with {name} = {setting!r}. Start PostgreSQL with "
                                 f"{name} = on, or set BATON_LOG to a SQLite path.")  # fmt: skip
        return db

    async def close(self) -> None:
        """Close every connection."""
        await self._read.close()
        await self._write.close()

    async def own(self, lanes: Iterable[int]) -> frozenset[int]:
        """Those of `lanes` that no other connection holds, by locks that end with this connection."""
        missing = sorted(frozenset(lanes) - self._owned)
        if missing:
            self._owned |= {row[0] for row in await self._write.fetch(OWN, missing)}
        return self._owned & frozenset(lanes)

    async def begin(self, lanes: Sequence[int]) -> None:
        """Begin and lock these lanes, sorted, so that writers never wait for each other in a circle."""
        if self._write.is_closed():
            self._owned = frozenset()
            self._write = await self._connect()
        locks = ", ".join(LOCK.format(lane=lane) for lane in sorted(lanes))
        await self._write.execute(f"BEGIN; SELECT {locks}" if lanes else "BEGIN")
        self._owner = asyncio.current_task()

    async def commit(self) -> None:
        """Commit; the server syncs before it answers."""
        self._owner = None
        await self._write.execute("COMMIT")

    async def rollback(self) -> None:
        """Undo. A connection that is beyond it is dropped; the next begin makes another."""
        self._owner = None
        try:
            await self._write.execute("ROLLBACK")
        except GONE:
            self._write.terminate()

    async def moved(self) -> bool:
        """Nobody says so here: the store is shared, and a lane is read anew each time."""
        return False

    async def reserve(self, count: int) -> list[int]:
        """Positions from the sequence, taken under the lanes' locks."""
        return [row[0] for row in await self._write.fetch(RESERVE, count)]

    async def look(
        self, lanes: Sequence[int] | None, limit: int, after: int, named: Sequence[tuple[str, str]], count: int
    ) -> Seen:
        """All that a commit has to know, in one round trip."""
        if lanes is None and not named:
            return Seen([], [], {}, await self.reserve(count) if count else [])
        names = list(zip(*named, strict=True)) if named else [(), ()]
        mine, since = lanes or (), -1 if lanes is None else after
        seen = Seen([], [], {}, [])
        for kind, *cells in await self._write.fetch(LOOK, mine, limit, since, *names, count):
            if kind == 3:
                seen.positions.append(cells[0])
            elif kind == 2:
                seen.known[cells[2], cells[3]] = EntryRow(*cells)
            else:
                (seen.policies if kind else seen.pending).append(EntryRow(*cells))
        for rows in (seen.pending, seen.policies):
            rows.sort(key=lambda row: row.position)
        del seen.pending[limit:]
        return seen

    async def put(self, work: Work) -> None:
        """Append and write what was worked, in one statement and one for each read model."""
        moves = [(to, lane, was) for lane, (was, to) in sorted(work.cursors.items())]
        held = [f for f in work.facts if f.body is not None]
        log = (columns(work.entries, 9), columns(work.caused, 5), columns(held, 3), columns(work.sends, 7),
               columns(work.acts, 4), list(zip(*moves, strict=True)) if moves else [()] * 3)  # fmt: skip
        try:
            moved = await self._write.fetchval(WRITE, *(cells for part in log for cells in part))
            if moved != len(moves):
                raise Fenced(moves[0][1])
            await self._remove(work)
            await self._fold(work.tables)
        except CROSSED as error:
            raise Fenced(moves[0][1] if moves else -1) from error

    async def many(self, sql: str, rows: Sequence[Params]) -> int:
        """Run a write statement for all rows at once, given as arrays."""
        if rows == [()]:
            await self._write.execute(sql)
            return 0
        bulk = _arrays(sql, await self._types(sql))
        done = await self._write.execute(bulk, *map(list, zip(*rows, strict=True)))
        return int(done.split()[-1])

    async def fetch(self, sql: str, params: Params = ()) -> list[tuple[object, ...]]:
        """Read in the open transaction where it is this task's, else what is committed."""
        if not self.mine:
            return await self.read(sql, params)
        return cast(list[tuple[object, ...]], [tuple(r) for r in await self._write.fetch(_numbered(sql), *params)])

    async def read(self, sql: str, params: Params = ()) -> list[tuple[object, ...]]:
        """Read what is committed."""
        return cast(list[tuple[object, ...]], [tuple(r) for r in await self._read.fetch(_numbered(sql), *params)])

    async def _types(self, sql: str) -> tuple[str, ...]:
        known = _TYPES.get(sql)
        if known is None:
            statement = await self._write.prepare(_numbered(sql))
            known = _TYPES[sql] = tuple(p.name for p in statement.get_parameters())
        return known


_TYPES: dict[str, tuple[str, ...]] = {}


@lru_cache(2000)
def _numbered(sql: str) -> str:
    parts = re.split(r"\?", sql)
    return "".join(part + (f"${n}" if n < len(parts) else "") for n, part in enumerate(parts, 1))


@lru_cache(2000)
def _arrays(sql: str, types: tuple[str, ...]) -> str:
    """`INSERT … VALUES (?, ?) …` or `DELETE … WHERE a = ? AND b = ?` with an array for each parameter."""
    given = "SELECT * FROM unnest(" + ", ".join(f"${n}::{kind}[]" for n, kind in enumerate(types, 1)) + ")"
    if sql.startswith("INSERT"):
        return re.sub(r"VALUES \([?, ]+\)", given, sql, count=1)
    head, _, where = sql.partition(" WHERE ")
    names = ", ".join(re.findall(r"(\w+) = [?]", where))
    return f"{head} WHERE ({names}) IN ({given})"
