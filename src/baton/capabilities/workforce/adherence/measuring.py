"""Measuring: minutes as planned over minutes planned, of one rep's shifts and what their presence was.

Adherence = minutes in which a rep did what was planned / minutes that count. At work counts while available or wrapping up; a meal
while they are not. Breathers count for nothing, and paid breaks up to an allowance a shift count as planned. What has not passed yet is
left out.
"""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import Final

from baton.capabilities.workforce.events import ShiftPlanned

MEAL_MS: Final = 1_800_000
WORKING: Final = frozenset({"available", "wrap_up"})
BREATHER, TRAINING = "breather", "training"
"""Reasons of a break: a breather is taken out of the sum, and training is work."""


@dataclass(frozen=True)
class Spell:
    """A presence from a time to another, which is not in it."""

    since_ms: int
    until_ms: int
    presence: str
    reason: str = ""


@dataclass(frozen=True)
class Kept:
    """Milliseconds that count, those of them as planned, those in breathers, and those nobody was there though planned."""

    counted_ms: int = 0
    kept_ms: int = 0
    breather_ms: int = 0
    absent_ms: int = 0

    def __add__(self, other: "Kept") -> "Kept":
        return Kept(
            self.counted_ms + other.counted_ms, self.kept_ms + other.kept_ms, self.breather_ms + other.breather_ms,
            self.absent_ms + other.absent_ms,
        )  # fmt: skip

    @property
    def permille(self) -> int | None:
        """Adherence; None where nothing counts."""
        return round(1000 * self.kept_ms / self.counted_ms) if self.counted_ms else None


def spells(rows: Sequence[tuple[int, str, str]], until_ms: int) -> list[Spell]:
    """Presences (since, presence, reason) in order of time as spells; the last lasts until now."""
    ends = [*(row[0] for row in rows[1:]), until_ms][: len(rows)]
    return [Spell(since, end, what, why) for (since, what, why), end in zip(rows, ends, strict=True) if end > since]


def kept(shifts: Iterable[ShiftPlanned], present: Sequence[Spell], break_ms: int, now_ms: int) -> Kept:
    """How shifts were kept."""
    return sum((_of(shift, present, break_ms, now_ms) for shift in shifts if shift.start_ms < now_ms), Kept())


def worked_ms(shifts: Iterable[ShiftPlanned], present: Sequence[Spell]) -> tuple[int, int]:
    """Milliseconds at work (available, wrapping up), and those paid: shifts without their meals."""
    worked = paid = 0
    for shift in shifts:
        meal = (shift.meal_ms, shift.meal_ms + MEAL_MS) if shift.meal_ms else (shift.end_ms, shift.end_ms)
        parts = [(shift.start_ms, meal[0]), (meal[1], shift.end_ms)]
        worked += sum(_within(present, part, lambda spell: spell.presence in WORKING) for part in parts)
        paid += sum(end - start for start, end in parts)
    return worked, paid


def _of(shift: ShiftPlanned, present: Sequence[Spell], break_ms: int, now_ms: int) -> Kept:
    end = min(shift.end_ms, now_ms)
    meal = (min(shift.meal_ms, end), min(shift.meal_ms + MEAL_MS, end)) if shift.meal_ms else (end, end)
    at_work = [(shift.start_ms, meal[0]), (meal[1], end)]
    working = sum(_within(present, part, _works) for part in at_work)
    resting = sum(_within(present, part, _rests) for part in at_work)
    breather = sum(_within(present, part, _breathes) for part in at_work)
    away_from_meal = _within(present, meal, _works)
    there = sum(_within(present, part, lambda spell: spell.presence != "offline") for part in at_work)
    planned = sum(b - a for a, b in at_work)
    counted = planned - breather + meal[1] - meal[0]
    return Kept(
        counted, working + min(resting, break_ms) + meal[1] - meal[0] - away_from_meal, breather, planned - there
    )


def _within(present: Sequence[Spell], part: tuple[int, int], of: Callable[[Spell], bool]) -> int:
    return sum(max(0, min(s.until_ms, part[1]) - max(s.since_ms, part[0])) for s in present if of(s))


def _works(spell: Spell) -> bool:
    return spell.presence in WORKING or (spell.presence == "break" and spell.reason == TRAINING)


def _rests(spell: Spell) -> bool:
    return spell.presence == "break" and spell.reason not in {BREATHER, TRAINING}


def _breathes(spell: Spell) -> bool:
    return spell.presence == "break" and spell.reason == BREATHER
