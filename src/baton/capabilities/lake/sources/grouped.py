"""Grouped: the rows of a table by what they belong to; rows that belong to nothing are told."""

from collections.abc import Mapping, Sequence
from pathlib import Path

import msgspec

from baton.capabilities.lake.sources.files import opened
from baton.capabilities.lake.sources.history import Skipped, where
from baton.capabilities.lake.sources.lenient import Row, table


class Grouped(msgspec.Struct, frozen=True):
    """Rows by the id in their `by` column, in the order of the file, and what was left out."""

    rows: dict[str, list[Row]]
    skipped: list[Skipped]


def grouped(path: Path, names: Mapping[str, Sequence[str]], needed: Sequence[str], by: str) -> Grouped:
    """Read a table whose columns are called by any of `names`; nothing of one that lacks a `needed` column is taken."""
    file = opened(path)
    columns, rows = table(file.text, names)
    missing = [name for name in needed if name not in columns]
    if missing:
        return Grouped({}, [Skipped(f"no column {', '.join(missing)}", path.name)])
    found: dict[str, list[Row]] = {}
    skipped: list[Skipped] = []
    for row in rows:
        if isinstance(row, int):
            skipped.append(Skipped("more cells than columns", where(path, row)))
        elif not row.cells.get(by):
            skipped.append(Skipped(f"no {by} id", where(path, row.number)))
        else:
            found.setdefault(row.cells[by], []).append(row)
    if file.cut:
        skipped.append(Skipped("the file ends early", path.name))
    return Grouped(found, skipped)
