"""Local opening hours as seconds since a world began: days of 23 and 25 hours come out as what they are."""

from datetime import datetime
from zoneinfo import ZoneInfo

from baton.kernel.errors import BatonError


def seconds_since(begin: datetime, local: datetime, zone: ZoneInfo) -> float:
    """Elapsed seconds from `begin` (aware) to a local wall time (naive) in `zone`.

    A wall time that the clock shows twice is the first of the two (`fold=1` the second). One that it skips is refused with
    BatonError `no_such_time`: nobody can come on duty at it.
    """
    if begin.tzinfo is None or local.tzinfo is not None:
        raise BatonError("wrong_zone", 422, f"Give a begin with a zone and a local time without: {begin!r}, {local!r}.")
    aware = local.replace(tzinfo=zone)
    if datetime.fromtimestamp(aware.timestamp(), zone).replace(tzinfo=None) != local.replace(fold=0):
        raise BatonError(
            "no_such_time", 422, f"The clock in {zone.key!r} skips {local!r}. Give a time before or after it."
        )
    return aware.timestamp() - begin.timestamp()
