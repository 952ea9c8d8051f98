"""Breathers: asked for by work, priced, granted within a budget, taken or not; then an easy one first."""

from typing import Literal

import pytest

from baton.capabilities.routing.events import MAIN, RepReady
from baton.capabilities.wellbeing.events import (
    Asked,
    BreatherAnswered,
    BreathersApproved,
    Easing,
    Wellbeing,
    team_stream,
)
from tests.capabilities.wellbeing.floor import MINUTE, TEAM, Floor

pytestmark = pytest.mark.unit
Answer = Literal["take", "later", "no"]
TEAM_STREAM = team_stream(TEAM)


def tired(floor: Floor, rep: str = "kim") -> str:
    """Three hostile conversations in a row; the breather's name."""
    for _ in range(3):
        floor.serves(rep, "medium", 4, mood=-800)
    breather = floor.breather(rep)
    assert breather.state == "asked"
    return breather.ref


def answers(floor: Floor, ref: str, answer: Answer, rep: str = "kim") -> None:
    floor.happens(f"rep/{rep}", BreatherAnswered(ref, answer), f"rep/{rep}")
    floor.settle()


def state(floor: Floor, rep: str = "kim") -> str:
    return floor.breather(rep).state


def test_three_hostile_in_a_row_a_breather_and_then_an_easy_one() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 4)
    assert (state(floor), floor.breather("kim").late_permille, floor.breather("kim").by) == ("offered", 4, "policy")
    answers(floor, ref, "take")
    assert (floor.post("kim").presence, floor.post("kim").reason) == ("break", "breather")
    assert (floor.load("kim").milli_min, floor.load("kim").run) == (0, 0)
    hard, easy = floor.waits("high"), floor.waits("low")
    floor.forward(5 * MINUTE - 1)
    assert floor.offer_of(hard) == floor.offer_of(easy) == ""
    floor.forward(1)
    assert floor.post("kim").presence == "available"
    assert (floor.offer_of(easy), floor.offer_of(hard)) == ("kim", "")


def test_after_the_easy_one_everything_comes_again() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 0)
    answers(floor, ref, "take")
    floor.forward(5 * MINUTE)
    floor.serves("kim", "low", 3)
    assert not floor.board.facts.all(Easing)
    assert floor.offer_of(floor.waits("high")) == "kim"


def test_nobody_waits_for_ever_for_an_easy_one() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 0)
    answers(floor, ref, "take")
    hard = floor.waits("high")
    floor.forward(5 * MINUTE + 599)
    assert floor.offer_of(hard) == ""
    floor.forward(1)
    assert floor.offer_of(hard) == "kim"


def test_what_costs_more_than_policy_allows_waits_for_a_supervisor() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 35)
    assert state(floor) == "asked"
    floor.happens(TEAM_STREAM, BreathersApproved(1, "mara"), "rep/mara")
    floor.settle()
    assert (state(floor), floor.breather("kim").by) == ("offered", "mara")
    answers(floor, ref, "take")
    assert floor.spent_s() == 300
    assert not floor.streams[TEAM_STREAM].facts.all(Asked)


def test_a_price_that_falls_is_enough() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 35)
    floor.priced(ref, 8)
    assert state(floor) == "offered"


def test_where_the_budget_is_spent_the_next_one_is_easy() -> None:
    floor = Floor(Wellbeing(budget_min=4))
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 0)
    assert floor.breather("kim").kind == "easy"
    answers(floor, ref, "take")
    assert floor.post("kim").presence == "available"
    hard, easy = floor.waits("high"), floor.waits("low")
    assert (floor.offer_of(easy), floor.offer_of(hard)) == ("kim", "")
    assert floor.spent_s() == 0


def test_without_easy_ones_in_the_policy_nothing_more_is_granted() -> None:
    floor = Floor(Wellbeing(budget_min=4, kinds=("break",)))
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 0)
    floor.happens(TEAM_STREAM, BreathersApproved(3, "mara"))
    floor.settle()
    assert state(floor) == "asked"


def test_later_hides_it_and_no_gives_its_minutes_back() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 0)
    answers(floor, ref, "later")
    assert (state(floor), floor.breather("kim").hidden_ms) == ("offered", floor.now_ms + 300_000)
    answers(floor, ref, "no")
    assert state(floor) == "over"
    assert floor.spent_s() == 0
    floor.serves("kim", "high", 4)
    assert state(floor) == "over", "not asked again for half an hour"
    floor.forward(30 * MINUTE)
    floor.serves("kim", "high", 4)
    assert state(floor) == "asked"


def test_an_offer_nobody_answers_lapses() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 0)
    floor.forward(30 * MINUTE)
    assert state(floor) == "over"
    answers(floor, ref, "take")
    assert floor.post("kim").presence == "available"


def test_who_goes_home_wants_no_breather_and_one_that_is_late_is_returned() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.happens(MAIN, RepReady("kim", "offline", capacity=1))
    floor.settle()
    assert state(floor) == "over"
    floor.priced(ref, 0)
    assert state(floor) == "over"
    assert not floor.streams[TEAM_STREAM].facts.all(Asked)


def test_who_comes_back_early_gets_an_easy_one_first_too() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 0)
    answers(floor, ref, "take")
    floor.forward(2 * MINUTE)
    floor.ready("kim", capacity=1)
    floor.settle()
    assert state(floor) == "over"
    assert floor.offer_of(floor.waits("high")) == ""
    assert floor.offer_of(floor.waits("low")) == "kim"


def test_who_goes_from_a_breather_to_a_meal_is_not_set_available() -> None:
    floor = Floor()
    floor.arrives("kim")
    ref = tired(floor)
    floor.priced(ref, 0)
    answers(floor, ref, "take")
    floor.forward(2 * MINUTE)
    floor.happens(MAIN, RepReady("kim", "break", capacity=1, reason="meal"))
    floor.settle()
    assert state(floor) == "over"
    floor.forward(3 * MINUTE)
    assert (floor.post("kim").presence, floor.post("kim").reason) == ("break", "meal")


def test_a_team_of_two_shares_one_budget() -> None:
    floor = Floor(Wellbeing(budget_min=5, kinds=("break",)))
    floor.arrives("kim")
    first = tired(floor)
    floor.happens(MAIN, RepReady("kim", "away", capacity=1))
    floor.settle()
    floor.arrives("lee")
    second = tired(floor, "lee")
    floor.priced(first, 0)
    floor.priced(second, 0)
    assert (state(floor), state(floor, "lee")) == ("offered", "asked")
    answers(floor, first, "no")
    floor.priced(second, 0)
    assert state(floor, "lee") == "offered"
