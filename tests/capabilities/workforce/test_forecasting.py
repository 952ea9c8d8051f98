"""Forecasting: what is offered tomorrow, half hour by half hour, and how often its interval holds."""

from datetime import datetime, timedelta
from math import exp, log

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.capabilities.workforce.forecasting import level, spread
from baton.capabilities.workforce.forecasting.ahead import each_day_ahead, fitted
from baton.capabilities.workforce.forecasting.calendar import MARKS, learned
from baton.capabilities.workforce.forecasting.level import Wander
from baton.capabilities.workforce.forecasting.series import Series, gathered
from baton.capabilities.workforce.forecasting.shape import shape
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

MONDAY = datetime.fromisoformat("2026-01-05")
WEEK = (1.3, 1.1, 1.0, 1.0, 1.05)


def invented(days: int = 120, per_day: float = 800.0, seed: int = 1, spread_by: float = 0.05) -> Series:
    """Weekdays from 8:00 to 18:00, a peak at eleven, and days that vary together (gamma-Poisson)."""
    chance = np.random.default_rng(seed)
    hours = np.exp(-(((np.arange(20) - 6) / 7.0) ** 2))
    open_days = [day for n in range(days) if (day := MONDAY + timedelta(days=n)).weekday() < 5]
    times, counts = [], []
    for day in open_days:
        mean = per_day * WEEK[day.weekday()] * chance.gamma(1 / spread_by**2, spread_by**2)
        times += [day + timedelta(minutes=480 + 30 * slot) for slot in range(20)]
        counts += chance.poisson(mean * hours / hours.sum()).tolist()
    return gathered(times, counts)


def test_contacts_are_laid_out_by_local_day_and_slot() -> None:
    times = [MONDAY + timedelta(days=n, minutes=m) for n in range(14) for m in (540, 550, 600)]
    series = gathered(times, [1, 2, 5] * 14)
    assert series.counts.shape == (14, 3)
    assert series.minutes.tolist() == [540, 570, 600]
    assert series.counts[0].tolist() == [3, 0, 5]
    assert series.weekdays[:3].tolist() == [0, 1, 2]


@pytest.mark.parametrize(
    ("times", "counts", "step", "code"),
    [
        ([MONDAY], [1.0], 30, "short_history"),
        ([MONDAY], [1.0], 7, "bad_step"),
        ([MONDAY, MONDAY], [1.0, -2.0], 30, "negative_count"),
    ],
)
def test_a_series_that_tells_nothing_is_refused(
    times: list[datetime], counts: list[float], step: int, code: str
) -> None:
    with pytest.raises(BatonError) as refused:
        gathered(times, counts, step)
    assert refused.value.code == code


def test_the_calendar_knows_the_ends_of_months_and_the_day_after_a_closed_one() -> None:
    days = np.array(
        [d for d in np.arange("2026-03-02", "2026-05-01", dtype="datetime64[D]") if d != np.datetime64("2026-04-06")]
    )
    days = days[[d.astype(datetime).weekday() < 5 for d in days]]
    calendar = learned(days)
    told = dict(zip(days.astype(str), calendar.marks(days, days[:0]), strict=True))

    def marked(day: str) -> set[str]:
        return {mark for mark, is_so in zip(MARKS, told[day], strict=True) if is_so}

    assert marked("2026-04-01") == {"first of month"}
    assert marked("2026-04-07") == {"after a closed day"}
    assert marked("2026-03-31") == {"last of month"}
    assert marked("2026-04-15") == {"mid-month"}
    assert marked("2026-03-10") == set()
    assert marked("2026-03-02") == {"first of month"}, "the first day known has no closed day before it"


def test_a_day_moves_the_belief_as_kalman_says() -> None:
    wander = Wander(level=0.0, weekday=0.0, marks=0.0, noise=0.01)
    belief = level.Belief(np.array([log(100.5)] + [0.0] * 7), np.diag([0.03] + [0.0] * 7))
    day = np.array([1.0] + [0.0] * 7)
    # Noise .01 and counting 1/100.5: gain = .03 / (.03 + .01 + .00995) = .6006; the log moves by .6006 * log(200.5 / 100.5).
    after = level.learnt(belief, day, 200.0, wander)
    gain = 0.03 / (0.03 + 0.01 + 1 / 100.5)
    assert after.mean[0] == pytest.approx(log(100.5) + gain * log(200.5 / 100.5))
    assert after.spread[0, 0] == pytest.approx(0.03 * (1 - gain))


