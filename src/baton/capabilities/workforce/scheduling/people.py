"""People: what a schedule may ask of whom, and what it gives them."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import combinations

from baton.kernel.errors import BatonError

WEEK_DAYS = 7
HALF_HOUR_MIN = 30
MEAL_FROM_MIN = 360
"""Whoever works six hours or more has half an hour for a meal, unpaid, near the middle."""
REST_MIN = 660
"""Eleven hours between two shifts (directive 2003/88/EC, article 3)."""


@dataclass(frozen=True)
class Person:
    """A rep's contract and needs: the queues they serve, minutes a week, how many days, days off (0 Monday), earliest and latest minute of a day."""

    rep: str
    queues: frozenset[str]
    week_min: int
    days_on: int = 5
    off: frozenset[int] = frozenset()
    earliest_min: int = 0
    latest_min: int = 1440

    @property
    def shift_min(self) -> int:
        """Paid minutes of a day at work; leave takes whole days of it away."""
        return self.week_min // self.days_on

    @property
    def days_at_work(self) -> int:
        """How many days of this week: those of the contract without the ones on leave, as far as the days left allow."""
        free = WEEK_DAYS - self.days_on
        return max(0, self.days_on - max(0, len(self.off) - free))

    @property
    def stretch_min(self) -> int:
        """From the start of a shift to its end, the meal included."""
        return self.shift_min + (HALF_HOUR_MIN if self.shift_min >= MEAL_FROM_MIN else 0)

    def patterns(self) -> list[tuple[int, ...]]:
        """The ways to lay the days at work over a week."""
        open_days = [day for day in range(WEEK_DAYS) if day not in self.off]
        return list(combinations(open_days, self.days_at_work))


@dataclass(frozen=True)
class Shift:
    """A day's work of a rep: minutes of that day; the meal begins at `meal_min` and lasts half an hour, -1 where there is none."""

    rep: str
    day: int
    start_min: int
    end_min: int
    meal_min: int = -1

    def works_at(self, minute: int) -> bool:
        """Whether they are at work in the half hour that begins at this minute."""
        return self.start_min <= minute < self.end_min and minute != self.meal_min


Alike = Mapping[Person, tuple[str, ...]]


def alike(people: Iterable[Person]) -> Alike:
    """Reps by what a schedule sees of them: those with the same contract, queues and days off are one class, named by its first."""
    classes: dict[tuple[object, ...], tuple[Person, list[str]]] = {}
    for person in people:
        checked(person)
        key = (person.queues, person.week_min, person.days_on, person.off, person.earliest_min, person.latest_min)
        classes.setdefault(key, (person, []))[1].append(person.rep)
    return {first: tuple(reps) for first, reps in classes.values()}


def checked(person: Person) -> None:
    """Raise where a contract cannot be kept."""
    if not 1 <= person.days_on <= WEEK_DAYS or person.week_min < HALF_HOUR_MIN * person.days_on:
        raise BatonError(
            "bad_contract",
            422,
            f"{person.rep!r}: {person.week_min!r} minutes on {person.days_on!r} days is no week's work. Give 1 to 7 days.",
        )
    if person.shift_min % HALF_HOUR_MIN:
        raise BatonError(
            "bad_contract",
            422,
            f"{person.rep!r}: {person.week_min!r} minutes over {person.days_on!r} days is not in half hours a day.",
        )
    if person.stretch_min > person.latest_min - person.earliest_min:
        raise BatonError(
            "bad_hours",
            422,
            f"{person.rep!r}: a day of {person.stretch_min!r} minutes does not fit between minute {person.earliest_min!r} and {person.latest_min!r}.",
        )
