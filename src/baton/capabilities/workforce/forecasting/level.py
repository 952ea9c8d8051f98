"""Level: a day's total as a dynamic linear model on its logarithm, filtered day by day.

    log total = level + weekday + calendar marks + noise,  noise variance = r + 1 / total (Poisson)

The level and the weekday effects wander slowly, so recent weeks count for more; calendar effects are shrunken towards none until
days have shown them (West and Harrison 1997, "Bayesian Forecasting and Dynamic Models", chapter 4). How fast things wander
is chosen by the likelihood of one-day-ahead forecasts over the history at hand.
"""

from collections.abc import Iterator
from dataclasses import dataclass, replace
from itertools import product
from math import log

import numpy as np
from numpy.typing import NDArray

from baton.capabilities.workforce.forecasting.series import Numbers

WEEK = 7
WARM_UP_DAYS = 15
"""Days that teach the filter before its forecasts are scored."""


@dataclass(frozen=True)
class Wander:
    """Variances a day, of logarithms: of the level, of a weekday, of calendar effects before any was seen, and of noise."""

    level: float = 3e-4
    weekday: float = 1e-6
    marks: float = 1e-2
    noise: float = 1e-3


GRID = tuple(
    Wander(*chosen)
    for chosen in product((1e-5, 1e-4, 3e-4, 1e-3, 5e-3), (1e-6, 1e-5), (1e-3, 1e-2), (1e-3, 4e-3, 2e-2))
)


@dataclass(frozen=True)
class Belief:
    """What is known of level, weekdays and marks: means and their covariance."""

    mean: Numbers
    spread: Numbers

    def expects(self, seen: Numbers) -> tuple[float, float]:
        """The expected log total of a day that is `seen` so, and its variance without noise."""
        return float(seen @ self.mean), float(seen @ self.spread @ seen)


def before_anything(totals: Numbers, marks: int, wander: Wander) -> Belief:
    """At the first day: near its total, weekdays within 15 % or so of each other."""
    mean = np.zeros(1 + WEEK + marks)
    mean[0] = np.log(totals[: 2 * WEEK] + 0.5).mean()
    return Belief(mean, np.diag([0.1] + [0.05] * WEEK + [wander.marks] * marks))


def seen(weekdays: NDArray[np.int64], marks: Numbers) -> Numbers:
    """What the model sees of each day: one row of 1, weekday and marks."""
    return np.column_stack([np.ones(len(weekdays)), np.eye(WEEK)[weekdays], marks])


def wandered(belief: Belief, wander: Wander, days: int = 1) -> Belief:
    """A belief that is `days` older."""
    grows = np.zeros(len(belief.mean))
    grows[0], grows[1 : 1 + WEEK] = wander.level, wander.weekday
    return replace(belief, spread=belief.spread + np.diag(days * grows))


def noise(expected_log: float, wander: Wander) -> float:
    """The variance of a day's log total about its expectation: of days, and of counting."""
    return wander.noise + 1.0 / max(1.0, float(np.exp(expected_log)))


def learnt(belief: Belief, day: Numbers, total: float, wander: Wander) -> Belief:
    """The belief after a day's total (Kalman's update)."""
    expected, variance = belief.expects(day)
    gain = belief.spread @ day / (variance + noise(expected, wander))
    mean = belief.mean + gain * (log(total + 0.5) - expected)
    return Belief(mean, belief.spread - np.outer(gain, day @ belief.spread))


def filtered(totals: Numbers, days: Numbers, wander: Wander) -> Iterator[tuple[Belief, float, float]]:
    """For each day: the belief before it, the expected log total, and its variance with noise."""
    belief = before_anything(totals, days.shape[1] - 1 - WEEK, wander)
    for day, total in zip(days, totals, strict=True):
        belief = wandered(belief, wander)
        expected, variance = belief.expects(day)
        yield belief, expected, variance + noise(expected, wander)
        belief = learnt(belief, day, float(total), wander)


def chosen(totals: Numbers, days: Numbers) -> Wander:
    """The wander under which the history, forecast one day ahead, was most likely."""
    return max(GRID, key=lambda wander: _log_likelihood(totals, days, wander))


def _log_likelihood(totals: Numbers, days: Numbers, wander: Wander) -> float:
    told = [(expected, variance) for _, expected, variance in filtered(totals, days, wander)][WARM_UP_DAYS:]
    if not told:
        return 0.0
    expected, variance = np.array(told).T
    missed = np.log(totals[WARM_UP_DAYS:] + 0.5) - expected
    return float(-0.5 * (np.log(variance) + missed**2 / variance).sum())
