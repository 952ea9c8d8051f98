"""Equal mix: two sides compared over the same kinds of work, or a refusal where they do not overlap."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, sqrt

from baton.kernel.stats.estimates import LEVEL, Estimate, clustered_ratio, difference, student_quantile, wilson

SMALL_STRATUM = 5
ENOUGH_OVERLAP = 0.5

Sums = tuple[float, float]
"""What is counted, over what it is counted of: seconds and contacts."""


@dataclass(frozen=True)
class Stratum:
    """One side's cases in one stratum: how many met what is counted, of how many."""

    met: int
    n: int


@dataclass(frozen=True)
class StratumShare:
    """A stratum of a comparison: both sides as found, and the weight it has in the standardised figures."""

    stratum: str
    left: Stratum
    right: Stratum
    weight: float


@dataclass(frozen=True)
class Comparison:
    """Two sides at equal mix. `difference` is left minus right, or None where the two may not be compared.

    `overlap_left` and `overlap_right` are the shares of each side's cases in strata where the other has enough cases.
    """

    left_raw: Estimate
    right_raw: Estimate
    overlap_left: float
    overlap_right: float
    strata: tuple[StratumShare, ...]
    left: Estimate | None = None
    right: Estimate | None = None
    difference: Estimate | None = None
    refused: str = ""


def standardise(left: Mapping[str, Stratum], right: Mapping[str, Stratum], level: float = LEVEL) -> Comparison:
    """Two sides at equal mix, by direct standardisation over strata that were fixed before routing.

    Only strata with at least `SMALL_STRATUM` cases on both sides are compared; each weighs its share of both sides' cases
    there. Refuses where less than `ENOUGH_OVERLAP` of either side lies in such strata: outside of overlap nothing can be
    claimed (Rosenbaum and Rubin 1983). Intervals add the strata's Wilson limits (MOVER).
    """
    shared = sorted(s for s in left if s in right and min(left[s].n, right[s].n) >= SMALL_STRATUM)
    raw_left, raw_right = _raw(left, level), _raw(right, level)
    over_left, over_right = _overlap(left, shared), _overlap(right, shared)
    total = sum(left[s].n + right[s].n for s in shared)
    strata = tuple(StratumShare(s, left[s], right[s], (left[s].n + right[s].n) / total) for s in shared)
    if min(over_left, over_right) < ENOUGH_OVERLAP:
        why = _refusal(over_left, over_right)
        return Comparison(raw_left, raw_right, over_left, over_right, strata, refused=why)
    a = _weighted([(s.left, s.weight) for s in strata], level)
    b = _weighted([(s.right, s.weight) for s in strata], level)
    return Comparison(raw_left, raw_right, over_left, over_right, strata, a, b, difference(a, b))


def conclusion(compared: Comparison, left: str, right: str) -> str:
    """The one sentence that a comparison allows, in plain words."""
    if compared.difference is None:
        return f"No difference can be claimed: {compared.refused}."
    d = compared.difference
    points = f"{abs(d.value) * 100:.1f} points ({abs(_near(d)) * 100:.1f} to {abs(_far(d)) * 100:.1f})"
    if d.low > 0:
        return f"At equal mix, {left} meet more needs than {right}: by {points}."
    if d.high < 0:
        return f"At equal mix, {right} meet more needs than {left}: by {points}."
    return (
        f"No difference can be claimed: at equal mix it lies between {d.low * 100:+.1f} and {d.high * 100:+.1f} points "
        f"({left} minus {right})."
    )


@dataclass(frozen=True)
class MeanShare:
    """A stratum of a comparison of means: both sides' means there, and the weight it has in the standardised figures."""

    stratum: str
    left: Estimate
    right: Estimate
    weight: float


@dataclass(frozen=True)
class MeanComparison:
    """Two sides' means at equal mix, as `Comparison` is of shares. `reverses`: raw and equal mix point in opposite directions."""

    left_raw: Estimate
    right_raw: Estimate
    overlap_left: float
    overlap_right: float
    strata: tuple[MeanShare, ...]
    left: Estimate | None = None
    right: Estimate | None = None
    difference: Estimate | None = None
    refused: str = ""

    @property
    def reverses(self) -> bool:
        """Whether the raw figures say the opposite of those at equal mix (Simpson 1951)."""
        raw = self.left_raw.value - self.right_raw.value
        return self.difference is not None and raw * self.difference.value < 0


