"""Texts as bags of words, word pairs and parts of words, in numpy alone.

A word stands for itself and for its letter groups, so that "cancelling" says something of "cancel" and a word never
seen still says a little. What groups say is added up per word once, and a text then costs one row a word.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar, cast

import numpy as np
import numpy.typing as npt

from baton.engines.models.words import words

MOST_WORDS: Final = 12000
MOST_PAIRS: Final = 20000
MOST_PARTS: Final = 20000
SHORTEST: Final = 2
LONGEST: Final = 5
PARTS_WEIGHT: Final = 1.0

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]
Real = npt.NDArray[np.float32] | Floats
Key = TypeVar("Key", str, tuple[str, str])


class Bag(NamedTuple):
    """A sparse matrix by rows: `columns` and `values` of row n begin at `starts[n]`; no row is empty."""

    starts: Ints
    columns: Ints
    values: Real
    width: int

    def times(self, weights: Real) -> Real:
        """The product with a dense matrix."""
        return cast(
            Real, np.add.reduceat(weights.take(self.columns, axis=0) * self.values[:, None], self.starts, axis=0)
        )

    def halved(self) -> "Bag":
        """The same in float32."""
        return self._replace(values=self.values.astype(np.float32))

    def turned(self) -> "Bag":
        """The transpose; a column that nothing uses gets one zero."""
        rows = np.repeat(np.arange(len(self.starts)), np.diff(np.append(self.starts, len(self.columns))))
        columns = np.append(self.columns, np.arange(self.width))
        rows, values = (
            np.append(rows, np.zeros(self.width, np.int64)),
            np.append(self.values, np.zeros(self.width, self.values.dtype)),
        )
        order = np.argsort(columns, kind="stable")
        return Bag(np.searchsorted(columns[order], np.arange(self.width)), rows[order], values[order], len(self.starts))


class Known(NamedTuple):
    """Words, pairs of words and parts of words that have a row. Row 0 of words and pairs is what was never seen."""

    words: dict[str, int]
    pairs: dict[tuple[int, int], int]
    parts: dict[str, int]

    @property
    def size(self) -> int:
        """Rows of words and pairs, with row 0."""
        return 1 + len(self.words) + len(self.pairs)

    def rows(self, found: Iterable[str]) -> list[int]:
        """Rows of the words and pairs of one text."""
        alone = [self.words.get(word, 0) for word in found]
        return [row for row in alone if row] + [row for pair in pairwise(alone) if (row := self.pairs.get(pair))]


def know(texts: Sequence[str]) -> Known:
    """What the texts are made of; in larger sets, what is seen once is left out."""
    least = 2 if len(texts) > 2000 else 1
    alone, together = Counter[str](), Counter[tuple[str, str]]()
    for found in map(words, texts):
        alone.update(set(found))
        together.update(set(pairwise(found)))
    kept = [word for word, n in _ranked(alone, MOST_WORDS) if n >= least]
    row = {word: n for n, word in enumerate(kept, 1)}
    pairs = [(row[a], row[b]) for (a, b), n in _ranked(together, MOST_PAIRS) if n >= least and a in row and b in row]
    inside = Counter(part for word in kept for part in set(parts(word)))
    shared = [part for part, n in _ranked(inside, MOST_PARTS) if n >= 2]
    return Known(row, {p: n for n, p in enumerate(pairs, len(row) + 1)}, {part: n for n, part in enumerate(shared)})


def parts(word: str) -> list[str]:
    """Groups of two to five letters of a word between its edges."""
    edged = f" {word} "
    return [edged[n : n + size] for size in range(SHORTEST, LONGEST + 1) for n in range(len(edged) - size + 1)]


def bag(texts: Iterable[str], known: Known, rarity: Floats) -> Bag:
    """Rows of texts over words and pairs, each by its rarity and 1 / sqrt(how many)."""
    found = [known.rows(words(text)) or [0] for text in texts]
    sizes = np.array([len(rows) for rows in found], dtype=np.int64)
    columns = np.array([row for rows in found for row in rows], dtype=np.int64)
    values = rarity[columns] * np.repeat(1 / np.sqrt(np.maximum(sizes, 1)), sizes)
    return Bag(np.cumsum(sizes) - sizes, columns, values, known.size)


def rarity(texts: Sequence[str], known: Known) -> Floats:
    """Inverse document frequency of each row (Sparck Jones 1972), smoothed; 0 of row 0."""
    seen = np.zeros(known.size)
    for text in texts:
        seen[list(set(known.rows(words(text))))] += 1
    weight = np.log((1 + len(texts)) / (1 + seen)) + 1
    weight[0] = 0.0
    return cast(Floats, weight)


def spelled(known: Known) -> Bag:
    """One row for each word and pair: the parts of the word, together as weighty as the word; pairs have none."""
    found = [
        [0],
        *([known.parts[part] + 1 for part in parts(word) if part in known.parts] or [0] for word in known.words),
    ]
    found += [[0]] * len(known.pairs)
    sizes = np.array([len(rows) for rows in found], dtype=np.int64)
    columns = np.array([row for rows in found for row in rows], dtype=np.int64)
    values = np.where(columns > 0, PARTS_WEIGHT / np.repeat(np.sqrt(sizes), sizes), 0.0)
    return Bag(np.cumsum(sizes) - sizes, columns, values, 1 + len(known.parts))


def _ranked(counted: Counter[Key], most: int) -> list[tuple[Key, int]]:
    return sorted(counted.items(), key=lambda each: (-each[1], each[0]))[:most]
