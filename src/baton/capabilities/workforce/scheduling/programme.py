"""A mixed-integer programme, solved by HiGHS, and bettered part by part where time is short.

The bound is the relaxation's, by interior points: a shift is a run of slots, so whole numbers come near it. The first whole numbers
are sought among what the relaxation uses. They are bettered by a search in large neighbourhoods (Shaw 1998; Rothberg 2007):
all but a few days or classes are held, and the rest is solved anew.
"""

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from math import ceil
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baton.kernel.errors import BatonError

Term = tuple[int, float]
GAP = 0.01
FIRST = 0.2
"""Share of the time for the first whole numbers."""
LAST = 0.35
"""Share of the time that is left to prove the bound, where the search gets no further."""
TRIES = 25
PART_S = 6.0
SOME = 1e-6
SHARES = (0.25, 0.6)
"""Of the classes that are freed together, drawn anew each time."""


@dataclass(frozen=True)
class Solved:
    """Values, their cost, and the bound of every cost."""

    values: NDArray[np.float64]
    cost: float
    bound: float


class Programme:
    """Variables with their cost, upper end, whether they are whole and which parts they belong to, and rows of low <= terms <= high."""

    def __init__(self) -> None:
        self.costs: list[float] = []
        self.tops: list[float] = []
        self.whole: list[int] = []
        self.parts: list[tuple[Hashable, Hashable]] = []
        self.rows: list[tuple[Sequence[Term], float, float]] = []

    def variable(
        self, top: float, cost: float = 0.0, whole: bool = True, part: tuple[Hashable, Hashable] = (None, None)
    ) -> int:
        """A new variable from 0 to `top`, of a day and a class."""
        self.costs.append(cost)
        self.tops.append(top)
        self.whole.append(int(whole))
        self.parts.append(part)
        return len(self.costs) - 1

    def row(self, terms: Sequence[Term], low: float, high: float) -> None:
        """A constraint."""
        self.rows.append((terms, low, high))

    def solved(self, seconds: float, paid: float) -> Solved:
        """The best found in so many CPU-seconds, which a busy machine takes longer for; early where cost and bound, each with `paid`, are within 1 %.

        Raises where nothing was found.
        """
        began, limits = time.process_time(), self._limits()
        relaxed, bound = self._relaxed(limits)
        best = self._first(limits, relaxed, seconds, bound)
        chance, stale = np.random.default_rng(1), 0
        while (left := seconds * (1 - LAST) - (time.process_time() - began)) > 1 and stale < TRIES and _far(best, paid):
            better = self._bettered(best, limits, chance, min(left, PART_S))
            best, stale = better, 0 if better.cost < best.cost else stale + 1
        left = seconds - (time.process_time() - began)
        return self._proven(best, limits, left) if _far(best, paid) and left > 1 else best

    def _proven(self, best: Solved, limits: Any, seconds: float) -> Solved:
        """What branching over the whole programme adds: a higher bound, now and then a lower cost."""
        found = self._once(limits, np.zeros(len(self.tops)), np.array(self.tops), seconds)
        bound = best.bound if found.mip_dual_bound is None else max(best.bound, _whole(found.mip_dual_bound))
        if found.x is not None and found.fun < best.cost:
            return Solved(np.rint(found.x), float(found.fun), bound)
        return Solved(best.values, best.cost, bound)

    def _first(self, limits: Any, relaxed: NDArray[np.float64], seconds: float, bound: float) -> Solved:
        """Whole numbers where the relaxation has any; anywhere, if there are none."""
        used = (relaxed > SOME) | (np.array(self.whole) == 0)
        lows, tops = np.zeros(len(self.tops)), np.array(self.tops)
        found = self._once(limits, lows, np.where(used, tops, 0.0), seconds * FIRST)
        if found.x is None:
            found = self._once(limits, lows, tops, seconds * (1 - FIRST))
        if found.x is None:
            raise BatonError(
                "no_schedule",
                422,
                f"No schedule was found in {seconds!r} seconds: {found.message} Give more time or fewer people.",
            )
        return Solved(np.rint(found.x), float(found.fun), bound)

    def _bettered(self, best: Solved, limits: Any, chance: np.random.Generator, seconds: float) -> Solved:
        """The best after some days, or some classes, were solved anew with the rest held."""
        free = self._freed(chance)
        held = np.array(self.whole, dtype=bool) & ~free
        lows, tops = np.where(held, best.values, 0.0), np.where(held, best.values, self.tops)
        found = self._once(limits, lows, tops, seconds)
        better = found.x is not None and found.fun < best.cost - 1e-6
        return Solved(np.rint(found.x), float(found.fun), best.bound) if better else best

    def _freed(self, chance: np.random.Generator) -> NDArray[np.bool_]:
        days = sorted({str(day) for day, _ in self.parts if day is not None})
        classes = sorted({str(who) for _, who in self.parts if who is not None})
        if chance.random() < 0.3:
            chosen = set(chance.choice(days, min(2, len(days)), replace=False).tolist())
            return np.array([str(day) in chosen for day, _ in self.parts])
        some = max(1, round(chance.uniform(*SHARES) * len(classes)))
        chosen = set(chance.choice(classes, some, replace=False).tolist())
        return np.array([str(who) in chosen for _, who in self.parts])

    def _limits(self) -> Any:
        from scipy.optimize import LinearConstraint
        from scipy.sparse import csr_matrix

        at = [(row, column, value) for row, (terms, _, _) in enumerate(self.rows) for column, value in terms]
        rows, columns, values = (list(part) for part in zip(*at, strict=True))
        matrix = csr_matrix((values, (rows, columns)), shape=(len(self.rows), len(self.costs)))
        lows, highs = ([row[end] for row in self.rows] for end in (1, 2))
        return LinearConstraint(matrix, lows, highs)

    def _relaxed(self, limits: Any) -> tuple[NDArray[np.float64], float]:
        """The relaxation: values, and a cost that no whole numbers can be below."""
        from scipy.optimize import linprog
        from scipy.sparse import vstack

        rows, low, high = limits.A, np.array(limits.lb), np.array(limits.ub)
        same = low == high
        up, down = np.isfinite(high) & ~same, np.isfinite(low) & ~same
        found = linprog(
            self.costs, A_ub=vstack([rows[up], -rows[down]]), b_ub=np.concatenate([high[up], -low[down]]), A_eq=rows[same], b_eq=low[same],
            bounds=[(0.0, top) for top in self.tops], method="highs-ipm",
        )  # fmt: skip
        return (np.zeros(len(self.tops)), 0.0) if found.x is None else (found.x, _whole(found.fun))

    def _once(self, limits: Any, lows: NDArray[np.float64], tops: NDArray[np.float64], seconds: float) -> Any:
        from scipy.optimize import Bounds, milp

        options = {"time_limit": seconds, "mip_rel_gap": GAP}
        return milp(self.costs, constraints=limits, bounds=Bounds(lows, tops), integrality=self.whole, options=options)


def _far(found: Solved, paid: float) -> bool:
    return found.cost - found.bound > GAP * (found.cost + paid)


def _whole(bound: float) -> float:
    """A bound rounded up: costs are whole, and so is what sharing out costs once counts are (transport with whole ends has whole solutions)."""
    return float(ceil(bound - SOME))
