"""Hours: when a queue is open, in minutes of the day where it is.

A time zone is a table of offsets that the policy carries, so that deciding needs no time-zone data. An hour that a clock
change skips is never reached; one that comes twice is open both times.
"""

from collections.abc import Iterable, Iterator

from baton.capabilities.routing.events import Queue, Zone

MINUTE_MS = 60_000
DAY_MS = 86_400_000
DAY_MINUTES = 1440
THURSDAY = 3
"""1970-01-01 was one."""
AHEAD = 400
"""Days that are looked through for when a queue opens next."""


def is_open(queue: Queue, at_ms: int, zones: Iterable[Zone] = ()) -> bool:
    """Whether the queue is open at a time; hours may run past midnight (22:00 to 06:00) and belong to the day they begin."""
    local_ms = at_ms + _ahead_ms(queue, at_ms, zones)
    minute, day = local_ms % DAY_MS // MINUTE_MS, local_ms // DAY_MS
    opens, closes = queue.opens_minute, queue.closes_minute
    if opens < closes:
        return opens <= minute < closes and _works(queue, day)
    if minute >= opens:
        return _works(queue, day)
    return minute < closes and _works(queue, day - 1)


def opens_next_ms(queue: Queue, at_ms: int, zones: Iterable[Zone] = ()) -> int:
    """When the queue opens next after `at_ms`; 0 where it is closed every day."""
    zones = tuple(zones)
    if set(range(7)) <= set(queue.closed_days):
        return 0
    today = (at_ms + _ahead_ms(queue, at_ms, zones)) // DAY_MS
    for day in range(today - 1, today + AHEAD):
        if _works(queue, day):
            for opens_ms in sorted(_instants(queue, day * DAY_MS + queue.opens_minute * MINUTE_MS, zones)):
                if opens_ms > at_ms:
                    return opens_ms
    return 0


def local_minute(queue: Queue, at_ms: int, zones: Iterable[Zone]) -> int:
    """The minute of the day where the queue is."""
    return (at_ms + _ahead_ms(queue, at_ms, zones)) % DAY_MS // MINUTE_MS


def _instants(queue: Queue, local_ms: int, zones: tuple[Zone, ...]) -> Iterator[int]:
    """The times at which clocks there show `local_ms` of the epoch; where a change skips it, the first moment after."""
    offsets = {_ahead_ms(queue, local_ms + shift, zones) for shift in (-DAY_MS, DAY_MS)}
    shown = [local_ms - ahead for ahead in offsets if _ahead_ms(queue, local_ms - ahead, zones) == ahead]
    if shown:
        yield from shown
    else:
        yield next(at for at, _ in _offsets(queue, zones) if local_ms - max(offsets) <= at <= local_ms - min(offsets))


def _ahead_ms(queue: Queue, at_ms: int, zones: Iterable[Zone]) -> int:
    ahead = 0
    for since_ms, minutes in _offsets(queue, zones):
        if since_ms > at_ms:
            break
        ahead = minutes
    return ahead * MINUTE_MS


def _offsets(queue: Queue, zones: Iterable[Zone]) -> tuple[tuple[int, int], ...]:
    return next((zone.offsets for zone in zones if zone.id == queue.zone), ())


def _works(queue: Queue, day: int) -> bool:
    """Whether hours begin on this day (days since 1970-01-01)."""
    return (day + THURSDAY) % 7 not in queue.closed_days and _date(day) not in queue.closed_dates


def _date(day: int) -> str:
    """The ISO date of a day since 1970-01-01 (Hinnant, "chrono-compatible low-level date algorithms")."""
    shifted = day + 719_468
    era, of_era = divmod(shifted, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    date = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return f"{year + 400 * era + (month <= 2):04d}-{month:02d}-{date:02d}"
