"""Keeping: what a promise is multiplied by, so that it is kept as often as it says, in each queue and each hour.

Split conformal calibration (Vovk et al. 2005) of the ratio between the wait that came and the one foretold, on waits the weights were not learned from:
the quantile of the ratios at the promised share. A queue and hour of their own borrow from queue times hour, as if they were 200 more.
"""

from collections.abc import Mapping, Sequence
from typing import Final

import numpy as np

from baton.capabilities.individual.quoting.line import Floats

SHRUNKEN: Final = 200
LEAST: Final = 100
"""Fewer ratios than these in all, and nothing is multiplied."""
Ratio = tuple[str, int, float, float]
"""Queue, hour, wait that came over wait foretold, and how many it stands for."""


def factors(ratios: Sequence[Ratio], nominal_permille: int = 800) -> dict[str, int]:
    """Permille by `queue|hour`, by `queue|`, by `|hour` and by `|` for all: those that are too few are not there."""
    known = [each for each in ratios if each[3] > 0]
    if len(known) < LEAST:
        return {}
    level = nominal_permille / 1000
    groups: dict[str, list[Ratio]] = {"|": known}
    for each in known:
        for key in (f"{each[0]}|", f"|{each[1]}", f"{each[0]}|{each[1]}"):
            groups.setdefault(key, []).append(each)
    plain = {key: (_quantile(of, level), len(of)) for key, of in groups.items()}
    return {key: max(1, round(1000 * _drawn(key, plain))) for key in sorted(plain)}


def factor(known: Mapping[str, int], queue: str, hour: int) -> int | None:
    """What a promise of this queue and hour is multiplied by, in permille; of the queue or the hour alone where both together are unknown."""
    for key in (f"{queue}|{hour}", f"{queue}|", f"|{hour}", "|"):
        if key in known:
            return known[key]
    return None


def _drawn(key: str, plain: Mapping[str, tuple[float, int]]) -> float:
    own, n = plain[key]
    queue, _, hour = key.partition("|")
    everybody = plain["|"][0]
    prior = plain[f"{queue}|"][0] * plain[f"|{hour}"][0] / everybody if queue and hour else everybody
    return own if key == "|" else (n * own + SHRUNKEN * prior) / (n + SHRUNKEN)


def _quantile(ratios: Sequence[Ratio], level: float) -> float:
    """The smallest ratio below which `level` of all they stand for lie, one more counted above all (the finite-sample correction)."""
    ordered = sorted((ratio, heavy) for _, _, ratio, heavy in ratios)
    weights: Floats = np.array([heavy for _, heavy in ordered])
    at = int(np.searchsorted(np.cumsum(weights), level * (weights.sum() + weights.mean())))
    return ordered[min(at, len(ordered) - 1)][0]
