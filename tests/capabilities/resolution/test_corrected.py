"""The corrected share: by hand, with too few answers, one-sided, and about whom it says nothing."""

import pytest

from baton.capabilities.resolution.reading.corrected import FEWEST, Drawn, corrected
from baton.capabilities.resolution.reading.windowed import Need
from baton.kernel.stats import wilson

pytestmark = pytest.mark.unit


def needs(met: int, of: int) -> list[Need]:
    return [Need(f"n{n}", "confirmed" if n < met else "unaccounted", f"cu{n}", (f"n{n}",)) for n in range(of)]


def answers(found: list[Need], yes: int, no: int, state: str, of: int = 500) -> dict[str, Drawn]:
    told = [n.need for n in found if n.state == state]
    return {need: Drawn(need, of, "yes" if k < yes else "no") for k, need in enumerate(told[: yes + no])}


def test_by_hand() -> None:
    """100 needs, 70 held to be met: mean(s) = .7. 40 answers: of 24 with s = 1, 18 say yes; of 16 with s = 0, 4 do.

    mean y = 22/40 = .55, mean s = .6, lambda = (18 - 40 * .6 * .55) / (24 - 40 * .36) = 4.8 / 9.6 = .5;
    corrected = .5 * .7 + (.55 - .5 * .6) = .60.
    """
    found = needs(70, 100)
    drawn = answers(found, 18, 6, "confirmed") | answers(found, 4, 12, "unaccounted")
    told = corrected(found, drawn)
    assert told.automatic.value == pytest.approx(0.70)
    assert told.corrected is not None
    assert told.corrected.value == pytest.approx(0.60)
    assert told.corrected.low < 0.60 < told.corrected.high
    assert (told.drawn, told.answered, told.usable, told.agree, told.missing) == (40, 40, 40, 30, 0)


def test_unequal_chances_weigh_by_their_inverse() -> None:
    """20 yes drawn with 1 in 4 weigh 4 each, 20 no drawn with 1 in 2 weigh 2 each: 80 / (80 + 40) = 2/3; all scores are alike."""
    found = needs(100, 100)
    drawn = {f"n{n}": Drawn(f"n{n}", 250 if n < 20 else 500, "yes" if n < 20 else "no") for n in range(40)}
    told = corrected(found, drawn)
    assert told.corrected is not None
    assert told.corrected.value == pytest.approx(2 / 3)


def test_too_few_answers_correct_nothing_and_it_says_so() -> None:
    found = needs(70, 100)
    drawn = answers(found, FEWEST - 1, 0, "confirmed") | {
        "n99": Drawn("n99", 500),
        "n98": Drawn("n98", 500, "cannot_tell"),
    }
    told = corrected(found, drawn)
    assert told.corrected is None
    assert told.why == "Too few answers to correct: 29 of the 30 that are needed."
    assert (told.drawn, told.answered, told.cannot, told.missing) == (31, 30, 1, 1)


def test_answers_that_all_say_the_same_have_wilsons_interval() -> None:
    found = needs(70, 100)
    told = corrected(found, answers(found, 40, 0, "confirmed"))
    assert told.corrected == wilson(40, 40)
    assert "fewer than 5 of them say no" in told.why


def test_open_needs_and_simulated_customers_are_in_neither_figure() -> None:
    found = [
        Need("a", "confirmed", "a", ("a",)),
        Need("b", "open", "b", ("b",)),
        Need("c", "confirmed", "c", ("c",), simulated=True),
    ]
    told = corrected(found, {n.need: Drawn(n.need, 500, "yes") for n in found})
    assert (told.automatic.n, told.drawn) == (1, 1)
