"""`baton eval forecast`: a series forecast day by day after a cut, beside what a planner would do by hand.

Each day is forecast the evening before with all that had come by then; `frozen` figures forecast every day at the cut.
"""

import csv
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path

import numpy as np

from baton.capabilities.workforce.forecasting.ahead import Expected, each_day_ahead, fitted
from baton.capabilities.workforce.forecasting.series import Numbers, Series, gathered
from baton.kernel.errors import BatonError

Figures = dict[str, object]
STEPS = {"5min": 5, "10min": 10, "15min": 15, "30min": 30, "1h": 60, "60min": 60}
WEEKS = 4


def forecast(path: Path, cut: str, step: str) -> Figures:
    """Weighted absolute error of the forecast, of the mean of the last four same weekdays and of the last one; coverage."""
    series = gathered(*_read(path), step_min=_minutes(step))
    first = int(np.searchsorted(series.days, np.datetime64(_time(cut, path).date(), "D")))
    if not 2 * 7 <= first < len(series.days):
        raise BatonError(
            "bad_cut",
            400,
            f"{cut!r} leaves {first} days before it and {len(series.days) - first} after. Both are needed.",
        )
    rolling, frozen = each_day_ahead(series, first), fitted(series.until(first)).ahead(series.days[first:])
    return {
        **_scored(series, first, rolling, ""), "baseline_wape": wape(series.counts[first:], _by_hand(series, first, WEEKS)),
        "naive_wape": wape(series.counts[first:], _by_hand(series, first, 1)), **_scored(series, first, frozen, "frozen_"),
        "days": len(series.days) - first, "step_min": series.step_min,
    }  # fmt: skip


def wape(actual: Numbers, told: Numbers) -> float:
    """Weighted absolute percentage error: sum of |actual - told| over the sum of actual."""
    return round(float(np.abs(actual - told).sum() / actual.sum()), 4)


def _scored(series: Series, first: int, told: Expected, name: str) -> Figures:
    actual = series.counts[first:]
    inside = (actual >= told.low) & (actual <= told.high)
    return {f"{name}wape": wape(actual, told.middle), f"{name}coverage80": round(float(inside.mean()), 4)}


def _by_hand(series: Series, first: int, weeks: int) -> Numbers:
    """The mean of the last `weeks` same weekdays before each day."""
    rows: list[Numbers] = []
    for day in range(first, len(series.days)):
        same = np.flatnonzero(series.weekdays[:day] == series.weekdays[day])[-weeks:]
        rows.append(series.counts[same].mean(axis=0) if len(same) else series.counts[:day].mean(axis=0))
    return np.array(rows)


def _read(path: Path) -> tuple[list[datetime], list[float]]:
    times, counts = [], []
    for time, count in _rows(path):
        times.append(_time(time, path))
        try:
            counts.append(float(count))
        except ValueError:
            raise BatonError("bad_series", 400, f"{path.name}: {count!r} is no number of contacts.") from None
    return times, counts


def _rows(path: Path) -> Iterator[Sequence[str]]:
    with path.open(newline="", encoding="utf-8") as file:
        rows = csv.reader(file)
        next(rows, None)
        for number, row in enumerate(rows, 2):
            if len(row) < 2:
                raise BatonError("bad_series", 400, f"{path.name} line {number}: {row!r} is not a time and a count.")
            yield row


def _time(text: str, path: Path) -> datetime:
    """A local time; an offset in the text is where the clock stood, and days are that clock's."""
    try:
        return datetime.fromisoformat(text).replace(tzinfo=None)
    except ValueError:
        raise BatonError(
            "bad_series", 400, f"{path.name}: {text!r} is no ISO time, such as 2026-11-27T09:30."
        ) from None


def _minutes(step: str) -> int:
    if step not in STEPS:
        raise BatonError("bad_step", 400, f"{step!r} is no step. Take one of {', '.join(STEPS)}.")
    return STEPS[step]
