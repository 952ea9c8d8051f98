"""Censored: how many events come by a time, where some cases were lost from sight before."""

from collections.abc import Iterable
from math import exp, inf, log, sqrt

from baton.kernel.stats.estimates import LEVEL, NOTHING, Estimate, normal_quantile, wilson

Case = tuple[float, bool]
"""When the event came, or until when it was waited for; and whether it came. `inf` without event: it can never come."""


def share_by(cases: Iterable[Case], at: float, level: float = LEVEL) -> Estimate:
    """The share of cases whose event comes by `at`: 1 - S(at), S of Kaplan and Meier (1958), its interval by Greenwood's variance of
    ln(-ln S) (Kalbfleisch and Prentice 2002); Wilson's where all events came, or none did.

    By hand: events at .5, .8 and 1.5, one case lost at .6; S(1) = 3/4 * 1/2, so .625 by 1.
    """
    seen = sorted(cases, key=lambda case: (case[0], not case[1]))
    if not seen:
        return NOTHING
    left, survival, spread, n = len(seen), 1.0, 0.0, len(seen)
    for when, came in seen:
        if when > at:
            break
        if came:
            survival *= 1 - 1 / left
            spread += 1 / (left * (left - 1)) if left > 1 else inf
        left -= 1
    if survival in {0.0, 1.0}:
        return wilson(0 if survival else n, n, level)
    half = normal_quantile(level) * sqrt(spread) / abs(log(survival))
    low, high = survival ** exp(half), survival ** exp(-half)
    return Estimate(1 - survival, 1 - high, 1 - low, n, n)
