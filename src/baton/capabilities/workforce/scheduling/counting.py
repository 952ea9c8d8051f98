"""Counting: how many of each class of reps start when on each day, as a mixed-integer programme.

Reps of a class are alike, so the solver chooses counts instead of names: how many keep which pattern of days, and how many start at
which half hour with which meal. A shift is a run of slots, so the relaxation is nearly whole and HiGHS closes it in seconds (Huangfu
and Hall 2018; decision 0019 compares it with CP-SAT). Reps of several queues are shared out slot by slot, which needs no whole
numbers. Missing the first rep of a slot costs 2, each further one 5, where a rep's half hour costs 1.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import TypeVar

import numpy as np
from numpy.typing import NDArray

from baton.capabilities.workforce.scheduling.people import (
    HALF_HOUR_MIN,
    MEAL_FROM_MIN,
    REST_MIN,
    WEEK_DAYS,
    Alike,
    Person,
)
from baton.capabilities.workforce.scheduling.programme import Programme, Term

MISSING_FIRST = 2
MISSING_MORE = 5
SOLVER_S = 60.0
SLOTS = 48
Need = Mapping[str, NDArray[np.int64]]
"""Reps needed by queue: [day of the week, half hour of the day]."""
Start = tuple[int, int]
"""Half hours of the day: a shift's first, and its meal's (-1 where there is none)."""
K = TypeVar("K")


@dataclass(frozen=True)
class Counted:
    """How many of each class keep each pattern of days, and begin each day at which start; the cost and the solver's bound of it."""

    patterns: Mapping[Person, Mapping[tuple[int, ...], int]]
    starts: Mapping[Person, Sequence[Mapping[Start, int]]]
    cost: float
    bound: float

    @property
    def gap(self) -> float:
        """How far the cost may be from the best there is, as a share of it."""
        return max(0.0, (self.cost - self.bound) / self.cost) if self.cost else 0.0


class _Week:
    """The programme of a week: which variable counts what, class by class."""

    def __init__(self, classes: Alike, need: Need) -> None:
        self.programme, self.classes, self.need = Programme(), classes, need
        self.named = {who: reps[0] for who, reps in classes.items()}
        self.patterns = {who: self._patterns(who, len(reps)) for who, reps in classes.items()}
        self.starts = {
            who: [self._starts(who, day, len(reps)) for day in range(WEEK_DAYS)] for who, reps in classes.items()
        }
        for who in classes:
            self._rests(who)
        for day in range(WEEK_DAYS):
            for slot in range(SLOTS):
                self._cover(day, slot)

    def paid(self) -> int:
        """Half hours that contracts pay, whatever the schedule."""
        return sum(w.shift_min // HALF_HOUR_MIN * w.days_at_work * len(reps) for w, reps in self.classes.items())

    def _patterns(self, who: Person, reps: int) -> dict[tuple[int, ...], int]:
        part = (None, self.named[who])
        counts = {days: self.programme.variable(reps, part=part) for days in who.patterns()}
        self.programme.row([(v, 1.0) for v in counts.values()], reps, reps)
        return counts

    def _starts(self, who: Person, day: int, reps: int) -> dict[Start, int]:
        part = (day, self.named[who])
        counts = {start: self.programme.variable(reps, part=part) for start in starts_of(who)}
        on = [(v, -1.0) for days, v in self.patterns[who].items() if day in days]
        self.programme.row([*((v, 1.0) for v in counts.values()), *on], 0.0, 0.0)
        return counts

    def _rests(self, who: Person) -> None:
        """Whoever ends late on a day cannot begin early on the next: together they are no more than there are reps."""
        reps, long = len(self.classes[who]), who.stretch_min // HALF_HOUR_MIN
        for day in range(WEEK_DAYS - 1):
            for last in {start for start, _ in self.starts[who][day]}:
                soonest = last + long + (REST_MIN - 1440) // HALF_HOUR_MIN
                late = [(v, 1.0) for (start, _), v in self.starts[who][day].items() if start >= last]
                early = [(v, 1.0) for (start, _), v in self.starts[who][day + 1].items() if start < soonest]
                if early:
                    self.programme.row([*late, *early], 0.0, reps)

    def _cover(self, day: int, slot: int) -> None:
        """Reps at work are shared out over the queues they serve; what is missing costs."""
        wanted = {queue: int(slots[day, slot]) for queue, slots in self.need.items() if slots[day, slot] > 0}
        given: dict[str, list[Term]] = {queue: [] for queue in wanted}
        for who in self.classes:
            shares = {
                queue: self.programme.variable(wanted[queue], whole=False) for queue in sorted(who.queues & set(wanted))
            }
            if shares:
                on = [(v, -1.0) for v in self._at_work(who, day, slot)]
                self.programme.row([*((v, 1.0) for v in shares.values()), *on], -np.inf, 0.0)
            for queue, share in shares.items():
                given[queue].append((share, 1.0))
        for queue, count in wanted.items():
            first = self.programme.variable(1, MISSING_FIRST, whole=False)
            more = self.programme.variable(count, MISSING_MORE, whole=False)
            self.programme.row([*given[queue], (first, 1.0), (more, 1.0)], count, np.inf)

    def _at_work(self, who: Person, day: int, slot: int) -> Iterator[int]:
        long = who.stretch_min // HALF_HOUR_MIN
        for (start, meal), variable in self.starts[who][day].items():
            if start <= slot < start + long and slot != meal:
                yield variable


def counted(classes: Alike, need: Need, seconds: float = SOLVER_S) -> Counted:
    """The counts of least cost to within 1 %, or the best found within `seconds`; `gap` says how far they may be from the best."""
    week = _Week(classes, need)
    found = week.programme.solved(seconds, week.paid())
    return Counted(
        {who: _kept(found.values, counts) for who, counts in week.patterns.items()},
        {who: [_kept(found.values, counts) for counts in days] for who, days in week.starts.items()},
        found.cost + week.paid(), found.bound + week.paid(),
    )  # fmt: skip


def starts_of(who: Person) -> list[Start]:
    """When a shift of this class may begin, each with the half hours in which its meal may be."""
    long, last = who.stretch_min // HALF_HOUR_MIN, (who.latest_min - who.stretch_min) // HALF_HOUR_MIN
    firsts = range(-(-who.earliest_min // HALF_HOUR_MIN), last + 1)
    if who.shift_min < MEAL_FROM_MIN:
        return [(first, -1) for first in firsts]
    return [(first, first + long // 2 + by) for first in firsts for by in (-1, 0, 1)]


def _kept(values: NDArray[np.float64], counts: Mapping[K, int]) -> dict[K, int]:
    return {key: int(values[variable]) for key, variable in counts.items() if values[variable] > 0}
