"""Clocks: minutes of a local day as times, and back, where days have 23 or 25 hours too."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from baton.capabilities.workforce.events import ShiftPlanned
from baton.capabilities.workforce.scheduling.people import Shift

DAY_MIN = 1440


def at_ms(day: date, minute: int, zone: str) -> int:
    """When the clock on the wall shows this minute of a day; the first time where it shows it twice, an hour on where never."""
    wall = datetime.combine(day, time()) + timedelta(minutes=minute)
    return int(wall.replace(tzinfo=ZoneInfo(zone)).timestamp() * 1000)


def minute_of(at: int, day: date, zone: str) -> int:
    """What the clock shows at a time, in minutes since the midnight that began `day`."""
    wall = datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)
    return int((wall - datetime.combine(day, time())).total_seconds() // 60)


def planned(shift: Shift, monday: date, zone: str) -> ShiftPlanned:
    """A shift as the log keeps it."""
    day = monday + timedelta(days=shift.day)
    meal = at_ms(day, shift.meal_min, zone) if shift.meal_min >= 0 else 0
    return ShiftPlanned(
        shift.rep, day.isoformat(), at_ms(day, shift.start_min, zone), at_ms(day, shift.end_min, zone), meal
    )


def shift_of(kept: ShiftPlanned, zone: str) -> Shift:
    """A kept shift by what the clock shows."""
    day = date.fromisoformat(kept.day)
    start, end = (minute_of(at, day, zone) for at in (kept.start_ms, kept.end_ms))
    return Shift(kept.rep, day.weekday(), start, end, minute_of(kept.meal_ms, day, zone) if kept.meal_ms else -1)
