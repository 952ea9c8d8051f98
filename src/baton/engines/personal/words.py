"""Words of a text as rows of feature numbers: what each word looks like, what stands around it.

A feature is a hash into `BUCKETS` weights. Features of a word alone are hashed once a distinct word of a batch; pairs and
triples are made of those by numpy, for all words of the batch at once. Words that are not among the `frequent` ones stand in
pairs by their shape alone, so that what is learned of "my name is Anna" holds for a name never seen.
"""

import re
import zlib
from collections.abc import Sequence
from typing import Final

import msgspec
import numpy as np
import numpy.typing as npt

BUCKETS: Final = 1 << 18
FIXED: Final = "\ue000"
"""What a value of a fixed format is made of before words are read: one word, whatever its length."""
AWAY: Final = 3
"""How many words before and after one are looked at."""
_WORD: Final = re.compile(rf"\d+|[^\W\d_]+(?:['’][^\W\d_]+)*|{FIXED}+|\n|[^\w\s]|_")
_LONGEST: Final = 24
"""Letters of a word that are looked at: nobody's name is longer."""
_PARTS: Final = 8
"""Numbers a word is known by: itself, its class, its shape, two beginnings and three ends."""
OWN: Final = _PARTS + 2
"""Features of a word itself; those after them look at its neighbours."""

Hashes = npt.NDArray[np.uint32]
Spans = list[tuple[int, int]]


class Read(msgspec.Struct, frozen=True):
    """Texts as words: (start, end) in characters of each, the feature numbers of all, and where each text's words begin."""

    spans: list[Spans]
    rows: Hashes
    starts: list[int]


def read(texts: Sequence[str], frequent: frozenset[str]) -> Read:
    """The words of `texts` and their features, one row a word."""
    known: dict[str, int] = {}
    parts: list[tuple[int, ...]] = []
    spans: list[Spans] = []
    ids: list[int] = []
    cases: list[int] = []
    starts = [0]
    for text in texts:
        here: Spans = []
        ids += [0] * AWAY
        for match in _WORD.finditer(text):
            word = match.group()
            at = known.get(word)
            if at is None:
                at = known[word] = len(parts) + 1
                parts.append(looks(word, frequent))
            ids.append(at)
            here.append(match.span())
        cases += [_case(text)] * len(here)
        spans.append(here)
        starts.append(starts[-1] + len(here))
    ids += [0] * AWAY
    return Read(spans, _rows(ids, parts, cases), starts)


def looks(word: str, frequent: frozenset[str]) -> tuple[int, ...]:
    """The numbers a word is known by."""
    lower = word[:_LONGEST].lower()
    shape = _hash("shape " + shaped(word))
    itself = _hash(lower)
    return (
        itself, itself if lower in frequent else shape, shape, _hash("<" + lower[:2]), _hash("<" + lower[:3]),
        _hash(lower[-2:] + ">"), _hash(lower[-3:] + ">"), _hash(lower[-4:] + ">"),
    )  # fmt: skip


def shaped(word: str) -> str:
    """How a word is written: its capitals, or how many digits or which mark it is."""
    if word[0] == FIXED:
        return "fixed"
    if word[0].isdigit():
        return f"digits {min(len(word), 6)}"
    if not word[0].isalpha():
        return word if len(word) == 1 else "mark"
    kind = "Xx" if word[0].isupper() else "xx"
    if len(word) == 1:
        kind = kind[0]
    elif word.isupper():
        kind = "XX"
    elif word[0].islower() == word[0].isupper():
        kind = "other"
    elif not word[1:].islower():
        kind += "X"
    return kind + ("" if word.isascii() else "é")


def _case(text: str) -> int:
    """Whether a text has small letters only (spoken), capitals only, or both."""
    return 1 if text.islower() else 2 if text.isupper() else 3


def _hash(text: str) -> int:
    return zlib.crc32(text.encode("utf-8", "surrogatepass"))


def _rows(ids: Sequence[int], parts: Sequence[tuple[int, ...]], cases: Sequence[int]) -> Hashes:
    """Feature numbers, one row a word; row 0 of the parts is the edge of a text."""
    table = np.zeros((len(parts) + 1, _PARTS), dtype=np.uint32)
    if parts:
        table[1:] = parts
    number = np.array(ids, dtype=np.int64)
    at = np.flatnonzero(number)
    word, kind, shape = (table[number, n] for n in range(3))
    case = np.array(cases, dtype=np.uint32)
    near = {n: kind[at + n] for n in range(-AWAY, AWAY + 1)}
    look = {n: shape[at + n] for n in range(-AWAY, AWAY + 1)}
    own = table[number[at]]
    columns: list[Sequence[Hashes]] = [(own[:, n],) for n in range(_PARTS)]
    columns += [(own[:, 2], case), (own[:, 6], own[:, 2])]
    columns += [(near[n],) for n in near if n] + [(word[at + n],) for n in (-1, 1)]
    columns += [(table[number[at + n], 6],) for n in (-1, 1)]
    columns += [(near[-1], near[0]), (near[0], near[1]), (near[-2], near[-1]), (near[1], near[2]), (near[-1], near[1])]
    columns += [(near[-2], near[-1], near[0]), (near[-1], near[0], near[1]), (near[0], near[1], near[2])]
    columns += [(near[-3], near[-2], near[-1]), (look[-1], look[0], look[1]), (look[-2], look[-1], look[0], case)]
    columns += [(look[0], look[1], look[2], case), (near[-1], look[0], case), (look[0], near[1], case)]
    columns += [(look[0], look[1], look[2], look[3]), (look[-1], look[0], look[1], look[2])]
    columns += [(look[-2], look[-1], look[0], look[1]), (look[-3], look[-2], look[-1], look[0])]
    return np.stack([_mixed(n, column) for n, column in enumerate(columns)], axis=1)


def _mixed(kind: int, column: Sequence[Hashes]) -> Hashes:
    """Numbers below `BUCKETS` of a kind of feature (Fibonacci hashing, Knuth 6.4)."""
    mixed = np.full(len(column[0]), (kind + 1) * 0x9E3779B1 & 0xFFFFFFFF, dtype=np.uint32)
    for each in column:
        mixed = (mixed ^ each) * np.uint32(0x85EBCA6B)
        mixed ^= mixed >> np.uint32(13)
    return mixed & np.uint32(BUCKETS - 1)
