"""Formats: numbers, shares, durations and times as people read them on a screen."""

from datetime import datetime
from zoneinfo import ZoneInfo

THIN = "\u202f"  # narrow no-break space: groups thousands
TIED = "\u00a0"  # no-break space: keeps a unit with its number
MINUS = "\u2212"

_SECOND_MS = 1_000
_MINUTE_MS = 60 * _SECOND_MS
_HOUR_MS = 60 * _MINUTE_MS
_DAY_MS = 24 * _HOUR_MS

_CURRENCY_SIGNS = {"EUR": "€", "USD": "$", "GBP": "£"}


def number(value: float, decimals: int = 0) -> str:
    """A count or amount with thousands grouped: 4812 -> "4 812" (thin space)."""
    return f"{value:,.{decimals}f}".replace(",", THIN).replace("-", MINUS)


def permille(value: int | None, decimals: int = 1) -> str:
    """A share in permille, shown in percent: 382 -> "38.2 %". None is "no figure"."""
    return "no figure" if value is None else f"{number(value / 10, decimals)}{TIED}%"


def percent(ratio: float | None, decimals: int = 0) -> str:
    """A ratio from 0 to 1, shown in percent: 0.71 -> "71 %". None is "no figure"."""
    return "no figure" if ratio is None else f"{number(ratio * 100, decimals)}{TIED}%"


def points(difference_permille: int, decimals: int = 1) -> str:
    """A difference of two shares in percentage points, with its sign: 11 -> "+1.1"."""
    sign = "+" if difference_permille > 0 else ""
    return sign + number(difference_permille / 10, decimals)


def interval(low_permille: int, high_permille: int, decimals: int = 1) -> str:
    """Both ends of an interval of shares: (368, 396) -> "36.8 to 39.6"."""
    return f"{number(low_permille / 10, decimals)} to {number(high_permille / 10, decimals)}"


def duration(ms: int) -> str:
    """Elapsed time as a clock shows it: 252000 -> "4:12", 3852000 -> "1:04:12"."""
    seconds = abs(ms) // _SECOND_MS
    hours, rest = divmod(seconds, 3600)
    minutes, seconds = divmod(rest, 60)
    shown = f"{hours}:{minutes:02}:{seconds:02}" if hours else f"{minutes}:{seconds:02}"
    return MINUS + shown if ms <= -_SECOND_MS else shown


def duration_words(ms: int) -> str:
    """Elapsed time in words, at most two units: 41000 -> "41 s", 3900000 -> "1 h 5 min"."""
    if ms < _MINUTE_MS:
        return f"{max(ms, 0) // _SECOND_MS}{TIED}s"
    if ms < _HOUR_MS:
        return f"{ms // _MINUTE_MS}{TIED}min"
    if ms < 2 * _DAY_MS:
        hours, rest = divmod(ms, _HOUR_MS)
        minutes = rest // _MINUTE_MS
        return f"{hours}{TIED}h" + (f" {minutes}{TIED}min" if minutes else "")
    return f"{ms // _DAY_MS} days"


def clock(at_ms: int, zone: str = "UTC") -> str:
    """Time of day in a time zone: "14:02"."""
    return f"{_local(at_ms, zone):%H:%M}"


def day(at_ms: int, zone: str = "UTC") -> str:
    """Date in a time zone: "18 Nov 2026"."""
    local = _local(at_ms, zone)
    return f"{local.day} {local:%b %Y}"


def day_time(at_ms: int, zone: str = "UTC") -> str:
    """Date and time in a time zone: "18 Nov, 14:02"."""
    local = _local(at_ms, zone)
    return f"{local.day} {local:%b, %H:%M}"


def iso(at_ms: int) -> str:
    """The same moment for a `datetime` attribute: "2026-11-18T14:02:00+00:00"."""
    return _local(at_ms, "UTC").isoformat(timespec="seconds")


def money(minor: int, currency: str = "EUR") -> str:
    """An amount in the currency's hundredth: (31240, "EUR") -> "€312.40"."""
    sign = _CURRENCY_SIGNS.get(currency, currency + TIED)
    return (MINUS if minor < 0 else "") + sign + number(abs(minor) / 100, 2)


def initials(name: str) -> str:
    """Two letters for an avatar: "Ana Ruiz" -> "AR"."""
    words = name.split()
    return "".join(word[0] for word in (words[:1] + words[1:][-1:])).upper()


def _local(at_ms: int, zone: str) -> datetime:
    return datetime.fromtimestamp(at_ms / 1000, ZoneInfo(zone))
