"""What the filter bar selects: conversations as the registry reads them, and the choices that there are."""

import asyncio
from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Select, func, select

from baton.capabilities.lake.tables import CONVERSATIONS, LABELS
from baton.capabilities.performance.registry.rows import Frame, whole
from baton.capabilities.performance.registry.scope import DIMENSION
from baton.capabilities.performance.registry.seen import Filters
from baton.kernel.log import Store
from baton.web.asked import SIDES, Asked, Choices, Option, address, in_words

CHOICES = 40


class Selected(Frame):
    """The rows of what was asked; `anybody` leaves aside who had a conversation first."""

    def __init__(self, store: Store, asked: Asked, anybody: bool = False) -> None:
        super().__init__(store, filters_of(asked), () if anybody else SIDES.get(asked.took, ()))


def filters_of(asked: Asked) -> Filters:
    """The registry's filters for what was asked."""
    return Filters(asked.from_ms, asked.until_ms, asked.where)


def rows_href(asked: Asked, **more: str) -> str:
    """Where the conversations behind a figure are listed."""
    query = asked.query()
    if asked.took == "all":
        query.pop("took", None)
    return address("/conversations", {**query, **more})


def needs_href(asked: Asked, **more: str) -> str:
    """Where the needs behind a figure are listed: each by the conversation in which it was first said."""
    return rows_href(asked, needs="1", **more)


async def choices(store: Store, titles: Mapping[str, str]) -> Choices:
    """The sources, queues, channels and intents there are, the most frequent first. `titles` names queues."""
    names = ("source", "queue", "channel", "intent")
    found = await asyncio.gather(
        *(_values(store, DIMENSION[name], titles if name == "queue" else {}) for name in names)
    )
    return dict(zip(names, found, strict=True))


async def reach(store: Store) -> tuple[int, int, int]:
    """How many conversations the log holds, and when the first and the last of them began."""
    began = CONVERSATIONS.c.started_ms
    found = await store.survey(
        _asking(func.count().label("n"), func.min(began).label("first"), func.max(began).label("last"))
    )
    return whole(found[0]["n"]), whole(found[0]["first"]), whole(found[0]["last"])


async def has_stated(store: Store) -> bool:
    """Whether any source states outcomes."""
    return bool(await store.survey(select(LABELS).where(LABELS.c.what == "reward").limit(1)))


async def _values(store: Store, column: ColumnElement[Any], titles: Mapping[str, str]) -> list[Option]:
    value, often = column.label("value"), func.count().label("n")
    query = _asking(value, often).group_by(column).order_by(often.desc()).limit(CHOICES)
    return [(v, titles.get(v) or in_words(v)) for row in await store.survey(query) if (v := str(row["value"]))]


def _asking(*columns: ColumnElement[Any]) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = select(*columns)
    return query.select_from(CONVERSATIONS)
