"""Same need or not, by hand: what speaks for it and what against, and that the order of arrival changes nothing."""

import random

import pytest
from msgspec.structs import replace

from baton.capabilities.resolution.events import Contact
from baton.capabilities.resolution.judging.about import about
from baton.capabilities.resolution.judging.matching import DAY_MS, ENOUGH, issues, likeness
from baton.kernel.conversation import Turn

pytestmark = pytest.mark.unit


def said(name: str, day: float, *texts: str, verdict: str = "silent", intent: str = "", need: str = "") -> Contact:
    at = int(day * DAY_MS)
    found = about([Turn("customer", text, n) for n, text in enumerate(texts)])
    return Contact(
        name, intent, "chat", at, at, "agent", verdict, marks=found.marks, words=found.words, returning=found.returning, need=need
    )  # fmt: skip


REFUND = said("a", 0, "My refund for booking QK7M2P has not arrived", verdict="given_up")


def test_a_later_chat_about_the_same_booking_in_other_words_goes_with_it() -> None:
    again = said("b", 2, "Still nothing: the refund QK7M2P is missing")
    assert likeness(REFUND, again) >= ENOUGH
    # Stems of a: refund bookin arrive (has, not, for and My are short); of b: nothin refund missin; one shared: 1000 // isqrt(9) = 333
    # -1200 - 1620 * ln(3) + 5790 * .333 + 620 (still) + 600 (given up) + 830 (code) = 998 in permille; ln 3 = 1099
    assert likeness(REFUND, again) == -1200 + -1620 * 1099 // 1000 + 5790 * 333 // 1000 + 620 + 600 + 830


def test_another_booking_another_wish_and_time_speak_against_it() -> None:
    assert likeness(REFUND, said("b", 2, "Please change the seat on HX4T9W")) < ENOUGH
    assert likeness(REFUND, said("b", 40, "My refund for booking QK7M2P has not arrived")) < ENOUGH
    near, far = (likeness(REFUND, said("b", day, "the refund QK7M2P")) for day in (1, 20))
    assert near > far
    met = replace(REFUND, verdict="met")
    assert likeness(met, said("b", 2, "refund QK7M2P")) < likeness(REFUND, said("b", 2, "refund QK7M2P"))


def test_a_need_that_the_source_names_decides_alone() -> None:
    one, other = said("a", 0, "refund QK7M2P", need="n1"), said("b", 1, "refund QK7M2P", need="n2")
    assert [[c.conversation for c in g] for g in issues([one, other])] == [["a"], ["b"]]
    assert len(issues([one, replace(other, need="n1", words=())])) == 1


def test_the_order_of_arrival_changes_no_group() -> None:
    everyone = [
        REFUND, said("b", 2, "Still nothing: the refund QK7M2P is missing"), said("c", 3, "seat on HX4T9W please"),
        said("d", 3.5, "that seat HX4T9W again"), said("e", 5, "hello"), said("f", 6, "refund QK7M2P, I wrote twice"),
    ]  # fmt: skip
    seen = set()
    for seed in range(20):
        mixed = random.Random(seed).sample(everyone, len(everyone))
        seen.add(tuple(tuple(c.conversation for c in group) for group in issues(mixed)))
    assert len(seen) == 1
    assert [c for group in seen.pop() for c in group if len(group) > 2] == ["a", "b", "f"]


@pytest.mark.parametrize("text", ["", "😀" * 500, "a" * 100_000, "１２３ \x00 '); DROP"])
def test_any_text_is_about_something_or_nothing(text: str) -> None:
    assert len(about([Turn("customer", text, 1)]).words) <= 80
