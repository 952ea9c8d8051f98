"""Placing: counts become names, by CP-SAT. Each rep gets a pattern of days and a start for each, with rest between, and fair shares.

Reps of a class are alike to the counts, so any of them may have any of its shifts. Rest between shifts comes first; then evenings and
weekends are shared as evenly as can be, those of the weeks before included; then starts change as little as they can from day to
day, which is what people ask for.
"""

from collections.abc import Iterable, Mapping, Sequence

from ortools.sat.python import cp_model

from baton.capabilities.workforce.scheduling.counting import SLOTS, Counted, Start
from baton.capabilities.workforce.scheduling.people import HALF_HOUR_MIN, REST_MIN, WEEK_DAYS, Alike, Person, Shift

EVENING_MIN = 1080
SATURDAY = 5
NO_REST = 10_000
UNFAIR = 100
PLACING_S = 5.0
DAY_MIN = 1440


def placed(counted: Counted, classes: Alike, unpopular: Mapping[str, int], seconds: float = PLACING_S) -> list[Shift]:
    """The shifts of every rep. `unpopular` counts the evenings and weekend days each rep had in the weeks before."""
    return [shift for who, reps in classes.items() for shift in _Class(who, reps, counted, unpopular).shifts(seconds)]


class _Class:
    """Reps who are alike, and who of them has which pattern and start."""

    def __init__(self, who: Person, reps: Sequence[str], counted: Counted, unpopular: Mapping[str, int]) -> None:
        self.model, self.who, self.reps = cp_model.CpModel(), who, reps
        self.pattern = self._dealt(counted.patterns[who])
        self.start = [self._starts(day, counts) for day, counts in enumerate(counted.starts[who])]
        costs = [self._rest(rep, day) for rep in range(len(reps)) for day in range(WEEK_DAYS - 1)]
        most, fewest = self._spread(unpopular)
        self.model.minimize(cp_model.LinearExpr.sum(costs) + UNFAIR * (most - fewest))

    def shifts(self, seconds: float) -> list[Shift]:
        """The shifts, by the best found in time."""
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds, solver.parameters.num_workers, solver.parameters.random_seed = (
            seconds,
            2,
            1,
        )
        solver.solve(self.model)
        return [
            shift_of(self.reps[rep], day, start, self.who)
            for day, starts in enumerate(self.start) for (rep, start), is_so in starts.items() if solver.value(is_so)
        ]  # fmt: skip

    def _dealt(self, counts: Mapping[tuple[int, ...], int]) -> dict[tuple[int, tuple[int, ...]], cp_model.IntVar]:
        """Each rep has one pattern, and each pattern as many reps as were counted."""
        has = {(rep, days): self.model.new_bool_var("") for rep in range(len(self.reps)) for days in counts}
        for rep in range(len(self.reps)):
            self.model.add_exactly_one(has[rep, days] for days in counts)
        for days, count in counts.items():
            self.model.add(_sum(has[rep, days] for rep in range(len(self.reps))) == count)
        return has

    def _starts(self, day: int, counts: Mapping[Start, int]) -> dict[tuple[int, Start], cp_model.IntVar]:
        begins = {(rep, start): self.model.new_bool_var("") for rep in range(len(self.reps)) for start in counts}
        for rep in range(len(self.reps)):
            on = _sum(is_so for (of, days), is_so in self.pattern.items() if of == rep and day in days)
            self.model.add(_sum(begins[rep, start] for start in counts) == on)
        for start, count in counts.items():
            self.model.add(_sum(begins[rep, start] for rep in range(len(self.reps))) == count)
        return begins

    def _rest(self, rep: int, day: int) -> cp_model.IntVar:
        """What too little rest after a day costs, or how much later or earlier the next begins."""
        cost = self.model.new_int_var(0, NO_REST, "")
        for (of, one), today in self.start[day].items():
            for (then, next_one), tomorrow in self.start[day + 1].items():
                if of == then == rep:
                    here, there = (shift_of("", 0, start, self.who) for start in (one, next_one))
                    worth = NO_REST if too_little(here, there) else abs(one[0] - next_one[0])
                    self.model.add(cost >= worth * (today + tomorrow - 1))
        return cost

    def _spread(self, unpopular: Mapping[str, int]) -> tuple[cp_model.IntVar, cp_model.IntVar]:
        """Unpopular shifts of who has most, and of who has fewest."""
        known = [unpopular.get(rep, 0) for rep in self.reps]
        most, fewest = (self.model.new_int_var(0, max(known) + 2 * WEEK_DAYS, "") for _ in range(2))
        for rep, before in enumerate(known):
            now = _sum(
                unpopular_shift(shift_of("", day, start, self.who)) * is_so
                for day, starts in enumerate(self.start) for (of, start), is_so in starts.items() if of == rep
            )  # fmt: skip
            self.model.add(most >= before + now)
            self.model.add(fewest <= before + now)
        return most, fewest


def _sum(terms: Iterable[cp_model.LinearExprT]) -> cp_model.LinearExpr:
    return cp_model.LinearExpr.sum([*terms, 0])


def shift_of(rep: str, day: int, start: Start, who: Person) -> Shift:
    """The shift that begins so."""
    first, meal = start
    begin = first * HALF_HOUR_MIN
    return Shift(rep, day, begin, begin + who.stretch_min, meal * HALF_HOUR_MIN if 0 <= meal < SLOTS else -1)


def unpopular_shift(shift: Shift) -> int:
    """1 for an evening or a weekend day, 2 for both, 0 otherwise."""
    return int(shift.day >= SATURDAY) + int(shift.end_min > EVENING_MIN)


def too_little(one: Shift, then: Shift) -> bool:
    """Whether less than eleven hours lie between a shift and one of the day after."""
    return DAY_MIN + then.start_min - one.end_min < REST_MIN


def short_rests(shifts: Sequence[Shift]) -> list[tuple[Shift, Shift]]:
    """Pairs of shifts of one rep on following days with less than eleven hours between."""
    at = {(shift.rep, shift.day): shift for shift in shifts}
    pairs = [(shift, at[shift.rep, shift.day + 1]) for shift in shifts if (shift.rep, shift.day + 1) in at]
    return [(one, then) for one, then in pairs if too_little(one, then)]
