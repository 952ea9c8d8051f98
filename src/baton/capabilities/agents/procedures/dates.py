"""Days as customers write them, in whole numbers: proleptic Gregorian, after Howard Hinnant's `days_from_civil`."""

import re
from typing import Final

DAY_MS: Final = 86_400_000
MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
NAMES: Final = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December",
)  # fmt: skip
ISO: Final = re.compile(r"(\d{4})-(\d{2})-(\d{2})")
WORDS: Final = re.compile(r"(\d{1,2})\D{0,6}?\s([A-Za-z]{3,9})|([A-Za-z]{3,9}) (\d{1,2})")


def days_of(year: int, month: int, day: int) -> int:
    """Days since 1970-01-01."""
    y = year - (month <= 2)
    era = y // 400
    of_era = y - era * 400
    of_year = (153 * (month + (-3 if month > 2 else 9)) + 2) // 5 + day - 1
    return era * 146_097 + of_era * 365 + of_era // 4 - of_era // 100 + of_year - 719_468


def civil(days: int) -> tuple[int, int, int]:
    """(year, month, day) of days since 1970-01-01."""
    z = days + 719_468
    era = z // 146_097
    doe = z - era * 146_097
    yoe = (doe - doe // 1460 + doe // 36_524 - doe // 146_096) // 365
    doy = doe - (365 * yoe + yoe // 4 - yoe // 100)
    mp = (5 * doy + 2) // 153
    month = mp + 3 if mp < 10 else mp - 9
    return yoe + era * 400 + (month <= 2), month, doy - (153 * mp + 2) // 5 + 1


def iso_day(text: str, now_ms: int) -> str:
    """`2026-12-02` for a day as written; the next one of that date where no year is given. Empty where it is none."""
    today = now_ms // DAY_MS
    said = text.strip().lower()
    if said in {"today", "tomorrow"}:
        return _iso(civil(today + (said == "tomorrow")))
    if iso := ISO.search(said):
        return iso[0]
    match = WORDS.search(said)
    if match is None:
        return ""
    day, name = int(match[1] or match[4]), (match[2] or match[3])[:3]
    if name not in MONTHS or not 1 <= day <= 31:
        return ""
    month, year = MONTHS.index(name) + 1, civil(today)[0]
    return _iso((year + (days_of(year, month, day) < today), month, day))


def plain_day(at_ms: int) -> str:
    """`2 December` for a time in milliseconds since the epoch (UTC)."""
    _, month, day = civil(at_ms // DAY_MS)
    return f"{day} {NAMES[month - 1]}"


def plain_time(at_ms: int) -> str:
    """`14:05` UTC for a time in milliseconds since the epoch."""
    minutes = at_ms % DAY_MS // 60_000
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _iso(day: tuple[int, int, int]) -> str:
    return f"{day[0]:04d}-{day[1]:02d}-{day[2]:02d}"
