"""Schedule: a week of shifts for people, with what it leaves missing, and how far it may be from the best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from baton.capabilities.workforce.scheduling.counting import SOLVER_S, Need, counted
from baton.capabilities.workforce.scheduling.people import HALF_HOUR_MIN, WEEK_DAYS, Person, Shift, alike
from baton.capabilities.workforce.scheduling.placing import placed, short_rests, unpopular_shift
from baton.kernel.errors import BatonError


@dataclass(frozen=True)
class Schedule:
    """The shifts of a week; `missing_half_hours` are rep half hours that nobody at work could cover.

    `gap` is the share of the cost by which it may miss the best there is, as the solver shows. `short_rests` are pairs with less than
    eleven hours between, for a planner to settle by hand; the counts make them rare.
    """

    shifts: tuple[Shift, ...]
    missing_half_hours: int
    gap: float
    short_rests: tuple[tuple[Shift, Shift], ...]


def schedule(
    people: Sequence[Person], need: Need, unpopular: Mapping[str, int] | None = None, seconds: float = SOLVER_S
) -> Schedule:  # fmt: skip
    """A week for `people`, who serve at most one contact's queue in a slot each.

    Raises where a queue is needed that nobody serves, or a contract cannot be kept.
    """
    served = {queue for person in people for queue in person.queues}
    lost = sorted(queue for queue, slots in need.items() if slots.any() and queue not in served)
    if lost:
        raise BatonError(
            "nobody_serves",
            422,
            f"Nobody serves {', '.join(lost)}. Give somebody its skill, or take it out of the plan.",
        )
    classes = alike(people)
    found = counted(classes, need, seconds)
    shifts = tuple(sorted(placed(found, classes, unpopular or {}), key=lambda s: (s.day, s.start_min, s.rep)))
    return Schedule(shifts, _missing(shifts, people, need), found.gap, tuple(short_rests(shifts)))


def unpopular_of(shifts: Sequence[Shift]) -> dict[str, int]:
    """Evenings and weekend days by rep, to be shared out fairly over the weeks."""
    counts: dict[str, int] = {}
    for shift in shifts:
        counts[shift.rep] = counts.get(shift.rep, 0) + unpopular_shift(shift)
    return counts


def _missing(shifts: Sequence[Shift], people: Sequence[Person], need: Need) -> int:
    """Rep half hours missing, counted anew from the shifts: for each slot a largest matching of reps to queues."""
    queues_of = {person.rep: person.queues for person in people}
    missing = 0
    for day in range(WEEK_DAYS):
        for slot in range(1440 // HALF_HOUR_MIN):
            wanted = {queue: int(slots[day, slot]) for queue, slots in need.items() if slots[day, slot] > 0}
            on = [queues_of[s.rep] for s in shifts if s.day == day and s.works_at(slot * HALF_HOUR_MIN)]
            missing += sum(wanted.values()) - _coverable(on, wanted) if wanted else 0
    return missing


def _coverable(on: Sequence[frozenset[str]], wanted: Mapping[str, int]) -> int:
    """How many wanted places the reps at work can fill, each one place (Hopcroft and Karp 1973)."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    places = [queue for queue, count in wanted.items() for _ in range(count)]
    if not on or not places:
        return 0
    able = csr_matrix(np.array([[queue in queues for queue in places] for queues in on], dtype=np.int8))
    return int((maximum_bipartite_matching(able, perm_type="column") >= 0).sum())
