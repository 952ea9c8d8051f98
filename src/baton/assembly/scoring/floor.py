"""The floor that policies are scored on: an invented bank of five kinds of contacts and five groups of reps, days of real or invented arrivals.

Arrivals are counts every five minutes of a day, scaled; classes, skills, handle times and patience are invented. Everybody works the same shifts
each day, with two breaks and a lunch, so a rep is the same rep over all days.
"""

import csv
from collections.abc import Iterator, Sequence
from itertools import product
from math import exp
from pathlib import Path
from random import Random

import numpy as np

from baton.kernel.queueing import ContactClass, Exponential, Law, Lognormal, Rep, RepGroup, World
from baton.kernel.queueing.world import Complexity

STEP_S = 300.0
SCALE = 0.1
"""Of the bank's calls: 3,300 a day."""
DAY_STEPS = 169
"""From 7:00 to 21:05."""
Day = tuple[float, ...]

KINDS: tuple[tuple[str, float, Complexity, Law, float, float], ...] = (
    ("balance", 0.35, "low", Lognormal(180, 1.0), 200, 20),
    ("card", 0.25, "medium", Lognormal(300, 1.1), 240, 20),
    ("loan", 0.15, "medium", Lognormal(480, 1.1), 300, 30),
    ("dispute", 0.12, "high", Lognormal(540, 1.2), 300, 30),
    ("fraud", 0.13, "high", Lognormal(600, 1.2), 420, 20),
)
"""Name and skill, share of the arrivals, complexity, handle time, mean patience and target in seconds."""
SECOND = 1200
"""Pace in a second skill, at level 1: a fifth slower than who does it all day."""
GROUPS = (
    RepGroup("counter", {"balance": 2, "card": 1}, {"card": SECOND}),
    RepGroup("lending", {"loan": 2, "balance": 1}, {"balance": SECOND}),
    RepGroup("cards", {"card": 2, "dispute": 2}),
    RepGroup("trust", {"fraud": 2, "dispute": 1, "card": 1}, {"dispute": SECOND, "card": SECOND}),
    RepGroup("senior", {"balance": 2, "card": 2, "loan": 1, "dispute": 2, "fraud": 2}, {"loan": SECOND}),
)
STAFF = {"counter": (15, 0.25), "lending": (12, 0.20), "cards": (10, 0.17), "trust": (13, 0.22), "senior": (9, 0.16)}
"""Reps of each group, and the share of the work that is planned for it."""
OCCUPANCY = 0.9
HOURS = ((8.5, (15, 30, 15)), (5.0, (15,)))
"""A whole shift and half a one: hours, and minutes of its breaks."""


def days_of(data: Path, seed: int, count: int) -> tuple[list[Day], str]:
    """Days of five-minute counts, in order, and where they are from: a file of `DateTime,Calls` in data/arrivals, else invented."""
    found = sorted((data / "arrivals").glob("bank_calls*.csv"))
    if not found:
        return [_invented(Random(f"day/{seed}/{n}")) for n in range(count)], "invented"
    of: dict[str, list[float]] = {}
    with found[0].open(encoding="utf-8", newline="") as lines:
        for row in csv.DictReader(lines):
            of.setdefault(row["DateTime"][:10], []).append(float(row["Calls"]))
    return [tuple(of[day]) for day in sorted(of) if len(of[day]) == DAY_STEPS], found[0].stem


def floor_of(day: Day, reps: tuple[Rep, ...]) -> World:
    """One day of the floor."""
    kinds = tuple(
        ContactClass(
            name, name, law, Exponential(patience_s), tuple(SCALE * share * count for count in day),
            complexity=complexity, target_s=target_s,
        )
        for name, share, complexity, law, patience_s, target_s in KINDS
    )  # fmt: skip
    return World(kinds, GROUPS, reps, STEP_S)


def rostered(days: Sequence[Day]) -> tuple[Rep, ...]:
    """Shifts for the mean of some days: each rep in turn takes the one, with its breaks, that leaves least work of the group uncovered."""
    each_s = sum(share * law.mean_s for _, share, _, law, _, _ in KINDS)
    needed = SCALE * np.mean(days, axis=0) * each_s / STEP_S / OCCUPANCY
    duties = [duty_s for hours, breaks in HOURS for duty_s in _duties(hours, breaks)]
    on = np.array([_on(duty_s, len(needed)) for duty_s in duties])
    reps = []
    for group, (count, share) in STAFF.items():
        left = share * needed
        for n in range(count):
            chosen = int(np.argmin((np.maximum(0.0, left - on) ** 2).sum(axis=1)))
            left = left - on[chosen]
            reps.append(Rep(f"{group}-{n}", group, duties[chosen]))
    return tuple(reps)


def _duties(hours: float, breaks: Sequence[int]) -> Iterator[tuple[tuple[float, float], ...]]:
    """Every begin by half hours, and the one that ends with the day, and breaks that part the shift evenly, begun up to an hour later by tens of minutes."""
    end_s = DAY_STEPS * STEP_S
    last_s = end_s - hours * 3600
    for begin_s, later in product((*range(0, int(last_s), 1800), last_s), range(7)):
        starts = [begin_s + hours * 3600 * (n + 1) / (len(breaks) + 1) + 600 * (later - 3) for n in range(len(breaks))]
        rests = [edge for at_s, minutes in zip(starts, breaks, strict=True) for edge in (at_s, at_s + 60 * minutes)]
        edges = [float(begin_s), *rests, begin_s + hours * 3600]
        yield tuple(zip(edges[::2], edges[1::2], strict=True))


def _on(duty_s: Sequence[tuple[float, float]], steps: int) -> list[float]:
    middles = [STEP_S * (n + 0.5) for n in range(steps)]
    return [float(any(begin_s <= at_s < end_s for begin_s, end_s in duty_s)) for at_s in middles]


def _invented(chance: Random) -> Day:
    """Two peaks, before noon and in the afternoon, a level of the day, and noise."""
    level = chance.gauss(265, 20)
    return tuple(
        max(
            0.0,
            level * (0.35 + 0.8 * exp(-(((n - 48) / 26) ** 2)) + 0.5 * exp(-(((n - 98) / 30) ** 2)))
            + chance.gauss(0, 8),
        )
        for n in range(DAY_STEPS)
    )
