"""Parting: which rows teach and which only measure. By a hash of the text, so that a text is on one side for ever."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from typing import Final, NamedTuple

from baton.engines.models.own.rows import NAMED, Row, same
from baton.kernel.errors import BatonError

PARTS: Final = 5
"""One part of so many is held out."""


class Parted(NamedTuple):
    """Rows to learn from, and rows that no head has seen when it is measured on them."""

    learned: list[Row]
    held: list[Row]


def part(rows: Sequence[Row]) -> Parted:
    """A fifth is held out. A label whose rows would all be held out keeps them to learn from.

    Raises `labels_refused` where nothing is left to measure on.
    """
    held = {row for row in rows if _held(row.text)}
    taught = Counter(row.label for row in rows if row not in held)
    held = {row for row in held if taught[row.label]}
    if not held:
        told = f"None of {len(rows)} rows is held out, so nothing could be measured. Give {10 * PARTS} rows or more, or a test file."
        raise BatonError("labels_refused", 422, told)
    return Parted([row for row in rows if row not in held], [row for row in rows if row in held])


def check_taught(learned: Sequence[Row], held: Sequence[Row], out_of_scope: str) -> None:
    """Raises `labels_refused` where test rows have a label that no row teaches."""
    taught = {row.label for row in learned} | {out_of_scope}
    strange = [row for row in held if row.label not in taught]
    if strange:
        named = ", ".join(row.place for row in strange[:NAMED])
        more = f" and {len(strange) - NAMED} more" if len(strange) > NAMED else ""
        told = f"{len(strange)} test rows have a label that no row teaches: {named}{more}. Teach it, or take them out."
        raise BatonError("labels_refused", 422, told)


def _held(text: str) -> bool:
    """Salted, since learning folds its own rows by the plain hash."""
    salted = f"held out {same(text)}".encode()
    return int(hashlib.sha1(salted, usedforsecurity=False).hexdigest(), 16) % PARTS == 0
