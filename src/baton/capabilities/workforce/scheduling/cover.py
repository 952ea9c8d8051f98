"""Cover: who at work can fill what is needed, half hour by half hour, each rep one place; what is left is missing."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from baton.capabilities.workforce.scheduling.counting import SLOTS, Need
from baton.capabilities.workforce.scheduling.people import HALF_HOUR_MIN, WEEK_DAYS, Shift

Serves = Mapping[str, frozenset[str]]
"""The queues of each rep."""


@dataclass(frozen=True)
class Cover:
    """A half hour of a day: reps needed, at work, and missing, which counts places that nobody who is there can fill."""

    day: int
    slot: int
    needed: int
    at_work: int
    missing: int


def cover(shifts: Sequence[Shift], serves: Serves, need: Need, days: Iterable[int] = range(WEEK_DAYS)) -> list[Cover]:
    """Every half hour in which somebody is needed or at work."""
    told = []
    for day in days:
        here = [shift for shift in shifts if shift.day == day]
        for slot in range(SLOTS):
            wanted = {queue: int(slots[day, slot]) for queue, slots in need.items() if slots[day, slot] > 0}
            on = [serves.get(s.rep, frozenset()) for s in here if s.works_at(slot * HALF_HOUR_MIN)]
            if on or wanted:
                total = sum(wanted.values())
                told.append(Cover(day, slot, total, len(on), total - coverable(on, wanted)))
    return told


def missing(shifts: Sequence[Shift], serves: Serves, need: Need, days: Iterable[int] = range(WEEK_DAYS)) -> int:
    """Rep half hours missing."""
    return sum(each.missing for each in cover(shifts, serves, need, days))


def coverable(on: Sequence[frozenset[str]], wanted: Mapping[str, int]) -> int:
    """How many wanted places the reps at work can fill, each one place (Hopcroft and Karp 1973)."""
    from scipy.sparse import csr_matrix
    from scipy.sparse.csgraph import maximum_bipartite_matching

    places = [queue for queue, count in wanted.items() for _ in range(count)]
    if not on or not places:
        return 0
    able = csr_matrix(np.array([[queue in queues for queue in places] for queues in on], dtype=np.int8))
    return int((maximum_bipartite_matching(able, perm_type="column") >= 0).sum())
