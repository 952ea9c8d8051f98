"""Every change of a need's state, latest first: what it was, what it became, on what evidence.

What turned out to be part of an earlier need is told there, and not twice.
"""

from collections.abc import Mapping
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, func, select

from baton.capabilities.resolution.events import STATES
from baton.capabilities.resolution.tables import CHANGES, CONTACTS, NEEDS
from baton.kernel.log import Store
from baton.web.asked import Asked

SIZE = 50


class Changes(msgspec.Struct, frozen=True):
    """A page of changes, how many there are in all, and how many led to each state."""

    rows: list[Mapping[str, object]]
    total: int
    counts: dict[str, int]


async def changes(store: Store, asked: Asked, state: str, number: int) -> Changes:
    """Changes in a period, to one state or to any; `number` is the page, 1 first."""
    counts = await _counts(store, asked)
    shown = (
        CHANGES.c.need, CHANGES.c.state, CHANGES.c.was, CHANGES.c.evidence, CHANGES.c.at_ms, NEEDS.c.intent, NEEDS.c.channel,
        NEEDS.c.contained, NEEDS.c.conversations, CONTACTS.c.queue,
    )  # fmt: skip
    query = _asked(_joined(*shown), asked, state).order_by(CHANGES.c.at_ms.desc(), CHANGES.c.position.desc())
    rows = await store.rows(query.limit(SIZE).offset((number - 1) * SIZE))
    return Changes(list(rows), counts.get(state, 0) if state else sum(counts.values()), counts)


async def _counts(store: Store, asked: Asked) -> dict[str, int]:
    query = _asked(_joined(CHANGES.c.state, func.count().label("n")), asked, "").group_by(CHANGES.c.state)
    found = {str(row["state"]): _whole(row["n"]) for row in await store.rows(query)}
    return {state: found[state] for state in STATES if state in found}


def _joined(*columns: ColumnElement[Any]) -> Select[tuple[object, ...]]:
    needs = CHANGES.outerjoin(NEEDS, NEEDS.c.need == CHANGES.c.need)
    query: Select[tuple[object, ...]] = select(*columns)
    return query.select_from(needs.outerjoin(CONTACTS, CONTACTS.c.conversation == CHANGES.c.need))


def _asked(query: Select[tuple[object, ...]], asked: Asked, state: str) -> Select[tuple[object, ...]]:
    query = query.where(NEEDS.c.merged_into == "")
    query = query.where(CHANGES.c.at_ms >= asked.from_ms) if asked.from_ms else query
    query = query.where(CHANGES.c.at_ms < asked.until_ms) if asked.until_ms else query
    for name, column in (("source", NEEDS.c.source), ("channel", NEEDS.c.channel), ("intent", NEEDS.c.intent)):
        query = query.where(column == getattr(asked, name)) if getattr(asked, name) else query
    return query.where(CHANGES.c.state == state) if state else query


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
