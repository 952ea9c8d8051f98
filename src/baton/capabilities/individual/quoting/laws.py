"""Laws: how long a rep is busy with a contact, as whole milliseconds at fixed points of the normal scale, and what is left of it.

A law is drawn between its points as straight lines of the logarithm over the normal quantile, and beyond them on along the
last line: as observed in the middle, lognormal in the tails (handle times are close to lognormal: Brown et al. 2005).
"""

from collections.abc import Mapping, Sequence
from math import erfc, sqrt
from statistics import NormalDist
from typing import Final

import numpy as np
from numpy.typing import NDArray

Law = tuple[int, ...]
Floats = NDArray[np.float64]

POINTS: Final = np.arange(-2.5, 2.75, 0.25)
"""Where a law is told: 21 standard normal quantiles, .6 % to 99.4 %."""
LEVELS: Final = np.array([NormalDist().cdf(z) for z in POINTS])
SHRUNKEN: Final = 50
"""A class borrows from all as if so many contacts of all were its own."""
KNOWN: Final = 5
"""Observations that must lie beyond a point for it to be told as observed; further out the law is lognormal."""
USUAL: Final[Law] = tuple(round(360_000 * np.exp(0.83 * z - 0.345)) for z in POINTS)
"""Where nothing was measured: a mean of six minutes with a coefficient of variation of 1."""
_Z: Final = np.arange(-8.0, 8.001, 0.01)
_LOG_LEFT: Final = np.log(
    [0.5 * erfc(z / sqrt(2)) for z in _Z],
)
"""ln(1 - Phi(z))."""


def fitted(durations_ms: Mapping[str, Sequence[int]]) -> dict[str, Law]:
    """The law of each class, each drawn towards that of all (`""`) by its number: ln q = (n ln q_class + 50 ln q_all) / (n + 50)."""
    everybody = np.sort(np.array([ms for each in durations_ms.values() for ms in each if ms > 0], dtype=np.float64))
    if len(everybody) < 2 * KNOWN:
        return {}
    pool = _points(everybody)
    laws = {"": _law(pool)}
    for name, durations in durations_ms.items():
        own = np.sort(np.array([ms for ms in durations if ms > 0], dtype=np.float64))
        if len(own) >= 2 * KNOWN:
            share = len(own) / (len(own) + SHRUNKEN)
            laws[name] = _law(share * _points(own) + (1 - share) * pool)
    return laws


def _points(ordered: Floats) -> Floats:
    logs = np.log(ordered)
    reach = NormalDist().inv_cdf(max(0.6, 1 - KNOWN / len(ordered)))
    inside = np.clip(POINTS, -reach, reach)
    seen = np.quantile(logs, [NormalDist().cdf(z) for z in inside])
    return np.asarray(seen + (POINTS - inside) * max(0.05, float(logs.std())))


def _law(points: Floats) -> Law:
    return tuple(int(ms) for ms in np.maximum.accumulate(np.maximum(1000, np.rint(np.exp(points)))))


def mean_ms(law: Law) -> int:
    """The mean of a law, by its middles of 200 equal parts."""
    return round(float(fresh_ms(law, (np.arange(200) + 0.5) / 200).mean()))


def fresh_ms(law: Law, parts: Floats) -> Floats:
    """The durations below which the shares `parts` (0 to 1) lie."""
    return _ms(law, _z_of_left(np.log1p(-parts)))


def remaining_ms(law: Law, elapsed_ms: int, parts: Floats) -> Floats:
    """What is left of a contact that has lasted `elapsed_ms`: the conditional quantiles at `parts`.

    P(T > e + r | T > e) = S(e + r) / S(e), so the quantile at u is where S = S(e) (1 - u). Never "mean less elapsed": of a skew
    law the longer it has lasted, the more is left.
    """
    z = _z_of(law, max(1, elapsed_ms))
    left = float(np.interp(z, _Z, _LOG_LEFT))
    until = _ms(law, _z_of_left(left + np.log1p(-parts)))
    return np.asarray(np.maximum(0.0, until - elapsed_ms), dtype=np.float64)


def _z_of_left(log_left: Floats) -> Floats:
    return np.asarray(np.interp(-log_left, -_LOG_LEFT, _Z), dtype=np.float64)


def _z_of(law: Law, ms: int) -> float:
    """Where a duration stands on the normal scale."""
    logs, log = _strictly(law), float(np.log(ms))
    below, above = _slopes(logs)
    if log < logs[0]:
        return float(POINTS[0] + (log - logs[0]) / below)
    if log > logs[-1]:
        return float(POINTS[-1] + (log - logs[-1]) / above)
    return float(np.interp(log, logs, POINTS))


def _ms(law: Law, z: Floats) -> Floats:
    logs = _strictly(law)
    below, above = _slopes(logs)
    told = np.interp(z, POINTS, logs)
    told = told + np.minimum(0, z - POINTS[0]) * below + np.maximum(0, z - POINTS[-1]) * above
    return np.asarray(np.exp(told), dtype=np.float64)


def _strictly(law: Law) -> Floats:
    """Logarithms that rise at each point, so that every duration has one place."""
    return np.asarray(np.log(np.array(law, dtype=np.float64)) + 1e-6 * np.arange(len(law)), dtype=np.float64)


def _slopes(logs: Floats) -> tuple[float, float]:
    """How steep the law goes on beyond its first and last point: as over its outer six."""
    return max(0.05, (logs[5] - logs[0]) / 1.25), max(0.05, (logs[-1] - logs[-6]) / 1.25)
