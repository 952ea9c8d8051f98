"""Ahead: what will be offered in each slot of days to come, with intervals that hold as often as they say."""

from dataclasses import dataclass, replace
from statistics import NormalDist

import numpy as np

from baton.capabilities.workforce.forecasting import level, shape, spread
from baton.capabilities.workforce.forecasting.calendar import MARKS, Calendar, learned
from baton.capabilities.workforce.forecasting.level import Belief, Wander
from baton.capabilities.workforce.forecasting.series import Days, Numbers, Series, weekdays

PACE = 0.1
LEAST_SURE, SUREST = 0.5, 0.98
"""How fast the share that intervals aim at follows what they held, and between which ends."""


@dataclass(frozen=True)
class Expected:
    """Contacts expected by day and slot: the middle, and the ends of the interval that covers `covers` of cases.

    `day_low` and `day_high` are the ends for each day's total, where they are known.
    """

    days: Days
    middle: Numbers
    low: Numbers
    high: Numbers
    covers: float
    day_low: Numbers | None = None
    day_high: Numbers | None = None


@dataclass(frozen=True)
class Fitted:
    """What a history tells: its calendar, how fast it wanders, what is believed after its last day, and how far it missed."""

    series: Series
    calendar: Calendar
    wander: Wander
    belief: Belief
    extra: float
    ends: tuple[float, float]
    covers: float

    def ahead(self, days: Days) -> Expected:
        """Forecasts of open days after the history, in order."""
        marks = self.calendar.marks(days, self.series.days)
        seen = level.seen(weekdays(days), marks)
        gaps = (days - self.series.days[-1]).astype(int)
        told = np.array([self._day(row, max(1, int(gap))) for row, gap in zip(seen, gaps, strict=True)]).reshape(-1, 3)
        shapes = np.array([shape.shape(self.series, int(weekday)) for weekday in weekdays(days)])
        middle = np.exp(told[:, 0])[:, None] * shapes.reshape(len(days), -1)
        found = _between(days, middle, spread.deviation(middle, self.extra + told[:, 1:2]), self.ends, self.covers)
        reach = NormalDist().inv_cdf(0.5 + self.covers / 2) * told[:, 2]
        return replace(found, day_low=np.exp(told[:, 0] - reach), day_high=np.exp(told[:, 0] + reach))

    def _day(self, seen: Numbers, gap_days: int) -> tuple[float, float, float]:
        """The expected log total, how much more uncertain it is than one day ahead, and its standard deviation."""
        expected, variance = level.wandered(self.belief, self.wander, gap_days).expects(seen)
        _, next_day = level.wandered(self.belief, self.wander).expects(seen)
        return expected, max(0.0, variance - next_day), (variance + level.noise(expected, self.wander)) ** 0.5


def fitted(series: Series, covers: float = spread.COVERS) -> Fitted:
    """Learn a series. Everything is chosen from its own past: the fit sees no day after its last."""
    calendar = learned(series.days)
    wander = level.chosen(series.totals, _seen(series, calendar))
    middle = day_ahead(series, calendar, wander, max(level.WARM_UP_DAYS, len(series.days) - spread.WINDOW_DAYS))
    counts = series.counts[-len(middle) :]
    extra = spread.extra_variance(counts, middle) if len(middle) else 0.0
    ends = spread.widths(counts, middle, extra, covers) if len(middle) else spread.NORMAL_80
    return Fitted(series, calendar, wander, _after(series, calendar, wander), extra, ends, covers)


def day_ahead(series: Series, calendar: Calendar, wander: Wander, first: int) -> Numbers:
    """Each day from number `first` on as it was forecast the evening before: [day, slot]."""
    told = list(level.filtered(series.totals, _seen(series, calendar), wander))[first:]
    shapes = [shape.shape(series.until(day), int(series.weekdays[day])) for day in range(first, len(series.days))]
    return np.array([np.exp(expected) * spreads for (_, expected, _), spreads in zip(told, shapes, strict=True)])


def each_day_ahead(series: Series, first: int, covers: float = spread.COVERS) -> Expected:
    """Days from number `first` on, each forecast the evening before with all that had come by then.

    How fast things wander is chosen from the days before `first` alone; interval widths move with the last 60 days.
    """
    calendar, past = learned(series.days[:first]), series.until(first)
    wander = level.chosen(past.totals, _seen(past, calendar))
    begin = max(level.WARM_UP_DAYS, first - spread.WINDOW_DAYS)
    middle = day_ahead(series, calendar, wander, begin)
    low, high = _evenings_before(series.counts[begin:], middle, covers)
    middle, low, high = (part[first - begin :] for part in (middle, low, high))
    return Expected(series.days[first:], middle, low, high, covers)


def _evenings_before(counts: Numbers, middle: Numbers, covers: float) -> tuple[Numbers, Numbers]:
    """Interval ends for each day from the days before it; the share aimed at moves against what the last days held.

    Adaptive conformal inference (Gibbs and Candes 2021): days vary together, so a run of odd ones would stay odd for weeks.
    """
    aim, ends = covers, []
    for day in range(len(middle)):
        told = _evening_before(counts[:day], middle[:day], middle[day], min(SUREST, max(LEAST_SURE, aim)))
        inside = (counts[day] >= told.low) & (counts[day] <= told.high)
        aim += PACE * (covers - float(inside.mean()))
        ends.append((told.low, told.high))
    return np.array([low for low, _ in ends]), np.array([high for _, high in ends])


def _evening_before(past: Numbers, told: Numbers, middle: Numbers, covers: float) -> Expected:
    past, told = past[-spread.WINDOW_DAYS :], told[-spread.WINDOW_DAYS :]
    extra = spread.extra_variance(past, told) if len(past) else 0.0
    ends = spread.widths(past, told, extra, covers) if len(past) else spread.NORMAL_80
    return _between(np.empty(0, "datetime64[D]"), middle, spread.deviation(middle, extra), ends, covers)


def _between(days: Days, middle: Numbers, deviation: Numbers, ends: tuple[float, float], covers: float) -> Expected:
    low, high = (middle + end * deviation for end in ends)
    return Expected(days, middle, np.clip(low, 0.0, middle), np.maximum(middle, high), covers)


def _seen(series: Series, calendar: Calendar) -> Numbers:
    nothing = series.days[:0]
    return level.seen(series.weekdays, calendar.marks(series.days, nothing))


def _after(series: Series, calendar: Calendar, wander: Wander) -> Belief:
    belief = level.before_anything(series.totals, len(MARKS), wander)
    for day, total in zip(_seen(series, calendar), series.totals, strict=True):
        belief = level.learnt(level.wandered(belief, wander), day, float(total), wander)
    return belief
