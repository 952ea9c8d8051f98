"""Schedule: a week of shifts for people, with what it leaves missing, and how far it may be from the best."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from baton.capabilities.workforce.scheduling.counting import SOLVER_S, Counted, Need, counted
from baton.capabilities.workforce.scheduling.cover import missing
from baton.capabilities.workforce.scheduling.people import Alike, Person, Shift, alike
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
    return named(people, classes, counted(classes, need, seconds), need, unpopular or {})


def named(
    people: Sequence[Person], classes: Alike, found: Counted, need: Need, unpopular: Mapping[str, int]
) -> Schedule:  # fmt: skip
    """The week that counts become when they get names."""
    shifts = tuple(sorted(placed(found, classes, unpopular), key=lambda s: (s.day, s.start_min, s.rep)))
    serves = {person.rep: person.queues for person in people}
    return Schedule(shifts, missing(shifts, serves, need), found.gap, tuple(short_rests(shifts)))


def unpopular_of(shifts: Sequence[Shift]) -> dict[str, int]:
    """Evenings and weekend days by rep, to be shared out fairly over the weeks."""
    counts: dict[str, int] = {}
    for shift in shifts:
        counts[shift.rep] = counts.get(shift.rep, 0) + unpopular_shift(shift)
    return counts
