"""Several views of one conversation side by side, for one logistic head: words, characters, tokens of the record, vectors."""

from collections.abc import Callable, Sequence
from typing import Any, Final, NamedTuple

import numpy as np
from scipy import sparse
from sklearn.feature_extraction.text import CountVectorizer, TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from baton.engines.models.heads import Floats

STEPS: Final = 500


class Words(NamedTuple):
    """Rarity-weighted words and pairs of a text, of those said in at least `least` conversations."""

    least: int = 2

    def vectors(self) -> TfidfVectorizer:
        """Not yet fitted."""
        return TfidfVectorizer(sublinear_tf=True, ngram_range=(1, 2), min_df=self.least)


class Characters(NamedTuple):
    """Rarity-weighted runs of characters inside words: what is misspelt or drawn out is still known."""

    most: int = 60000

    def vectors(self) -> TfidfVectorizer:
        """Not yet fitted."""
        return TfidfVectorizer(
            sublinear_tf=True, analyzer="char_wb", ngram_range=(2, 5), min_df=5, max_features=self.most
        )


class Tokens(NamedTuple):
    """Which tokens there are, however often."""

    least: int = 2

    def vectors(self) -> CountVectorizer:
        """Not yet fitted."""
        return CountVectorizer(analyzer=_as_given, binary=True, min_df=self.least)


class Rates(NamedTuple):
    """Rarity-weighted tokens, each counted."""

    least: int = 3

    def vectors(self) -> TfidfVectorizer:
        """Not yet fitted."""
        return TfidfVectorizer(sublinear_tf=True, analyzer=_as_given, min_df=self.least)


class Block(NamedTuple):
    """One view: how it is made from a conversation, how it is counted (None: it is numbers already), and its weight."""

    of: Callable[[Any], Any]
    counted: Words | Characters | Tokens | Rates | None
    weight: float = 1.0


class Stacked:
    """Views fitted on some conversations, and a logistic head over all of them."""

    def __init__(self, blocks: Sequence[Block], known: Sequence[Any], marks: Floats, strength: float) -> None:
        self._blocks = [(block, block.counted.vectors() if block.counted else None) for block in blocks]
        for block, vectors in self._blocks:
            if vectors is not None:
                vectors.fit([block.of(each) for each in known])
        self._head = LogisticRegression(C=strength, max_iter=STEPS).fit(self._matrix(known), marks)

    def logits(self, asked: Sequence[Any]) -> Floats:
        """The score of each conversation."""
        return np.asarray(self._head.decision_function(self._matrix(asked)), dtype=np.float64)

    def _matrix(self, rows: Sequence[Any]) -> sparse.csr_matrix:
        return sparse.hstack([_numbers(block, vectors, rows) * block.weight for block, vectors in self._blocks]).tocsr()


def _numbers(block: Block, vectors: Any, rows: Sequence[Any]) -> sparse.csr_matrix:
    views = [block.of(each) for each in rows]
    return sparse.csr_matrix(np.array(views)) if vectors is None else vectors.transform(views)


def _as_given(tokens: Sequence[str]) -> Sequence[str]:
    return tokens


def crossed(
    rows: Sequence[Any], groups: Sequence[int], judge: Callable[[Sequence[Any], Sequence[Any]], Floats]
) -> Floats:
    """Each row as a head sees it that was fitted without the row's group."""
    found, parts = np.zeros(len(rows)), np.array(groups)
    for part in np.unique(parts):
        held = np.flatnonzero(parts == part)
        learned = [row for row, out in zip(rows, parts == part, strict=True) if not out]
        found[held] = judge(learned, [rows[n] for n in held.tolist()])
    return found


def calibrated(scores: Floats, held_out: Floats, marks: Floats) -> Floats:
    """Scores as chances, by the line that fits scores on conversations held out in training (Platt 1999)."""
    line = LogisticRegression(C=1e3).fit(held_out.reshape(-1, 1), marks)
    return np.asarray(line.predict_proba(scores.reshape(-1, 1))[:, 1], dtype=np.float64)
