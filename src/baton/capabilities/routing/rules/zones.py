"""Zones: the offsets of a time zone, as a table for the policy. Read from the machine's time-zone data once, on revising."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from baton.capabilities.routing.rules.queue import Zone

YEARS = 10
"""How far ahead of the revision a table reaches; after that the last offset holds until the policy is revised again."""
HOUR = timedelta(hours=1)


def zone(id: str, now_ms: int) -> Zone | None:
    """The table of a zone from a year before `now_ms` on; None where no such zone is known."""
    try:
        info = ZoneInfo(id)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        return None
    at = datetime.fromtimestamp(now_ms // 1000, UTC).replace(minute=0, second=0, microsecond=0) - timedelta(days=366)
    until = at + timedelta(days=366 * (YEARS + 1))
    changes = [(0, _minutes(info, at))]
    while at < until:
        later = at + timedelta(days=1)
        if _minutes(info, later) != changes[-1][1]:
            moment = _changed(info, at, later)
            changes.append((int(moment.timestamp() * 1000), _minutes(info, later)))
        at = later
    return Zone(id, tuple(changes))


def _changed(info: ZoneInfo, at: datetime, later: datetime) -> datetime:
    """The first minute of the new offset."""
    before = _minutes(info, at)
    while later - at > timedelta(minutes=1):
        middle = at + (later - at) / 2
        middle = middle.replace(second=0, microsecond=0)
        if middle <= at:
            break
        at, later = (middle, later) if _minutes(info, middle) == before else (at, middle)
    return later


def _minutes(info: ZoneInfo, at: datetime) -> int:
    offset = at.astimezone(info).utcoffset() or timedelta()
    return int(offset.total_seconds()) // 60
