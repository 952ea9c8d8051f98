"""A mixed-integer programme, solved by HiGHS, and bettered part by part where time is short.

Where a team is smaller than its work, HiGHS finds the bound in seconds and good whole numbers late. So the second part of the time
goes to a search in large neighbourhoods (Shaw 1998; Rothberg 2007): all but a few days or classes are held, and the rest is solved anew.
"""

import time
from collections.abc import Hashable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from baton.kernel.errors import BatonError

Term = tuple[int, float]
GAP = 0.01
FIRST = 0.4
"""Share of the time for the whole programme at once."""
PART_S = 6.0
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
        """The best found in time; it ends early where cost and bound, with `paid` added to both, are within 1 %.

        Raises where nothing was found.
        """
        began, limits = time.monotonic(), self._limits()
        found = self._once(limits, np.zeros(len(self.tops)), np.array(self.tops), seconds * FIRST)
        if found.x is None:
            raise BatonError(
                "no_schedule",
                422,
                f"No schedule was found in {seconds!r} seconds: {found.message} Give more time or fewer people.",
            )
        best = Solved(np.rint(found.x), float(found.fun), float(found.mip_dual_bound))
        chance = np.random.default_rng(1)
        while (left := seconds - (time.monotonic() - began)) > 1 and best.cost - best.bound > GAP * (best.cost + paid):
            best = self._bettered(best, limits, chance, min(left, PART_S))
        return best

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

    def _once(self, limits: Any, lows: NDArray[np.float64], tops: NDArray[np.float64], seconds: float) -> Any:
        from scipy.optimize import Bounds, milp

        options = {"time_limit": seconds, "mip_rel_gap": GAP}
        return milp(self.costs, constraints=limits, bounds=Bounds(lows, tops), integrality=self.whole, options=options)
