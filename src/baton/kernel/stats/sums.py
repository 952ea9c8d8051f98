"""Shares and ratios of rows that a database added up by cluster: the same figures as of the rows themselves."""

from dataclasses import dataclass, fields
from math import inf, sqrt

from baton.kernel.stats.estimates import LEVEL, NOTHING, Estimate, student_quantile, wilson


@dataclass(frozen=True)
class ClusterSums:
    """n rows in k clusters, and the sums over clusters of their y, x, y squared, x times y and x squared."""

    n: int = 0
    k: int = 0
    y: float = 0.0
    x: float = 0.0
    yy: float = 0.0
    xy: float = 0.0
    xx: float = 0.0

    def __add__(self, other: "ClusterSums") -> "ClusterSums":
        """Of both together, where no cluster is in both."""
        return ClusterSums(*(getattr(self, f.name) + getattr(other, f.name) for f in fields(self)))

    def spread(self) -> float:
        """The sum over clusters of (y - r x) squared, r = y / x; exact where all sums are whole numbers."""
        sums = (self.y, self.x, self.yy, self.xy, self.xx)
        if all(float(s).is_integer() for s in sums):
            y, x, yy, xy, xx = map(int, sums)
            return (yy * x * x - 2 * y * x * xy + y * y * xx) / (x * x)
        r = self.y / self.x
        return max(0.0, self.yy - 2 * r * self.xy + r * r * self.xx)


def share_of_sums(m: ClusterSums, level: float = LEVEL) -> Estimate:
    """`clustered_share` of rows that were added up elsewhere (Cochran 1977, section 6.3)."""
    if m.x <= 0:
        return NOTHING
    p, spread = m.y / m.x, m.spread()
    if m.k < 2 or spread < 1e-12:
        wide = wilson(round(p * m.k), m.k, level)
        return Estimate(p, min(p, wide.low), max(p, wide.high), round(m.x), m.k)
    half = _half(m, spread, level)
    return Estimate(p, max(0.0, p - half), min(1.0, p + half), round(m.x), m.k)


def ratio_of_sums(m: ClusterSums, level: float = LEVEL) -> Estimate:
    """`clustered_ratio` of rows that were added up elsewhere (Cochran 1977, section 6.3)."""
    if m.x <= 0:
        return Estimate(0.0, -inf, inf, 0)
    r = m.y / m.x
    if m.k < 2:
        return Estimate(r, -inf, inf, round(m.x), m.k)
    half = _half(m, m.spread(), level)
    return Estimate(r, r - half, r + half, round(m.x), m.k)


def _half(m: ClusterSums, spread: float, level: float) -> float:
    return student_quantile(m.k - 1, level) * sqrt(m.k / (m.k - 1) * spread) / m.x
