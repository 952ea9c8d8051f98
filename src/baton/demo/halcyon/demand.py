"""When customers need something, and what: the week's profile, the mix of intents, and what incidents add."""

import random
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from functools import cache
from zoneinfo import ZoneInfo

import msgspec

from baton.demo.halcyon.company import Incident, Intent, company, truths
from baton.demo.halcyon.files import text_of, typed
from baton.demo.halcyon.story import Channel, Complexity, Persona

HOUR_MS, DAY_MS = 3_600_000, 86_400_000
COMPLEXITIES: tuple[Complexity, ...] = ("low", "medium", "high")


class IntentDemand(msgspec.Struct, frozen=True):
    """One row of `demand.toml`; its head explains the units."""

    weight: int
    mix: tuple[int, int, int]
    contain: int
    met: int
    refuse: int
    reversed: int
    minutes: int
    tool: str


class Demand(msgspec.Struct, frozen=True):
    """The whole of `demand.toml`."""

    hours: tuple[int, ...]
    weekdays: tuple[int, ...]
    channels: dict[Channel, int]
    personas: dict[Persona, int]
    intent: dict[Intent, IntentDemand]


class Asked(msgspec.Struct, frozen=True):
    """A need as it begins: when, what, and the incident that caused it, if any."""

    at_ms: int
    intent: Intent
    incident: str


@cache
def demand() -> Demand:
    """The company's demand."""
    return typed(text_of("demand.toml"), Demand)


def hour_shares() -> tuple[float, ...]:
    """Share of a day's needs in each local hour; they sum to 1."""
    hours = demand().hours
    return tuple(share / sum(hours) for share in hours)


def expected(day: datetime, per_day: float) -> float:
    """Needs expected on a day without incidents."""
    weekdays = demand().weekdays
    return per_day * weekdays[day.weekday()] * 7 / sum(weekdays)


def needs_of_day(seed: int, back: int, end_ms: int, per_day: float) -> Iterator[Asked]:
    """The needs that begin on the day `back` days before the end (0 is the last, which stops at `end_ms`), in no order."""
    zone = ZoneInfo(company().time_zone)
    midnight = datetime.fromtimestamp(end_ms / 1000, zone).replace(hour=0, minute=0, second=0, microsecond=0)
    start = midnight - timedelta(days=back)
    chance = random.Random(f"{seed}/needs/{start:%Y%m%d}")
    count = round(expected(start, per_day) * chance.gauss(1, 0.05))
    starts_ms = int(start.astimezone(UTC).timestamp() * 1000)
    for _ in range(max(0, count)):
        at_ms = starts_ms + _hour(chance) * HOUR_MS + chance.randrange(HOUR_MS)
        if at_ms < end_ms:
            yield Asked(at_ms, _intent(chance), "")
    for incident in truths().incident:
        yield from _caused(chance, incident, back, starts_ms, per_day, end_ms)


def _caused(
    chance: random.Random, incident: Incident, back: int, starts_ms: int, per_day: float, end_ms: int
) -> Iterator[Asked]:
    """What an incident adds to this day: (factor - 1) times the usual needs of its intents in its hours."""
    weights = {intent: demand().intent[intent].weight for intent in incident.intents}
    share = sum(weights.values()) / sum(found.weight for found in demand().intent.values())
    first_hour = incident.from_hour - 24 * (incident.day - back) if back <= incident.day else 24
    for hour in range(max(0, first_hour), min(24, first_hour + incident.hours)):
        usual = per_day * share * hour_shares()[hour]
        for _ in range(_whole(chance, usual * (incident.factor - 1))):
            at_ms = starts_ms + hour * HOUR_MS + chance.randrange(HOUR_MS)
            if at_ms < end_ms:
                yield Asked(at_ms, chance.choices(list(weights), list(weights.values()))[0], incident.id)


def _whole(chance: random.Random, expected_count: float) -> int:
    whole = int(expected_count)
    return whole + (chance.random() < expected_count - whole)


def _hour(chance: random.Random) -> int:
    return chance.choices(range(24), demand().hours)[0]


def _intent(chance: random.Random) -> Intent:
    rows = demand().intent
    return chance.choices(list(rows), [row.weight for row in rows.values()])[0]
