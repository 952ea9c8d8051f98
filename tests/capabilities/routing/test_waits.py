"""Waits and hours, worked by hand."""

import pytest

from baton.capabilities.routing.assigning.hours import is_open, opens_next_ms
from baton.capabilities.routing.assigning.waits import expected_ms, place_in_line, quote
from baton.capabilities.routing.events import Pace, Place, Post, Queue

pytestmark = pytest.mark.unit

HOUR_MS = 3_600_000
MONDAY_MS = 1_767_571_200_000
"""2026-01-05 00:00 UTC."""


def post(rep: str, held: int, capacity: int = 1, presence: str = "available") -> Post:
    return Post(rep, presence, 0, held=held, capacity=capacity)  # type: ignore[arg-type]


def places(*since_ms: int) -> list[Place]:
    return [Place(f"conversation/{n}", "waiting", "general", at) for n, at in enumerate(since_ms)]


def test_the_wait_behind_one_other_by_hand() -> None:
    """2 reps of 6 minutes each: the next leaves after 3 minutes; with patience of 10, the one after at 1/(2/6 + 1/10) min."""
    mean_ms, spread_ms = expected_ms(1, 2, 360_000, 600_000)
    assert mean_ms == 180_000 + 138_461
    assert spread_ms == int((180_000**2 + 138_461**2) ** 0.5)


def test_patience_shortens_a_long_line() -> None:
    with_patience, _ = expected_ms(20, 4, 360_000, 600_000)
    without, _ = expected_ms(20, 4, 360_000, 10**12)
    assert with_patience < without == pytest.approx(21 * 90_000, rel=0.001)


def test_a_quote_uses_the_queues_own_pace_and_holds_for_most() -> None:
    line = places(10, 20)
    said = quote(line[1], line, [post("kim", 1), post("lee", 1)], Pace("general", 120_000))
    assert said is not None
    assert said.place == 2
    assert said.wait_ms == 60_000 + 120_000 * 600_000 // (2 * 600_000 + 120_000)
    assert said.within_ms > said.wait_ms


def test_with_a_free_rep_it_is_seconds() -> None:
    line = places(10)
    said = quote(line[0], line, [post("kim", 0)], None)
    assert said is not None and (said.place, said.wait_ms) == (1, 10_000)


def test_no_time_is_promised_where_nobody_could_come() -> None:
    line = places(10)
    assert quote(line[0], line, [post("kim", 0, presence="offline")], None) is None
    assert quote(line[0], line, [], None) is None


def test_a_rep_on_a_break_still_counts_when_nobody_else_is_there() -> None:
    line = places(10)
    assert quote(line[0], line, [post("kim", 0, presence="break")], None) is not None


def test_priority_comes_before_patience() -> None:
    early, late = places(10, 20)
    urgent = Place("conversation/9", "waiting", "general", 30, priority=100)
    assert [place_in_line(p, [early, late, urgent]) for p in (urgent, early, late)] == [1, 2, 3]


@pytest.mark.parametrize(
    ("hour", "open_"), [(6.99, False), (7, True), (21.99, True), (22, False), (5 * 24 + 8, False), (6 * 24 + 8, True)]
)
def test_hours_of_a_day_queue_closed_on_saturdays(hour: float, open_: bool) -> None:
    queue = Queue("q", "Q", opens_minute=420, closes_minute=1320, closed_days=(5,))
    assert is_open(queue, MONDAY_MS + int(hour * HOUR_MS)) is open_


@pytest.mark.parametrize(("hour", "open_"), [(5, True), (6, False), (22, True), (24 + 5, True), (24 + 23, False)])
def test_hours_past_midnight_belong_to_the_day_they_begin(hour: int, open_: bool) -> None:
    queue = Queue("q", "Q", opens_minute=22 * 60, closes_minute=6 * 60, closed_days=(1,))
    assert is_open(queue, MONDAY_MS + hour * HOUR_MS) is open_


def test_when_it_opens_next() -> None:
    queue = Queue("q", "Q", opens_minute=420, closes_minute=1320, closed_days=(5, 6))
    assert opens_next_ms(queue, MONDAY_MS) == MONDAY_MS + 7 * HOUR_MS
    friday_night = MONDAY_MS + (4 * 24 + 23) * HOUR_MS
    assert opens_next_ms(queue, friday_night) == MONDAY_MS + (7 * 24 + 7) * HOUR_MS
    assert opens_next_ms(Queue("q", "Q", opens_minute=1, closed_days=tuple(range(7))), MONDAY_MS) == 0
