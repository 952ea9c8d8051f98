"""Asking the lake: conversations by what is known of them, one with its turns, and tables that a spreadsheet may open."""

import csv
import io
from collections.abc import Mapping, Sequence
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, func, select

from baton.capabilities.lake.tables import CONVERSATIONS, LABELS, SEGMENTS
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.kernel.log import Store
from baton.web.separated import guarded

MOST = 500
_C = CONVERSATIONS.c
_INTENT = func.coalesce(_C.stated_intent, _C.intent, "")
EQUAL: dict[str, ColumnElement[str]] = {
    "source": _C.source, "channel": _C.channel, "queue": _C.queue, "path": _C.path, "rep": _C.rep, "complexity": _C.complexity,
    "customer": _C.customer, "intent": _INTENT, "state": NEEDS.c.state,
}  # fmt: skip
SHOWN: tuple[ColumnElement[Any], ...] = (
    _C.conversation, _C.source, _C.origin, _C.simulated, _C.channel, _C.language, _C.customer, _C.queue, _C.brand, _C.site,
    _C.started_ms, _C.last_ms, _C.ended_ms, _C.why, _C.turns_customer, _C.turns_machine, _C.turns_agent, _C.turns_rep, _C.path,
    _C.contained, _C.handed_over, _C.reason, _C.rep, _C.agent, _INTENT.label("intent"), _C.complexity, _C.first_mood,
    _C.last_mood, CONTACTS.c.need.label("need"), CONTACTS.c.verdict.label("verdict"), NEEDS.c.state.label("state"),
    CONTACTS.c.next.label("next"), CONTACTS.c.gap_ms.label("gap_ms"),
)  # fmt: skip


class Wanted(msgspec.Struct, frozen=True):
    """Which conversations: by when they began (milliseconds, `until_ms` excluded), by equal columns, and ids; and which page."""

    from_ms: int = 0
    until_ms: int = 0
    equal: dict[str, str] = {}
    page: int = 1
    size: int = 50
    newest_first: bool = True


async def conversations(store: Store, wanted: Wanted) -> list[Mapping[str, object]]:
    """One page of conversations, each with the state of its need."""
    order = _C.started_ms.desc() if wanted.newest_first else _C.started_ms.asc()
    query = _where(_joined(*SHOWN), wanted).order_by(order, _C.conversation)
    size = max(1, min(wanted.size, MOST))
    return list(await store.rows(query.limit(size).offset((max(1, wanted.page) - 1) * size)))


async def count(store: Store, wanted: Wanted) -> int:
    """How many conversations there are."""
    rows = await store.rows(_where(_joined(func.count().label("n")), wanted))
    found = rows[0]["n"]
    return found if isinstance(found, int) else 0


async def conversation(store: Store, key: str) -> Mapping[str, object] | None:
    """The row of one conversation."""
    rows = await store.rows(_joined(*SHOWN).where(_C.conversation == key))
    return rows[0] if rows else None


async def segments(store: Store, key: str) -> list[Mapping[str, object]]:
    """Its stretches with queues and reps."""
    return list(await store.rows(select(SEGMENTS).where(SEGMENTS.c.conversation == key).order_by(SEGMENTS.c.number)))


async def labels(store: Store, key: str) -> list[Mapping[str, object]]:
    """What its source states."""
    return list(
        await store.rows(select(LABELS).where(LABELS.c.conversation == key).order_by(LABELS.c.what, LABELS.c.label))
    )


async def values(store: Store, name: str) -> list[str]:
    """The values of a column that can be filtered by: for the filter bar."""
    column = EQUAL[name]
    rows = await store.rows(_joined(column.label("value")).distinct().order_by(column))
    return [str(row["value"]) for row in rows if row["value"]]


def separated(rows: Sequence[Mapping[str, object]], columns: Sequence[str]) -> str:
    """Rows as CSV. A cell that a spreadsheet would run as a formula is kept as text by an apostrophe."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guarded(row.get(name)) for name in columns] for row in rows)
    return out.getvalue()


def _joined(*columns: ColumnElement[Any]) -> Select[tuple[object, ...]]:
    contacts = CONVERSATIONS.outerjoin(CONTACTS, CONTACTS.c.conversation == _C.conversation)
    query: Select[tuple[object, ...]] = select(*columns)
    return query.select_from(contacts.outerjoin(NEEDS, NEEDS.c.need == CONTACTS.c.need))


def _where(query: Select[tuple[object, ...]], wanted: Wanted) -> Select[tuple[object, ...]]:
    if wanted.from_ms:
        query = query.where(_C.started_ms >= wanted.from_ms)
    if wanted.until_ms:
        query = query.where(_C.started_ms < wanted.until_ms)
    for name, value in wanted.equal.items():
        query = query.where(EQUAL[name] == value)
    return query
