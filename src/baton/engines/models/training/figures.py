"""Figures of a classifier on held-out texts."""

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]


def auroc(scores: Floats, truth: Floats) -> float:
    """Chance that a true one scores above a false one, ties counting half (Mann and Whitney 1947)."""
    _, inverse, counts = np.unique(scores, return_inverse=True, return_counts=True)
    ranks = (np.cumsum(counts) - (counts - 1) / 2)[inverse]
    good = float(truth.sum())
    bad = len(truth) - good
    return float((ranks[truth == 1].sum() - good * (good + 1) / 2) / (good * bad)) if good and bad else 0.5


def average_precision(scores: Floats, truth: Floats) -> float:
    """Mean precision at each true one, best score first; ties are taken together."""
    order = np.argsort(-scores, kind="stable")
    hits = np.cumsum(truth[order])
    last = np.append(np.diff(scores[order]) != 0, True)
    recall = hits[last] / max(1.0, float(truth.sum()))
    precision = hits[last] / (np.flatnonzero(last) + 1)
    return float((np.diff(recall, prepend=0.0) * precision).sum())


def ece(confidence: Floats, right: Floats, bins: int = 15) -> float:
    """Expected calibration error over equal-width bins (Naeini et al. 2015)."""
    at = np.minimum((confidence * bins).astype(int), bins - 1)
    kept = [at == n for n in range(bins) if (at == n).any()]
    return float(sum(abs(confidence[here].mean() - right[here].mean()) * here.mean() for here in kept))
