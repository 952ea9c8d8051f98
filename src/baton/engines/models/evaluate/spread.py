"""Intervals of ranking figures: of rows by their own variance, of rows in groups by drawing the groups anew."""

from collections.abc import Callable, Sequence
from math import sqrt

import numpy as np

from baton.engines.models.heads import Floats
from baton.engines.models.training.figures import auroc
from baton.kernel.stats import normal_quantile

DRAWS = 400


def auroc_spread(scores: Floats, truth: Floats) -> tuple[float, float]:
    """The 95 % interval of an AUROC over independent rows (DeLong et al. 1988)."""
    good, bad = scores[truth == 1], scores[truth == 0]
    if len(good) < 2 or len(bad) < 2:
        return 0.0, 1.0
    above, below = _placed(good, bad), 1 - _placed(bad, good)
    se = sqrt(float(above.var(ddof=1)) / len(good) + float(below.var(ddof=1)) / len(bad))
    middle, half = float(above.mean()), normal_quantile() * se
    return round(max(0.0, middle - half), 4), round(min(1.0, middle + half), 4)


def _placed(these: Floats, those: Floats) -> Floats:
    """For each of `these` the share of `those` below it, ties counting half."""
    order = np.sort(those)
    left, right = np.searchsorted(order, these, "left"), np.searchsorted(order, these, "right")
    return np.asarray((left + right) / (2 * len(those)), dtype=np.float64)


def over_groups(
    figure: Callable[[Floats, Floats], float], scores: Floats, truth: Floats, groups: Sequence[str]
) -> tuple[float, float]:
    """The 95 % interval of a figure, by drawing whole groups with replacement (Efron 1979; Field and Welsh 2007)."""
    names = np.array(groups)
    rows = [np.flatnonzero(names == name) for name in sorted(set(groups))]
    chance = np.random.default_rng(7)
    found = []
    for _ in range(DRAWS):
        at = np.concatenate([rows[n] for n in chance.integers(0, len(rows), len(rows))])
        if len(np.unique(truth[at])) > 1:
            found.append(figure(scores[at], truth[at]))
    if len(found) < DRAWS // 2:
        return 0.0, 1.0
    low, high = np.percentile(found, [2.5, 97.5])
    return round(float(low), 4), round(float(high), 4)


def auroc_over_groups(scores: Floats, truth: Floats, groups: Sequence[str]) -> tuple[float, float]:
    """The interval of an AUROC whose rows come in groups."""
    return over_groups(auroc, scores, truth, groups)
