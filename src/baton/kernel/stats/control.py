"""Control charts: whether a share or a rate over time moved more than it does by itself.

Shewhart's p- and u-chart with limits at three standard deviations, widened for over-dispersion as Laney does (D. B. Laney,
"Improved control charts for attributes", Quality Engineering 14(4), 2002): each point's z is its distance from the centre
in its own binomial or Poisson standard deviations, sigma_z is the mean moving range of z over 1.128, and limits are centre
plus and minus 3 sigma sigma_z. Sigma_z below 1 counts as 1: limits are never narrower than chance alone makes them.
Beside a point outside the limits, eight in a row on one side of the centre are a signal (Western Electric 1956).

Where fewer than `FEW` cases are expected in a period, counts are skew and the bell curve is wrong: the upper limit is then
at least the exact binomial or Poisson one at the same chance, and rows on one side say nothing (Montgomery, "Introduction to
statistical quality control", section 7.3).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from math import exp, inf, sqrt
from typing import Literal

Kind = Literal["p", "u"]
Side = Literal["", "above", "below"]
LEAST_POINTS = 8
RUN = 8
FEW = 5.0
SIGMAS = 3.0
D2 = 1.128
"""The mean range of two standard normal values: turns a mean moving range into a standard deviation."""
POINTS_PER_FALSE_SIGNAL = 152.7
"""How many points in control pass, on average, until both rules together signal falsely (Champ and Woodall 1987)."""
TAIL = 0.00135
"""The chance beyond one limit at three standard deviations."""


@dataclass(frozen=True)
class Point:
    """One period: `x` of `n`, its value, the limits it is judged by, and whether it signals.

    `value` is None where nothing was counted. `beyond` says on which side of the limits it lies, `run` on which side of
    the centre the eight points that end here lie.
    """

    x: int
    n: int
    value: float | None = None
    low: float | None = None
    high: float | None = None
    beyond: Side = ""
    run: Side = ""

    @property
    def signals(self) -> bool:
        """Whether it moved more than by itself."""
        return bool(self.beyond or self.run)


@dataclass(frozen=True)
class Chart:
    """Points in order, their centre, and how many times as much as chance alone they vary. `judged` is how many have a value.

    With fewer than `LEAST_POINTS` of those there are no limits, and nothing is claimed.
    """

    kind: Kind
    points: tuple[Point, ...]
    centre: float
    sigma_z: float
    judged: int

    @property
    def limited(self) -> bool:
        """Whether there are limits."""
        return self.judged >= LEAST_POINTS

    @property
    def signals(self) -> tuple[Point, ...]:
        """The points that signal."""
        return tuple(point for point in self.points if point.signals)

    @property
    def false_signals(self) -> float:
        """How many signals chance alone would give over these points."""
        told = [p.n * self.centre >= FEW for p in self.points if p.value is not None] if self.limited else []
        return sum(1 / POINTS_PER_FALSE_SIGNAL if enough else TAIL for enough in told)


def control_chart(counts: Sequence[tuple[int, int]], kind: Kind = "p") -> Chart:
    """The chart of (x, n) by period: `p` for x cases of n, `u` for x events over n, of which one may have several."""
    known = [(x, n) for x, n in counts if n > 0]
    total = sum(n for _, n in known)
    centre = sum(x for x, _ in known) / total if total else 0.0
    spread = max(1.0, _sigma_z(known, centre, kind))
    limited = len(known) >= LEAST_POINTS
    points = [_point(x, n, centre, spread, kind, limited) for x, n in counts]
    nothing: list[Side] = [""] * len(points)
    runs = _runs(points, centre) if limited else nothing
    told = tuple(Point(p.x, p.n, p.value, p.low, p.high, p.beyond, run) for p, run in zip(points, runs, strict=True))
    return Chart(kind, told, centre, spread, len(known))


def _sigma(centre: float, n: int, kind: Kind) -> float:
    return sqrt(centre * (1 - centre) / n) if kind == "p" else sqrt(centre / n)


def _sigma_z(known: Sequence[tuple[int, int]], centre: float, kind: Kind) -> float:
    if len(known) < 2 or _sigma(centre, 1, kind) <= 0:
        return 1.0
    z = [(x / n - centre) / _sigma(centre, n, kind) for x, n in known]
    ranges = [abs(b - a) for a, b in pairwise(z)]
    return sum(ranges) / len(ranges) / D2


def _point(x: int, n: int, centre: float, spread: float, kind: Kind, limited: bool) -> Point:
    if n <= 0:
        return Point(x, n)
    value = x / n
    if not limited:
        return Point(x, n, value)
    half = SIGMAS * _sigma(centre, n, kind) * spread
    most = 1.0 if kind == "p" else inf
    low, high = max(0.0, centre - half), min(most, centre + half)
    if n * centre < FEW:
        high = max(high, _most(n, centre, kind) / n)
    beyond: Side = "above" if value > high + 1e-12 else "below" if value < low - 1e-12 else ""
    return Point(x, n, value, low, high, beyond)


def _most(n: int, centre: float, kind: Kind) -> int:
    """The largest count that is not rarer than `TAIL` from above: Binomial(n, centre) for a share, Poisson(n centre) for a rate."""
    chance = (1 - centre) ** n if kind == "p" else exp(-n * centre)
    k, above = 0, 1 - chance
    while above > TAIL and k < n + 100:
        chance *= (n - k) / (k + 1) * centre / (1 - centre) if kind == "p" else n * centre / (k + 1)
        k, above = k + 1, above - chance
    return k


def _runs(points: Sequence[Point], centre: float) -> list[Side]:
    """For each point the side on which it and the seven valued points before it all lie, or nothing. Few cases break a row."""
    found: list[Side] = []
    side, length = "", 0
    for point in points:
        if point.value is None:
            found.append("")
            continue
        few = point.n * centre < FEW
        now: Side = "" if few else "above" if point.value > centre else "below" if point.value < centre else ""
        length = length + 1 if now and now == side else int(bool(now))
        side = now
        found.append(now if length >= RUN else "")
    return found
