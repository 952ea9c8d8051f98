"""Differing: two texts line by line."""

from collections.abc import Iterator
from difflib import SequenceMatcher

import msgspec

AROUND = 2


class Line(msgspec.Struct, frozen=True):
    """A line of the difference: `kind` is same, added, removed or gap; `number` where it stands, in the new text unless removed."""

    kind: str
    number: int
    text: str


def difference(before: str, after: str) -> list[Line]:
    """What changed, with two lines around; nothing where nothing did."""
    old, new = before.splitlines(), after.splitlines()
    made: list[Line] = []
    for group in SequenceMatcher(None, old, new, autojunk=False).get_grouped_opcodes(AROUND):
        if made:
            made.append(Line("gap", 0, ""))
        for kind, i1, i2, j1, j2 in group:
            made += _lines(kind, old[i1:i2], i1, new[j1:j2], j1)
    return made


def _lines(kind: str, old: list[str], i: int, new: list[str], j: int) -> Iterator[Line]:
    if kind == "equal":
        yield from (Line("same", j + n, text) for n, text in enumerate(new, 1))
        return
    yield from (Line("removed", i + n, text) for n, text in enumerate(old, 1))
    yield from (Line("added", j + n, text) for n, text in enumerate(new, 1))
