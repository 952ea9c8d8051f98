"""The usual handle time of an intent in the hands of a rep: what is over it is work, never patience or pace."""

from collections.abc import Sequence
from math import log

import numpy as np
from numpy.typing import NDArray

from baton.capabilities.complexity.events import Usual

Stretch = tuple[str, str, int]
"""Intent, rep and handled milliseconds of an answered stretch."""
LEAST = 200
"""Fewer stretches than these teach nothing."""
DOUBT = 20
"""An effect rests on its mean as if so many stretches had shown none: few stretches say little (ridge, n / (n + k))."""
ROUNDS = 12
STEP = 20
"""Milli-nats: times within 2 % are the same, so that a policy is revised for news and not for noise."""
TO_SPREAD = 1.4826
"""From the median absolute deviation to the standard deviation of a normal (Rousseeuw and Croux, 1993)."""


def usual(stretches: Sequence[Stretch]) -> Usual:
    """Additive effects of intent and rep on the logarithm of handle time, fitted by backfitting with shrinkage.

    Logarithms are in milli-nats. With fewer than `LEAST` stretches nothing is usual yet. Source: Buja, Hastie and
    Tibshirani (1989) for backfitting; a random-intercept model in its ridge form.
    """
    seen = [s for s in stretches if s[2] > 0]
    if len(seen) < LEAST:
        return Usual()
    told = np.array([milli_log(ms) for _, _, ms in seen], dtype=np.float64)
    centre = float(np.median(told))
    intents, of_intent = _numbered([s[0] for s in seen])
    reps, of_rep = _numbered([s[1] for s in seen])
    by_intent, by_rep = np.zeros(len(intents)), np.zeros(len(reps))
    for _ in range(ROUNDS):
        by_intent = _effects(told - centre - by_rep[of_rep], of_intent, len(intents))
        by_rep = _effects(told - centre - by_intent[of_intent], of_rep, len(reps))
    left = told - centre - by_intent[of_intent] - by_rep[of_rep]
    spread = TO_SPREAD * float(np.median(np.abs(left - np.median(left))))
    return Usual(
        len(seen), _rounded(centre), max(STEP, _rounded(spread)), _labelled(intents, by_intent), _labelled(reps, by_rep)
    )


def beyond(by: Usual, stretch: Stretch) -> int | None:
    """How far a stretch was over its usual time (negative: under), in permille of the spread; None while nothing is usual."""
    if not by.stretches or stretch[2] <= 0:
        return None
    expected = by.centre + by.intents.get(stretch[0], 0) + by.reps.get(stretch[1], 0)
    return round(1000 * (milli_log(stretch[2]) - expected) / by.spread)


def milli_log(ms: int) -> int:
    """The natural logarithm of milliseconds, times 1,000."""
    return round(1000 * log(ms))


def _numbered(labels: Sequence[str]) -> tuple[list[str], NDArray[np.intp]]:
    names, at = np.unique(np.array(labels), return_inverse=True)
    return [str(name) for name in names], at.astype(np.intp)


def _effects(left: NDArray[np.float64], of: NDArray[np.intp], count: int) -> NDArray[np.float64]:
    sums = np.bincount(of, weights=left, minlength=count)
    effects: NDArray[np.float64] = sums / (np.bincount(of, minlength=count) + DOUBT)
    return effects


def _labelled(names: Sequence[str], effects: NDArray[np.float64]) -> dict[str, int]:
    rounded = {name: _rounded(float(effect)) for name, effect in zip(names, effects, strict=True)}
    return {name: effect for name, effect in rounded.items() if effect}


def _rounded(value: float) -> int:
    return STEP * round(value / STEP)
