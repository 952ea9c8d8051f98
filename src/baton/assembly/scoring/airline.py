"""An airline's days that quotes are scored on: six queues of Halcyon Air, five groups of reps, shifts with breaks, arrivals that differ by hour and day.

Invented, so that the truth is known. Three customers in ten never give up: how long anybody would have waited is seen on them, whoever else left.
"""

from math import exp
from random import Random
from typing import Final

from baton.kernel.queueing import ContactClass, Exponential, Lognormal, Rep, RepGroup, World

HOUR_S: Final = 3600.0
HOURS: Final = 14
VOLUME: Final = 105.0
"""Contacts each half hour of a middling hour."""
STEADY: Final = 0.3
"""The share that never gives up; it is scored on, never learned from."""
KINDS: Final = (
    ("refunds", 0.26, Lognormal(420, 1.2), 300.0),
    ("rebooking", 0.30, Lognormal(360, 1.1), 240.0),
    ("bags", 0.16, Lognormal(300, 1.1), 300.0),
    ("seats_and_extras", 0.12, Lognormal(240, 1.0), 200.0),
    ("app_and_sign_in", 0.11, Lognormal(200, 1.0), 180.0),
    ("corporate", 0.05, Lognormal(540, 1.2), 420.0),
)
"""Queue, share of the arrivals, handle time and mean patience in seconds."""
QUEUES: Final = tuple(kind[0] for kind in KINDS)
GROUPS: Final = (
    RepGroup("refunds", {"refunds": 1, "rebooking": 1}),
    RepGroup("rebooking", {"rebooking": 1, "seats_and_extras": 1}),
    RepGroup("bags", {"bags": 1, "app_and_sign_in": 1}),
    RepGroup("front", {"seats_and_extras": 1, "app_and_sign_in": 1, "bags": 1}),
    RepGroup("senior", {"refunds": 1, "rebooking": 1, "bags": 1, "corporate": 1}),
)
STAFF: Final = {"refunds": 9, "rebooking": 9, "bags": 7, "front": 6, "senior": 8}
SHIFTS: Final = (
    ((0, 2.5), (2.75, 4.5), (5, 8.5)),
    ((2, 4.75), (5, 6.5), (7, 10.5)),
    ((5.5, 8), (8.25, 10), (10.5, 17)),
    ((0, 2.5), (2.75, 5), (5.5, 8.5)),
    ((2, 4.75), (5, 7), (7.5, 10.5)),
    ((5.5, 8), (8.25, 10.5), (11, 17)),
)
"""On duty from and to, in hours since the day began; gaps are breaks. The last shifts stay until all are served."""


def reps() -> tuple[Rep, ...]:
    """Everybody, each day on the same shift."""
    return tuple(
        Rep(f"{group}-{n}", group, tuple((a * HOUR_S, b * HOUR_S) for a, b in SHIFTS[n % len(SHIFTS)]))
        for group, count in STAFF.items()
        for n in range(count)
    )


def day(seed: int) -> World:
    """One day: two peaks, and a level of its own. Even classes may give up, the odd one after each is of the same queue and never does."""
    level = Random(f"airline/{seed}").gauss(1, 0.06)
    kinds = []
    for queue, share, law, patience_s in KINDS:
        expected = [VOLUME * level * share * _shape(half / 2) for half in range(2 * HOURS)]
        for name, part, patience in ((queue, 1 - STEADY, Exponential(patience_s)), (f"{queue}, steady", STEADY, None)):
            kinds.append(ContactClass(name, queue, law, patience, tuple(part * each for each in expected)))
    return World(tuple(kinds), GROUPS, reps(), HOUR_S / 2, day_cv=0.08)


def _shape(hour: float) -> float:
    return 0.45 + 0.75 * exp(-(((hour - 4) / 2.2) ** 2)) + 0.55 * exp(-(((hour - 9.5) / 2.4) ** 2))
