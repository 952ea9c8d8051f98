"""Arrivals of invented customers: as many as said, more by day than at night, and the same for the same seed."""

from itertools import accumulate, islice, takewhile

import pytest

from baton.demo.arrivals import gaps_s

pytestmark = pytest.mark.unit

MIDNIGHT_MS = 1_763_942_400_000
"""2025-11-24 in Lisbon, where clocks show UTC in winter."""
DAY_S, HOUR_S = 86_400, 3600


def day_of(seed: int) -> list[float]:
    return list(takewhile(lambda at_s: at_s < DAY_S, accumulate(gaps_s(seed, MIDNIGHT_MS, 60.0))))


def test_a_day_has_its_number_and_its_hours() -> None:
    days = [day_of(seed) for seed in range(5)]
    assert sum(map(len, days)) / 5 == pytest.approx(24 * 60, rel=0.05)
    nights, mornings = ([sum(h <= at / HOUR_S < h + 2 for at in day) for day in days] for h in (2, 9))
    assert sum(mornings) > 1.8 * sum(nights), "the profile says more, and a quiet hour keeps six tenths of the mean"
    assert sum(nights) > 5 * 2 * 60 * 0.45


def test_the_same_seed_is_the_same_day_and_the_next_one_follows() -> None:
    first, again = (list(islice(gaps_s(3, MIDNIGHT_MS, 300.0), 9000)) for _ in range(2))
    assert first == again
    assert first != list(islice(gaps_s(4, MIDNIGHT_MS, 300.0), 9000))
    assert min(first) >= 0
    assert sum(first) > DAY_S
