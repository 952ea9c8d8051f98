"""Card data never reaches the log, and nothing else is taken for it."""

import random
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from baton.kernel.cover import cover, luhn

pytestmark = pytest.mark.unit

WORDS = "zero one two three four five six seven eight nine".split()


@pytest.mark.parametrize(
    ("said", "logged"),
    [
        ("my card is 4111 1111 1111 1111", "my card is [card ••1111]"),
        ("4111-1111-1111-1111 exp 12/27 cvv 123", "[card ••1111] exp 12/27 cvv [code]"),
        ("5555.5555.5555.4444 and the code is 1234", "[card ••4444] and the code is [code]"),
        ("amex 378282246310005.", "amex [card ••0005]."),
        ("4111111111111111 123", "[card ••1111] [code]"),
        ("４１１１１１１１１１１１１１１１", "[card ••1111]"),
        ("٤١١١١١١١١١١١١١١١", "[card ••1111]"),
        ("four one one one, one one one one, one one one one, one one one one thanks", "[card ••1111] thanks"),
        ("it is forty one eleven eleven eleven eleven eleven eleven eleven", "it is [card ••1111]"),
        ("four triple one quadruple one quadruple one quadruple one", "[card ••1111]"),
        ("4 1 1 1 1 1 1 1 1 1 1 1 1 1 1 1", "[card ••1111]"),
        ("the security code is one two three", "the security code is [code]"),
        ("three digits on the back 737", "three digits on the back [code]"),
        ("cards 4222222222222 and 6011111111111117", "cards [card ••2222] and [card ••1117]"),
        ("pay4012888888881881now", "pay[card ••1881]now"),
        ("4111\u00a01111\u200b1111\n1111", "[card ••1111]"),
        ("4917610000000000003", "[card ••0003]"),
        ("my card number is 675984103431?", "my card number is [card ••3431]?"),
    ],
)
def test_card_numbers_and_codes_are_covered(said: str, logged: str) -> None:
    assert cover(said).text == logged


@pytest.mark.parametrize(
    "said",
    [
        "call me on +49 1512 3456789012",
        "phone 0044 1632 960961 or (415) 555-2671",
        "IBAN DE89 3704 0044 0532 0130 00",
        "ES9121000418450200051332",
        "booking HX4K2P on flight HA1187 of 12 May 2026",
        "e-ticket 0162345678903",
        "customer 675984103431",
        "order 1234567890123456",
        "at 1700000000000 ms",
        "the login code is 4821",
        "nine one one, one person, two bags, three days, four seats, five o'clock, six tickets",
        "12 34 56 78 90 1 2 3",
        "000000000000000000",
        "",
    ],
)
def test_other_numbers_stay(said: str) -> None:
    assert cover(said).text == said


def card(chance: random.Random) -> str:
    """An invented Visa-like number that checks."""
    head = "4" + "".join(chance.choices("0123456789", k=14))
    return next(head + last for last in "0123456789" if luhn(head + last))


@settings(max_examples=150, deadline=None)
@given(
    seed=st.integers(0, 10**9),
    gap=st.sampled_from(["", " ", "-", ".", " - ", "\n"]),
    spoken=st.booleans(),
    before=st.text(alphabet="abc ,.?é🙂", max_size=20),
)
def test_any_card_however_grouped_is_covered(seed: int, gap: str, spoken: bool, before: str) -> None:
    chance = random.Random(seed)
    number = card(chance)
    sizes = chance.choice([(4, 4, 4, 4), (4, 6, 6), (16,), (8, 8), (1,) * 16])
    parts, at = [], 0
    for size in sizes:
        parts.append(number[at : at + size])
        at += size
    said = " ".join(WORDS[int(d)] for d in number) if spoken else gap.join(parts)
    covered = cover(f"{before} it is {said} ok")
    assert covered.text.endswith(f"[card ••{number[-4:]}] ok")
    assert [found.kind for found in covered.found] == ["card"]


def test_luhn_by_hand() -> None:
    """79927398713: doubled from the right 2 6 18->9 ... sum 70."""
    assert luhn("79927398713")
    assert not luhn("79927398710")
    assert not luhn("0000000000000")


def test_what_is_covered_once_stays_as_it_is() -> None:
    once = cover("card 4111 1111 1111 1111 cvv 123").text
    assert cover(once).text == once


def test_a_long_hostile_text_takes_no_long_time() -> None:
    began = time.process_time()
    for text in (
        "4111 " * 4000,
        "a." * 20000 + "@",
        "one " * 20000,
        "1-" * 20000,
        "+" * 20000,
        "x@" * 10000,
        "AB12 " * 8000,
        "::1" * 9000,
    ):
        cover(text)
    assert time.process_time() - began < 10
