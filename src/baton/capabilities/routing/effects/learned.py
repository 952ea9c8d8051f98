"""Learned: how much more often a team meets a need of an intent than all do, at equal complexity, shrunken, and only where it is known.

For each intent, level and team of n conversations, of which so many were met, the residual is met - n x (share met of all at that intent and level).
Summed over levels and divided by the team's n it is the difference at equal mix; n / (n + PRIOR) of it is believed (a beta-binomial prior worth
`PRIOR` conversations). It enters deciding only where the team has `ENOUGH` conversations and the difference is beyond 1.96 standard errors
(eligibility: Chen, Li and others 2022, arXiv 2209.05278, let only pairs with enough data be preferred). Each conversation counts 1000 / its chance,
at most `HEAVY` times, so that what was left to chance corrects what was chosen.
"""

from collections import defaultdict
from collections.abc import Iterable

from baton.capabilities.routing.rules.routing import Effect, Effects

ENOUGH, PRIOR, HEAVY = 60, 50, 10
Z95 = 1.96
Row = tuple[str, str, str, int, int]
"""Intent, level, team, whether the need was met (1 or 0), and the chance of the offer in permille."""


def learned(rows: Iterable[Row]) -> Effects:
    """The effects that are known, by intent and team."""
    rows = list(rows)
    everyone = _sums((intent, level, "", met, chance) for intent, level, _, met, chance in rows)
    residual: dict[tuple[str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for (intent, level, team), (weight, met, squares, count) in _sums(rows).items():
        share = everyone[intent, level, ""][1] / everyone[intent, level, ""][0]
        sums = residual[intent, team]
        sums[0] += met - weight * share
        sums[1] += weight
        sums[2] += squares * share * (1 - share)
        sums[3] += count
    found = [_effect(intent, team, *sums) for (intent, team), sums in sorted(residual.items())]
    return Effects(tuple(effect for effect in found if effect is not None))


def _sums(rows: Iterable[Row]) -> dict[tuple[str, str, str], tuple[float, float, float, float]]:
    """By intent, level and team: weight, weight of those met, sum of squared weights, and how many."""
    sums: dict[tuple[str, str, str], list[float]] = defaultdict(lambda: [0.0, 0.0, 0.0, 0.0])
    for intent, level, team, met, chance in rows:
        weight = min(HEAVY, 1000 / max(1, chance))
        at = sums[intent, level, team]
        at[0] += weight
        at[1] += weight * met
        at[2] += weight * weight
        at[3] += 1
    return {key: (each[0], each[1], each[2], each[3]) for key, each in sums.items()}


def _effect(intent: str, team: str, residual: float, weight: float, variance: float, count: float) -> Effect | None:
    difference, error = residual / weight, variance**0.5 / weight
    if count < ENOUGH or abs(difference) <= Z95 * error:
        return None
    return Effect(intent, team, round(1000 * difference * count / (count + PRIOR)), int(count))
