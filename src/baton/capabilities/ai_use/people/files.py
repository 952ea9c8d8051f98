"""Files of people: `rep, team, hired, left, pay_band` from an HR system, `rep, course, hours, completed` from a training one.

A row that cannot be read is refused with its number and why; the others are kept. The same file twice changes nothing.
"""

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, time
from pathlib import Path

import msgspec

from baton.capabilities.ai_use.events import Employed, Trained
from baton.kernel.errors import BatonError

NAMES: Mapping[str, Mapping[str, Sequence[str]]] = {
    "hr": {
        "rep": ("id", "employee", "employee_id", "staff", "email", "login"), "team": ("group", "department", "site"),
        "hired": ("hire_date", "start_date", "started", "hired_on"), "left": ("leave_date", "end_date", "left_on", "terminated"),
        "pay_band": ("band", "grade", "pay_grade", "salary_band"),
    },
    "training": {
        "rep": ("id", "employee", "employee_id", "staff", "email", "login", "learner"), "course": ("title", "module", "training"),
        "hours": ("duration_h", "training_hours"), "completed": ("completed_on", "completion_date", "date", "finished"),
    },
}  # fmt: skip
NEEDED: Mapping[str, Sequence[str]] = {
    "hr": ("rep", "team", "hired"),
    "training": ("rep", "course", "hours", "completed"),
}
FIRST, LAST = date(1950, 1, 1), date(2100, 1, 1)
MOST_HOURS = 400
LONGEST = 80


class Refused(msgspec.Struct, frozen=True):
    """A row that was left out: its number in the file (the header is 1) and why."""

    row: int
    why: str


class Told(msgspec.Struct, frozen=True):
    """A row that was read."""

    row: int
    event: Employed | Trained


def read(kind: str, path: Path, known: Mapping[str, str]) -> Iterator[Told | Refused]:
    """The rows of a file. `known` gives the id of a member of staff by e-mail address.

    Raises:
        BatonError: there is no such file, it is no text, or a column that is needed is missing.
    """
    reader, columns = _opened(kind, path)
    seen: dict[str, tuple[int, Employed]] = {}
    for number, cells in enumerate(reader, 2):
        if not any(cell.strip() for cell in cells):
            continue
        row = {name: cells[at].strip() if at < len(cells) else "" for name, at in columns.items()}
        told = _read_row(kind, row, known)
        if isinstance(told, str):
            yield Refused(number, told)
        elif isinstance(told, Employed) and told.rep in seen and seen[told.rep][1] != told:
            yield Refused(number, f"row {seen[told.rep][0]} says something else of {told.rep!r}")
        else:
            if isinstance(told, Employed):
                seen.setdefault(told.rep, (number, told))
            yield Told(number, told)


def _opened(kind: str, path: Path) -> tuple[Iterator[list[str]], dict[str, int]]:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BatonError("unreadable", 422, f"{str(path)!r} cannot be read as text in UTF-8: {error}.") from error
    dialect = ";" if text[:2000].count(";") > text[:2000].count(",") else ","
    reader = csv.reader(io.StringIO(text.replace("\0", ""), newline=""), delimiter=dialect)
    header = [cell.strip().lower().replace(" ", "_").replace("-", "_") for cell in next(reader, [])]
    columns = {ours: at for ours, others in NAMES[kind].items() if (at := _place(header, (ours, *others))) is not None}
    missing = [name for name in NEEDED[kind] if name not in columns]
    if missing:
        raise BatonError(
            "columns_missing",
            422,
            f"{str(path)!r} has no column {', '.join(missing)}. An import of {kind} needs {', '.join(NEEDED[kind])}.",
        )
    return reader, columns


def _place(header: Sequence[str], names: Sequence[str]) -> int | None:
    return next((header.index(name) for name in names if name in header), None)


def _read_row(kind: str, row: Mapping[str, str], known: Mapping[str, str]) -> Employed | Trained | str:
    rep = known.get(row["rep"].lower(), row["rep"])
    if not rep:
        return "no rep"
    if "@" in rep:
        return f"nobody here has the address {rep!r}"
    if len(rep) > LONGEST or not rep.isprintable():
        return "the rep's id is too long, or no plain text"
    return _employed(rep, row) if kind == "hr" else _trained(rep, row)


def _employed(rep: str, row: Mapping[str, str]) -> Employed | str:
    hired, left = day_of(row["hired"]), day_of(row.get("left", ""))
    if not row["team"] or len(row["team"]) > LONGEST:
        return "no team, or a name that is too long"
    if hired is None:
        return f"{row['hired']!r} is no day; write it like 2026-11-01"
    if row.get("left") and left is None:
        return f"{row['left']!r} is no day; write it like 2026-11-01"
    if left is not None and left < hired:
        return "left before hired"
    band = row.get("pay_band", "")
    return (
        "the pay band's name is too long"
        if len(band) > 20
        else Employed(rep, row["team"], hired, left or 0, band, "hr")
    )


def _trained(rep: str, row: Mapping[str, str]) -> Trained | str:
    on, minutes = day_of(row["completed"]), _minutes(row["hours"])
    if not row["course"] or len(row["course"]) > LONGEST:
        return "no course, or a name that is too long"
    if on is None:
        return f"{row['completed']!r} is no day; write it like 2026-11-01"
    return (
        f"{row['hours']!r} is no number of hours from 0 to {MOST_HOURS}"
        if minutes is None
        else Trained(rep, row["course"], minutes, on, "lms")
    )


def day_of(text: str) -> int | None:
    """UTC midnight of an ISO day, in milliseconds; None where it is none, or out of reason."""
    try:
        day = date.fromisoformat(text[:10]) if len(text) in {10, 19, 20, 25} else None
    except ValueError:
        return None
    if day is None or not FIRST <= day <= LAST:
        return None
    return int(datetime.combine(day, time(), UTC).timestamp() * 1000)


def _minutes(text: str) -> int | None:
    try:
        hours = float(text.replace(",", "."))
    except ValueError:
        return None
    return round(hours * 60) if 0 < hours <= MOST_HOURS else None
