"""Comparing versions: by hand, with what may be concluded; a canary that is no worse is not called so, one that is clearly worse is found."""

import random
from math import isinf

import pytest

from baton.capabilities.agents.studio.comparing import compare_drawn, compare_mixed, drawn_against
from baton.capabilities.agents.studio.tallies import Pair, Tally
from baton.kernel.stats import Moments, watched_difference, watched_over_strata

pytestmark = pytest.mark.unit


def tally(needs: int, met: int, handed: int = 0) -> Tally:
    return Tally(needs, needs, handed, needs, met)


def test_only_what_chance_drew_against_each_other_is_compared() -> None:
    told: dict[Pair, Tally] = {
        ("2", 100, "1"): tally(50, 30), ("1", 900, "2"): tally(450, 280), ("2", 300, "1"): tally(150, 90), ("1", 700, "2"): tally(350, 210),
        ("1", 1000, ""): tally(9000, 100), ("2", 300, "0"): tally(80, 1), ("0", 700, "2"): tally(80, 80),
    }  # fmt: skip
    strata = drawn_against(told, "2", "1")
    assert [(a.needs, b.needs) for a, b in strata] == [(50, 450), (150, 350)]
    assert drawn_against(told, "3", "1") == []


def test_too_few_say_nothing_and_enough_say_what_may_be_said() -> None:
    few = compare_drawn([(tally(20, 1), tally(400, 300))], "2", "1")
    assert [w.verdict for w in few.watched] == ["few", "few"]
    assert few.sentence == "Nothing can be claimed yet of needs met: each version needs 30 cases under one share."
    same = compare_drawn([(tally(200, 130, 40), tally(200, 128, 44))], "2", "1")
    assert same.sentence.startswith("No difference can be claimed yet: version 2 less version 1 is between -")
    worse = compare_drawn([(tally(300, 120, 60), tally(300, 210, 60))], "2", "1")
    assert worse.sentence.startswith("Version 2 is clearly worse than version 1: -30.0 points, between ")
    assert worse.worse == worse.sentence
    handed = compare_drawn([(tally(300, 200, 200), tally(300, 200, 60))], "2", "1")
    assert handed.worse.endswith("(went to a person).")
    better = compare_drawn([(tally(300, 270, 60), tally(300, 150, 60))], "2", "1")
    assert (better.watched[0].verdict, better.worse) == ("better", "")


def test_versions_of_different_times_are_compared_at_equal_mix_with_a_caution() -> None:
    kinds = {
        "2": {"refund · low · chat": tally(100, 80), "bag · low · chat": tally(20, 5)},
        "1": {"refund · low · chat": tally(20, 16), "bag · low · chat": tally(100, 25)},
    }
    told = compare_mixed(kinds, "2", "1")
    assert told.mix is not None
    assert told.mix.left_raw.value - told.mix.right_raw.value > 0.3, "as it happened the newer one looks better"
    assert told.mix.difference is not None
    assert told.mix.difference.value == pytest.approx(0), "at equal mix it is not"
    assert told.sentence.startswith("No difference can be claimed: at equal mix")
    assert "A canary would tell." in told.sentence


def test_one_stratum_is_the_watched_difference_and_small_ones_are_left_out() -> None:
    a, b = Moments(100, 60, 60), Moments(300, 200, 200)
    one, whole = watched_over_strata([(a, b)], 400), watched_difference(a, b, 400)
    assert (one.value, one.low, one.high) == pytest.approx((whole.value, whole.low, whole.high))
    assert watched_over_strata([(a, b), (Moments(29, 0, 0), Moments(500, 500, 500))], 400) == one
    assert isinf(watched_over_strata([(Moments(29, 0, 0), b)], 400).high)


def watched(seed: int, effect: float, drift: float, *, pooled: bool = False) -> int:
    """The day (1 first) on which a canary is called worse, looked at daily for four weeks of 60 needs a day; 0 if never."""
    chance, seen = random.Random(seed), dict[int, tuple[Moments, Moments]]()
    for day in range(28):
        share = 100 if day < 7 else 300 if day < 14 else 500
        for _ in range(60):
            canary = chance.random() * 1000 < share
            met = float(chance.random() < 0.62 + drift * day / 28 + (effect if canary else 0))
            a, b = seen.get(0 if pooled else share, (Moments(), Moments()))
            seen[0 if pooled else share] = (a.plus(met), b) if canary else (a, b.plus(met))
        if watched_over_strata(list(seen.values()), 400, 0.025).high < 0:
            return day + 1
    return 0


def test_a_canary_that_is_no_worse_is_not_stopped_though_its_share_rises_while_everything_gets_worse() -> None:
    stopped = sum(watched(seed, 0.0, -0.3) > 0 for seed in range(60))
    assert stopped <= 3, "at most five in a hundred, however often one looks"
    assert sum(watched(seed, 0.0, -0.3, pooled=True) > 0 for seed in range(60)) > stopped, "pooled over shares more are"


def test_a_canary_that_meets_fifteen_points_fewer_is_stopped_within_four_weeks() -> None:
    assert sum(watched(seed, -0.15, 0.0) > 0 for seed in range(20)) >= 18
