"""Scope: which conversations a question is about, as the database is asked. Filters and dimensions, said once, in SQL."""

from collections.abc import Mapping
from datetime import date
from typing import Any

import msgspec
from sqlalchemy import BigInteger, ColumnElement, FromClause, Integer, String, case, func, literal_column, select

from baton.capabilities.lake.tables import CONVERSATIONS, LABELS
from baton.capabilities.performance.ai_use.days import DAY_MS
from baton.capabilities.performance.registry.seen import DIMENSIONS, Filters
from baton.capabilities.performance.tables import REPLIES
from baton.kernel.errors import BatonError

Expr = ColumnElement[Any]

ONE: Expr = literal_column("1", Integer)
NONE: Expr = literal_column("0", Integer)
EMPTY: Expr = literal_column("''", String)
NOWHERE: Expr = func.lower(EMPTY)
"""A dimension that a row does not have. Not a bare constant: no database groups by one."""
DAYS: Expr = literal_column(str(DAY_MS), BigInteger)
EPOCH = date(1970, 1, 1)
C = CONVERSATIONS.c


def flag(told: Expr) -> Expr:
    """1 where it holds, 0 where it does not or nobody knows."""
    return case((told, ONE), else_=NONE)


def known(column: Expr) -> Expr:
    """A text, empty where there is none."""
    return func.coalesce(column, EMPTY)


def amount(column: Expr) -> Expr:
    """A number, 0 where there is none."""
    return func.coalesce(column, NONE)


DIMENSION: Mapping[str, Expr] = {
    **{name: known(C[name]) for name in DIMENSIONS if name in C},
    "intent": known(func.coalesce(func.nullif(C.stated_intent, EMPTY), C.intent)),
    "day": C.started_ms // DAYS,
    "version": known(REPLIES.c.version),
}
"""Each dimension of a conversation. A day is the count of days since 1970 until it is shown."""
FIRST: Expr = func.coalesce(
    C.path, case((amount(C.turns_agent) > NONE, "agent"), (amount(C.turns_rep) > NONE, "rep"), else_="agent")
)
"""The path a conversation took; under way, who has it so far."""
_TASK: Expr = select(func.max(LABELS.c.cluster)).where(
    LABELS.c.conversation == C.conversation, LABELS.c.what == literal_column("'reward'", String)
).correlate(CONVERSATIONS).scalar_subquery()  # fmt: skip


class Scope(msgspec.Struct, frozen=True):
    """Conversations that count: the filters, who had them first (`paths`; empty for anybody), whether tasks cluster them."""

    filters: Filters
    paths: tuple[str, ...] = ()
    tasks: bool = False

    @property
    def cluster(self) -> Expr:
        """What a conversation is not independent of: its task, else its customer, else itself."""
        own = (func.nullif(C.customer, EMPTY), C.conversation)
        return func.coalesce(func.nullif(_TASK, EMPTY), *own) if self.tasks else func.coalesce(*own)

    def conditions(self) -> list[Expr]:
        """What a conversation has to meet."""
        f = self.filters
        said = [C.started_ms >= f.from_ms] if f.from_ms else []
        said += [C.started_ms < f.until_ms] if f.until_ms else []
        said += [FIRST.in_(self.paths)] if self.paths else []
        return [*said, *(is_(DIMENSION[name], name, value) for name, value in f.where.items())]

    def joined(self, source: FromClause, *by: str) -> FromClause:
        """The source, beside which AI version spoke where that is asked for."""
        if "version" in (*by, *self.filters.where):
            return source.outerjoin(REPLIES, REPLIES.c.conversation == C.conversation)
        return source


def is_(column: Expr, name: str, value: str) -> Expr:
    """Whether a dimension has this value."""
    return column == (_day_number(value) if name == "day" else value)


def _day_number(day: str) -> int:
    try:
        return (date.fromisoformat(day) - EPOCH).days
    except ValueError as error:
        raise BatonError("bad_date", 422, f"{day!r} is no ISO date. Write it like 2026-11-01.") from error
