"""The one statistics module: every interval, comparison and correction that a screen shows comes from here.

Exact formulas with their sources; nothing is resampled, so the same rows always give the same figures. Shares are floats
from 0 to 1; an `Estimate` carries its interval and how many observations stand behind it.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import inf, log, sqrt
from statistics import NormalDist

LEVEL = 0.95
SMALL_STRATUM = 5
ENOUGH_OVERLAP = 0.5


@dataclass(frozen=True)
class Estimate:
    """A value with its interval. `n` observations in `clusters` independent groups stand behind it."""

    value: float
    low: float
    high: float
    n: int
    clusters: int = 0


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
    z, p = normal_quantile(level), met / n
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z / (1 + z * z / n) * sqrt(p * (1 - p) / n + z * z / (4 * n * n))
    return Estimate(p, max(0.0, centre - half), min(1.0, centre + half), n, n)


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
    half = student_quantile(n - 1, level) * sqrt(_variance(values) / n)
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


def prediction_powered_mean(
    automatic: Sequence[float], labelled: Sequence[float], labels: Sequence[float], level: float = LEVEL
) -> Estimate:
    """PPI++: the mean of a label over all cases, from automatic scores of all and human labels of a random few.

    lambda = cov(y, s) / (var(s) (1 + n/N)); estimate = lambda mean(S) + mean(y - lambda s); se^2 = lambda^2 var(S)/N +
    var(y - lambda s)/n (Angelopoulos, Duchi and Zrnic 2023).

    Args:
        automatic: automatic scores of the N cases without a label.
        labelled: automatic scores of the n labelled cases.
        labels: human labels of the same n cases, in the same order.
    """
    big, n = len(automatic), len(labels)
    if n < 2 or len(labelled) != n:
        raise ValueError(
            f"{n} labels and {len(labelled)} scores of labelled cases: both are needed for each of at least 2."
        )
    if big < 2:
        return mean(labels, level)
    spread = _variance([*automatic, *labelled])
    weight = _covariance(labels, labelled) / (spread * (1 + n / big)) if spread > 0 else 0.0
    rest = [y - weight * s for y, s in zip(labels, labelled, strict=True)]
    value = weight * sum(automatic) / big + sum(rest) / n
    half = normal_quantile(level) * sqrt(weight**2 * _variance(automatic) / big + _variance(rest) / n)
    return Estimate(value, value - half, value + half, big + n, n)


def prediction_powered_clustered(
    automatic: Sequence[tuple[str, float]], labelled: Sequence[tuple[str, float, float]], level: float = LEVEL
) -> Estimate:
    """PPI++ for cases that come in clusters: the mean label over all cases, from scores of all and labels of a random part.

    The estimate and lambda are those of `prediction_powered_mean`; the variance is k/(k-1) sum over clusters of the squared
    sum of their cases' influences, lambda (S - mean S)/N and ((y - lambda s) - mean)/n, so that trials of one task are not
    taken for independent (the CR1 sandwich of Cochran 1977, section 6.3), and t has one degree of freedom less than there
    are labelled clusters.

    Args:
        automatic: cluster and automatic score of each of the N cases without a label.
        labelled: cluster, automatic score and label of each of the n others.
    """
    big, n = len(automatic), len(labelled)
    told = len({cluster for cluster, _, _ in labelled})
    if told < 2:
        raise ValueError(f"Labels from {told} clusters: at least 2 are needed.")
    scores, labels, loose = [s for _, s, _ in labelled], [y for _, _, y in labelled], [s for _, s in automatic]
    spread = _variance([*loose, *scores])
    weight = _covariance(labels, scores) / (spread * (1 + n / big)) if big and spread > 0 else 0.0
    at, rest = (sum(loose) / big if big else 0.0), (sum(labels) - weight * sum(scores)) / n
    pull: dict[str, float] = {}
    for cluster, s in automatic:
        pull[cluster] = pull.get(cluster, 0.0) + weight * (s - at) / big
    for cluster, s, y in labelled:
        pull[cluster] = pull.get(cluster, 0.0) + (y - weight * s - rest) / n
    k, value = len(pull), weight * at + rest
    half = student_quantile(told - 1, level) * sqrt(k / (k - 1) * sum(p * p for p in pull.values()))
    return Estimate(value, value - half, value + half, big + n, k)


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


def _variance(values: Sequence[float]) -> float:
    return _covariance(values, values)


def _covariance(a: Sequence[float], b: Sequence[float]) -> float:
    n = len(a)
    if n < 2:
        return 0.0
    ma, mb = sum(a) / n, sum(b) / n
    return sum((x - ma) * (y - mb) for x, y in zip(a, b, strict=True)) / (n - 1)


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
    return f"only {left:.0%} of the one side's and {right:.0%} of the other's cases have a counterpart of the same kind"


def _near(d: Estimate) -> float:
    return d.low if d.value > 0 else d.high


def _far(d: Estimate) -> float:
    return d.high if d.value > 0 else d.low
