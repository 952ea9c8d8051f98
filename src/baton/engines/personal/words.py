"""Words of a text as rows of feature numbers: what each word looks like, what stands around it.

A feature is a hash into `BUCKETS` weights. Features of a word alone are hashed once a distinct word of a batch; pairs and
triples are made of those by numpy, for all words of the batch at once. Words that are not among the `frequent` ones stand in
pairs by their shape alone, so that what is learned of "my name is Anna" holds for a name never seen. Words stand there by their
class too (words that mean like things), so that what is learned of "said Anna" holds for "shouted Anna".
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
_OWNER: Final = re.compile(r"['\u2019]s\Z")
_LONGEST: Final = 24
"""Letters of a word that are looked at: nobody's name is longer."""
_PARTS: Final = 10
"""Numbers a word is known by: itself, itself or its shape, its shape, two beginnings, three ends, its narrow and its wide class."""
OWN: Final = 14
"""Features of a word itself; those after them look at its neighbours."""

Hashes = npt.NDArray[np.uint32]
Places = npt.NDArray[np.int64]
Spans = list[tuple[int, int]]


class Vocabulary(msgspec.Struct, frozen=True):
    """What is known of words: the frequent ones, and the (narrow, wide) class of those whose meaning is known, in small letters."""

    frequent: frozenset[str] = frozenset()
    classes: dict[str, tuple[int, int]] = {}


class Read(msgspec.Struct, frozen=True):
    """Texts as words: (start, end) in characters of each, the feature numbers of all, and where each text's words begin."""

    spans: list[Spans]
    rows: Hashes
    starts: list[int]


def read(texts: Sequence[str], vocabulary: Vocabulary) -> Read:
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
                parts.append(looks(word, vocabulary))
            ids.append(at)
            here.append(match.span())
        cases += [_case(text)] * len(here)
        spans.append(here)
        starts.append(starts[-1] + len(here))
    ids += [0] * AWAY
    return Read(spans, _rows(ids, parts, cases), starts)


def looks(word: str, vocabulary: Vocabulary) -> tuple[int, ...]:
    """The numbers a word is known by."""
    lower = word[:_LONGEST].lower()
    shape = _hash("shape " + shaped(word))
    itself = _hash(lower)
    means = vocabulary.classes.get(lower) or vocabulary.classes.get(_OWNER.sub("", lower))
    narrow, wide = (_hash(f"narrow {means[0]}"), _hash(f"wide {means[1]}")) if means else (shape, shape)
    return (
        itself, itself if lower in vocabulary.frequent else shape, shape, _hash("<" + lower[:2]), _hash("<" + lower[:3]),
        _hash(lower[-2:] + ">"), _hash(lower[-3:] + ">"), _hash(lower[-4:] + ">"), narrow, wide,
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
    case = np.array(cases, dtype=np.uint32)
    columns = [*_itself(table[number[at]], case), *_beside(table[number], at, case), *_meant(table[number], at, case)]
    return np.stack([_mixed(n, column) for n, column in enumerate(columns)], axis=1)


def _itself(own: Hashes, case: Hashes) -> list[Sequence[Hashes]]:
    """A word by itself: `OWN` columns."""
    shape, narrow, wide = own[:, 2], own[:, 8], own[:, 9]
    columns: list[Sequence[Hashes]] = [(own[:, n],) for n in range(8)]
    columns += [(shape, case), (own[:, 6], shape)]
    return [*columns, (narrow, shape), (wide, shape), (narrow, shape, case), (wide, shape, case)]


def _beside(every: Hashes, at: Places, case: Hashes) -> list[Sequence[Hashes]]:
    """A word and its neighbours, by themselves where they are frequent and by their shapes."""
    near = {n: every[at + n, 1] for n in range(-AWAY, AWAY + 1)}
    look = {n: every[at + n, 2] for n in range(-AWAY, AWAY + 1)}
    columns: list[Sequence[Hashes]] = [(near[n],) for n in near if n]
    columns += [(every[at + n, part],) for part in (0, 6) for n in (-1, 1)]
    columns += [(near[-1], near[0]), (near[0], near[1]), (near[-2], near[-1]), (near[1], near[2]), (near[-1], near[1])]
    columns += [(near[-2], near[-1], near[0]), (near[-1], near[0], near[1]), (near[0], near[1], near[2])]
    columns += [(near[-3], near[-2], near[-1]), (look[-1], look[0], look[1]), (look[-2], look[-1], look[0], case)]
    columns += [(look[0], look[1], look[2], case), (near[-1], look[0], case), (look[0], near[1], case)]
    columns += [(look[0], look[1], look[2], look[3]), (look[-1], look[0], look[1], look[2])]
    return [*columns, (look[-2], look[-1], look[0], look[1]), (look[-3], look[-2], look[-1], look[0])]


def _meant(every: Hashes, at: Places, case: Hashes) -> list[Sequence[Hashes]]:
    """A word and its neighbours by what they mean."""
    here = range(-2, 3)
    look, narrow, wide = ({n: every[at + n, part] for n in here} for part in (2, 8, 9))
    columns: list[Sequence[Hashes]] = [(means[n],) for means in (narrow, wide) for n in here if n]
    columns += [(narrow[-1], look[0]), (look[0], narrow[1]), (wide[-1], wide[0]), (wide[0], wide[1])]
    columns += [(wide[-1], wide[1], look[0]), (wide[-2], wide[-1], look[0]), (look[0], wide[1], wide[2])]
    columns += [(wide[-1], look[-1], look[0], case), (look[0], wide[1], look[1], case), (wide[-1], wide[0], wide[1])]
    return [*columns, (narrow[-1], wide[0], look[0]), (wide[0], look[0], narrow[1])]


def _mixed(kind: int, column: Sequence[Hashes]) -> Hashes:
    """Numbers below `BUCKETS` of a kind of feature (Fibonacci hashing, Knuth 6.4)."""
    mixed = np.full(len(column[0]), (kind + 1) * 0x9E3779B1 & 0xFFFFFFFF, dtype=np.uint32)
    for each in column:
        mixed = (mixed ^ each) * np.uint32(0x85EBCA6B)
        mixed ^= mixed >> np.uint32(13)
    return mixed & np.uint32(BUCKETS - 1)
