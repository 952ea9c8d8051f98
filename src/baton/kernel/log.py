"""Log: the port to a store, and the rows that cross it.

Positions are integers in steps of `STEP`: an input stands at a multiple of it, and the n-th thing it caused at
position + n. So every turn, fact and decision has one integer position, unique in the whole log.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Protocol

import msgspec
from sqlalchemy import Select, Table

from baton.kernel.tables import Tables

STEP = 256


class EntryRow(msgspec.Struct, frozen=True, gc=False):
    """An input as stored: `body` is sealed, `lane` is `lane_of(stream)`, times are milliseconds since the epoch."""

    position: int
    lane: int
    stream: str
    once: str | None
    by: str
    cause: str
    at_ms: int
    happened_at_ms: int
    body: bytes


class CausedRow(msgspec.Struct, frozen=True, gc=False):
    """All that the input at `position` caused, as one row; `ordinal` counts the inputs of its stream."""

    position: int
    lane: int
    stream: str
    ordinal: int
    body: bytes


class FactRow(msgspec.Struct, frozen=True, gc=False):
    """The facts of a stream that have no slot, as one row with slot "", or one fact that has; `body` None removes it."""

    stream: str
    slot: str
    body: bytes | None


class SendRow(msgspec.Struct, frozen=True, gc=False):
    """Something for another stream, or for later: appended after its source committed, once per `source`."""

    source: str
    lane: int
    stream: str
    due_ms: int
    happened_at_ms: int
    by: str
    body: bytes


class ActRow(msgspec.Struct, frozen=True, gc=False):
    """An outside act that was decided and is not known to be done."""

    key: str
    lane: int
    stream: str
    position: int


class Work(msgspec.Struct, gc=False):
    """What one commit writes: inputs, and all that inputs caused; `cursors` are (from, to) by lane."""

    entries: list[EntryRow]
    caused: list[CausedRow]
    facts: list[FactRow]
    sends: list[SendRow]
    sent: list[str]
    acts: list[ActRow]
    acted: list[str]
    cursors: dict[int, tuple[int, int]]
    tables: Tables


class Recorded(msgspec.Struct, frozen=True, gc=False):
    """An input and what it caused, as read back."""

    entry: EntryRow
    ordinal: int
    caused: bytes | None


class Seen(msgspec.Struct, gc=False):
    """What a commit has to know before it writes.

    `pending` are inputs after the cursors, in position order; `policies` those that are new; `known` what was appended
    before under a (stream, once); `positions` grow, each above every committed position of the lanes that were begun.
    """

    pending: list[EntryRow]
    policies: list[EntryRow]
    known: dict[tuple[str, str], EntryRow]
    positions: list[int]


class Store(Protocol):
    """A database that keeps the log, its facts, its cursors and the read models, all in one transaction.

    Everything between `begin` and `commit` is one transaction; `commit` returns when it is synced to disk.
    """

    dialect: str
    shared: bool
    """Whether other processes are always to be reckoned with."""

    async def open(self, tables: Iterable[Table]) -> None:
        """Connect, refuse settings weaker than durable, make what is missing."""
        ...

    async def close(self) -> None:
        """Close every connection."""
        ...

    async def own(self, lanes: Iterable[int]) -> frozenset[int]:
        """Those of `lanes` that this connection may work, as long as it lives; the others are another process's."""
        ...

    async def begin(self, lanes: Sequence[int]) -> None:
        """Begin a transaction that may append to these lanes, sorted."""
        ...

    async def commit(self) -> None:
        """Commit; durable when it returns."""
        ...

    async def rollback(self) -> None:
        """Undo the transaction, if one is open."""
        ...

    def blames_data(self, error: BaseException) -> bool:
        """Whether a failure is of what was written (it would fail for ever), not of the disk or the connection."""
        ...

    async def moved(self) -> bool:
        """Whether someone else is known to have written since the last transaction here began."""
        ...

    async def look(
        self, lanes: Sequence[int] | None, limit: int, after: int, named: Sequence[tuple[str, str]], count: int
    ) -> Seen:
        """What waits on `lanes` (None: ask nothing of others) and which policies are newer than `after`; what is known
        under `named`; `count` positions to append at.
        """
        ...

    async def unworked(self, stream: str) -> bool:
        """Whether the stream has inputs after its lane's cursor."""
        ...

    async def cursors(self, lanes: Sequence[int]) -> dict[int, int]:
        """How far each lane was worked."""
        ...

    async def put(self, work: Work) -> None:
        """Append and write what was worked; raises `Fenced` where another worker advanced a lane."""
        ...

    async def facts(self, stream: str) -> list[FactRow]:
        """The facts of a stream."""
        ...

    async def stream(self, stream: str) -> list[Recorded]:
        """Every input of a stream and what it caused, in order."""
        ...

    async def history(self, stream: str, after: int = 0) -> list[Recorded]:
        """Inputs of a stream after a position and what they caused, as committed: for readers beside the writer."""
        ...

    async def held(self, stream: str) -> list[FactRow]:
        """The facts of a stream, as committed: for readers beside the writer."""
        ...

    async def ordinal(self, stream: str) -> int:
        """How many inputs of a stream were worked."""
        ...

    async def policies(self, after: int) -> list[EntryRow]:
        """Inputs of `policy/…` streams after a position, in order."""
        ...

    async def recorded(self, after: int, limit: int) -> list[Recorded]:
        """Inputs of the whole log after a position, in order, with what they caused."""
        ...

    async def worked(self, lane: int, after: int, upto: int, limit: int) -> list[Recorded]:
        """Inputs of one lane after a position and not beyond another, in order, with what they caused."""
        ...

    async def at(self, position: int) -> Recorded | None:
        """The input at `position` and what it caused."""
        ...

    async def sends(self, lanes: Sequence[int], before_ms: int = 1 << 62) -> list[SendRow]:
        """What waits in the outbox of these lanes and is due before then."""
        ...

    async def acts(self, lanes: Sequence[int]) -> list[ActRow]:
        """Outside acts of these lanes that are not known to be done."""
        ...

    async def rows(self, query: Select[tuple[object, ...]]) -> list[Mapping[str, object]]:
        """Read committed read-model rows."""
        ...

    async def survey(self, query: Select[tuple[object, ...]]) -> list[Mapping[str, object]]:
        """Read committed read-model rows that take long to find, beside the loop: no turn waits for a figure."""
        ...

    async def empty(self, tables: Iterable[Table]) -> None:
        """Delete every row of these read models, before a rebuild, in its own transaction."""
        ...
