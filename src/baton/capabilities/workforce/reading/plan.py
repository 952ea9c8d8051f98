"""Plan: the days to come of one queue, how good the forecast was lately, and the people each slot needs."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
from numpy.typing import NDArray

from baton.capabilities.workforce.forecasting import spread
from baton.capabilities.workforce.forecasting.ahead import Expected, each_day_ahead, fitted
from baton.capabilities.workforce.forecasting.series import LEAST_DAYS, Days, Numbers, Series, weekdays
from baton.capabilities.workforce.reading.workload import Offered, local, series_of
from baton.capabilities.workforce.staffing.needed import Aim, Needed, needed
from baton.capabilities.workforce.staffing.pace import Pace, pace

LATELY_DAYS = 28
WEEKS_BY_HAND = 4


@dataclass(frozen=True)
class Lately:
    """The last days as they were forecast the evening before: what came, and the errors beside a planner's by hand.

    Errors are weighted: sum of |came - told| over all that came, per slot; `by_chance` is what a perfect forecast would have missed,
    since contacts come by chance. `inside` is the share of slots in the interval.
    """

    days: tuple[date, ...]
    came: Numbers
    told: Numbers
    error: float
    by_hand: float
    by_chance: float
    inside: float
    slots: int


@dataclass(frozen=True)
class Plan:
    """What a planner needs of a queue. `minutes` is the minute of the day at which each slot begins.

    `kept` is what AI is expected to keep on the same days, as it does now; None where too few days had any.
    """

    minutes: tuple[int, ...]
    step_min: int
    days: tuple[date, ...]
    expected: Expected
    pace: Pace
    aim: Aim
    needed: Needed
    lately: Lately | None
    kept: Expected | None = None

    def day(self, at: date) -> int:
        """The number of a day in the plan; its first where it is none of them."""
        return self.days.index(at) if at in self.days else 0


def plan(found: Sequence[Offered], zone: str, today: date, days: int, aim: Aim) -> Plan | None:
    """The plan from today on for contacts offered to people; None where the history is too short to forecast."""
    past = [row for row in found if local(row.at_ms, zone).date() < today]
    people = [row for row in past if not row.kept]
    if not _is_enough(people, zone):
        return None
    series = series_of(people, zone)
    known = fitted(series)
    ahead = _open_days(today, days, known.calendar.usual)
    expected, at_pace = known.ahead(ahead), pace(people)
    return Plan(
        tuple(series.minutes.tolist()), series.step_min, _dates(ahead), expected, at_pace, aim,
        needed(expected.middle, series.step_min, at_pace, aim), lately(series), _kept([row for row in past if row.kept], zone, ahead),
    )  # fmt: skip


def _is_enough(rows: Sequence[Offered], zone: str) -> bool:
    return len({local(row.at_ms, zone).date() for row in rows}) >= LEAST_DAYS


def _kept(rows: Sequence[Offered], zone: str, ahead: Days) -> Expected | None:
    return fitted(series_of(rows, zone)).ahead(ahead) if _is_enough(rows, zone) else None


def lately(series: Series) -> Lately | None:
    """How the last days were forecast; None where too few came before them."""
    first = max(2 * LEAST_DAYS, len(series.days) - LATELY_DAYS)
    if first >= len(series.days):
        return None
    told, came = each_day_ahead(series, first), series.counts[first:]
    by_hand = np.array([_by_hand(series, day) for day in range(first, len(series.days))])
    inside = (came >= told.low) & (came <= told.high)
    return Lately(
        _dates(series.days[first:]), came.sum(axis=1), told.middle.sum(axis=1), _error(came, told.middle), _error(came, by_hand),
        float(spread.by_chance(told.middle).sum() / max(1.0, came.sum())),
        float(inside.mean()), inside.size,
    )  # fmt: skip


def _by_hand(series: Series, day: int) -> Numbers:
    same = np.flatnonzero(series.weekdays[:day] == series.weekdays[day])[-WEEKS_BY_HAND:]
    return np.asarray(series.counts[same].mean(axis=0) if len(same) else series.counts[:day].mean(axis=0))


def _error(came: Numbers, told: Numbers) -> float:
    return float(np.abs(came - told).sum() / max(1.0, came.sum()))


def _open_days(first: date, days: int, usual: NDArray[np.bool_]) -> Days:
    every = np.datetime64(first, "D") + np.arange(days)
    return np.asarray(every[usual[weekdays(every)]])


def _dates(days: Days) -> tuple[date, ...]:
    return tuple(days.astype("datetime64[D]").tolist())
