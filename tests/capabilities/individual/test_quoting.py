"""Quotes by hand: what is left of a contact, one rep's desk, a line, who gave up, and promises that are kept as often as they say."""

from math import exp

import numpy as np
import pytest

from baton.capabilities.individual.quoting import keeping, laws
from baton.capabilities.individual.quoting.line import Line, behind_ms, rows, rules_ms
from baton.capabilities.individual.quoting.named import Busy, by_hand, level, named, ways_ms
from baton.capabilities.individual.quoting.pooled import Waited, foretold_ms, heaviness, patience_ms, pooled, weighed
from baton.capabilities.individual.quoting.quote import quote_of

pytestmark = pytest.mark.unit
MINUTE = 60_000


def lognormal(median_ms: int, spread: float) -> laws.Law:
    return tuple(round(median_ms * exp(spread * z)) for z in laws.POINTS)


def test_what_is_left_grows_with_what_has_passed() -> None:
    """A lognormal law of median 3 minutes and spread 1: P(T > 3 min) = 1/2, so the quantile at .8 given 3 minutes is where S = .1:
    z = 1.2816, T = 3 e^1.2816 = 10.81 minutes, 7.81 left."""
    law = lognormal(3 * MINUTE, 1.0)
    fresh = laws.fresh_ms(law, np.array([0.8]))[0]
    left = laws.remaining_ms(law, 3 * MINUTE, np.array([0.8]))[0]
    assert fresh == pytest.approx(3 * MINUTE * exp(0.8416), rel=0.01)
    assert left == pytest.approx(7.81 * MINUTE, rel=0.01)
    assert laws.remaining_ms(law, 20 * MINUTE, np.array([0.5]))[0] > laws.remaining_ms(law, MINUTE, np.array([0.5]))[0]


def test_a_law_is_as_observed_and_small_classes_borrow() -> None:
    many = {"long": [600_000 + n for n in range(2000)], "short": [60_000 + n for n in range(20)]}
    found = laws.fitted(many)
    assert found["long"][10] == pytest.approx(600_999, rel=0.01)
    assert 60_000 < found["short"][10] < found[""][10]
    assert laws.fitted({"few": [1000] * 3}) == {}
    assert laws.mean_ms(lognormal(60_000, 0.5)) == pytest.approx(60_000 * exp(0.125), rel=0.02)


def test_one_rep_in_a_conversation() -> None:
    law = lognormal(3 * MINUTE, 1.0)
    told = named(Busy(((law, 3 * MINUTE),)))
    assert told is not None
    assert told.within_ms == pytest.approx(7.81 * MINUTE, rel=0.03)
    assert told.wait_ms == pytest.approx((3 * exp(0.6745) - 3) * MINUTE, rel=0.03)
    assert by_hand([(law, 3 * MINUTE)], 5 * MINUTE, 0) == 2 * MINUTE


def test_a_free_place_is_told_at_once_and_the_earliest_of_three_conversations_counts() -> None:
    law = lognormal(5 * MINUTE, 0.8)
    free = named(Busy(((law, MINUTE),), places=2))
    three = named(Busy(((law, MINUTE),) * 3, places=3))
    one = named(Busy(((law, MINUTE),), places=1))
    assert free == quote_of(0, 0)
    assert three is not None
    assert one is not None
    assert three.within_ms < one.within_ms


def test_whoever_wants_the_same_rep_first_is_waited_for() -> None:
    law = lognormal(5 * MINUTE, 0.5)
    alone, second = ways_ms(Busy(((law, 0),))), ways_ms(Busy(((law, 0),), ahead=(law,)))
    assert second.mean() == pytest.approx(2 * alone.mean(), rel=0.02)


def test_a_break_is_waited_for_and_who_goes_home_is_not_promised() -> None:
    law = lognormal(5 * MINUTE, 0.2)
    desk = Busy(((law, 0),), away=((2 * MINUTE, 20 * MINUTE),))
    told = named(desk)
    assert told is not None
    assert told.within_ms == 20 * MINUTE
    assert named(Busy(((law, 0),), ends_ms=2 * MINUTE)) is None
    assert level(desk, 20 * MINUTE) == 0.0
    assert level(desk, None) == 1.0


def test_behind_others_who_may_give_up() -> None:
    """Two reps, mean service 4 minutes, mean patience 6, one ahead: 1/(2/4) + 1/(2/4 + 1/6) = 2 + 1.5 = 3.5 minutes; spread 2.5."""
    one, two = np.array([1]), np.array([2])
    mean, spread = behind_ms(one, two, 4 * MINUTE * one, 6 * MINUTE * one)
    assert mean[0] == pytest.approx(3.5 * MINUTE)
    assert spread[0] == pytest.approx(2.5 * MINUTE)
    line = Line(1, 0, 2, 4 * MINUTE, 6 * MINUTE)
    assert rules_ms(rows([line]))[0, 3] == 4 * MINUTE
    assert pooled(line, None, None).within_ms == pytest.approx((3.5 + 0.842 * 2.5) * MINUTE, abs=1000)


def test_who_gave_up_is_not_left_out() -> None:
    """Two answered after 1 minute each and one who left after 2: 4 minutes waited, 1 left: a mean patience of 4 minutes; an answered wait
    of 1 minute stands for e^(1/4)."""
    line = Line(0, 0, 1, MINUTE, MINUTE)
    waits = [Waited("q", 9, line, MINUTE, True)] * 2 + [Waited("q", 9, line, 2 * MINUTE, False)]
    assert patience_ms(waits) == 4 * MINUTE
    assert heaviness(waits).tolist() == pytest.approx([exp(0.25), exp(0.25), 0.0])


def cut_short(n: int, seed: int = 3) -> list[Waited]:
    """Waits of 30 s for each ahead, give or take, with patience of two minutes; who would not wait so long is cut short."""
    chance, waits = np.random.default_rng(seed), []
    for _ in range(n):
        ahead = int(chance.integers(0, 8))
        line = Line(ahead, 0, 5, 5 * MINUTE, 2 * MINUTE)
        came, patience = 30_000 * (ahead + 1) * chance.gamma(4, 0.25), chance.exponential(2 * MINUTE)
        waits.append(Waited("q", 9, line, round(min(came, patience)), bool(came <= patience)))
    return waits


def test_what_is_learned_from_waits_that_were_cut_short_is_what_would_have_come() -> None:
    weights = weighed(cut_short(4000))
    table = rows([Line(ahead, 0, 5, 5 * MINUTE, 2 * MINUTE) for ahead in (0, 3, 7)])
    assert foretold_ms(table, weights["q"]).tolist() == pytest.approx([30_000, 120_000, 240_000], rel=0.15)
    assert weighed(cut_short(100)) == {}


def test_promises_are_kept_as_often_as_they_say_in_each_hour() -> None:
    chance = np.random.default_rng(1)
    ratios = [("q", hour, float(chance.gamma(2, (1 + hour) / 2)), 1.0) for hour in range(3) for _ in range(3000)]
    found = keeping.factors(ratios)
    for hour in range(3):
        fresh = chance.gamma(2, (1 + hour) / 2, 20_000)
        kept = (1000 * fresh <= (keeping.factor(found, "q", hour) or 0)).mean()
        assert kept == pytest.approx(0.8, abs=0.02)
    assert keeping.factor(found, "another", 23) == found["|"]
    assert keeping.factors(ratios[:50]) == {}
