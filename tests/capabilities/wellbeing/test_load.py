"""Load: worked by hand from the work handled, and from nothing else."""

import pytest

from baton.capabilities.routing.events import MAIN, OfferTaken, RepReady, TakenOver, WrappedUp
from baton.capabilities.wellbeing.events import LoadForgotten
from baton.capabilities.wellbeing.load.leaking import leaked
from tests.capabilities.wellbeing.floor import MINUTE, Floor

pytestmark = pytest.mark.unit


def test_a_load_halves_in_each_half_life() -> None:
    assert [leaked(8_000, minutes * 60_000, 3600) for minutes in (0, 30, 60, 90, 180)] == [8000, 5656, 4000, 2828, 1000]
    assert leaked(8_000, 24 * 60 * 60_000, 3600) == 0


def test_a_worked_example_by_hand() -> None:
    """Ten minutes of medium: 10. An hour of nothing: 5. Six minutes of high with a hostile customer: 5 x 2^-.1 + 6 x 3 = 22.7."""
    floor = Floor()
    floor.arrives("kim")
    floor.serves("kim", "medium", 10)
    assert floor.load("kim").milli_min == 10_000
    floor.forward(60 * MINUTE)
    floor.serves("kim", "high", 6, mood=-700)
    assert floor.load("kim").milli_min == 4_665 + 18_000
    assert (floor.load("kim").served, floor.load("kim").hard, floor.load("kim").hostile, floor.load("kim").run) == (
        2,
        1,
        1,
        1,
    )


def test_low_work_is_no_load_and_ends_a_run() -> None:
    floor = Floor()
    floor.arrives("kim")
    floor.serves("kim", "high", 5)
    floor.serves("kim", "high", 5)
    assert floor.load("kim").run == 2
    before = floor.load("kim").milli_min
    floor.serves("kim", "low", 5)
    assert floor.load("kim").run == 0
    assert floor.load("kim").milli_min < before


def test_a_minute_counts_once_however_many_share_it() -> None:
    """A from 0 to 10, B from 4 to 16: A has 4 + 6/2 = 7 minutes, B 6/2 + 6 = 9, and 16 together: the time that passed."""
    floor = Floor()
    floor.arrives("kim", capacity=2)
    first = floor.waits("medium")
    floor.happens(MAIN, OfferTaken("kim", first))
    floor.settle()
    floor.forward(4 * MINUTE)
    second = floor.waits("medium")
    floor.happens(MAIN, OfferTaken("kim", second))
    floor.settle()
    floor.forward(6 * MINUTE)
    floor.happens(first, WrappedUp("kim", "solved"))
    floor.settle()
    assert floor.load("kim").milli_min == 7_000
    floor.forward(6 * MINUTE)
    floor.happens(second, WrappedUp("kim", "solved"))
    floor.settle()
    assert floor.load("kim").milli_min == leaked(7_000, 6 * MINUTE * 1000, 3600) + 9_000
    assert floor.load("kim").busy_ms == floor.load("kim").duty_ms == 16 * MINUTE * 1000


def test_a_break_begins_the_count_anew_and_a_short_absence_does_not() -> None:
    floor = Floor()
    floor.arrives("kim")
    floor.serves("kim", "high", 5)
    floor.happens(MAIN, RepReady("kim", "away", capacity=1))
    floor.settle()
    floor.forward(MINUTE)
    floor.ready("kim", capacity=1)
    floor.settle()
    assert (floor.load("kim").run, floor.load("kim").served) == (1, 1)
    floor.happens(MAIN, RepReady("kim", "break", capacity=1, reason="meal"))
    floor.settle()
    floor.forward(20 * MINUTE)
    floor.ready("kim", capacity=1)
    floor.settle()
    assert (floor.load("kim").run, floor.load("kim").served, floor.load("kim").rested_ms) == (0, 0, floor.now_ms)
    assert floor.load("kim").milli_min > 0, "the load itself leaks; a break does not wipe it out"


def test_who_deletes_their_load_begins_anew_and_may_end_it() -> None:
    floor = Floor()
    floor.arrives("kim")
    floor.serves("kim", "high", 5)
    floor.happens("rep/kim", LoadForgotten(counting=False), "rep/kim")
    assert (floor.load("kim").milli_min, floor.load("kim").served) == (0, 0)
    floor.serves("kim", "high", 5)
    assert floor.load("kim").milli_min == 0
    floor.happens("rep/kim", LoadForgotten(), "rep/kim")
    floor.serves("kim", "high", 5)
    assert floor.load("kim").milli_min == 10_000


def test_a_conversation_that_changes_hands_counts_for_each_while_they_had_it() -> None:
    floor = Floor()
    floor.arrives("kim")
    conversation = floor.waits("high")
    floor.happens(MAIN, OfferTaken("kim", conversation))
    floor.settle()
    floor.forward(4 * MINUTE)
    floor.happens(conversation, TakenOver("mara", "Mara"), "rep/mara")
    floor.settle()
    floor.forward(3 * MINUTE)
    floor.happens(conversation, WrappedUp("mara", "solved"), "rep/mara")
    floor.settle()
    assert (floor.load("kim").milli_min, floor.load("mara").milli_min) == (8_000, 6_000)
