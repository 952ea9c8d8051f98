"""Formats: numbers, shares, durations and times as people read them."""

import pytest

from baton.web.formats import (
    clock,
    day,
    day_time,
    duration,
    duration_words,
    initials,
    interval,
    iso,
    money,
    number,
    percent,
    permille,
    points,
)

pytestmark = pytest.mark.unit

AT_MS = 1_795_010_520_000  # 18 November 2026, 14:02 UTC


def test_thousands_are_grouped_by_a_thin_space_and_units_stay_with_their_number() -> None:
    assert number(4812) == "4\u202f812"
    assert number(-0.9, 1) == "−0.9"
    assert permille(382) == "38.2\u00a0%"
    assert percent(0.71) == "71\u00a0%"
    assert permille(None) == "no figure"


def test_differences_carry_their_sign() -> None:
    assert [points(11), points(0), points(-9)] == ["+1.1", "0.0", "−0.9"]
    assert interval(368, 396) == "36.8 to 39.6"


def test_durations_as_a_clock_and_in_words() -> None:
    assert [duration(252_000), duration(3_852_000), duration(-12_000), duration(-200)] == [
        "4:12",
        "1:04:12",
        "−0:12",
        "0:00",
    ]
    assert [duration_words(ms) for ms in (41_000, 360_000, 3_900_000, 7_200_000, 260_000_000)] == [
        "41\u00a0s", "6\u00a0min", "1\u00a0h 5\u00a0min", "2\u00a0h", "3 days",
    ]  # fmt: skip


def test_a_moment_is_told_in_the_readers_zone() -> None:
    assert clock(AT_MS) == "14:02"
    assert clock(AT_MS, "Europe/Madrid") == "15:02"
    assert day(AT_MS, "Asia/Tokyo") == "18 Nov 2026"
    assert day_time(AT_MS) == "18 Nov, 14:02"
    assert iso(AT_MS) == "2026-11-18T14:02:00+00:00"


def test_money_and_initials() -> None:
    assert [money(31_240), money(-500, "CHF")] == ["€312.40", "−CHF\u00a05.00"]
    assert [initials("Ana Ruiz"), initials("Concierge for D. Hale"), initials("Li"), initials("")] == [
        "AR",
        "CH",
        "L",
        "",
    ]
