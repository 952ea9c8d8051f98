"""Estimates: a value with its interval, for shares, means and ratios, of independent cases or of cases in clusters."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt
from statistics import NormalDist

LEVEL = 0.95


@dataclass(frozen=True)
class Estimate:
    """A value with its interval. `n` observations in `clusters` independent groups stand behind it."""

    value: float
    low: float
    high: float
    n: int
    clusters: int = 0


NOTHING = Estimate(0.0, 0.0, 1.0, 0)


def normal_quantile(level: float = LEVEL) -> float:
    """The z of a two-sided interval: 1.96 at 95 %."""
    return NormalDist().inv_cdf(0.5 + level / 2)


def student_quantile(degrees: int, level: float = LEVEL) -> float:
    """The t of a two-sided interval, by the expansion of Abramowitz and Stegun 26.7.5; infinite without a degree of freedom.

    Within 0.2 % of the table from 5 degrees on; for 1 to 4 the exact forms or the table's figure at 95 % are used.
    """
    if degrees < 1:
        return inf
    table = {1: 12.7062, 2: 4.3027, 3: 3.1824, 4: 2.7764}
    if level == LEVEL and degrees in table:
        return table[degrees]
    z, v = normal_quantile(level), float(degrees)
    first = (z**3 + z) / (4 * v)
    second = (5 * z**5 + 16 * z**3 + 3 * z) / (96 * v**2)
    third = (3 * z**7 + 19 * z**5 + 17 * z**3 - 15 * z) / (384 * v**3)
    return z + first + second + third


def wilson(met: int, n: int, level: float = LEVEL) -> Estimate:
    """A share of independent cases with Wilson's score interval (Wilson 1927; Brown, Cai and DasGupta 2001).

    Without a case the value is 0 and the interval is everything.
    """
    if n <= 0:
        return NOTHING
    low, high = score_interval(met / n, n, level)
    return Estimate(met / n, low, high, n, n)


def score_interval(share: float, n: float, level: float = LEVEL) -> tuple[float, float]:
    """Wilson's score interval of a share seen in `n` cases, which need not be whole: an effective sample size."""
    z = normal_quantile(level)
    centre = (share + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(share * (1 - share) / n + z * z / (4 * n * n))
    return max(0.0, centre - half), min(1.0, centre + half)


def clustered_share(groups: Mapping[str, tuple[int, int]], level: float = LEVEL) -> Estimate:
    """A share of cases that come in clusters (trials of one task, contacts of one rep): {cluster: (met, n)}.

    Ratio estimator p = sum(y) / sum(m) with variance k/(k-1) * sum((y - p m)^2) / sum(m)^2 over k clusters (Cochran 1977,
    section 6.3; the CR1 sandwich of a mean) and Student's t with k - 1 degrees of freedom. Where every cluster has the
    same share the variance says nothing: the interval is then Wilson's over clusters, not cases.
    """
    k, n = len(groups), sum(m for _, m in groups.values())
    if n == 0:
        return NOTHING
    p = sum(y for y, _ in groups.values()) / n
    spread = sum((y - p * m) ** 2 for y, m in groups.values())
    if k < 2 or spread < 1e-12:
        wide = wilson(round(p * k), k, level)
        return Estimate(p, min(p, wide.low), max(p, wide.high), n, k)
    half = student_quantile(k - 1, level) * sqrt(k / (k - 1) * spread) / n
    return Estimate(p, max(0.0, p - half), min(1.0, p + half), n, k)


def mean(values: Sequence[float], level: float = LEVEL) -> Estimate:
    """A mean with Student's t interval; unbounded with fewer than two values."""
    n = len(values)
    if n == 0:
        return Estimate(0.0, -inf, inf, 0)
    m = sum(values) / n
    if n == 1:
        return Estimate(m, -inf, inf, 1, 1)
    half = student_quantile(n - 1, level) * sqrt(variance(values) / n)
    return Estimate(m, m - half, m + half, n, n)


def clustered_ratio(groups: Mapping[str, tuple[float, float]], level: float = LEVEL) -> Estimate:
    """A ratio of sums, sum(y) / sum(x), over clusters {cluster: (y, x)}, such as handle seconds per handled contact, by the same ratio
    estimator as `clustered_share`, unbounded above (Cochran 1977, section 6.3).
    """
    k, total = len(groups), sum(x for _, x in groups.values())
    if total == 0:
        return Estimate(0.0, -inf, inf, 0)
    r = sum(y for y, _ in groups.values()) / total
    if k < 2:
        return Estimate(r, -inf, inf, round(total), k)
    spread = sum((y - r * x) ** 2 for y, x in groups.values())
    half = student_quantile(k - 1, level) * sqrt(k / (k - 1) * spread) / total
    return Estimate(r, r - half, r + half, round(total), k)


def difference(left: Estimate, right: Estimate) -> Estimate:
    """The left less the right of two independent estimates, with the interval that their own intervals imply.

    Square-and-add (Newcombe 1998, method 10; MOVER of Zou and Donner 2008), which stays right near 0 and 1.
    """
    d = left.value - right.value
    low = d - sqrt((left.value - left.low) ** 2 + (right.high - right.value) ** 2)
    high = d + sqrt((left.high - left.value) ** 2 + (right.value - right.low) ** 2)
    return Estimate(d, low, high, left.n + right.n)


def variance(values: Sequence[float]) -> float:
    """The sample variance; 0 of fewer than two."""
    return covariance(values, values)


def covariance(a: Sequence[float], b: Sequence[float]) -> float:
    """The sample covariance; 0 of fewer than two pairs."""
    n = len(a)
    if n < 2:
        return 0.0
    ma, mb = sum(a) / n, sum(b) / n
    return sum((x - ma) * (y - mb) for x, y in zip(a, b, strict=True)) / (n - 1)
