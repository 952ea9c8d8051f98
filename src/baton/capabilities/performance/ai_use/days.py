"""Days: read models are keyed by them, so they are computed from the event's own time, without a clock or a zone."""

DAY_MS = 86_400_000


def day_of(at_ms: int) -> str:
    """The UTC day of a time, as YYYY-MM-DD (days to civil date: Hinnant 2013)."""
    shifted = at_ms // DAY_MS + 719_468
    era, of_era = divmod(shifted, 146_097)
    year = (of_era - of_era // 1460 + of_era // 36_524 - of_era // 146_096) // 365
    of_year = of_era - (365 * year + year // 4 - year // 100)
    month = (5 * of_year + 2) // 153
    day = of_year - (153 * month + 2) // 5 + 1
    month = month + 3 if month < 10 else month - 9
    return f"{year + era * 400 + (month <= 2):04d}-{month:02d}-{day:02d}"
