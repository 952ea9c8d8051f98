"""Separated: tables to keep, as CSV that a spreadsheet opens and never runs."""

import csv
import io
from collections.abc import Mapping, Sequence

from starlette.responses import Response

_DANGEROUS = ("=", "+", "-", "@", "\t", "\r", "\n")


def csv_response(rows: Sequence[Mapping[str, object]], columns: Sequence[str], name: str) -> Response:
    """Rows as a CSV file; cells that begin like a formula are kept as text by an apostrophe (OWASP: CSV injection)."""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(columns)
    writer.writerows([_guarded(row.get(column)) for column in columns] for row in rows)
    headers = {"Content-Disposition": f'attachment; filename="{name}.csv"', "Cache-Control": "no-store"}
    return Response(out.getvalue(), media_type="text/csv; charset=utf-8", headers=headers)


def _guarded(cell: object) -> str | int | float:
    if isinstance(cell, int | float):
        return cell
    told = "" if cell is None else str(cell)
    return f"'{told}" if told.startswith(_DANGEROUS) else told
