"""Prediction-powered inference: automatic scores of everything, corrected by human labels of a random few."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import sqrt

from baton.kernel.stats.estimates import (
    LEVEL,
    Estimate,
    covariance,
    mean,
    normal_quantile,
    student_quantile,
    variance,
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
    spread = variance([*automatic, *labelled])
    weight = covariance(labels, labelled) / (spread * (1 + n / big)) if spread > 0 else 0.0
    rest = [y - weight * s for y, s in zip(labels, labelled, strict=True)]
    value = weight * sum(automatic) / big + sum(rest) / n
    half = normal_quantile(level) * sqrt(weight**2 * variance(automatic) / big + variance(rest) / n)
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
    spread = variance([*loose, *scores])
    weight = covariance(labels, scores) / (spread * (1 + n / big)) if big and spread > 0 else 0.0
    at, rest = (sum(loose) / big if big else 0.0), (sum(labels) - weight * sum(scores)) / n
    pull: dict[str, float] = {}
    for cluster, s in automatic:
        pull[cluster] = pull.get(cluster, 0.0) + weight * (s - at) / big
    for cluster, s, y in labelled:
        pull[cluster] = pull.get(cluster, 0.0) + (y - weight * s - rest) / n
    k, value = len(pull), weight * at + rest
    half = student_quantile(told - 1, level) * sqrt(k / (k - 1) * sum(p * p for p in pull.values()))
    return Estimate(value, value - half, value + half, big + n, k)


@dataclass(frozen=True)
class Labelled:
    """A case that was drawn with a known chance and labelled: its cluster, automatic score, label, and that chance (0 to 1)."""

    cluster: str
    score: float
    label: float
    chance: float


def prediction_powered_sampled(
    scores: Sequence[tuple[str, float]], labelled: Sequence[Labelled], level: float = LEVEL
) -> Estimate:
    """PPI++ where every case was drawn for labelling with a known chance: the mean label over all cases.

    estimate = lambda mean(s over all) + sum(w (y - lambda s)) / sum(w) with w = 1 / chance (Horvitz and Thompson 1952, Hajek's ratio), and
    lambda the weighted regression of labels on scores: the general regression estimator (Sarndal, Swensson and Wretman 1992, section 6.4),
    which is PPI++ with equal chances. Variance and t are those of `prediction_powered_clustered`, over the influences
    lambda (s - mean s) / N + w (y - lambda s - mean) / sum(w).

    Args:
        scores: cluster and automatic score of every case, labelled or not.
        labelled: those that were drawn and have a label.
    """
    told, size = len({each.cluster for each in labelled}), len(scores)
    if told < 2:
        raise ValueError(f"Labels from {told} clusters: at least 2 are needed.")
    weights = [1 / each.chance for each in labelled]
    total = sum(weights)
    slope = _slope(labelled, weights)
    at = sum(s for _, s in scores) / size
    rests = [each.label - slope * each.score for each in labelled]
    rest = sum(w * r for w, r in zip(weights, rests, strict=True)) / total
    pull: dict[str, float] = {}
    for cluster, s in scores:
        pull[cluster] = pull.get(cluster, 0.0) + slope * (s - at) / size
    for each, w, r in zip(labelled, weights, rests, strict=True):
        pull[each.cluster] = pull.get(each.cluster, 0.0) + w * (r - rest) / total
    k, value = len(pull), slope * at + rest
    half = student_quantile(told - 1, level) * sqrt(k / (k - 1) * sum(p * p for p in pull.values()))
    return Estimate(value, value - half, value + half, size, k)


def _slope(labelled: Sequence[Labelled], weights: Sequence[float]) -> float:
    """How labels go with scores, weighted; 0 where all scores are alike."""
    total = sum(weights)
    s0 = sum(w * each.score for w, each in zip(weights, labelled, strict=True)) / total
    y0 = sum(w * each.label for w, each in zip(weights, labelled, strict=True)) / total
    across = sum(w * (each.score - s0) * (each.label - y0) for w, each in zip(weights, labelled, strict=True))
    spread = sum(w * (each.score - s0) ** 2 for w, each in zip(weights, labelled, strict=True))
    return across / spread if spread > 1e-12 else 0.0