def standardise_means(
    left: Mapping[str, Mapping[str, Sums]], right: Mapping[str, Mapping[str, Sums]], level: float = LEVEL
) -> MeanComparison:
    """Two sides' means at equal mix: {stratum: {cluster: (sum, count)}}, strata fixed before anybody was chosen.

    Direct standardisation, sum over strata of weight * mean, weights as in `standardise`, which also says when it refuses. A cluster (a rep) works in many
    strata: its pulls, weight (y - r x) / X, are added before they are squared (linearised ratio estimator, Cochran 1977, section 6.3).
    """
    shared = sorted(s for s in left if s in right and min(_count(left[s]), _count(right[s])) >= SMALL_STRATUM)
    counts = {s: _count(left[s]) + _count(right[s]) for s in shared}
    total = sum(counts.values())
    weights = {s: counts[s] / total for s in shared}
    over_left, over_right = _shared_part(left, shared), _shared_part(right, shared)
    strata = tuple(
        MeanShare(s, clustered_ratio(left[s], level), clustered_ratio(right[s], level), weights[s]) for s in shared
    )
    raw_left, raw_right = clustered_ratio(_pooled(left), level), clustered_ratio(_pooled(right), level)
    if min(over_left, over_right) < ENOUGH_OVERLAP:
        why = _refusal(over_left, over_right)
        return MeanComparison(raw_left, raw_right, over_left, over_right, strata, refused=why)
    a, b = _mean_at(left, weights, level), _mean_at(right, weights, level)
    return MeanComparison(raw_left, raw_right, over_left, over_right, strata, a, b, difference(a, b))


def _shared_part(side: Mapping[str, Mapping[str, Sums]], shared: Sequence[str]) -> float:
    everything = sum(_count(groups) for groups in side.values())
    return sum(_count(side[s]) for s in shared) / everything if everything else 0.0


def _mean_at(side: Mapping[str, Mapping[str, Sums]], weights: Mapping[str, float], level: float) -> Estimate:
    pull: dict[str, float] = {}
    value = 0.0
    for stratum, weight in weights.items():
        groups = side[stratum]
        x = _count(groups)
        r = sum(y for y, _ in groups.values()) / x
        value += weight * r
        for cluster, (cy, cx) in groups.items():
            pull[cluster] = pull.get(cluster, 0.0) + weight * (cy - r * cx) / x
    n, k = round(sum(_count(side[s]) for s in weights)), len(pull)
    if k < 2:
        return Estimate(value, -inf, inf, n, k)
    half = student_quantile(k - 1, level) * sqrt(k / (k - 1) * sum(p * p for p in pull.values()))
    return Estimate(value, value - half, value + half, n, k)


def _pooled(side: Mapping[str, Mapping[str, Sums]]) -> dict[str, Sums]:
    pooled: dict[str, Sums] = {}
    for groups in side.values():
        for cluster, (y, x) in groups.items():
            had = pooled.get(cluster, (0.0, 0.0))
            pooled[cluster] = (had[0] + y, had[1] + x)
    return pooled


def _count(groups: Mapping[str, Sums]) -> float:
    return sum(x for _, x in groups.values())


def _raw(side: Mapping[str, Stratum], level: float) -> Estimate:
    return wilson(sum(s.met for s in side.values()), sum(s.n for s in side.values()), level)


def _overlap(side: Mapping[str, Stratum], shared: Sequence[str]) -> float:
    total = sum(s.n for s in side.values())
    return sum(side[s].n for s in shared) / total if total else 0.0


def _weighted(parts: Sequence[tuple[Stratum, float]], level: float) -> Estimate:
    each = [(wilson(s.met, s.n, level), w) for s, w in parts]
    value = sum(w * e.value for e, w in each)
    low = value - sqrt(sum((w * (e.value - e.low)) ** 2 for e, w in each))
    high = value + sqrt(sum((w * (e.high - e.value)) ** 2 for e, w in each))
    return Estimate(value, max(0.0, low), min(1.0, high), sum(e.n for e, _ in each))


def _refusal(left: float, right: float) -> str:
    if left == right == 0:
        return "no kind of case is served by both often enough"
    return f"only {left:.0%} of the first side's cases and {right:.0%} of the second's are of a kind that both serve"


def _near(d: Estimate) -> float:
    return d.low if d.value > 0 else d.high


def _far(d: Estimate) -> float:
    return d.high if d.value > 0 else d.low
