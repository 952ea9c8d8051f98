"""Many groups at once: small ones borrow from all, and whether intervals keep what they promise is itself measured."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from math import ceil, inf, sqrt

from baton.kernel.stats.estimates import LEVEL, NOTHING, Estimate, normal_quantile, score_interval, wilson
from baton.kernel.stats.watched import Moments


def shrunken_shares(groups: Mapping[str, tuple[int, int]], level: float = LEVEL) -> dict[str, Estimate]:
    """The share of each group (met, n), drawn towards that of all the more the smaller the group is: nobody is first or last by luck.

    Empirical Bayes as in `shrunken_means`, with the variance p (1 - p) of one case within groups (Kleinman 1973), and the score interval of as many
    cases as would give the variance found.
    """
    seen = {name: (y / n, n) for name, (y, n) in groups.items() if n}
    total = sum(n for _, n in seen.values())
    if not total:
        return dict.fromkeys(groups, NOTHING)
    p = sum(y for y, _ in groups.values()) / total
    all_of = _All(p, p * (1 - p), _between(seen, p, p * (1 - p)), len(seen), total)
    return {name: _share(y, n, all_of, level) for name, (y, n) in groups.items()}


def shrunken_means(groups: Mapping[str, Moments], level: float = LEVEL) -> dict[str, Estimate]:
    """The mean of each group drawn towards that of all, by how much of their spread is chance (James and Stein 1961).

    With s^2 pooled within groups, tau^2 between them by DerSimonian and Laird (1986), and Morris' corrections for k groups (1983):
    B = (k - 3) / (k - 1) * (s^2 / n) / (s^2 / n + tau^2), value = B m + (1 - B) mean, variance = (1 - B) s^2 / n + B^2 s^2 / N + 2 / (k - 3) B^2 (mean - m)^2.
    With three groups or fewer nothing is drawn anywhere.
    """
    seen = {name: (each.mean, each.n) for name, each in groups.items() if each.n}
    total = sum(n for _, n in seen.values())
    within = sum(each.variance * (each.n - 1) for each in groups.values() if each.n) / max(1, total - len(seen))
    if within <= 0:
        return {name: Estimate(each.mean, -inf, inf, each.n, each.n) for name, each in groups.items()}
    centre = sum(each.total for each in groups.values()) / total
    all_of = _All(centre, within, _between(seen, centre, within), len(seen), total)
    z = normal_quantile(level)
    return {name: _mean(each, all_of, z) for name, each in groups.items()}


def coverage(intervals: Iterable[Estimate], truths: Iterable[float]) -> Estimate:
    """The share of intervals that hold their truth, with its own interval: a 95 % interval whose coverage lies below .95 promises too much."""
    held = [e.low <= truth <= e.high for e, truth in zip(intervals, truths, strict=True)]
    return wilson(sum(held), len(held))


def conformal_widening(
    lows: Sequence[float], highs: Sequence[float], truths: Sequence[float], level: float = 0.8
) -> float:
    """How much to widen predicted intervals on both ends so that `level` of new cases lie inside, whatever their distribution.

    The ceil((n + 1) level)-th smallest of max(low - y, y - high) over calibration cases that the prediction has not seen (conformalised quantile
    regression: Romano, Patterson and Candes 2019); infinite where there are too few, negative where the intervals were too wide.
    """
    misses = sorted(max(low - y, y - high) for low, high, y in zip(lows, highs, truths, strict=True))
    rank = ceil((len(misses) + 1) * level)
    return misses[rank - 1] if 0 < rank <= len(misses) else inf


@dataclass(frozen=True)
class _All:
    """What all groups say together: their mean, the variance of one case within a group, that between groups, k, and N."""

    centre: float
    within: float
    between: float
    k: int
    total: int

    def draw(self, value: float, n: int) -> tuple[float, float]:
        """A group's value drawn towards all, and its variance."""
        chance = self.within / n
        pull = (self.k - 3) / (self.k - 1) * chance / (chance + self.between) if self.k > 3 and chance else 0.0
        unsure = 2 / (self.k - 3) * pull**2 * (value - self.centre) ** 2 if self.k > 3 else 0.0
        spread = (1 - pull) * chance + pull**2 * self.within / self.total + unsure
        return pull * self.centre + (1 - pull) * value, spread


def _between(seen: Mapping[str, tuple[float, int]], centre: float, within: float) -> float:
    total = sum(n for _, n in seen.values())
    room = total - sum(n * n for _, n in seen.values()) / total
    spread = sum(n * (value - centre) ** 2 for value, n in seen.values())
    return max(0.0, (spread - (len(seen) - 1) * within) / room) if room > 0 else 0.0


def _share(met: int, n: int, all_of: _All, level: float) -> Estimate:
    if not n:
        return NOTHING
    share, spread = all_of.draw(met / n, n)
    size = min(all_of.total, share * (1 - share) / spread) if spread > 0 else n
    return Estimate(share, *score_interval(share, max(1.0, size), level), n, n)


def _mean(group: Moments, all_of: _All, z: float) -> Estimate:
    if not group.n:
        return Estimate(all_of.centre, -inf, inf, 0)
    value, spread = all_of.draw(group.mean, group.n)
    half = z * sqrt(spread)
    return Estimate(value, value - half, value + half, group.n, group.n)
