"""Fits: a vocabulary, one logistic head after another, whole-number weights, tables from score to permille."""

import warnings
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from itertools import pairwise
from typing import Final, NamedTuple, TypeVar

import numpy as np
import numpy.typing as npt
from scipy import sparse
from sklearn.exceptions import ConvergenceWarning
from sklearn.linear_model import LogisticRegression

from baton.engines.models.fast import LONGEST, SCALE
from baton.engines.models.stems import stem
from baton.engines.models.words import words

UNIT: Final = 256
"""Weights are whole numbers of 1/256 logit."""
HALF: Final = 4096
SEED: Final = 7

Floats = npt.NDArray[np.float64]
Key = TypeVar("Key", str, tuple[str, str])


class Vocabulary(NamedTuple):
    """Words and word pairs that have a row. Row 0 is the word never seen."""

    words: dict[str, int]
    pairs: dict[tuple[int, int], int]

    @property
    def size(self) -> int:
        """Rows in all."""
        return 1 + len(self.words) + len(self.pairs)

    def rows(self, text: str) -> Iterator[int]:
        """Rows of one text, as the fast tier takes them."""
        alone = [self.words.get(word, 0) for word in words(text)]
        yield from (row for row in alone if row)
        yield from (row for pair in pairwise(alone) if (row := self.pairs.get(pair)))


def vocabulary(texts: Sequence[str], keep_words: int, keep_pairs: int, least: int = 2) -> Vocabulary:
    """The most frequent words and pairs, each seen in at least `least` texts (pairs: one more)."""
    alone, together = Counter[str](), Counter[tuple[str, str]]()
    for text in texts:
        found = words(text)
        alone.update(set(found))
        together.update(set(pairwise(found)))
    kept = [word for word, n in _ranked(alone.items(), keep_words) if n >= least]
    row = {word: n for n, word in enumerate(kept, 1)}
    known = (((a, b), n) for (a, b), n in together.items() if a in row and b in row)
    pairs = [(row[a], row[b]) for (a, b), n in _ranked(known, keep_pairs) if n > least]
    return Vocabulary(row, {pair: n for n, pair in enumerate(pairs, len(row) + 1)})


def _ranked(counted: Iterable[tuple[Key, int]], most: int) -> list[tuple[Key, int]]:
    return sorted(counted, key=lambda each: (-each[1], each[0]))[:most]


def matrix(texts: Sequence[str], known: Vocabulary) -> sparse.csr_matrix:
    """One row per text, counts of its words and pairs, scaled as the fast tier scales them."""
    columns: list[int] = []
    scales: list[float] = []
    starts = [0]
    for text in texts:
        found = list(known.rows(text))
        columns += found
        scales += [float(SCALE[min(len(found), LONGEST - 1)]) / 1024] * len(found)
        starts.append(len(columns))
    counts = (np.array(scales), np.array(columns, dtype=np.int64), np.array(starts, dtype=np.int64))
    stacked = sparse.csr_matrix(counts, shape=(len(texts), known.size))
    stacked.sum_duplicates()
    return stacked


def kinship(known: Vocabulary, vectors: Floats, x: sparse.csr_matrix) -> tuple[sparse.csr_matrix, sparse.csr_matrix]:
    """What words share: their stem, and their meaning (a sentence vector of the lone word, less for common words).

    A head learns weights for these too, and they are then added to the weights of the words: what is learned of
    "luggage" holds for "suitcase", at no cost when a text is judged.
    """
    stems: dict[str, int] = {}
    at = [(row, stems.setdefault(stem(word), len(stems))) for word, row in known.words.items()]
    rows, columns = np.array(at, dtype=np.int64).T
    stemmed = sparse.csr_matrix((np.ones(len(rows)), (rows, columns)), shape=(known.size, len(stems)))
    seen = np.asarray((x > 0).sum(axis=0)).ravel()
    rarity = np.log((x.shape[0] + 1) / (seen + 1))
    meaning = np.zeros((known.size, vectors.shape[1]))
    meaning[1 : len(known.words) + 1] = vectors
    meaning *= (rarity / rarity.max())[:, None]
    return stemmed, sparse.csr_matrix(meaning)


class Head(NamedTuple):
    """Weights by class (one column for a yes/no head) and what is added to each sum."""

    classes: list[str]
    weights: Floats
    bias: Floats


def fit(
    x: sparse.csr_matrix, shared: sparse.csr_matrix, labels: Sequence[str], weight: Floats, strength: float
) -> Head:
    """Logistic regression (multinomial for more than two classes) over words, pairs and what words share.

    The same input gives the same weights. The head that comes back needs words and pairs alone.
    """
    model = LogisticRegression(C=strength, max_iter=200, random_state=SEED, tol=1e-3)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", ConvergenceWarning)  # 200 steps are enough for whole-number weights
        model.fit(sparse.hstack([x, x @ shared]).tocsr(), np.array(labels), sample_weight=weight)
    own, common = model.coef_.T[: x.shape[1]], model.coef_.T[x.shape[1] :]
    return Head([str(c) for c in model.classes_], own + shared @ common, model.intercept_.copy())


def platt(scores: Floats, truth: Floats) -> tuple[float, float]:
    """Slope and offset that turn held-out scores into chances (Platt 1999)."""
    model = LogisticRegression(C=1e3, random_state=SEED).fit(scores.reshape(-1, 1), truth)
    return float(model.coef_[0, 0]), float(model.intercept_[0])


def table(slope: float, offset: float) -> npt.NDArray[np.uint16]:
    """Permille for every whole-number score from -HALF to HALF - 1."""
    logits = slope * np.arange(-HALF, HALF) / UNIT + offset
    return np.rint(1000 / (1 + np.exp(-np.clip(logits, -30, 30)))).astype(np.uint16)


def exponentials(warm: float) -> npt.NDArray[np.uint32]:
    """The exponential of how far a class lies below the best, in 1/2^20, for softmax in whole numbers."""
    below: Floats = np.arange(2 * HALF) / UNIT / warm
    raised: Floats = np.exp(-below)
    return np.rint(raised * 2**20).astype(np.uint32)


def temperature(logits: Floats, truth: npt.NDArray[np.int64]) -> float:
    """The temperature with the least log loss on held-out texts (Guo et al. 2017), from a fixed grid."""
    grid = np.round(np.arange(0.5, 3.01, 0.05), 2)
    return float(min(grid, key=lambda t: _loss(logits / t, truth)))


def _loss(logits: Floats, truth: npt.NDArray[np.int64]) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    chosen = shifted[np.arange(len(truth)), truth] - np.log(np.exp(shifted).sum(axis=1))
    return float(-chosen.mean())
