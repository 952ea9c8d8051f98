"""Mixing: people and AI in one plan. What is left for people when AI keeps more of the easy contacts.

What people keep is fewer contacts and harder ones: the mean handle time rises although nobody works slower (Simpson). The
work left is counted level by level, and nothing is said of how customers like it: that is for a replay or a canary to tell.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from baton.capabilities.workforce.reading.workload import LEVELS, Offered
from baton.capabilities.workforce.staffing.pace import Pace


@dataclass(frozen=True)
class Work:
    """Contacts offered to people by level, their minutes, the mean handle time in seconds and the share of minutes that is hard."""

    contacts: Mapping[str, float]
    minutes: float
    handle_s: float
    hard_share: float


def work(contacts: Mapping[str, float], paces: Mapping[str, Pace], otherwise: Pace) -> Work:
    """The work in contacts of each level; a level without a pace of its own takes the usual time."""
    spent = {level: count * paces.get(level, otherwise).handle_s / 60 for level, count in contacts.items()}
    minutes, total = sum(spent.values()), sum(contacts.values())
    return Work(
        contacts,
        minutes,
        60 * minutes / total if total else 0.0,
        spent.get(LEVELS[-1], 0.0) / minutes if minutes else 0.0,
    )


def levels_of(found: Iterable[Offered]) -> dict[str, float]:
    """Contacts offered to people, by level; what nobody graded is apart, under an empty name."""
    counts: dict[str, float] = {}
    for row in found:
        if not row.kept:
            counts[row.level] = counts.get(row.level, 0.0) + row.contacts
    return counts


def with_more_ai(contacts: Mapping[str, float], more: float, level: str = LEVELS[0]) -> dict[str, float]:
    """The contacts that are left for people when AI keeps the share `more` (0 to 1) of one level's."""
    return {name: count * (1.0 - more) if name == level else count for name, count in contacts.items()}
