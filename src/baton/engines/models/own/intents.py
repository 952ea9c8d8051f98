"""Intents that an organisation taught: words first, sentence vectors and the nearest examples where words are unsure.

`quick` reads words alone, in tens of microseconds; it says where it is unsure. `thorough` also takes the sentence
vectors of the texts (`SlowTier.embed`) and is what the figures of `own.scoring` are about. Words are whole numbers summed
exactly, so a text scores the same alone or in any batch; a vector is weighed by itself for the same reason.
"""

import hashlib
import zlib
from collections.abc import Callable, Sequence
from functools import cached_property
from itertools import pairwise
from pathlib import Path
from typing import Final, cast

import msgspec
import numpy as np
import numpy.typing as npt

from baton.engines.models.fast import LONGEST
from baton.engines.models.heads import Vectors, softmax
from baton.engines.models.own.bags import Floats, Ints, parts
from baton.engines.models.own.outside import chance_outside, signs
from baton.engines.models.words import words
from baton.kernel.errors import BatonError

UNIT: Final = 256
"""Weights of words are whole numbers of 1/256 logit."""
ROOT: Final = np.array([1024, *(round(1024 * n**-0.5) for n in range(1, LONGEST))], dtype=np.int64)
"""1 / sqrt(n) in 1/1024 for n words and pairs known."""
NEAREST: Final = 10
NEAR: Final = 0.05
"""How many examples have a say, and the cosine by which their say falls to 1/e."""
MOST_REMEMBERED: Final = 50_000


class OwnIntents(msgspec.Struct, frozen=True):
    """The file of a taught head. Everything an answer needs but MiniLM itself."""

    labels: list[str]
    words: str
    pairs: bytes
    parts: str
    word_weights: bytes
    word_bias: list[int]
    part_weights: bytes
    vector_weights: bytes
    vector_bias: bytes
    examples: bytes
    example_labels: bytes
    words_warm: float
    both_warm: float
    ask: float
    """Words answer alone from this confidence."""
    give: float
    """An intent is given from this confidence; below it the head abstains."""
    outside: list[float]
    """How the chance of being out of scope is read: offset, and weights of confidence, of nearness, and of energy."""


class Said(msgspec.Struct, frozen=True, gc=False):
    """What a taught head says of one text, in permille. `intent` is "" where it abstains; `best` is its guess then too."""

    intent: str
    best: str
    confidence: int
    runner_up: str
    margin: int
    outside: int
    """Chance that the text is about none of the labels."""
    unsure: bool
    """Words alone do not settle it: ask `thorough`."""


class Opinions(msgspec.Struct, frozen=True):
    """Chances by label, one row a text; the chance of being out of scope; and whose words do not settle it."""

    chances: Floats
    outside: Floats
    unsure: npt.NDArray[np.bool_]


