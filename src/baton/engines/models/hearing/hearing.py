"""Hearing: linear heads over the kinds of a turn's words, their pairs, triples and distances; the surest clause counts.

Weights are whole numbers of 1/256 logit and the permille come from a table, so a text scores the same everywhere. Most
turns hold no word that could matter and cost a few lookups; the others 20 to 60 microseconds.
"""

import zlib
from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import Final

import msgspec

from baton.engines.models.hearing.kinds import OTHER, Token, kinds_for, tokens
from baton.engines.models.hearing.named import without_names

WEIGHTS: Final = Path(__file__).parents[1] / "weights" / "hearing.msgpack.z"
HALF: Final = 4096
WINDOW: Final = 26
"""Words of a clause that are weighed together; longer ones are read in halves that overlap."""
LEAST: Final = 4
"""Words of a clause before a joining word may end it."""
REACH: Final = 5
"""How far apart two words may stand to be weighed as a pair."""

Span = tuple[int, int]


class Head(msgspec.Struct, frozen=True):
    """What one head learned: the kinds without which it says nothing, its weights, and permille by score.

    `measured` is its recall on texts not seen, in permille by language; in a language that is not there nobody knows what
    it misses.
    """

    name: str
    cues: list[str]
    weights: dict[str, int]
    bias: int
    permille: bytes
    measured: dict[str, int] = {}


class Heard(msgspec.Struct, frozen=True, gc=False):
    """How sure a head is (permille), and of which part of the text."""

    permille: int = 0
    span: Span | None = None


class Hearing:
    """Heads that are asked together."""

    def __init__(self, heads: Sequence[Head]) -> None:
        self._heads = {head.name: head for head in heads}
        self._cues = {head.name: frozenset(head.cues) for head in heads}
        self._tables = {head.name: _table(head.permille) for head in heads}
        self.measured = {head.name: frozenset(head.measured) for head in heads}

    def hear(self, text: str) -> dict[str, Heard]:
        """Every head's surest clause; heads that found no word of theirs are left out."""
        heard: dict[str, Heard] = {}
        for name, head in self._heads.items():
            said = tokens(text, kinds_for(name))
            if not self._cues[name].isdisjoint([token.kind for token in said]):
                heard[name] = self._surest(head, without_names(text, said, self._cues[name]))
        return heard

    def _surest(self, head: Head, said: Sequence[Token]) -> Heard:
        cues, table = self._cues[head.name], self._tables[head.name]
        weights = head.weights
        best: int = 0
        span: Span | None = None
        for clause in clauses(said):
            at = [token for token in clause if token.kind in cues]
            if at:
                score = head.bias + sum([weights.get(each, 0) for each in features([t.kind for t in clause])])
                permille = table[min(max(score, -HALF), HALF - 1) + HALF]
                if permille > best:
                    best, span = permille, (at[0].start, at[-1].end)
        return Heard(best, span)


def clauses(said: Sequence[Token]) -> Iterator[Sequence[Token]]:
    """Sentences, and their parts between joining words; long ones in windows that overlap by half."""
    start = 0
    for n in range(1, len(said) + 1):
        over = n == len(said) or said[n].breaks == "must" or (said[n].breaks == "may" and n - start >= LEAST)
        if over:
            for at in range(start, n, WINDOW // 2):
                yield said[at : min(at + WINDOW, n)]
                if at + WINDOW >= n:
                    break
            start = n


def features(kinds: Sequence[str]) -> list[str]:
    """What is weighed of one clause: each kind, neighbours, triples, pairs a few words apart, and how long it is."""
    row = ["<", *kinds, ">"]
    found = [*kinds, *(f"{a} {b}" for a, b in pairwise(row))]
    found += [f"{a} {b} {c}" for a, b, c in zip(row, row[1:], row[2:], strict=False)]
    for n, kind in enumerate(kinds):
        if kind != OTHER:
            found += [f"{kind}~{after}" for after in kinds[n + 2 : n + 1 + REACH] if after != OTHER]
    found.append(f"#{min(len(kinds), 9)}")
    return list(dict.fromkeys(found))


def heads_of(raw: bytes) -> list[Head]:
    """The heads in a file."""
    return msgspec.msgpack.decode(zlib.decompress(raw), type=list[Head])


def _table(raw: bytes) -> list[int]:
    return [int.from_bytes(raw[n : n + 2], "little") for n in range(0, len(raw), 2)]
