"""Standing: a week as it is kept: its shifts, what it needs, what is missing, and rests that are too short."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from numpy.typing import NDArray
from sqlalchemy import select

from baton.capabilities.workforce.events import ShiftPlanned
from baton.capabilities.workforce.scheduling.clocks import shift_of
from baton.capabilities.workforce.scheduling.counting import SLOTS, Need
from baton.capabilities.workforce.scheduling.cover import Cover, Serves, cover
from baton.capabilities.workforce.scheduling.people import WEEK_DAYS, Shift
from baton.capabilities.workforce.scheduling.placing import short_rests, unpopular_shift
from baton.capabilities.workforce.tables import NEEDS, SHIFTS, WEEKS
from baton.kernel.learning import Reads

Row = Mapping[str, object]
FAIR_WEEKS = 4
"""Weeks before whose evenings and weekends count when the next ones are shared out."""


@dataclass(frozen=True)
class Week:
    """A week: how it was made, its shifts by the log and by the clock, what is needed, and every half hour's cover."""

    monday: date
    told: Row | None
    kept: tuple[ShiftPlanned, ...]
    shifts: tuple[Shift, ...]
    need: Need
    cover: tuple[Cover, ...]

    @property
    def missing(self) -> int:
        """Rep half hours missing as it stands."""
        return sum(each.missing for each in self.cover)

    @property
    def short_rests(self) -> list[tuple[Shift, Shift]]:
        """Pairs of shifts with less than eleven hours between."""
        return short_rests(self.shifts)

    @property
    def state(self) -> str:
        """asked, made, failed, or nothing."""
        return str(self.told["state"]) if self.told else ""

    def of(self, rep: str) -> list[ShiftPlanned]:
        """A rep's shifts, in order."""
        return sorted((s for s in self.kept if s.rep == rep), key=lambda s: s.day)


async def week(reads: Reads, monday: date, zone: str, serves: Serves) -> Week:
    """The week of a Monday."""
    days = days_of(monday)
    told = await reads.survey(select(*WEEKS.c).where(WEEKS.c.week == monday.isoformat()))
    kept = await shifts_between(reads, days[0], days[-1])
    shifts = tuple(shift_of(each, zone) for each in kept)
    needs = need_of(await reads.survey(select(*NEEDS.c).where(NEEDS.c.day.in_(days))), days)
    return Week(monday, told[0] if told else None, tuple(kept), shifts, needs, tuple(cover(shifts, serves, needs)))


async def shifts_between(reads: Reads, first: str, last: str, rep: str = "") -> list[ShiftPlanned]:
    """Shifts of days from the first to the last, both included; of one rep, where one is named."""
    query = select(*SHIFTS.c).where(SHIFTS.c.day >= first, SHIFTS.c.day <= last, SHIFTS.c.end_ms > 0)
    found = await reads.survey(query.where(SHIFTS.c.rep == rep) if rep else query)
    return sorted((_shift(row) for row in found), key=lambda s: (s.day, s.start_ms, s.rep))


async def unpopular_before(reads: Reads, monday: date, zone: str) -> dict[str, int]:
    """Evenings and weekend days each rep had in the weeks before."""
    first = (monday - timedelta(weeks=FAIR_WEEKS)).isoformat()
    counts: dict[str, int] = {}
    for kept in await shifts_between(reads, first, (monday - timedelta(days=1)).isoformat()):
        counts[kept.rep] = counts.get(kept.rep, 0) + unpopular_shift(shift_of(kept, zone))
    return counts


def need_of(rows: Iterable[Row], days: Sequence[str]) -> dict[str, NDArray[np.int64]]:
    """What each queue needs: [day, half hour]."""
    need: dict[str, NDArray[np.int64]] = {}
    for row in rows:
        laid = need.setdefault(str(row["queue"]), np.zeros((len(days), SLOTS), dtype=np.int64))
        laid[days.index(str(row["day"]))] = [int(reps) for reps in str(row["reps"]).split(",")]
    return {queue: need[queue] for queue in sorted(need)}


def days_of(monday: date) -> list[str]:
    """The seven days of a week as ISO dates."""
    return [(monday + timedelta(days=n)).isoformat() for n in range(WEEK_DAYS)]


def _shift(row: Row) -> ShiftPlanned:
    start, end, meal = (int(str(row[name] or 0)) for name in ("start_ms", "end_ms", "meal_ms"))
    return ShiftPlanned(str(row["rep"]), str(row["day"]), start, end, meal)
