"""Separated: tables to keep, as CSV that a spreadsheet opens and never runs."""

import csv
import io
import re
from collections.abc import Mapping, Sequence
from typing import Final

from starlette.responses import Response

_BEGINS: Final = re.compile(
    r"^(?=[\s\ufeff\u200b]*[=+\-@＝＋－＠]|[\t\r\n])|(?<=[;|\t\r\n])(?=(?:[^\S\t\r\n]|[\ufeff\u200b])*[=+\-@＝＋－＠])"
)
"""Where a spreadsheet may find a formula: at the start, past what cannot be seen, written in full width, and where it takes
another separator than the comma for one. Past a separator only to the next one: each part is read once.
"""


def csv_response(rows: Sequence[Mapping[str, object]], columns: Sequence[str], name: str) -> Response:
    """Rows as a CSV file; cells that hold the begin of a formula are kept as text by an apostrophe (OWASP: CSV injection)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([guarded(row.get(column)) for column in columns] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def guarded(cell: object) -> str | int | float:
    """A cell that no spreadsheet runs; numbers stay numbers."""
    return cell if isinstance(cell, int | float) else _BEGINS.sub("'", "" if cell is None else str(cell))
