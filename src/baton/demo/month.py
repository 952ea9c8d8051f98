"""The month a demo home tells: fixed at its first start, so that a restart tells the same and tells it once."""

from pathlib import Path

import msgspec

FILE = "halcyon.json"


class Month(msgspec.Struct, frozen=True):
    """When the invented history ends (milliseconds since the epoch), how many days it covers, and whether all is told."""

    end_ms: int
    days: int
    told: bool = False


def month_of(home: Path, days: int, now_ms: int) -> Month:
    """The month of this home; one of `days` that ends now where it has none yet."""
    kept = home / FILE
    if kept.exists():
        return msgspec.json.decode(kept.read_bytes(), type=Month)
    return keep(home, Month(now_ms, days))


def keep(home: Path, month: Month) -> Month:
    """Remember the month beside the log it is told into. A kill leaves the old file or the new one."""
    home.mkdir(parents=True, exist_ok=True)
    beside = (home / FILE).with_suffix(".new")
    beside.write_bytes(msgspec.json.encode(month))
    beside.replace(home / FILE)
    return month
