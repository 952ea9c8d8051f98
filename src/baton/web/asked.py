"""Asked: what a page was asked to show. The one filter bar, kept in the address, so that a view can be kept and sent."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Final
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

import msgspec

from baton.web import formats

RANGES: Final[Mapping[str, int]] = {"1d": 1, "7d": 7, "28d": 28, "90d": 90}
USUAL: Final = "28d"
WORDS: Final = {"1d": "Today", "7d": "Last 7 days", "28d": "Last 28 days", "90d": "Last 90 days", "all": "All time"}
SIDES: Final[Mapping[str, tuple[str, ...]]] = {
    "ai": ("agent", "agent_rep"),
    "people": ("rep",),
    "machine": ("machine",),
}
"""Who had a conversation first, by the path it took."""
SIDE_WORDS: Final = {"ai": "AI took first", "people": "A person took first", "machine": "Machine customers"}
DIMENSIONS: Final = ("source", "queue", "channel", "intent")
FILTERS: Final = ("range", "from", "until", *DIMENSIONS, "took")
_LONGEST: Final = 120

Option = tuple[str, str]
Choices = Mapping[str, Sequence[Option]]


class Asked(msgspec.Struct, frozen=True):
    """Which conversations: by when they began (days of the organisation's zone), by dimension, and by who had them first.

    `until_ms` is excluded, 0 means open. `took` is a key of SIDES, or empty for everybody.
    """

    range: str = USUAL
    since: str = ""
    until: str = ""
    from_ms: int = 0
    until_ms: int = 0
    source: str = ""
    queue: str = ""
    channel: str = ""
    intent: str = ""
    took: str = ""

    @property
    def where(self) -> dict[str, str]:
        """The dimensions that are set."""
        return {name: getattr(self, name) for name in DIMENSIONS if getattr(self, name)}

    @property
    def before(self) -> "Asked | None":
        """The same for the period of the same length before; None for all time."""
        if not self.from_ms or not self.length_ms:
            return None
        return msgspec.structs.replace(
            self, range="", since="", until="", from_ms=self.from_ms - self.length_ms, until_ms=self.from_ms
        )

    @property
    def length_ms(self) -> int:
        """How long the period is; 0 where it is open at both ends."""
        days = RANGES.get(self.range, 0)
        return days * 86_400_000 if days else max(0, self.until_ms - self.from_ms) if self.from_ms else 0

    def query(self, **changes: str) -> dict[str, str]:
        """As the parameters of an address; an empty change takes a parameter away."""
        told = {"range": self.range, "from": self.since, "until": self.until, **self.where, "took": self.took}
        return {name: value for name, value in {**told, **changes}.items() if value}

    def href(self, path: str, **changes: str) -> str:
        """An address that asks the same, with changes."""
        return address(path, self.query(**changes))


def address(path: str, query: Mapping[str, str]) -> str:
    """A path with its parameters, without the empty ones."""
    told = {name: value for name, value in query.items() if value}
    return f"{path}?{urlencode(told)}" if told else path


def asked_of(query: Mapping[str, str], now_ms: int, zone: str = "UTC", took: str = "") -> Asked:
    """What an address asks. What it does not say, or says wrongly, is the usual: 28 days, everything, `took`."""
    told = {name: query.get(name, "")[:_LONGEST] for name in FILTERS}
    since, until = _day(told["from"]), _day(told["until"])
    side = told["took"] if told["took"] in {*SIDES, "all"} else took
    dimensions = {name: told[name] for name in DIMENSIONS}
    if since is not None or until is not None:
        return Asked(
            "", told["from"] if since else "", told["until"] if until else "", _midnight_ms(since, zone),
            _midnight_ms(until + timedelta(days=1) if until else None, zone), **dimensions, took=side,
        )  # fmt: skip
    name = told["range"] if told["range"] in {*RANGES, "all"} else USUAL
    return Asked(name, "", "", _began_ms(name, now_ms, zone), 0, **dimensions, took=side)


def bar(asked: Asked, choices: Choices, sides: Sequence[Option]) -> list[dict[str, object]]:
    """The filters of the bar. `choices` are the values there are of each dimension; `sides` the people and AI filter."""
    ranges = [(name, WORDS[name]) for name in (USUAL, "1d", "7d", "90d", "all")]
    if not asked.range:
        ranges = [("", f"{asked.since or 'the beginning'} to {asked.until or 'now'}"), *ranges]
    made: list[dict[str, object]] = [
        {"name": "range", "label": "Time range", "options": ranges, "value": asked.range},
        {"name": "took", "label": "People and AI", "options": list(sides), "value": asked.took},
    ]
    for name in DIMENSIONS:
        value = getattr(asked, name)
        options = [("", f"All {name}s"), *choices.get(name, ())]
        if value and all(value != option for option, _ in options):
            options.append((value, in_words(value)))
        if len(options) > 2 or value:
            made.append({"name": name, "label": name.capitalize(), "options": options, "value": value})
    return made


def says(asked: Asked, now_ms: int, zone: str) -> str:
    """The period in words: "30 Oct to 27 Nov 2026"."""
    if not asked.from_ms and not asked.until_ms:
        return "all time"
    until = (asked.until_ms - 1) if asked.until_ms else now_ms
    if not asked.from_ms:
        return f"until {formats.day(until, zone)}"
    first, last = formats.day(asked.from_ms, zone), formats.day(until, zone)
    if first == last:
        return first
    return f"{first.rpartition(' ')[0] if first[-4:] == last[-4:] else first} to {last}"


def in_words(label: str) -> str:
    """A label as people read it: `refund_status` as "Refund status"."""
    spaced = label.replace("_", " ").strip()
    return spaced[:1].upper() + spaced[1:]


def _day(text: str) -> date | None:
    try:
        return date.fromisoformat(text) if text else None
    except ValueError:
        return None


def _midnight_ms(day: date | None, zone: str) -> int:
    return int(datetime.combine(day, time(), ZoneInfo(zone)).timestamp() * 1000) if day else 0


def _began_ms(name: str, now_ms: int, zone: str) -> int:
    if name not in RANGES:
        return 0
    today = datetime.fromtimestamp(now_ms / 1000, UTC).astimezone(ZoneInfo(zone)).date()
    return _midnight_ms(today - timedelta(days=RANGES[name] - 1), zone)
