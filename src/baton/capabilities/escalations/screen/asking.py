"""Asking: what the Escalations page was asked to show, kept in its address."""

from collections import Counter
from collections.abc import Mapping
from datetime import date

import msgspec
from fastapi import Request

from baton.capabilities.escalations.reading.parts import Read, reach
from baton.capabilities.escalations.reading.slices import DIMENSIONS
from baton.kernel.stats.control import Kind
from baton.web.app import App
from baton.web.asked import Asked, Choices, Option, address, asked_of, in_words

HERE = "/escalations"
LONGEST = 160
DAY_MS = 86_400_000
DAILY_DAYS = 35
"""Periods up to this long are drawn by the day, longer ones by the week, unless something else is asked for."""
CHOICES = 40


class Asking(msgspec.Struct, frozen=True):
    """Which conversations, cut `by` which dimension, which `value` of it is drawn, over days or weeks, as share or rate.

    `at` narrows to the period that starts on this day; `fate` asks for needs for a person instead of escalations.
    """

    asked: Asked
    by: str = "reason"
    value: str = ""
    weekly: bool = False
    kind: Kind = "p"
    at: date | None = None
    fate: str = ""

    def href(self, path: str = HERE, **changes: str) -> str:
        """An address that asks the same, with changes; an empty change takes something away."""
        told = {
            **self.asked.query(took=""), "by": self.by, "value": self.value, "every": "week" if self.weekly else "day",
            "kind": self.kind, "at": self.at.isoformat() if self.at else "", "fate": self.fate,
        }  # fmt: skip
        return address(path, {**told, **changes})


async def asking_of(app: App, request: Request) -> Asking:
    """What a request asks; where it names no time and the last 28 days are empty, all of the log."""
    query, now_ms, zone = request.query_params, app.clock.now_ms(), app.organisation.zone
    asked = asked_of(query, now_ms, zone)
    first_ms, last_ms = await reach(app.store)
    if last_ms and last_ms < asked.from_ms and not any(query.get(name) for name in ("range", "from", "until")):
        asked = asked_of({**query, "range": "all"}, now_ms, zone)
    from_ms, until_ms = max(asked.from_ms, first_ms), min(asked.until_ms or last_ms, last_ms)
    return understood(query, asked, long=until_ms - from_ms > DAILY_DAYS * DAY_MS)


def understood(query: Mapping[str, str], asked: Asked, long: bool = False) -> Asking:
    """What the query says of the page itself; what it says wrongly is the usual. `long`: weeks are the usual, not days."""
    by = query.get("by", "reason") if query.get("by", "reason") in DIMENSIONS else "reason"
    weekly = query.get("every") == "week" or (long and query.get("every") != "day")
    kind: Kind = "u" if query.get("kind") == "u" else "p"
    return Asking(
        asked, by, query.get("value", "")[:LONGEST], weekly, kind, _day(query.get("at", "")), query.get("fate", "")[:20]
    )


def choices(read: Read, titles: Mapping[str, str]) -> Choices:
    """The values there are to filter by, the most frequent first."""
    return {
        name: _options(Counter(getattr(p, name) for p in read.parts), titles)
        for name in ("source", "queue", "channel", "intent")
    }


def _options(counts: Counter[str], titles: Mapping[str, str]) -> list[Option]:
    return [(value, titles.get(value) or in_words(value)) for value, _ in counts.most_common(CHOICES) if value]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None
