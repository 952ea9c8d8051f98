"""The SQL of the log, written once. `?` marks a parameter; each dialect only says how to run a statement."""

import asyncio
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import lru_cache
from typing import TypeVar, cast

import msgspec
from sqlalchemy import Dialect, Select, Table
from sqlalchemy.schema import CreateIndex, CreateTable

from baton.kernel.errors import Fenced
from baton.kernel.lanes import SEALER
from baton.kernel.log import STEP, ActRow, EntryRow, FactRow, Recorded, Seen, SendRow, Work
from baton.kernel.tables import Tables

Params = Sequence[object]
R = TypeVar("R")
BAD_VALUES = (TypeError, ValueError, OverflowError)

SCHEMA = (
    """CREATE TABLE IF NOT EXISTS entries (
        position BIGINT PRIMARY KEY, lane INTEGER NOT NULL, stream {text} NOT NULL, once {text}, by {text} NOT NULL,
        cause {text} NOT NULL, at_ms BIGINT NOT NULL, happened_at_ms BIGINT NOT NULL, body {blob} NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS entries_by_stream ON entries (stream, position)",
    "CREATE INDEX IF NOT EXISTS entries_by_lane ON entries (lane, position)",
    "CREATE UNIQUE INDEX IF NOT EXISTS entries_once ON entries (stream, once) WHERE once IS NOT NULL",
    """CREATE TABLE IF NOT EXISTS caused (
        position BIGINT PRIMARY KEY, lane INTEGER NOT NULL, stream {text} NOT NULL, ordinal BIGINT NOT NULL,
        body {blob} NOT NULL)""",
    """CREATE TABLE IF NOT EXISTS facts (
        stream {text} NOT NULL, slot {text} NOT NULL, body {blob} NOT NULL, PRIMARY KEY (stream, slot))""",
    "CREATE TABLE IF NOT EXISTS cursors (lane INTEGER PRIMARY KEY, position BIGINT NOT NULL)",
    """CREATE TABLE IF NOT EXISTS outbox (
        source {text} PRIMARY KEY, lane INTEGER NOT NULL, stream {text} NOT NULL, due_ms BIGINT NOT NULL,
        happened_at_ms BIGINT NOT NULL, by {text} NOT NULL, body {blob} NOT NULL)""",
    "CREATE INDEX IF NOT EXISTS outbox_by_due ON outbox (due_ms)",
    """CREATE TABLE IF NOT EXISTS acts (
        key {text} PRIMARY KEY, lane INTEGER NOT NULL, stream {text} NOT NULL, position BIGINT NOT NULL)""",
)
CURSORS = "INSERT INTO cursors (lane, position) VALUES (?, ?) ON CONFLICT (lane) DO NOTHING"
_ENTRY = "e.position, e.lane, e.stream, e.once, e.by, e.cause, e.at_ms, e.happened_at_ms, e.body"
INSERT = """INSERT INTO entries (position, lane, stream, once, by, cause, at_ms, happened_at_ms, body)
    VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)"""
KNOWN = f"SELECT {_ENTRY} FROM entries e WHERE e.stream = ? AND e.once = ?"
UNWORKED = """SELECT 1 FROM entries e JOIN cursors c ON c.lane = e.lane
    WHERE e.stream = ? AND e.position > c.position LIMIT 1"""
PENDING = f"""SELECT {_ENTRY} FROM entries e JOIN cursors c ON c.lane = e.lane
    WHERE e.position > c.position AND e.lane IN (%s) ORDER BY e.position LIMIT ?"""
RECORDED = f"SELECT {_ENTRY}, c.ordinal, c.body FROM entries e LEFT JOIN caused c ON c.position = e.position"
WORKED = f"{RECORDED} WHERE e.lane = ? AND e.position > ? AND e.position <= ? ORDER BY e.position LIMIT ?"
POLICIES = f"""SELECT {_ENTRY} FROM entries e
    WHERE e.stream >= 'policy/' AND e.stream < 'policy0' AND e.position > ? ORDER BY e.position"""
CAUSED = "INSERT INTO caused (position, lane, stream, ordinal, body) VALUES (?, ?, ?, ?, ?)"
FACT = """INSERT INTO facts (stream, slot, body) VALUES (?, ?, ?)
    ON CONFLICT (stream, slot) DO UPDATE SET body = excluded.body"""
NO_FACT = "DELETE FROM facts WHERE stream = ? AND slot = ?"
SEND = """INSERT INTO outbox (source, lane, stream, due_ms, happened_at_ms, by, body) VALUES (?, ?, ?, ?, ?, ?, ?)
    ON CONFLICT (source) DO NOTHING"""
SENDS = "SELECT source, lane, stream, due_ms, happened_at_ms, by, body FROM outbox WHERE due_ms < ?"
SENT = "DELETE FROM outbox WHERE source = ?"
ACT = "INSERT INTO acts (key, lane, stream, position) VALUES (?, ?, ?, ?) ON CONFLICT (key) DO NOTHING"
ACTED = "DELETE FROM acts WHERE key = ?"
ADVANCE = "UPDATE cursors SET position = ? WHERE lane = ? AND position = ?"


class SqlStore(ABC):
    """A `Store` over a dialect that can run, fetch and run many.

    A transaction belongs to the task that began it; every other task reads what is committed.
    """

    dialect: str
    shared: bool
    bad_data: tuple[type[Exception], ...]
    sa: Dialect
    blob: str
    text: str
    _owner: asyncio.Task[object] | None = None

    @property
    def mine(self) -> bool:
        """Whether a transaction is open and this task began it."""
        return self._owner is not None and self._owner is asyncio.current_task()

    @abstractmethod
    async def many(self, sql: str, rows: Sequence[Params]) -> int:
        """Run a write statement once a row, in the open transaction; returns rows affected, where the dialect knows."""

    @abstractmethod
    async def fetch(self, sql: str, params: Params = ()) -> list[tuple[object, ...]]:
        """Read inside the open transaction, or what is committed where none is open."""

    @abstractmethod
    async def read(self, sql: str, params: Params = ()) -> list[tuple[object, ...]]:
        """Read what is committed, beside any open transaction."""

    @abstractmethod
    async def begin(self, lanes: Sequence[int]) -> None:
        """Begin a transaction that may append to these lanes."""

    @abstractmethod
    async def commit(self) -> None:
        """Commit and sync."""

    @abstractmethod
    async def rollback(self) -> None:
        """Undo."""

    def blames_data(self, error: BaseException) -> bool:
        """Whether a failure is of what was written (it would fail for ever), not of the disk or the connection."""
        return isinstance(error, (*BAD_VALUES, *self.bad_data))

    async def make(self, tables: Iterable[Table]) -> None:
        """Make the log's tables, the cursors and the read models where they are missing."""
        await self.begin(())
        for statement in SCHEMA:
            await self.many(statement.format(blob=self.blob, text=self.text), [()])
        await self.many(CURSORS, [(lane, 0) for lane in range(SEALER + 1)])
        for table in tables:
            await self.many(str(CreateTable(table, if_not_exists=True).compile(dialect=self.sa)), [()])
            for index in table.indexes:
                await self.many(str(CreateIndex(index, if_not_exists=True).compile(dialect=self.sa)), [()])
        await self.commit()

    async def known(self, named: Sequence[tuple[str, str]]) -> dict[tuple[str, str], EntryRow]:
        """The entries already appended under these (stream, once)."""
        found: dict[tuple[str, str], EntryRow] = {}
        for pair in named:
            for row in await self.fetch(KNOWN, pair):
                found[pair] = _row(EntryRow, row)
        return found

    async def pending(self, lanes: Sequence[int], limit: int) -> list[EntryRow]:
        """Inputs after the cursors of these lanes, in position order."""
        rows = await self.fetch(PENDING % ",".join("?" * len(lanes)), (*lanes, limit))
        return _rows(EntryRow, rows)

    @abstractmethod
    async def reserve(self, count: int) -> list[int]:
        """`count` positions, growing."""

    async def look(
        self, lanes: Sequence[int] | None, limit: int, after: int, named: Sequence[tuple[str, str]], count: int
    ) -> Seen:
        """What a commit has to know before it writes."""
        pending = await self.pending(lanes, limit) if lanes else []
        policies = await self.policies(after) if lanes is not None else []
        return Seen(pending, policies, await self.known(named), await self.reserve(count) if count else [])

    async def unworked(self, stream: str) -> bool:
        """Whether the stream has inputs after its lane's cursor."""
        return bool(await self.fetch(UNWORKED, (stream,)))

    async def cursors(self, lanes: Sequence[int]) -> dict[int, int]:
        """How far each lane was worked."""
        marks = ",".join("?" * len(lanes))
        rows = await self.fetch(f"SELECT lane, position FROM cursors WHERE lane IN ({marks})", lanes)
        return {int(str(lane)): int(str(position)) for lane, position in rows}

    async def put(self, work: Work) -> None:
        """Append and write what was worked; raises `Fenced` where another worker advanced a lane."""
        moves = [(to, lane, was) for lane, (was, to) in sorted(work.cursors.items())]
        if moves and await self.many(ADVANCE, moves) != len(moves):
            raise Fenced(moves[0][1])
        for sql, rows in (
            (INSERT, [_cells(r) for r in work.entries]),
            (CAUSED, [_cells(r) for r in work.caused]),
            (FACT, [_cells(f) for f in work.facts if f.body is not None]),
            (SEND, [_cells(r) for r in work.sends]),
            (ACT, [_cells(r) for r in work.acts]),
        ):
            if rows:
                await self.many(sql, rows)
        await self._remove(work)
        await self._fold(work.tables)

    async def _remove(self, work: Work) -> None:
        for sql, rows in (
            (NO_FACT, [(f.stream, f.slot) for f in work.facts if f.body is None]),
            (SENT, [(s,) for s in work.sent]),
            (ACTED, [(a,) for a in work.acted]),
        ):
            if rows:
                await self.many(sql, rows)

    async def _fold(self, tables: Tables) -> None:
        """Upserts in one order for everyone, so that workers who add to the same rows do not wait in a circle."""
        grouped: dict[str, list[Params]] = {}
        for table, key, fold in tables:
            put, added = sorted(fold.put), sorted(fold.added)
            sql = _upsert(table, tuple(put), tuple(added))
            cells = (*key, *(fold.put[c] for c in put), *(fold.added[c] for c in added))
            grouped.setdefault(sql, []).append(cells)
        for sql in sorted(grouped):
            await self.many(sql, sorted(grouped[sql], key=repr))

    async def facts(self, stream: str) -> list[FactRow]:
        """The facts of a stream."""
        rows = await self.fetch("SELECT stream, slot, body FROM facts WHERE stream = ? ORDER BY slot", (stream,))
        return _rows(FactRow, rows)

    async def stream(self, stream: str) -> list[Recorded]:
        """Every input of a stream and what it caused, in order."""
        return _recorded(await self.fetch(f"{RECORDED} WHERE e.stream = ? ORDER BY e.position", (stream,)))

    async def history(self, stream: str, after: int = 0) -> list[Recorded]:
        """Inputs of a stream after a position and what they caused, as committed."""
        return _recorded(
            await self.read(f"{RECORDED} WHERE e.stream = ? AND e.position > ? ORDER BY e.position", (stream, after))
        )

    async def held(self, stream: str) -> list[FactRow]:
        """The facts of a stream, as committed."""
        rows = await self.read("SELECT stream, slot, body FROM facts WHERE stream = ? ORDER BY slot", (stream,))
        return _rows(FactRow, rows)

    async def ordinal(self, stream: str) -> int:
        """How many inputs of a stream were worked."""
        last = f"{RECORDED} WHERE e.stream = ? AND c.position IS NOT NULL ORDER BY e.position DESC LIMIT 1"
        found = _recorded(await self.fetch(last, (stream,)))
        return found[0].ordinal if found else 0

    async def policies(self, after: int) -> list[EntryRow]:
        """Inputs of `policy/…` streams after a position, in order."""
        rows = await self.fetch(POLICIES, (after,))
        return _rows(EntryRow, rows)

    async def recorded(self, after: int, limit: int) -> list[Recorded]:
        """Inputs of the whole log after a position, in order, with what they caused."""
        return _recorded(
            await self.read(f"{RECORDED} WHERE e.position > ? ORDER BY e.position LIMIT ?", (after, limit))
        )

    async def worked(self, lane: int, after: int, upto: int, limit: int) -> list[Recorded]:
        """Inputs of one lane after a position and not beyond another, in order, with what they caused."""
        return _recorded(await self.scan(WORKED, (lane, after, upto, limit)))

    async def at(self, position: int) -> Recorded | None:
        """The input at `position` (or whose doing stands there) and what it caused."""
        found = _recorded(await self.read(f"{RECORDED} WHERE e.position = ?", (position // STEP * STEP,)))
        return found[0] if found else None

    async def sends(self, lanes: Sequence[int], before_ms: int = 1 << 62) -> list[SendRow]:
        """What waits in the outbox of these lanes and is due before then."""
        sql = f"{SENDS} AND lane IN ({','.join('?' * len(lanes))})"
        rows = await self.fetch(sql, (before_ms, *lanes))
        return _rows(SendRow, rows)

    async def acts(self, lanes: Sequence[int]) -> list[ActRow]:
        """Outside acts of these lanes that are not known to be done."""
        marks = ",".join("?" * len(lanes))
        rows = await self.fetch(f"SELECT key, lane, stream, position FROM acts WHERE lane IN ({marks})", lanes)
        return _rows(ActRow, rows)

    async def rows(self, query: Select[tuple[object, ...]]) -> list[Mapping[str, object]]:
        """Read committed read-model rows."""
        names, sql, params = self._asked(query)
        return [dict(zip(names, row, strict=True)) for row in await self.read(sql, params)]

    async def survey(self, query: Select[tuple[object, ...]]) -> list[Mapping[str, object]]:
        """Read committed read-model rows that take long to find."""
        names, sql, params = self._asked(query)
        return [dict(zip(names, row, strict=True)) for row in await self.scan(sql, params)]

    async def scan(self, sql: str, params: Params) -> list[tuple[object, ...]]:
        """Read what is committed without holding up the loop: a server does that by itself."""
        return await self.read(sql, params)

    def _asked(self, query: Select[tuple[object, ...]]) -> tuple[list[str], str, Params]:
        compiled = query.compile(dialect=self.sa, compile_kwargs={"render_postcompile": True})
        params = [compiled.params[name] for name in compiled.positiontup or ()]
        return [str(c.name) for c in query.selected_columns], str(compiled), params

    async def empty(self, tables: Iterable[Table]) -> None:
        """Delete every row of these read models."""
        await self.begin(())
        for table in tables:
            await self.many(f'DELETE FROM "{table.name}"', [()])
        await self.commit()


def columns(rows: Sequence[msgspec.Struct], count: int) -> list[Params]:
    """The `count` columns of these rows, each as one array."""
    return list(zip(*map(msgspec.structs.astuple, rows), strict=True)) if rows else [()] * count


def _cells(row: msgspec.Struct) -> Params:
    return msgspec.structs.astuple(row)


def _recorded(rows: list[tuple[object, ...]]) -> list[Recorded]:
    entries = _rows(EntryRow, [row[:9] for row in rows])
    return [_row(Recorded, (entry, row[9] or 0, row[10])) for entry, row in zip(entries, rows, strict=True)]


def _rows(kind: type[R], rows: Sequence[Params]) -> list[R]:
    return [_row(kind, row) for row in rows]


def _row(kind: type[R], cells: Params) -> R:
    """A database says nothing of types: the columns of a statement are in the order of the fields."""
    make = cast(Callable[..., R], kind)
    return make(*cells)


@lru_cache(2000)
def _upsert(table: Table, put: tuple[str, ...], added: tuple[str, ...]) -> str:
    keys = [f'"{c.name}"' for c in table.primary_key.columns]
    puts, adds = [f'"{c}"' for c in put], [f'"{c}"' for c in added]
    columns = [*keys, *puts, *adds]
    sets = [f"{c} = excluded.{c}" for c in puts]
    sets += [f'{c} = coalesce("{table.name}".{c}, 0) + excluded.{c}' for c in adds]
    done = f"UPDATE SET {', '.join(sets)}" if sets else "NOTHING"
    return (
        f"""INSERT INTO "{table.name}" ({", ".join(columns)}) VALUES ({", ".join("?" * len(columns))}) """
        f"ON CONFLICT ({', '.join(keys)}) DO {done}"
    )
