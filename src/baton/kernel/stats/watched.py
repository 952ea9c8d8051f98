"""Confidence sequences: intervals that may be looked at every day, and stopped at, without claiming more than they should."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import inf, log, sqrt

from baton.kernel.stats.estimates import Estimate

FEWEST_WATCHED = 30
"""Per side: the sequence is asymptotic, and before that its variance is not worth much."""


@dataclass(frozen=True)
class Moments:
    """How many values, their sum and the sum of their squares: what a sequence has to remember. Moments add."""

    n: int = 0
    total: float = 0.0
    squares: float = 0.0

    def plus(self, value: float) -> "Moments":
        """One value more."""
        return Moments(self.n + 1, self.total + value, self.squares + value * value)

    @property
    def mean(self) -> float:
        """Their mean; 0 of none."""
        return self.total / self.n if self.n else 0.0

    @property
    def variance(self) -> float:
        """Their sample variance; 0 of fewer than two."""
        return max(0.0, self.squares - self.n * self.mean**2) / (self.n - 1) if self.n > 1 else 0.0


def confidence_sequence_half_width(n: int, variance: float, tightest_at: int, alpha: float = 0.05) -> float:
    """Half-width of the asymptotic confidence sequence of a mean after `n` observations: valid however often one looks.

    sqrt(v) * sqrt(2 (n rho^2 + 1) / (n^2 rho^2) * ln(sqrt(n rho^2 + 1) / alpha)), with rho^2 = (2 ln(1/alpha) + ln(1 + 2
    ln(1/alpha))) / tightest_at (Waudby-Smith, Arbour, Sinha, Kennedy and Ramdas 2021).

    Args:
        n: observations so far (per arm, for a difference).
        variance: of one observation (of a difference: the sum of both arms' variances).
        tightest_at: the n at which the sequence is to be tightest, such as half of what is planned.
    """
    if n < 1:
        return inf
    rho2 = (2 * log(1 / alpha) + log(1 + 2 * log(1 / alpha))) / tightest_at
    return sqrt(variance) * sqrt(2 * (n * rho2 + 1) / (n * n * rho2) * log(sqrt(n * rho2 + 1) / alpha))


def watched_difference(left: Moments, right: Moments, tightest_at: int, alpha: float = 0.05) -> Estimate:
    """The left mean less the right one, with an interval that holds however often one looks; unbounded while either side is small.

    `confidence_sequence_half_width` at the harmonic mean n of both sizes, with variance n (va/na + vb/nb), which is va + vb for arms alike.

    Args:
        left: moments so far of one arm.
        right: moments so far of the other.
        tightest_at: cases per arm at which the interval is to be tightest, such as half of what is planned.
        alpha: chance of ever claiming a difference where there is none.
    """
    value, n = left.mean - right.mean, left.n + right.n
    if min(left.n, right.n) < FEWEST_WATCHED or not left.variance + right.variance:
        return Estimate(value, -inf, inf, n, n)
    size = 2 / (1 / left.n + 1 / right.n)
    spread = size * (left.variance / left.n + right.variance / right.n)
    half = confidence_sequence_half_width(round(size), spread, tightest_at, alpha)
    return Estimate(value, value - half, value + half, n, n)


def watched_over_strata(strata: Sequence[tuple[Moments, Moments]], tightest_at: int, alpha: float = 0.05) -> Estimate:
    """`watched_difference` where the chance of an arm changed while it ran: the differences within each stratum of one chance, weighed by its cases.

    Pooled over strata, a change of the chance would pass for a difference between the arms (Simpson 1951). Strata with fewer than
    `FEWEST_WATCHED` cases in an arm are left out; `n` says how many cases remain. With one stratum it is `watched_difference`.
    """
    enough = [(a, b) for a, b in strata if min(a.n, b.n) >= FEWEST_WATCHED and a.variance + b.variance]
    total = sum(a.n + b.n for a, b in enough)
    if not total:
        seen = sum(a.n + b.n for a, b in strata)
        return Estimate(0.0, -inf, inf, seen, seen)
    weights = [(a.n + b.n) / total for a, b in enough]
    value = sum(w * (a.mean - b.mean) for w, (a, b) in zip(weights, enough, strict=True))
    size = sum(2 / (1 / a.n + 1 / b.n) for a, b in enough)
    spread = sum(w * w * (a.variance / a.n + b.variance / b.n) for w, (a, b) in zip(weights, enough, strict=True))
    half = confidence_sequence_half_width(round(size), size * spread, tightest_at, alpha)
    return Estimate(value, value - half, value + half, total, total)
