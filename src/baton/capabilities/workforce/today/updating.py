"""Updating: the level of a day learned from what came so far.

Contacts of a slot are Poisson with mean level * expected, and the level of a day is gamma with mean 1 and the variance days had beyond
counting (gamma-Poisson; Weinberg, Brown and Stroud 2007). So after `came` of `expected_so_far`,

    level | came  ~  gamma(1 / v + came, 1 / v + expected_so_far)

and what is to come is negative binomial. The more that was expected by now, the less the evening before counts.
"""

from dataclasses import dataclass
from math import log
from statistics import NormalDist

from baton.capabilities.workforce.forecasting.series import Numbers

LEAST_VARIANCE = 1e-4
Z_80 = NormalDist().inv_cdf(0.9)


@dataclass(frozen=True)
class Level:
    """The day's level: 1 is as it was expected the evening before. `shape` / `rate` is its mean."""

    shape: float
    rate: float
    came: float
    expected: float

    @property
    def mean(self) -> float:
        """By how much what is to come is scaled."""
        return self.shape / self.rate

    def of(self, expected: float, covers: float = 0.8) -> tuple[float, float, float]:
        """Contacts to come where `expected` were: the mean, and the ends of the interval that covers this share."""
        if expected <= 0:
            return 0.0, 0.0, 0.0
        from scipy.stats import nbinom

        success = self.rate / (self.rate + expected)
        low, high = nbinom.ppf([(1 - covers) / 2, (1 + covers) / 2], self.shape, success)
        return expected * self.mean, float(low), float(high)


def level(came: float, expected: float, variance: float) -> Level:
    """The level after `came` contacts where `expected` were; `variance` is that of levels between days."""
    prior = 1.0 / max(variance, LEAST_VARIANCE)
    return Level(prior + came, prior + expected, came, expected)


def variance_of(total: float, low: float, high: float) -> float:
    """The variance of a day's level, from the 80 % interval of its total: that of the logarithm without what counting adds."""
    if total <= 0 or low <= 0:
        return LEAST_VARIANCE
    return max(LEAST_VARIANCE, (log(high / low) / (2 * Z_80)) ** 2 - 1 / total)


def passed(minutes: Numbers, step_min: int, minute: float) -> Numbers:
    """The share of each slot that is over at a minute of the day, 0 to 1."""
    import numpy as np

    return np.asarray(np.clip((minute - minutes) / step_min, 0.0, 1.0))
