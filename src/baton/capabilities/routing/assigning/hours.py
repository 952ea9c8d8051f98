"""Hours: when a queue is open, in minutes of the day, UTC."""

from baton.capabilities.routing.events import Queue

MINUTE_MS = 60_000
DAY_MS = 86_400_000
DAY_MINUTES = 1440
THURSDAY = 3
"""1970-01-01 was one."""


def is_open(queue: Queue, at_ms: int) -> bool:
    """Whether the queue is open at a time; hours may run past midnight (22:00 to 06:00) and belong to the day they begin."""
    minute, day = at_ms % DAY_MS // MINUTE_MS, _weekday(at_ms)
    opens, closes = queue.opens_minute, queue.closes_minute
    if opens < closes:
        return opens <= minute < closes and day not in queue.closed_days
    if minute >= opens:
        return day not in queue.closed_days
    return minute < closes and (day - 1) % 7 not in queue.closed_days


def opens_next_ms(queue: Queue, at_ms: int) -> int:
    """When the queue opens next after `at_ms`; 0 where it is closed every day."""
    midnight_ms = at_ms - at_ms % DAY_MS
    for days in range(8):
        opens_ms = midnight_ms + days * DAY_MS + queue.opens_minute * MINUTE_MS
        if opens_ms > at_ms and _weekday(opens_ms) not in queue.closed_days:
            return opens_ms
    return 0


def _weekday(at_ms: int) -> int:
    return (at_ms // DAY_MS + THURSDAY) % 7