def test_a_shape_is_of_its_weekday_and_sums_to_one() -> None:
    days = np.arange("2026-01-05", "2026-02-02", dtype="datetime64[D]")
    counts = np.where((np.arange(28) % 7 == 0)[:, None], [[30.0, 10.0]], [[10.0, 30.0]])
    series = Series(days, np.array([540, 570]), counts, 30)
    monday = shape(series, 0)
    assert monday.sum() == pytest.approx(1.0)
    assert monday[0] > 0.6
    assert shape(series, 3)[0] < 0.3


def test_widths_hold_the_share_they_promise_of_the_past() -> None:
    chance = np.random.default_rng(3)
    means = np.full((200, 10), 50.0)
    counts = chance.negative_binomial(20, 20 / 70.0, size=means.shape).astype(float)
    extra = spread.extra_variance(counts, means)
    assert extra == pytest.approx(1 / 20, rel=0.15), "negative binomial: variance = mean + mean^2 / 20"
    low, high = spread.widths(counts, means, extra)
    inside = (counts >= means + low * spread.deviation(means, extra)) & (
        counts <= means + high * spread.deviation(means, extra)
    )
    assert 0.8 <= inside.mean() < 0.84, "whole numbers on the edge count as inside"


def test_tomorrow_is_forecast_better_than_by_the_mean_of_four_same_weekdays() -> None:
    series = invented(days=210)
    first = 100
    told = each_day_ahead(series, first)
    by_hand = np.array([series.counts[first + n - 20 : first + n : 5].mean(axis=0) for n in range(len(told.middle))])
    actual = series.counts[first:]
    assert np.abs(actual - told.middle).sum() < 0.95 * np.abs(actual - by_hand).sum()
    assert ((actual >= told.low) & (actual <= told.high)).mean() == pytest.approx(0.8, abs=0.04)


def test_the_first_of_the_month_is_learned() -> None:
    series = invented(days=240, spread_by=0.02)
    firsts = learned(series.days).marks(series.days, series.days[:0])[:, 0] > 0
    series.counts[firsts] *= 1.5
    known = fitted(series.until(len(series.days) - 5))
    assert exp(known.belief.mean[8 + MARKS.index("first of month")]) == pytest.approx(1.5, abs=0.12)


def test_weeks_ahead_are_less_certain_than_tomorrow() -> None:
    series = invented()
    ahead = fitted(series).ahead(np.array(["2026-05-05", "2026-06-30"], "datetime64[D]"))
    wide = (ahead.high - ahead.low) / ahead.middle
    assert wide[1].mean() > wide[0].mean()
    assert ahead.day_low is not None
    assert ahead.day_high is not None
    assert (ahead.day_low < ahead.middle.sum(axis=1)).all()
    assert (ahead.middle.sum(axis=1) < ahead.day_high).all()


@settings(max_examples=15, deadline=None)
@given(st.lists(st.integers(0, 40), min_size=14 * 4, max_size=40 * 4), st.sampled_from([0.3, 0.8, 0.95]))
def test_any_history_gives_a_forecast_in_order(counts: list[int], covers: float) -> None:
    times = [MONDAY + timedelta(days=n // 4, minutes=600 + 30 * (n % 4)) for n in range(len(counts))]
    kept = [max(1, c) if n % 4 == 0 else c for n, c in enumerate(counts)]
    known = fitted(gathered(times, kept), covers)
    ahead = known.ahead(known.series.days[-1] + np.arange(1, 15))
    assert np.isfinite(ahead.high).all()
    assert (ahead.low >= 0).all()
    assert (ahead.low <= ahead.middle + 1e-9).all()
    assert (ahead.middle <= ahead.high + 1e-9).all()
