"""Lenient reading of other systems' records: columns under many names, times and durations in many forms."""

import csv
import io
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import UTC, datetime

import msgspec

Record = Mapping[str, object]
_SLASHED = re.compile(
    r"^(\d{1,4})[/.\-](\d{1,2})[/.\-](\d{1,4})(?:[ T,]+(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?\s*([AaPp]\.?[Mm]\.?)?)?$"
)
_CLOCK = re.compile(r"^(?:(\d+):)?(\d{1,3}):(\d{1,2})(?:\.\d+)?$")
_TRUE = {"1", "true", "yes", "y", "t", "x", "abandoned", "wahr", "ja", "oui", "si", "sí"}
FIRST_MS, LAST_MS = 631_152_000_000, 4_102_444_800_000
"""1990 to 2100: a time outside is a number of something else."""


class Row(msgspec.Struct, frozen=True, gc=False):
    """A row of a table: its number in the file (the header is 1) and its cells by the names we know."""

    number: int
    cells: dict[str, str]


def slug(name: str) -> str:
    """A header as it is compared: letters and digits only, lower case."""
    return "".join(c for c in name.lower() if c.isalnum())


def table(text: str, names: Mapping[str, Sequence[str]]) -> tuple[dict[str, str], Iterator[Row | int]]:
    """The columns found ({our name: header}) and the rows; a row with more cells than the header is only its number."""
    csv.field_size_limit(16 << 20)
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=delimiter(text))
    header = next(reader, [])
    known = {slug(alias): ours for ours, aliases in names.items() for alias in (ours, *aliases)}
    found = [known.get(slug(h), "") for h in header]
    first = [ours if ours and found.index(ours) == n else "" for n, ours in enumerate(found)]
    columns = {ours: h for ours, h in zip(first, header, strict=True) if ours}
    return columns, _rows(reader, first)


def _rows(reader: Iterable[list[str]], columns: Sequence[str]) -> Iterator[Row | int]:
    cells = iter(reader)
    number = 1
    while True:
        try:
            row = next(cells)
        except StopIteration:
            return
        except csv.Error:
            number += 1
            yield number
            continue
        number += 1
        if not any(c.strip() for c in row):
            continue
        if len(row) > len(columns) and any(c.strip() for c in row[len(columns) :]):
            yield number
            continue
        yield Row(number, {name: cell.strip() for name, cell in zip(columns, row, strict=False) if name})


def delimiter(text: str) -> str:
    """The separator: the one the header line uses most."""
    head = text[:8192].split("\n", 1)[0]
    return max(",;\t|", key=head.count)


class Times:
    """Times of one file. Whether 03/04 is March or April is read from all of the file's dates; ISO order is the default."""

    def __init__(self, samples: Iterable[str]) -> None:
        parts = [m for s in samples if (m := _SLASHED.match(s.strip()))]
        firsts = [int(m[1]) for m in parts if len(m[1]) < 3]
        seconds = [int(m[2]) for m in parts if len(m[1]) < 3]
        dotted = any("." in s[:6] for s in (m[0] for m in parts))
        self._day_first = any(f > 12 for f in firsts) or (dotted and not any(s > 12 for s in seconds))

    def ms(self, value: str) -> int | None:
        """Milliseconds since the epoch, or None. A time without a zone is UTC."""
        told = value.strip()
        if not told:
            return None
        try:
            return _in_range(_epoch_ms(float(told)))
        except ValueError:
            pass
        try:
            return _in_range(_utc_ms(datetime.fromisoformat(told.replace(" UTC", "+00:00"))))
        except ValueError:
            return self._slashed(told)

    def _slashed(self, told: str) -> int | None:
        match = _SLASHED.match(told)
        if match is None:
            return None
        a, b, c = (int(match[n]) for n in (1, 2, 3))
        year, month, day = (a, b, c) if len(match[1]) == 4 else (c, b, a) if self._day_first else (c, a, b)
        hour, half = int(match[4] or 0), (match[7] or "").lower()[:1]
        hour = hour % 12 + (12 if half == "p" else 0) if half else hour
        try:
            year += 2000 if year < 100 else 0
            when = datetime(year, month, day, hour, int(match[5] or 0), int(match[6] or 0), tzinfo=UTC)
        except ValueError:
            return None
        return _in_range(_utc_ms(when))


def seconds_ms(value: str) -> int:
    """A duration in milliseconds, from seconds (`42`, `42.5`) or a clock (`0:42`, `01:02:03`); 0 where there is none."""
    told = value.strip()
    clock = _CLOCK.match(told)
    if clock:
        return (int(clock[1] or 0) * 3600 + int(clock[2]) * 60 + int(clock[3])) * 1000
    try:
        return max(0, round(float(told.replace(",", ".")) * 1000))
    except (ValueError, OverflowError):
        return 0


def is_true(value: str) -> bool:
    """Whether a cell says yes."""
    return value.strip().lower() in _TRUE


def text(record: object, *names: str) -> str:
    """The first of these fields that holds text or a number, as text."""
    if isinstance(record, Mapping):
        for name in names:
            value = record.get(name)
            if isinstance(value, str | int | float) and not isinstance(value, bool) and str(value).strip():
                return str(value)
    return ""


def listed(record: object, name: str) -> list[Record]:
    """A field's records; nothing where it is no list."""
    value = record.get(name) if isinstance(record, Mapping) else None
    return [each for each in value if isinstance(each, Mapping)] if isinstance(value, list) else []


def nested(record: object, name: str) -> Record:
    """A field's record; empty where it is none."""
    value = record.get(name) if isinstance(record, Mapping) else None
    return value if isinstance(value, Mapping) else {}


def _epoch_ms(number: float) -> int:
    return round(number * 1000 if number < 1e11 else number if number < 1e14 else number / 1000)


def _utc_ms(when: datetime) -> int:
    return round((when if when.tzinfo else when.replace(tzinfo=UTC)).timestamp() * 1000)


def _in_range(ms: int) -> int | None:
    return ms if FIRST_MS <= ms <= LAST_MS else None
