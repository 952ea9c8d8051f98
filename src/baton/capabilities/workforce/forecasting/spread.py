"""Spread: an interval about each slot's forecast that holds as often as it says.

A slot's count varies as gamma-Poisson: variance = mean + v * mean^2, where v is what days and slots vary beyond counting. The
interval's width is conformal: the share of recent slots within it was the one promised (Vovk; Lei et al. 2018, split conformal
prediction), over a window that moves with the series.
"""

from math import lgamma

import numpy as np

from baton.capabilities.workforce.forecasting.series import Numbers

WINDOW_DAYS = 60
COVERS = 0.8
NORMAL_80 = (-1.282, 1.282)
"""Deviations that hold 80 % of a normal variable, where a history is too short to tell its own."""


def extra_variance(counts: Numbers, means: Numbers) -> float:
    """The v of variance = mean + v * mean^2, by moments over past slots; 0 where counting explains it all."""
    beyond = ((counts - means) ** 2 - means).sum()
    return float(max(0.0, beyond / np.maximum(means**2, 1e-9).sum()))


def deviation(means: Numbers, extra: float | Numbers) -> Numbers:
    """The standard deviation of counts with these means."""
    return np.sqrt(np.maximum(means, 0.25) + extra * means**2)


def by_chance(means: Numbers) -> Numbers:
    """The mean absolute error that counting alone leaves to a perfect forecast: 2 e^-m m^(k+1) / k!, k = floor(m) (Poisson)."""
    floors = np.floor(means)
    logs = (
        -means
        + (floors + 1) * np.log(np.maximum(means, 1e-12))
        - np.array([lgamma(k + 1) for k in floors.ravel()]).reshape(means.shape)
    )
    return np.asarray(2 * np.exp(logs))


def widths(counts: Numbers, means: Numbers, extra: float, covers: float = COVERS) -> tuple[float, float]:
    """How many deviations below and above the forecast hold `covers` of the past slots, each side half of what is left out."""
    scores = (counts - means) / deviation(means, extra)
    tail = (1.0 - covers) / 2
    rank = min(1.0, (1.0 - tail) * (1 + 1 / scores.size))
    return float(-np.quantile(-scores, rank)), float(np.quantile(scores, rank))
