"""Asking: which needs the ledger was asked about, and for which window W, kept in its address."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from fastapi import Request
from sqlalchemy import ColumnElement, Select, func, select

from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.resolution.judging.needs import WINDOW_DAYS, WINDOWS_DAYS
from baton.capabilities.resolution.reading.windowed import INTENT
from baton.kernel.log import Store
from baton.web.app import App
from baton.web.asked import SIDE_WORDS, Asked, Choices, Option, address, asked_of, bar, in_words

HERE: Final = "/performance/ledger"
SIDES: Final = [("", "People and AI"), *SIDE_WORDS.items()]
CHOICES: Final = 40
C = CONVERSATIONS.c


class Asking(msgspec.Struct, frozen=True):
    """Which needs, by when they began and by the filter bar, and after how many days without a return one is confirmed."""

    asked: Asked
    days: int = WINDOW_DAYS

    def href(self, path: str = HERE, **changes: str) -> str:
        """An address that asks the same, with changes."""
        days = "" if self.days == WINDOW_DAYS else str(self.days)
        return address(path, {**self.asked.query(), "days": days, **changes})


async def asking_of(app: App, request: Request) -> Asking:
    """What a request asks; where it names no time and the last 28 days are empty, all of the log."""
    query, now_ms, zone = request.query_params, app.clock.now_ms(), app.organisation.zone
    asked = asked_of(query, now_ms, zone)
    if not any(query.get(name) for name in ("range", "from", "until")):
        last = _selected(func.max(C.started_ms).label("last"))
        found = (await app.store.rows(last))[0]["last"]
        if isinstance(found, int) and found < asked.from_ms:
            asked = asked_of({**query, "range": "all"}, now_ms, zone)
    return Asking(asked, days_of(query))


def days_of(query: Mapping[str, str]) -> int:
    """The window an address names; 7 where it names none of those there are."""
    told = query.get("days", "")
    return int(told) if told in {str(days) for days in WINDOWS_DAYS} else WINDOW_DAYS


async def filters(app: App, asked: Asked, titles: Mapping[str, str]) -> list[dict[str, object]]:
    """The filter bar, with the values there are."""
    columns = {"source": C.source, "queue": C.queue, "channel": C.channel, "intent": INTENT}
    choices: Choices = {
        name: await _values(app.store, column, titles if name == "queue" else {}) for name, column in columns.items()
    }
    return bar(asked, choices, SIDES)


async def _values(store: Store, column: ColumnElement[Any], titles: Mapping[str, str]) -> list[Option]:
    each = _selected(func.coalesce(column, "").label("value")).select_from(CONVERSATIONS).subquery("each")
    value, often = each.c.value, func.count().label("n")
    query = _selected(value, often).group_by(value).order_by(often.desc()).limit(CHOICES)
    return [(v, titles.get(v) or in_words(v)) for row in await store.survey(query) if (v := str(row["value"]))]


def _selected(*columns: ColumnElement[Any]) -> Select[tuple[object, ...]]:
    query: Select[tuple[object, ...]] = select(*columns)
    return query
