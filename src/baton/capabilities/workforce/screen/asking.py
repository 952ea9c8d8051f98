"""Asking: what the planning page was asked to show, kept in its address."""

from collections.abc import Mapping
from datetime import date

import msgspec

from baton.capabilities.workforce.reading.workload import LEVELS
from baton.web.asked import address

HERE = "/planning"
DAYS = {"7": "Next 7 days", "14": "Next 14 days", "28": "Next 28 days"}
MORE = (0, 10, 20, 30, 50)
LONGEST = 120


class Asking(msgspec.Struct, frozen=True):
    """Which queue, channel and complexity, how many days ahead, which day in detail, and how much more of the easy contacts AI would keep, percent."""

    queue: str = ""
    channel: str = ""
    days: int = 14
    day: date | None = None
    more: int = 20
    level: str = ""

    def href(self, path: str = HERE, **changes: str) -> str:
        """An address that asks the same, with changes; an empty change takes something away."""
        told = {
            "queue": self.queue, "channel": self.channel, "level": self.level, "days": str(self.days), "day": self.day.isoformat() if self.day else "",
            "more": str(self.more),
        }  # fmt: skip
        return address(path, {**told, **changes})


def asking_of(query: Mapping[str, str]) -> Asking:
    """What the query says; what it says wrongly is the usual."""
    days, more = query.get("days", "14"), query.get("more", "20")
    return Asking(
        query.get("queue", "")[:LONGEST], query.get("channel", "")[:LONGEST], int(days) if days in DAYS else 14,
        _day(query.get("day", "")), int(more) if more in {str(m) for m in MORE} else 20,
        level if (level := query.get("level", "")) in LEVELS else "",
    )  # fmt: skip


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return None
