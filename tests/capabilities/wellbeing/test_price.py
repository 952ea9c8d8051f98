"""What a breather costs, and how even the hard share is: by hand."""

from math import exp, isclose

import pytest

from baton.assembly.scoring.breathers import breathers
from baton.capabilities.wellbeing.breathers.price import PATIENCE_S, Price, Work, price, settled
from baton.capabilities.wellbeing.reading.teams import evenness
from baton.kernel.queueing import erlang_a

pytestmark = pytest.mark.unit


def test_the_price_is_the_service_level_that_is_lost() -> None:
    """Ten places, 1.2 contacts a minute of 6 minutes: one rep of one place fewer for 5 minutes, of 6 customers expected."""
    work = Work(0.02, 360, 20, 10, 1)
    levels = [erlang_a(0.02, 360, PATIENCE_S, places, 20).service_level for places in (10, 9)]
    assert isclose(settled(300 / 360), 1 - (1 - exp(-5 / 6)) * 6 / 5)
    assert price(work, 300) == Price(round(1000 * (levels[0] - levels[1]) * settled(300 / 360)), 6_000)
    assert price(work, 300).late_permille > 20


def test_a_queue_has_not_settled_when_a_short_rest_is_over() -> None:
    """Over one handle time it gets 1 / e of the way on average, over a hundred nearly all of it."""
    assert isclose(settled(1), exp(-1))
    assert isclose(settled(100), 0.99)
    assert settled(0.01) < 0.005
    assert settled(0) == 0


def test_by_hand_where_one_is_left_of_two() -> None:
    """M/M/1 with a target of 0 s and hardly any impatience: half an Erlang waits half the time; with two it waits 1 in 10."""
    two, one = (erlang_a(0.5 / 360, 360, 1e9, places, 0) for places in (2, 1))
    assert isclose(1 - one.service_level, 0.5, abs_tol=1e-3)
    assert isclose(1 - two.service_level, 0.1, abs_tol=1e-3)


def test_more_away_at_once_cost_more_than_one_by_one() -> None:
    work = Work(0.02, 360, 20, 10, 1)
    assert price(work, 300, 3).late_permille >= 3 * price(work, 300, 1).late_permille


def test_nobody_comes_or_nobody_is_left() -> None:
    assert price(Work(0, 360, 20, 10, 1), 300) == Price(0, 0)
    assert price(Work(0.02, 360, 20, 0, 1), 300).late_permille == 0
    alone = price(Work(0.001, 360, 20, 1, 1), 36_000).late_permille
    assert alone == round(990 * erlang_a(0.001, 360, PATIENCE_S, 1, 20).service_level)


def test_gini_of_the_hard_share_by_hand() -> None:
    """Four people with .1 and four with .3: the mean difference of all pairs is .2 x 32 / 64 = .1, over twice the mean of .2: .25.

    By chance, of 100 each at .2: two differ by sqrt(2 x .0032 / pi) = .0451 on average, 56 of 64 pairs: .0395 over .4 = .0987.
    """
    found = evenness([(10, 100)] * 4 + [(30, 100)] * 4)
    assert found is not None
    assert isclose(found.gini.value, 0.25)
    assert found.gini.low < 0.25 < found.gini.high
    assert isclose(found.by_chance, 0.0987, abs_tol=1e-4)
    assert evenness([(20, 100)] * 7) is None, "seven people are not told of"
    assert evenness([(0, 100)] * 8) is None


def test_the_price_is_near_what_the_twin_loses() -> None:
    """Few runs: within three points everywhere, and far nearer than the long run alone."""
    told = breathers(7, 60, lambda line: None)
    assert isinstance(told["mean_error"], float)
    assert isinstance(told["baseline_mean_error"], float)
    assert told["mean_error"] < 0.03 < told["baseline_mean_error"]
