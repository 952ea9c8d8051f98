"""How sure an answer is: chances, temperatures and thresholds from held-out rows."""

from typing import Final, cast

import numpy as np

from baton.engines.models.heads import softmax
from baton.engines.models.own.bags import Floats, Ints

WARM: Final = tuple(n / 20 for n in range(4, 121))


def chances(scores: Floats) -> Floats:
    """Softmax by row."""
    return softmax(scores)


def right(told: Floats, truth: Ints) -> Floats:
    """1 where the likeliest class is the true one."""
    return cast(Floats, (told.argmax(axis=1) == truth).astype(np.float64))


def warmth(scores: Floats, truth: Ints) -> float:
    """The temperature with the least log loss on held-out rows (Guo et al. 2017), from a fixed grid."""
    return min(WARM, key=lambda warm: _loss(scores / warm, truth))


def threshold(told: Floats, truth: Ints, wanted: float) -> float:
    """The least confidence from which answers are right as often as wanted; just above 1 where none is."""
    sure, good = told.max(axis=1), right(told, truth)
    for least in np.arange(0.0, 1.0, 0.01):
        if (sure >= least).any() and good[sure >= least].mean() >= wanted:
            return float(round(least, 2))
    return 1.01


def _loss(scores: Floats, truth: Ints) -> float:
    chosen = scores[np.arange(len(truth)), truth]
    return float((np.logaddexp.reduce(scores, axis=1) - chosen).mean())
