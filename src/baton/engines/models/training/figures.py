"""Figures of a classifier on held-out texts."""

from math import erf, exp, pi, sqrt
from typing import NamedTuple

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


class Calibration(NamedTuple):
    """Expected calibration error without its bias, and the interval of it."""

    ece: float
    low: float
    high: float

    def figures(self) -> dict[str, float]:
        """As `baton eval` prints it."""
        return {"ece": round(self.ece, 4), "ece_low": round(self.low, 4), "ece_high": round(self.high, 4)}


def calibration(confidence: Floats, right: Floats, bins: int = 15, draws: int = 200) -> Calibration:
    """Debiased calibration error over bins of equal size, with a 95 % interval from `draws` of the rows (Efron 1979).

    The plain error of a perfectly calibrated head is above 0, since each bin's share is a draw. What a bin would show
    by chance alone, the mean of a folded normal, is taken off (Kumar et al. 2019, section 5, for the first power).
    """
    if not len(right):
        return Calibration(0.0, 0.0, 1.0)
    told = _debiased(confidence, right, bins)
    chance = np.random.default_rng(7)
    rows = (chance.integers(0, len(right), len(right)) for _ in range(draws))
    spread = 1.96 * float(np.std([_debiased(confidence[at], right[at], bins) for at in rows]))
    return Calibration(told, max(0.0, told - spread), told + spread)


def _debiased(confidence: Floats, right: Floats, bins: int) -> float:
    order = np.argsort(confidence, kind="stable")
    total = 0.0
    for part in np.array_split(order, min(bins, len(order))):
        share = float(right[part].mean())
        gap, noise = abs(float(confidence[part].mean()) - share), sqrt(share * (1 - share) / len(part))
        total += len(part) / len(order) * (2 * gap - _folded(gap, noise))
    return max(0.0, total)


def _folded(mean: float, spread: float) -> float:
    """The mean size of a normal draw (Leone et al. 1961)."""
    if spread <= 0:
        return mean
    z = mean / spread
    return spread * sqrt(2 / pi) * exp(-z * z / 2) + mean * erf(z / sqrt(2))
