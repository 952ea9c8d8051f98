"""Offers left to chance judge another policy: weights by hand, the effective sample, and an offer whose chance the change moves."""

from collections.abc import Mapping

import pytest

from baton.capabilities.orchestration.replaying.weighing import MOST_WEIGHT, Offer, estimated
from baton.kernel.choose import chances, choose
from baton.kernel.conversation import Proposed

pytestmark = pytest.mark.unit

EVEN: Mapping[str, int] = {"kim": 500, "lee": 500}


def offers(kim_takes: int, lee_takes: int, would: Mapping[str, int], each: int = 100) -> list[Offer]:
    """So many offers to each of two reps, made with a chance of a half; of each hundred so many are taken."""
    return [
        Offer(rep, 500, would, n < takes) for rep, takes in (("kim", kim_takes), ("lee", lee_takes)) for n in range(each)
    ]  # fmt: skip


def test_the_same_chances_make_no_difference() -> None:
    told, (line,) = estimated(500, offers(90, 50, EVEN))
    assert (line.before.value, line.after.value, line.difference.value) == (700, 700, 0)
    assert (told.offers, told.chancy, told.effective, told.clipped) == (500, 200, 200, 0)
    assert line.method == "weighted"


def test_a_policy_that_asks_the_one_who_takes_gets_what_they_take() -> None:
    """Kim takes 90 of 100 and Lee 50: to ask Kim alone weighs Kim's offers twice and Lee's not at all, so 90 % are taken."""
    told, (line,) = estimated(200, offers(90, 50, {"kim": 1000}))
    assert line.before.value == 700
    assert abs(line.after.value - 900) <= 15
    assert line.difference.low > 0
    assert told.effective == 100, "(100 x 2)^2 / (100 x 4)"


def test_weights_are_cut_and_counted() -> None:
    """An offer of 1 % that the change makes certain would weigh a hundred: it weighs ten."""
    rare = [Offer("kim", 10, {"kim": 1000}, True) for _ in range(40)]
    told, _ = estimated(40, rare)
    assert (told.clipped, rare[0].weight) == (40, MOST_WEIGHT)


def test_too_few_effective_offers_claim_nothing() -> None:
    told, lines = estimated(10, offers(9, 5, EVEN, each=10))
    assert lines == ()
    assert told.why_not == "20 effective offers are fewer than 30"


def test_a_policy_that_would_have_offered_somebody_else_first_is_not_judged_by_it() -> None:
    told, lines = estimated(200, offers(90, 50, {}))
    assert lines == ()
    assert told.effective == 0


def test_chances_are_those_that_choosing_has() -> None:
    """Of two near-ties the best is taken with 985 permille, the other with 15; one far below is never taken."""
    made = [
        ("routing", Proposed("offer", {"rep": rep}, value))
        for rep, value in (("kim", 1000), ("lee", 990), ("noa", 500))
    ]
    assert [(p.args["rep"], permille) for p, permille in chances(made, ())] == [("kim", 985), ("lee", 15)]
    seen = [choose(made, (), "assignment/main", n) for n in range(2000)]
    taken = [decided for decided in seen if decided is not None and decided.args["rep"] == "lee"]
    assert {decided.chance_permille for decided in taken} == {15}
    assert 0.005 < len(taken) / 2000 < 0.03
    assert chances([], ()) == []
    assert [permille for _, permille in chances(made[2:], ())] == [1000]