class OwnTier:
    """A taught head, ready to judge. `version` names it: a text and a version give one answer for ever."""

    def __init__(self, head: OwnIntents) -> None:
        self.head, self.labels = head, head.labels
        classes = len(head.labels)
        self._row = {word: n for n, word in enumerate(head.words.split("\n"), 1)}
        edge = len(self._row) + 1
        self._pair = {
            (a, b): n for n, (a, b) in enumerate(np.frombuffer(head.pairs, "<u4").reshape(-1, 2).tolist(), edge)
        }
        self._words = np.frombuffer(head.word_weights, "<i2").reshape(-1, classes).astype(np.float64)
        self._part = {part: n for n, part in enumerate(head.parts.split("\n"))} if head.parts else {}
        self._parts = np.frombuffer(head.part_weights, "<i2").reshape(-1, classes).astype(np.float64)
        self._bias = np.array(head.word_bias, dtype=np.int64)
        self._vectors = np.frombuffer(head.vector_weights, "<f4").reshape(-1, classes).astype(np.float64)
        self._vector_bias = np.frombuffer(head.vector_bias, "<f4").astype(np.float64)
        self._examples = np.frombuffer(head.examples, "<f2").reshape(-1, len(self._vectors)).astype(np.float32)
        self._example_labels = np.frombuffer(head.example_labels, "<u2").astype(np.int64)
        self._spelled: dict[str, Floats] = {}

    @cached_property
    def version(self) -> str:
        """Names this head by what is in its file."""
        return f"own-{hashlib.sha256(packed(self.head)).hexdigest()[:12]}"

    def quick(self, texts: Sequence[str]) -> list[Said]:
        """Each text as its words say, in order."""
        return self._said(self.by_words(texts), texts)

    def thorough(self, texts: Sequence[str], vectors: Vectors) -> list[Said]:
        """Each text as words, its sentence vector and the nearest examples say together."""
        return self._said(self.by_all(texts, vectors), texts)

    def judge(self, texts: Sequence[str], embed: Callable[[Sequence[str]], Vectors]) -> tuple[list[Said], int]:
        """The cascade: words, and vectors only where words are unsure; and how many asked for vectors."""
        said = self.quick(texts)
        asked = [n for n, each in enumerate(said) if each.unsure]
        if asked:
            some = [texts[n] for n in asked]
            for n, better in zip(asked, self.thorough(some, embed(some)), strict=True):
                said[n] = better
        return said, len(asked)

    def by_words(self, texts: Sequence[str]) -> Opinions:
        """Opinions from words alone: they do not tell what is out of scope, so only the sure ones stand."""
        if not texts:
            return Opinions(np.zeros((0, len(self.labels))), np.zeros(0), np.zeros(0, np.bool_))
        told = softmax(self.word_scores(texts) / UNIT / self.head.words_warm)
        return Opinions(told, np.zeros(len(texts)), told.max(axis=1) < self.head.ask)

    def by_all(self, texts: Sequence[str], vectors: Vectors) -> Opinions:
        """Opinions from words, vectors and neighbours; always the same for a text."""
        if not texts:
            return self.by_words(texts)
        read = [self._read(vector) for vector in vectors]
        scores, near = np.array([r[0] for r in read]), np.array([r[1] for r in read])
        three = summed(self.word_scores(texts) / UNIT / self.head.words_warm, scores, near)
        seen = signs(three, np.array([r[2] for r in read]), np.logaddexp.reduce(scores, axis=1))
        nobody = np.zeros(len(texts), np.bool_)
        return Opinions(softmax(three / self.head.both_warm), chance_outside(self.head.outside, seen), nobody)

    def word_scores(self, texts: Sequence[str]) -> Ints:
        """Sums by label in 1/256 logit, exact."""
        found = [self._rows(words(text)) for text in texts]
        sizes = np.array([len(rows) for rows, _ in found], dtype=np.int64)
        columns = np.array([row for rows, _ in found for row in rows], dtype=np.int64)
        sums = np.add.reduceat(self._words.take(columns, axis=0), np.cumsum(sizes) - sizes, axis=0)
        for n, (_, new) in enumerate(found):
            for word in new:
                sums[n] += self._unknown(word)
        counted = np.array([len(rows) + len(new) for rows, new in found], dtype=np.int64)
        scale = ROOT[np.minimum(counted, LONGEST - 1)]
        return cast(Ints, sums.astype(np.int64) * scale[:, None] // 1024 + self._bias)

    def _rows(self, found: list[str]) -> tuple[list[int], list[str]]:
        """Rows of one text, and its words that have none."""
        alone = [self._row.get(word, 0) for word in found]
        rows = [row for row in alone if row] + [row for pair in pairwise(alone) if (row := self._pair.get(pair))]
        return rows or [0], [word for word, row in zip(found, alone, strict=True) if not row]

    def _unknown(self, word: str) -> Floats:
        """What the letter groups of a word never seen say together."""
        if (known := self._spelled.get(word)) is not None:
            return known
        if len(self._spelled) > MOST_REMEMBERED:
            self._spelled.clear()
        rows = [row for part in parts(word) if (row := self._part.get(part)) is not None]
        sums = (
            self._parts[rows].sum(axis=0) * ROOT[min(len(rows), LONGEST - 1)] // 1024
            if rows
            else np.zeros(len(self.labels))
        )
        self._spelled[word] = sums
        return cast(Floats, sums)

    def _read(self, vector: Vectors) -> tuple[Floats, Floats, float]:
        """One vector: its scores by label, what its nearest examples say, and how near they are."""
        scores = vector.astype(np.float64) @ self._vectors + self._vector_bias
        near = self._examples @ vector.astype(np.float32)
        return scores, *neighbours(near.astype(np.float64), self._example_labels, len(self.labels))

    def _said(self, opinions: Opinions, texts: Sequence[str]) -> list[Said]:
        return [
            self._one(row, float(out), bool(ask), text)
            for row, out, ask, text in zip(opinions.chances, opinions.outside, opinions.unsure, texts, strict=True)
        ]

    def _one(self, chances: Floats, outside: float, ask: bool, text: str) -> Said:
        second, best = np.argsort(chances, kind="stable")[-2:].tolist()
        top = int(chances[best] * 1000) if any(map(str.isalnum, text[:4000])) else 0
        beyond = int(outside * 1000) if top else 1000
        given = top >= self.head.give * 1000 and beyond < 500
        return Said(
            intent=self.labels[best] if given else "",
            best=self.labels[best],
            confidence=top,
            runner_up=self.labels[second],
            margin=top - int(chances[second] * 1000) if top else 0,
            outside=beyond,
            unsure=ask and top > 0,
        )


def neighbours(near: Floats, labels: Ints, classes: int) -> tuple[Floats, float]:
    """Chances by label from the nearest examples, a little for every label; and the their mean cosine."""
    most = min(NEAREST, len(near))
    best = np.argpartition(-near, most - 1)[:most]
    best = best[np.lexsort((best, -near[best]))]
    says = np.full(classes, 1e-3)
    np.add.at(says, labels[best], 20 * np.exp((near[best] - 1) / NEAR))
    return says / says.sum(), float(near[best].mean())


def summed(words_scores: Floats, vector_scores: Floats, near: Floats) -> Floats:
    """Three opinions as one: the sum of their log chances, each bounded."""
    told = (softmax(words_scores), softmax(vector_scores), near)
    return cast(Floats, np.add.reduce([np.log(np.maximum(each, 1e-9)) for each in told]))


def packed(head: OwnIntents) -> bytes:
    """A head as one compressed file; the same head gives the same bytes."""
    return zlib.compress(msgspec.msgpack.encode(head), 6)


def unpacked(raw: bytes) -> OwnIntents:
    """The head of a file. Raises `bad_head` where it is not one."""
    try:
        return msgspec.msgpack.decode(zlib.decompress(raw), type=OwnIntents)
    except (zlib.error, msgspec.MsgspecError) as wrong:
        raise BatonError("bad_head", 422, "This is not a file of taught intents. Teach them again.") from wrong


def save(head: OwnIntents, path: Path) -> None:
    """Write a head to a file."""
    path.write_bytes(packed(head))


def load(path: Path) -> OwnIntents:
    """The head of a file that `save` wrote."""
    return unpacked(path.read_bytes())
