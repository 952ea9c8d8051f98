"""Choosing: vetoes, then value; ties are sometimes left to chance, which is a hash and is logged."""

from collections import Counter

import pytest
from hypothesis import given
from hypothesis import strategies as st

from baton.kernel.choose import EXPLORE_PERMILLE, chance_permille, choose, key_of
from baton.kernel.conversation import Decided, Proposed, Vetoed

pytestmark = pytest.mark.unit

OFFERS = st.lists(
    st.tuples(st.sampled_from("ab"), st.builds(Proposed, action=st.sampled_from("xyz"), value=st.integers(-99, 9999))),
    max_size=6,
)


def test_nothing_proposed_is_nothing_decided():
    assert choose([], [], "s", 1) is None


def test_everything_vetoed_is_nothing_decided():
    assert choose([("a", Proposed("x", value=1))], [Vetoed("x", "no")], "s", 1) is None


@given(offers=OFFERS, ordinal=st.integers(1, 99))
def test_the_choice_is_the_same_in_any_order_and_never_far_from_the_best(offers, ordinal):
    chosen: Decided | None = choose(offers, [], "s", ordinal)
    assert chosen == choose(offers[::-1], [], "s", ordinal) or len({o[1].value for o in offers}) < len(offers)
    if chosen is not None:
        best = max(o[1].value for o in offers)
        assert chosen.value >= best - abs(best) * 20 // 1000


@given(offers=OFFERS)
def test_what_was_not_chosen_is_kept_best_first(offers):
    chosen = choose(offers, [], "s", 1)
    if chosen is not None:
        values = [p.value for p in chosen.over]
        assert len(values) == len(offers) - 1 and values == sorted(values, reverse=True)


def test_near_ties_are_exchanged_as_often_as_logged():
    offers = [
        ("a", Proposed("offer", {"rep": r}, value)) for r, value in (("1", 1000), ("2", 999), ("3", 995), ("4", 900))
    ]
    decided = [d for n in range(20_000) if (d := choose(offers, [], "s", n))]
    shares = Counter(d.args["rep"] for d in decided)
    logged = {d.args["rep"]: d.chance_permille for d in decided}
    assert shares["4"] == 0
    assert logged == {"1": 1000 - EXPLORE_PERMILLE + 10, "2": 10, "3": 10}
    for rep, permille in logged.items():
        assert abs(shares[rep] / 20 - permille) < 4


def test_chance_is_spread_evenly_and_repeats():
    drawn = [chance_permille("seed", "s", n, "label") for n in range(20_000)]
    assert drawn == [chance_permille("seed", "s", n, "label") for n in range(20_000)]
    assert all(1600 < count < 2400 for count in Counter(d // 100 for d in drawn).values())


def test_a_key_is_of_stream_ordinal_action_and_arguments():
    keys = [key_of("s", 1, "a", {"x": 1, "y": 2}), key_of("s", 1, "a", {"y": 2, "x": 1}), key_of("s", 2, "a", {"x": 1, "y": 2}),
            key_of("t", 1, "a", {"x": 1, "y": 2}), key_of("s", 1, "b", {"x": 1, "y": 2}), key_of("s", 1, "a", {"x": 1})]  # fmt: skip
    assert keys[0] == keys[1] and len(set(keys)) == 5
