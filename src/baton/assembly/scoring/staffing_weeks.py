"""`baton eval staffing`, the other half: weeks of shifts for invented teams, and how far each may be from the best there is.

The gap is the solver's own: cost found less the bound proven, as a share of the cost. A team has two to four queues, contracts of
full and part time, some who may only work mornings, and some on leave; what is needed follows a day with a peak.
"""

from collections.abc import Callable

import numpy as np

from baton.capabilities.workforce.scheduling.counting import Need
from baton.capabilities.workforce.scheduling.people import Person
from baton.capabilities.workforce.scheduling.schedule import Schedule, schedule

Say = Callable[[str], None]
Figures = dict[str, object]
SIZES = (12, 24, 40, 18)
"""People of the invented teams, in turn."""
SECONDS = 150.0
CONTRACTS = ((2400, 5), (2400, 5), (1920, 4), (1200, 5))
"""Paid minutes a week and days at work: half of a team full time, a quarter four days, a quarter half days."""
OPENS, CLOSES = 14, 44
"""Half hours of the day: from seven to ten in the evening."""
OCCUPIED = (0.8, 0.95, 1.05)
"""The share of a team's half hours that is needed, in turn: with room, tight, and more than there is."""


def weeks(seed: int, teams: int, say: Say, seconds: float = SECONDS) -> Figures:
    """`schedule_gap` is the largest gap over the teams; `missing_share` what nobody could cover of all that was needed."""
    made: list[tuple[Schedule, int]] = []
    for n in range(teams):
        people, need = invented(SIZES[n % len(SIZES)], 1000 * seed + n)
        wanted = sum(int(slots.sum()) for slots in need.values())
        made.append((schedule(people, need, seconds=seconds), wanted))
        say(
            f"{len(people)} people: gap {made[-1][0].gap:.4f}, {made[-1][0].missing_half_hours} of {wanted} half hours missing"
        )
    return {
        "schedule_gap": round(max((week.gap for week, _ in made), default=0.0), 4),
        "missing_share": round(sum(w.missing_half_hours for w, _ in made) / max(1, sum(n for _, n in made)), 4),
        "short_rests": sum(len(week.short_rests) for week, _ in made), "teams": len(made),
    }  # fmt: skip


def invented(size: int, seed: int) -> tuple[list[Person], Need]:
    """A team of `size` and what its queues need in a week."""
    chance = np.random.default_rng(seed)
    queues = [f"queue {n}" for n in range(2 + seed % 3)]
    people = [_person(n, queues, chance) for n in range(size)]
    half_hours = sum(person.days_at_work * person.shift_min // 30 for person in people)
    wanted = OCCUPIED[seed % len(OCCUPIED)] * half_hours
    return people, {queue: _need(wanted / len(queues), chance) for queue in queues}


def _person(number: int, queues: list[str], chance: np.random.Generator) -> Person:
    minutes, days = CONTRACTS[number % len(CONTRACTS)]
    serves = {queues[number % len(queues)], queues[int(chance.integers(len(queues)))]}
    away = frozenset({int(chance.integers(7))}) if chance.random() < 0.1 else frozenset[int]()
    latest = 30 * CLOSES if number % 5 else 960
    return Person(f"rep{number}", frozenset(serves), minutes, days, away, 30 * OPENS, latest)


def _need(half_hours: float, chance: np.random.Generator) -> np.ndarray[tuple[int, ...], np.dtype[np.int64]]:
    """About so many half hours over a week: peaks before and after noon, weekends at half."""
    slots = np.arange(OPENS, CLOSES)
    day = np.exp(-(((slots - 22) / 5.0) ** 2)) + 0.7 * np.exp(-(((slots - 32) / 6.0) ** 2))
    week = np.array([1.2, 1.05, 1.0, 1.0, 1.0, 0.6, 0.5])[:, None] * day * chance.uniform(0.9, 1.1, (7, len(slots)))
    need = np.zeros((7, 48), dtype=np.int64)
    need[:, OPENS:CLOSES] = np.round(week * half_hours / week.sum())
    return need
