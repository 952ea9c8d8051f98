"""Calendar: a rep's shifts as iCalendar (RFC 5545), at a secret address that can be taken back.

Times are of the organisation's clock with its rules of summer time, so that a calendar shows nine o'clock as nine o'clock.
"""

from collections.abc import Sequence
from datetime import UTC, datetime
from hashlib import sha256
from typing import TYPE_CHECKING, Final
from zoneinfo import ZoneInfo

from baton.capabilities.workforce.events import ShiftPlanned
from baton.kernel.errors import BatonError

if TYPE_CHECKING:
    from icalendar import Component

MEDIA: Final = "text/calendar; charset=utf-8"
FRESH: Final = "PT1H"
"""How often a calendar should look again (RFC 7986, REFRESH-INTERVAL)."""


def fingerprint(secret: str) -> str:
    """What the log and its tables know of an address."""
    return sha256(secret.encode()).hexdigest()


def calendar(shifts: Sequence[ShiftPlanned], zone: str, title: str, now_ms: int) -> bytes:
    """The whole feed; a shift that changed hands is simply not in it any more."""
    try:
        from icalendar import Calendar
    except ModuleNotFoundError as missing:
        raise BatonError(
            "no_icalendar", 501, "Calendars need a library. Run `pip install baton-cx[plan]`, then start Baton again."
        ) from missing
    made = Calendar()
    for name, value in (
        ("prodid", "-//Baton//Planning//EN"),
        ("version", "2.0"),
        ("method", "PUBLISH"),
        ("x-wr-calname", title),
        ("x-published-ttl", FRESH),
    ):
        made.add(name, value)
    for shift in shifts:
        made.add_component(_event(shift, ZoneInfo(zone), now_ms))
    made.add_missing_timezones()
    return bytes(made.to_ical())


def _event(shift: ShiftPlanned, zone: ZoneInfo, now_ms: int) -> "Component":
    from icalendar import Event

    made = Event()
    meal = f"Meal at {_at(shift.meal_ms, zone):%H:%M}, half an hour." if shift.meal_ms else ""
    made.add("uid", f"{sha256(shift.slot.encode()).hexdigest()[:32]}@baton")
    made.add("dtstamp", datetime.fromtimestamp(now_ms / 1000, UTC))
    made.add("dtstart", _at(shift.start_ms, zone))
    made.add("dtend", _at(shift.end_ms, zone))
    made.add("summary", "Shift")
    if meal:
        made.add("description", meal)
    return made


def _at(ms: int, zone: ZoneInfo) -> datetime:
    return datetime.fromtimestamp(ms / 1000, zone)
