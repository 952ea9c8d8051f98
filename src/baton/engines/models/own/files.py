"""Files of labelled texts as people bring them to the screen: read whole, or refused with the line and what to do."""

import csv
import io
import re
from collections.abc import Sequence
from typing import Final

from baton.engines.models.own.rows import NAMED, Row
from baton.kernel.errors import BatonError

MOST_ROWS: Final = 50_000
"""More rows take longer than anybody waits, and teach little more."""
LONGEST_TEXT: Final = 2000
"""Characters of a text that are read; a turn has fewer."""
LONGEST_LABEL: Final = 60
OWN_LABELS: Final = 0.5
"""Share of rows with a label that no other row has, from which text and label seem to be swapped."""
COLUMNS: Final = {"text": ("text", "sentence", "utterance", "query"), "label": ("label", "category", "intent")}


def read_rows(body: bytes, name: str) -> list[Row]:
    """The rows of a CSV file (`text,label`, in any order; comma, semicolon or tab) with the lines they begin on.

    Labels are brought to one spelling (`Refund status` is `refund_status`). Raises `file_refused`.
    """
    text = _decoded(body, name)
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=_delimiter(text), strict=True)
    try:
        header = next(reader, [])
        at = [_column(header, column, name) for column in COLUMNS]
        rows, ragged, began = list[Row](), list[int](), reader.line_num + 1
        for cells in reader:
            if len(cells) == len(header):
                rows.append(Row(began, cells[at[0]].strip()[:LONGEST_TEXT], spelled(cells[at[1]])))
            elif any(cell.strip() for cell in cells):
                ragged.append(began)
            began = reader.line_num + 1
    except csv.Error as error:
        raise _refused(name, f"is no CSV from line {reader.line_num} on: {error}. Save it as CSV again.") from error
    _check(rows, ragged, len(header), name)
    return rows


def spelled(label: str) -> str:
    """A label in the one spelling that facts, policies and addresses share."""
    return re.sub(r"\W+", "_", label.strip().lower()).strip("_")[:LONGEST_LABEL]


def _decoded(body: bytes, name: str) -> str:
    if not body.strip():
        raise _refused(name, "is empty. It needs a header with text and label, and a row for each example.")
    try:
        return body.decode("utf-8-sig").replace("\0", "")
    except UnicodeDecodeError as error:
        line = body.count(b"\n", 0, error.start) + 1
        raise _refused(
            name, f"is not UTF-8: line {line} has the byte {body[error.start]:#04x}. Save it as CSV UTF-8."
        ) from error


def _delimiter(text: str) -> str:
    header = text.lstrip().partition("\n")[0]
    return max(",;\t", key=header.count)


def _column(header: Sequence[str], column: str, name: str) -> int:
    names = [cell.strip().lower() for cell in header]
    found = next((names.index(each) for each in COLUMNS[column] if each in names), None)
    if found is None:
        told = f"has no column {column!r}; its first line is {[cell[:40] for cell in header[:8]]!r}. Name two columns text and label."
        raise _refused(name, told)
    return found


def _check(rows: Sequence[Row], ragged: Sequence[int], columns: int, name: str) -> None:
    if ragged:
        lines = ", ".join(f"line {line}" for line in ragged[:NAMED])
        more = f" and {len(ragged) - NAMED} more" if len(ragged) > NAMED else ""
        told = f"has rows that do not have {columns} columns: {lines}{more}. Put texts with commas in quotes."
        raise _refused(name, told)
    if not rows:
        raise _refused(name, "has a header and no rows. Add a row for each example.")
    if len(rows) > MOST_ROWS:
        raise _refused(name, f"has {len(rows)} rows; {MOST_ROWS} is the most. Leave some of the frequent labels out.")
    seen = [row.label for row in rows]
    if len(rows) >= 10 and len(set(seen)) > OWN_LABELS * len(rows):
        told = (
            f"has {len(set(seen))} labels in {len(rows)} rows. Are text and label swapped? A label needs several rows."
        )
        raise _refused(name, told)


def _refused(name: str, what: str) -> BatonError:
    return BatonError("file_refused", 422, f"{name!r} {what}")
