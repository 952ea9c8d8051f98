"""Series as organisations have them: around the clock, tiny, with holidays, with a step, with days of 23 and 25 hours; forecasts stay sane."""

from datetime import UTC, datetime, timedelta

import numpy as np
import pytest

from baton.capabilities.workforce.forecasting.ahead import Expected, fitted
from baton.capabilities.workforce.forecasting.series import Series, gathered
from baton.capabilities.workforce.reading.workload import Offered, local, series_of

pytestmark = pytest.mark.unit

MONDAY = datetime.fromisoformat("2026-01-05")
HOUR_MS = 3_600_000


def around_the_clock(per_slot: float, days: int = 70, seed: int = 1) -> Series:
    """Every half hour of every day, busier by day."""
    chance, times, counts = np.random.default_rng(seed), [], []
    for slot in range(days * 48):
        mean = per_slot * (1.5 if 16 <= slot % 48 < 40 else 0.5)
        times.append(MONDAY + timedelta(minutes=30 * slot))
        counts.append(float(chance.poisson(mean)))
    return gathered(times, counts)


def sane(told: Expected) -> None:
    """Finite, in order, and never below none."""
    assert np.isfinite(told.high).all()
    assert (told.low >= 0).all()
    assert (told.low <= told.middle + 1e-9).all()
    assert (told.middle <= told.high + 1e-9).all()


@pytest.mark.parametrize("per_slot", [0.05, 2.0, 400.0])
def test_around_the_clock_tiny_or_huge(per_slot: float) -> None:
    series = around_the_clock(per_slot)
    told = fitted(series).ahead(series.days[-1] + np.arange(1, 8))
    sane(told)
    assert told.middle.sum() == pytest.approx(7 * 48 * per_slot, rel=0.35 if per_slot < 1 else 0.1)


def test_a_week_of_holidays_is_no_trend() -> None:
    series = around_the_clock(20.0)
    kept = np.array([n for n in range(70) if not 50 <= n < 57])
    told = fitted(Series(series.days[kept], series.minutes, series.counts[kept], 30)).ahead(
        series.days[-1] + np.arange(1, 8)
    )
    sane(told)
    assert told.middle.sum() == pytest.approx(7 * 48 * 20, rel=0.08)


def test_half_as_many_from_one_day_on_is_followed_within_two_weeks() -> None:
    series = around_the_clock(20.0)
    series.counts[-14:] /= 2
    told = fitted(series).ahead(series.days[-1] + np.arange(1, 8))
    assert told.middle.sum() == pytest.approx(7 * 48 * 10, rel=0.2)


@pytest.mark.parametrize(("change", "hours"), [("2026-03-29", 23), ("2026-10-25", 25)])
def test_days_of_23_and_25_hours_keep_every_contact(change: str, hours: int) -> None:
    zone = "Europe/Lisbon"
    begin = datetime.fromisoformat(change).replace(tzinfo=UTC) - timedelta(days=20)
    start_ms = int(begin.timestamp() * 1000)
    rows = [Offered(start_ms + n * HOUR_MS, "q", "voice", "", 3) for n in range(24 * 30)]
    series = series_of(rows, zone, 60)
    assert series.counts.sum() == 3 * 24 * 30
    day = next(n for n, d in enumerate(series.days.astype(str)) if d == change)
    assert series.counts[day].sum() == 3 * hours
    assert (series.counts[day] == 0).sum() == (1 if hours == 23 else 0), "the hour that is skipped had nobody"
    assert local(rows[0].at_ms, zone).tzinfo is None
    sane(fitted(series).ahead(series.days[-1] + np.arange(1, 8)))
