"""Rules: what stands against a swap or days off, in labels, and what it would leave missing."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final

from baton.capabilities.workforce.events import ShiftPlanned, Swap, week_of
from baton.capabilities.workforce.scheduling.clocks import shift_of
from baton.capabilities.workforce.scheduling.people import REST_MIN, Person
from baton.capabilities.workforce.scheduling.swapping import exchanged

REST_MS: Final = REST_MIN * 60_000
MOST_WEEK_MS: Final = 48 * 3_600_000
"""A week's most working time (directive 2003/88/EC, article 6)."""
MEAL_MS: Final = 1_800_000
WHY: Final[Mapping[str, str]] = {
    "no_shift": "there is no such shift, or one of you works on that day already",
    "over": "the day is over or has begun",
    "other_week": "both days have to be in one week",
    "skills": "you serve no queue in common",
    "rest": "less than eleven hours would lie between two shifts",
    "hours": "it is outside the hours of a contract, or on a day off",
    "week": "somebody would work more than 48 hours in the week",
    "cover": "too few would be there",
    "late": "it was asked too late",
    "order": "others asked first",
}
"""Why something is refused, in words."""
CHOSEN: Final = ("cover", "late", "order")
"""Reasons that a person gives; the others are found."""


@dataclass(frozen=True)
class Around:
    """What rules look at: shifts of the week and of the days beside it, contracts by rep, the clock, and now."""

    shifts: Sequence[ShiftPlanned]
    people: Mapping[str, Person]
    zone: str
    now_ms: int


def against_swap(swap: Swap, around: Around) -> list[str]:
    """Labels of what stands against a swap; nothing where it may be."""
    given = [s for s in around.shifts if (s.rep, s.day) in {(swap.rep, swap.day), (swap.other, swap.other_day)}]
    if swap.other_day and week_of(swap.day) != week_of(swap.other_day):
        return ["other_week"]
    after = exchanged(swap, around.shifts)
    if after is None or swap.rep == swap.other:
        return ["no_shift"]
    if any(shift.start_ms <= around.now_ms for shift in given):
        return ["over"]
    gained = [shift for shift in after if not shift.over]
    mine, theirs = (around.people.get(rep) for rep in (swap.rep, swap.other))
    found = [] if mine and theirs and mine.queues & theirs.queues else ["skills"]
    then = changed(around.shifts, after)
    found += ["rest"] * any(_short(then, shift) for shift in gained)
    found += ["hours"] * any(_outside(shift, around) for shift in gained)
    return found + ["week"] * any(_worked_ms(then, shift) > MOST_WEEK_MS for shift in gained)


def against_leave(first: str, last: str, today: date) -> list[str]:
    """Labels of what stands against days off."""
    return ["over"] if first < today.isoformat() or last < first else []


def changed(shifts: Sequence[ShiftPlanned], by: Collection[ShiftPlanned]) -> list[ShiftPlanned]:
    """Shifts with some put in or taken away."""
    at = {shift.slot: shift for shift in shifts} | {shift.slot: shift for shift in by}
    return [shift for shift in at.values() if not shift.over]


def _short(shifts: Sequence[ShiftPlanned], of: ShiftPlanned) -> bool:
    """Whether a rep has less than eleven hours before or after a shift."""
    others = [s for s in shifts if s.rep == of.rep and s.day != of.day]
    return any(s.start_ms - of.end_ms < REST_MS and of.start_ms - s.end_ms < REST_MS for s in others)


def _outside(shift: ShiftPlanned, around: Around) -> bool:
    person, wall = around.people.get(shift.rep), shift_of(shift, around.zone)
    if person is None:
        return True
    return wall.day in person.off or wall.start_min < person.earliest_min or wall.end_min > person.latest_min


def _worked_ms(shifts: Sequence[ShiftPlanned], of: ShiftPlanned) -> int:
    own = [s for s in shifts if s.rep == of.rep and week_of(s.day) == week_of(of.day)]
    return sum(s.end_ms - s.start_ms - (MEAL_MS if s.meal_ms else 0) for s in own)
