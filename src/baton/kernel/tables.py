"""Tables: how read models are written. Rows are folded in memory and stored as one upsert per key and commit.

`put` sets columns (the last one wins, so the row must belong to one lane); `add` adds integers (sums commute, so any
lane may add). Both are idempotent only together with the cursor they are committed with.
"""

from collections.abc import Iterator, Mapping
from functools import cache

from sqlalchemy import Table

Value = str | int | None
Key = tuple[Value, ...]


@cache
def _key_names(table: Table) -> tuple[str, ...]:
    return tuple(c.name for c in table.primary_key.columns)


class Fold:
    """Changes to one row: columns set and columns added to."""

    __slots__ = ("added", "put")

    def __init__(self) -> None:
        self.put: dict[str, Value] = {}
        self.added: dict[str, int] = {}


class Tables:
    """The read-model rows that one commit changes."""

    def __init__(self) -> None:
        self.folds: dict[Table, dict[Key, Fold]] = {}

    def put(self, table: Table, key: Mapping[str, Value], **columns: Value) -> None:
        """Set `columns` of the row at `key`, making the row where there is none."""
        self._fold(table, key).put.update(columns)

    def add(self, table: Table, key: Mapping[str, Value], **amounts: int) -> None:
        """Add `amounts` to the row at `key`, which starts at zero."""
        added = self._fold(table, key).added
        for column, amount in amounts.items():
            added[column] = added.get(column, 0) + amount

    def _fold(self, table: Table, key: Mapping[str, Value]) -> Fold:
        rows = self.folds.setdefault(table, {})
        at = tuple([key[name] for name in _key_names(table)])
        found = rows.get(at)
        if found is None:
            found = rows[at] = Fold()
        return found

    def __iter__(self) -> Iterator[tuple[Table, Key, Fold]]:
        for table, rows in self.folds.items():
            for key, fold in rows.items():
                yield table, key, fold
