"""When: the day of the week and the hour of a call, where the organisation is."""

from datetime import datetime
from typing import Final
from zoneinfo import ZoneInfo

WEEKDAYS: Final = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
NOON: Final = 12


def when(at_ms: int, zone: str) -> tuple[str, int]:
    """The weekday and the hour (0 to 23) of a time, in an IANA time zone."""
    local = datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone))
    return WEEKDAYS[local.weekday()], local.hour
