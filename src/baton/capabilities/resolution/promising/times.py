"""When something is promised for: the time that a phrase names, seen from when it was said. English, German, Spanish, French.

A day without a time of day is over at 18:00 UTC; of a span ("3 to 5 working days") the longer end counts. Where a phrase names no
time there is no date to hold anybody to, and nothing is found.
"""

import re
from datetime import UTC, datetime, timedelta

CLOSES_H = 18
SOONEST = timedelta(hours=1)
_NUMBER = {
    "one": 1, "a": 1, "an": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "few": 3,
    "couple": 2, "ein": 1, "einem": 1, "einer": 1, "zwei": 2, "drei": 3, "vier": 4, "fünf": 5, "sieben": 7, "zehn": 10, "un": 1, "una": 1, "dos": 2,
    "tres": 3, "cinco": 5, "siete": 7, "diez": 10, "une": 1, "deux": 2, "trois": 3, "cinq": 5, "sept": 7, "dix": 10,
}  # fmt: skip
_UNIT = {
    "hour": "h", "stunde": "h", "hora": "h", "heure": "h", "day": "d", "tag": "d", "día": "d", "dia": "d", "jour": "d", "week": "w", "woche": "w",
    "semana": "w", "semaine": "w", "werktag": "b", "arbeitstag": "b",
}  # fmt: skip
_WEEKDAYS = (
    ("monday", "montag", "lunes", "lundi"), ("tuesday", "dienstag", "martes", "mardi"), ("wednesday", "mittwoch", "miércoles", "mercredi"),
    ("thursday", "donnerstag", "jueves", "jeudi"), ("friday", "freitag", "viernes", "vendredi"), ("saturday", "samstag", "sábado", "samedi"),
    ("sunday", "sonntag", "domingo", "dimanche"),
)  # fmt: skip
_DAY_OF = {name: n for n, names in enumerate(_WEEKDAYS) for name in names}
_MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_COUNT = rf"(\d{{1,2}}|{'|'.join(_NUMBER)})"
_SPAN = re.compile(
    rf"\b(?:within|in|inside|innerhalb von|innerhalb|binnen|en|dentro de|sous|dans)\s+(?:the\s+next\s+|las próximas\s+|los próximos\s+)?"
    rf"(?:a\s+)?(?:{_COUNT}\s*(?:to|-|–|or|bis|a|à)\s*)?{_COUNT}\s+(?:of\s+)?(business |working |full )?"
    rf"({'|'.join(_UNIT)})(?:e?s|e?n)?\b(\s+(?:hábiles|laborables|ouvrés|ouvrables))?"
)  # fmt: skip
_BY_DAY = re.compile(
    rf"\b(?:by|on|before|until|this|next|word:|bis|am|vor|el|para el|antes del|le|pour|avant)\s+(?:end of day\s+|the end of\s+|this\s+|next\s+|zum\s+)?({'|'.join(_DAY_OF)})\b"
)
_TODAY = re.compile(
    r"\b(?:today|tonight|this (?:morning|afternoon|evening)|end of (?:the )?(?:day|business)|heute|hoy|aujourd'hui)\b"
)
_TOMORROW = re.compile(r"\b(?:tomorrow|morgen|mañana|demain)\b")
_DATE = re.compile(
    rf"\b(?:by|on|before|until)\s+(?:the\s+)?(\d{{1,2}})(?:st|nd|rd|th)?\s+(?:of\s+)?({'|'.join(_MONTHS)})[a-z]*\b"
)
_DATE_AFTER = re.compile(
    rf"\b(?:by|on|before|until)\s+({'|'.join(_MONTHS)})[a-z]*\.?\s+(\d{{1,2}})(?:st|nd|rd|th)?\b(?!\s*(?:am|pm|:))"
)
_ISO = re.compile(r"\b(\d{4})-(\d{2})-(\d{2})\b")
_WEEK = re.compile(
    r"\b(?:(next week|nächste woche|próxima semana|semaine prochaine)|(?:this|the end of (?:this|the)) week|diese woche|esta semana)\b"
)


def due_ms(phrase: str, said_ms: int) -> int:
    """When what `phrase` (in lower case) promises is due, in milliseconds since the epoch; 0 where it names no time, or minutes."""
    said = datetime.fromtimestamp(said_ms / 1000, UTC)
    due = _span(phrase, said) or _dated(phrase, said) or _by_day(phrase, said)
    return int(due.timestamp() * 1000) if due is not None and due - said >= SOONEST else 0


def _span(phrase: str, said: datetime) -> datetime | None:
    found = _SPAN.search(phrase)
    if found is None:
        return None
    count = _counted(found[2])
    unit = _UNIT[found[4]]
    if unit == "h":
        return said + timedelta(hours=count)
    if unit == "b" or (unit == "d" and (found[3] or found[5])):
        return _working(said, count)
    return _close(said + timedelta(days=count * (7 if unit == "w" else 1)))


def _dated(phrase: str, said: datetime) -> datetime | None:
    if found := _ISO.search(phrase):
        return _on(int(found[1]), int(found[2]), int(found[3]))
    if found := _DATE.search(phrase):
        day, month = int(found[1]), _MONTHS.index(found[2]) + 1
    elif found := _DATE_AFTER.search(phrase):
        day, month = int(found[2]), _MONTHS.index(found[1]) + 1
    else:
        return None
    this_year = _on(said.year, month, day)
    return this_year if this_year is None or this_year >= said else _on(said.year + 1, month, day)


def _by_day(phrase: str, said: datetime) -> datetime | None:
    if found := _BY_DAY.search(phrase):
        days = (_DAY_OF[found[1]] - said.weekday()) % 7 or 7
        return _close(said + timedelta(days=days))
    if _TOMORROW.search(phrase):
        return _close(said + timedelta(days=1))
    if _TODAY.search(phrase):
        return max(_close(said), said + SOONEST)
    if found := _WEEK.search(phrase):
        friday = said + timedelta(days=(4 - said.weekday()) % 7 + (7 if found[1] else 0))
        return _close(friday)
    return None


def _counted(word: str) -> int:
    return int(word) if word.isdigit() else _NUMBER[word]


def _working(said: datetime, count: int) -> datetime:
    day = said
    while count > 0:
        day += timedelta(days=1)
        count -= day.weekday() < 5
    return _close(day)


def _close(day: datetime) -> datetime:
    return day.replace(hour=CLOSES_H, minute=0, second=0, microsecond=0)


def _on(year: int, month: int, day: int) -> datetime | None:
    try:
        return datetime(year, month, day, CLOSES_H, tzinfo=UTC)
    except ValueError:
        return None
