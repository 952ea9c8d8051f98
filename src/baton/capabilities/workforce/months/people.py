"""People: who is there in months to come, by team: those who leave, and those who are hired, begin and learn.

A team's attrition is shrunken towards that of all, by a gamma prior worth one year of ten people: small teams have few leavers, and
none last year does not mean none next year.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, sqrt
from typing import Final

from baton.capabilities.workforce.events import Planning
from baton.capabilities.workforce.months.volume import WEEKS_A_MONTH, Z_80

PRIOR_YEARS: Final = 10.0
"""Person-years that the attrition of all counts as, beside a team's own."""
USUAL_A_YEAR: Final = 0.3
"""Attrition a year until anybody was seen: an assumption, and shown as one."""
MONTHS: Final = 18


@dataclass(frozen=True)
class Team:
    """A team: people there, those of them by weeks since they began where they still learn, leavers and person-years of the last year."""

    name: str
    people: int
    learning_weeks: tuple[float, ...] = ()
    leavers: int = 0
    years: float = 0.0


@dataclass(frozen=True)
class Month:
    """A team's month: people needed with the 80 % interval; there without hiring, with the interval of who leaves; at full pace with what is hired."""

    needed: tuple[float, float, float]
    there: tuple[float, float, float]
    hired: int
    with_hired: float


def attrition(teams: Sequence[Team]) -> dict[str, float]:
    """The share that leaves in a year, by team."""
    leavers, years = sum(t.leavers for t in teams), sum(t.years for t in teams)
    of_all = (leavers + USUAL_A_YEAR * PRIOR_YEARS) / (years + PRIOR_YEARS)
    return {t.name: (t.leavers + of_all * PRIOR_YEARS) / (t.years + PRIOR_YEARS) for t in teams}


def months(
    team: Team, leave_a_year: float, needed: Sequence[tuple[float, float, float]], rules: Planning
) -> list[Month]:
    """Eighteen months. As many as are short begin, people and not yet pace, once the lead time is over: hiring for the
    pace of the first weeks would leave too many when they learned.
    """
    stays = (1 - leave_a_year) ** (1 / 12)
    lead = ceil(rules.hire_weeks / WEEKS_A_MONTH)
    begun: list[tuple[int, float]] = []
    told = []
    for month, need in enumerate(needed, 1):
        stayed = stays**month
        mean, reach = team.people * stayed, Z_80 * sqrt(team.people * stayed * (1 - stayed))
        pace = sum(stays ** (month - at) * many * ramp((month - at) * WEEKS_A_MONTH, rules) for at, many in begun)
        pace += mean - stayed * sum(1 - ramp(w + month * WEEKS_A_MONTH, rules) for w in team.learning_weeks)
        short = need[0] - pace
        hired = ceil(short - 0.5) if short > 0.5 and month > lead else 0
        begun += [(month, hired)] if hired else []
        there = (mean, max(0.0, mean - reach), min(float(team.people), mean + reach))
        told.append(Month(need, there, hired, pace + hired * ramp(WEEKS_A_MONTH / 2, rules)))
    return told


def ramp(weeks: float, rules: Planning) -> float:
    """The pace of somebody so many weeks after they began, of one who learned it all: a straight line from `start_permille` to 1."""
    start = rules.start_permille / 1000
    return min(1.0, start + (1 - start) * weeks / rules.ramp_weeks) if rules.ramp_weeks else 1.0


def shared(
    needed: Sequence[tuple[float, float, float]], teams: Sequence[Team]
) -> Mapping[str, list[tuple[float, float, float]]]:
    """What all need, by team, in proportion to the people of today."""
    total = sum(t.people for t in teams) or 1
    return {
        t.name: [(a * t.people / total, b * t.people / total, c * t.people / total) for a, b, c in needed]
        for t in teams
    }
