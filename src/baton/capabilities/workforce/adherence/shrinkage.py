"""Shrinkage: the share of paid time away from the queue, day by day; what is planned for is not its mean but a day that is rarely worse.

A plan that takes the mean away is short on every second day. Planned is the 80 % quantile of past days, shrunken towards policy while few
days are known.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final

import numpy as np

from baton.capabilities.workforce.adherence.measuring import Spell, worked_ms
from baton.capabilities.workforce.events import ShiftPlanned

QUANTILE: Final = 0.8
FEWEST_DAYS: Final = 10
PRIOR_DAYS: Final = 20
"""Policy counts as much as so many days."""
MOST: Final = 0.9


@dataclass(frozen=True)
class Shrinkage:
    """What is planned to be away, a share from 0 to 1; the median and the 80 % quantile of `days` days, both 0 where none were seen."""

    planned: float
    median: float = 0.0
    quantile: float = 0.0
    days: int = 0


def shares(shifts: Sequence[ShiftPlanned], present: Mapping[str, Sequence[Spell]]) -> list[float]:
    """The share of paid time away of each day in which anybody with a shift was seen at all."""
    by_day: dict[str, tuple[int, int]] = {}
    for shift in shifts:
        worked, paid = worked_ms([shift], present.get(shift.rep, ()))
        before = by_day.get(shift.day, (0, 0))
        by_day[shift.day] = before[0] + worked, before[1] + paid
    return [1.0 - worked / paid for _, (worked, paid) in sorted(by_day.items()) if worked]


def shrinkage(past: Sequence[float], policy: float) -> Shrinkage:
    """What to plan for, from past days and policy."""
    if len(past) < FEWEST_DAYS:
        return Shrinkage(policy, days=len(past))
    median, quantile = (float(np.quantile(past, at)) for at in (0.5, QUANTILE))
    weight = len(past) / (len(past) + PRIOR_DAYS)
    return Shrinkage(min(MOST, weight * quantile + (1 - weight) * policy), median, quantile, len(past))
