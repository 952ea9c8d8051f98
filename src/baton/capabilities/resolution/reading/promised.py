"""Promised: dated obligations as a list and as counts. What is due by the clock is overdue, whether or not its owner was told yet."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from baton.capabilities.resolution.tables import PROMISES, TOLD
from baton.kernel.log import Store
from baton.web.asked import Asked

P = PROMISES.c
SOON_MS: Final = 86_400_000
MOST_OWNERS: Final = 60
STANDS: Final = ("overdue", "soon", "open", "kept", "broken", "withdrawn")
MEANINGS: Final[Mapping[str, str]] = {
    "overdue": "its time has come, and nothing shows that it was kept",
    "soon": "due in the next 24 hours",
    "open": "due later than in 24 hours",
    "kept": "somebody says so, or it shows: spoken to in time, or nobody came back about it",
    "broken": "somebody says so, the customer came back after it was due, or nobody said for three days that it was kept",
    "withdrawn": "somebody says so, or the need was met before",
}
PENDING: Final = frozenset({"overdue", "soon", "open"})


class Obligation(msgspec.Struct, frozen=True):
    """A promise. `stands` is one of STANDS; `owner` whose it is to keep: the rep who gave it, else the queue."""

    promise: str
    conversation: str
    deed: str
    made_by: str
    who: str
    queue: str
    intent: str
    channel: str
    said_ms: int
    due_ms: int
    stands: str
    evidence: str
    since_ms: int
    chased: int
    told_by: str = ""

    @property
    def owner(self) -> str:
        """`rep:kim`, or `queue:refunds` where an AI promised."""
        return f"rep:{self.who}" if self.made_by == "rep" and self.who else f"queue:{self.queue}"

    @property
    def pending(self) -> bool:
        """Whether nothing is known yet of what came of it."""
        return self.stands in PENDING

    @property
    def may_be_told(self) -> bool:
        """Whether somebody may still say what came of it: nobody has so far."""
        return not self.told_by


class Wanted(msgspec.Struct, frozen=True):
    """Which promises: how they stand, whose, and of which time. Promises that are not over are shown whatever the time."""

    asked: Asked
    stands: str = ""
    owner: str = ""
    own: str = ""


async def listed(store: Store, wanted: Wanted, now_ms: int, size: int, offset: int = 0) -> list[Obligation]:
    """A part of the list: what is overdue first, then by when it is due; what is over by the latest."""
    stands = _stands(now_ms)
    over = stands.in_(("kept", "broken", "withdrawn"))
    order = (case((over, 1), else_=0), case((over, -P.due_ms), else_=P.due_ms), P.promise)
    query = _where(_columns(now_ms), wanted, now_ms).order_by(*order)
    rows = await store.survey(query.limit(size).offset(offset))
    return [_obligation(row) for row in rows]


async def one(store: Store, promise: str, now_ms: int) -> Obligation | None:
    """A promise by its id."""
    rows = await store.rows(_columns(now_ms).where(P.promise == promise))
    return _obligation(rows[0]) if rows else None


async def counted(store: Store, wanted: Wanted, now_ms: int) -> dict[str, int]:
    """How many stand how, all of STANDS."""
    stands: Select[Any] = select(_stands(now_ms).label("stands")).select_from(PROMISES)
    each = _where(stands, msgspec.structs.replace(wanted, stands=""), now_ms).subquery("each")
    query: Select[Any] = select(each.c.stands, func.count().label("n")).group_by(each.c.stands)
    found = {str(row["stands"]): row["n"] for row in await store.survey(query)}
    return {name: n if isinstance(n := found.get(name), int) else 0 for name in STANDS}


async def owners(store: Store) -> list[str]:
    """Whose promises there are, those with the most that are not over first."""
    waiting = case((P.state.in_(("open", "due")), 1), else_=0)
    each = select(_owner().label("owner"), waiting.label("waiting")).subquery("each")
    query: Select[Any] = select(each.c.owner).group_by(each.c.owner)
    rows = await store.survey(query.order_by(func.sum(each.c.waiting).desc(), each.c.owner).limit(MOST_OWNERS))
    return [str(row["owner"]) for row in rows]


def _columns(now_ms: int) -> Select[Any]:
    told_by = func.coalesce(TOLD.c.who, "").label("told_by")
    columns = [P[name] for name in Obligation.__struct_fields__ if name not in {"stands", "told_by"}]
    query: Select[Any] = select(*columns, _stands(now_ms).label("stands"), told_by)
    return query.select_from(PROMISES.outerjoin(TOLD, TOLD.c.promise == P.promise))


def _obligation(row: Mapping[str, object]) -> Obligation:
    return msgspec.convert({name: _plain(name, value) for name, value in row.items()}, Obligation)


def _stands(now_ms: int) -> ColumnElement[Any]:
    waiting = P.state.in_(("open", "due"))
    return case(
        (and_(waiting, P.due_ms <= now_ms), "overdue"), (and_(waiting, P.due_ms <= now_ms + SOON_MS), "soon"), (waiting, "open"), else_=P.state
    )  # fmt: skip


def _owner() -> ColumnElement[Any]:
    by_rep = and_(P.made_by == "rep", P.who != "")
    return case((by_rep, "rep:" + func.coalesce(P.who, "")), else_="queue:" + func.coalesce(P.queue, ""))


def _where(query: Select[Any], wanted: Wanted, now_ms: int) -> Select[Any]:
    asked, stands = wanted.asked, _stands(now_ms)
    in_time = and_(P.said_ms >= asked.from_ms, P.said_ms < (asked.until_ms or now_ms + 1))
    query = query.where(or_(P.state.in_(("open", "due")), in_time))
    for name, column in (("source", P.source), ("queue", P.queue), ("channel", P.channel), ("intent", P.intent)):
        query = query.where(column == getattr(asked, name)) if getattr(asked, name) else query
    query = query.where(P.made_by == "rep", P.who == wanted.own) if wanted.own else query
    query = query.where(_owner() == wanted.owner) if wanted.owner else query
    return query.where(stands == wanted.stands) if wanted.stands else query


def _plain(name: str, value: object) -> object:
    return (0 if name.endswith("_ms") or name == "chased" else "") if value is None else value
