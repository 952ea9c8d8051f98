"""Binding: the hash of an act, what of it is refused, and the amount it moves."""

import pytest

from baton.kernel.binding import Unreadable, bound, cents_in, clean

pytestmark = pytest.mark.unit


def test_each_part_of_an_act_is_bound() -> None:
    one = bound("refund", {"cents": "40000"}, "p1", "40000")
    others = [
        bound("refunds", {"cents": "40000"}, "p1", "40000"), bound("refund", {"cents": 40000}, "p1", "40000"),
        bound("refund", {"cents": "4e4"}, "p1", "40000"), bound("refund", {"cents": ["40000"]}, "p1", "40000"),
        bound("refund", {"cents": "40000", "to": None}, "p1", "40000"), bound("refund", {"cents": "40000"}, "p2", "40000"),
        bound("refund", {"cents": "40000"}, "p1", "1"), bound("refund", {"cents": True}, "p1", "40000"),
    ]  # fmt: skip
    assert len({one, *others}) == len(others) + 1
    assert len(one) == 32


def test_an_amount_is_a_whole_number_of_cents() -> None:
    assert cents_in({"cents": "40000", "fee_cents": 12, "name": "x"}) == 40_000
    assert cents_in({}) == 0
    for wrong in ("4e4", "040000", "-1", "1.0", "٤", -1, 1.5, True, None, ["1"], "1" * 20):
        with pytest.raises(Unreadable):
            cents_in({"cents": wrong})


@pytest.mark.parametrize(
    "value", [1.5, float("nan"), b"x", {1: 2}, 2**60, [[[[[1]]]]], "x" * 20_001, {"a": {"A": 1, "a": 2}}]
)
def test_what_systems_read_differently_is_not_bound(value: object) -> None:
    with pytest.raises(Unreadable):
        bound("pay", {"it": value}, "p", "")


def test_a_text_is_made_clean_where_it_comes_in() -> None:
    assert clean("Jose\u0301\u200b N\u202eu") == "José Nu"
    assert clean("a\nb\tc") == "a\nb\tc"
