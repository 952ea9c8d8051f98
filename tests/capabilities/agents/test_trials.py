"""Scenarios are read and judged, and what simulated customers tell is counted: each case worked by hand."""

import pytest

from baton.capabilities.agents.trials.agents import TalkResult
from baton.capabilities.agents.trials.figures import count, figures, paired
from baton.capabilities.agents.trials.judging import wrong_in
from baton.capabilities.agents.trials.scenario import Called, Expected, Line, Talk, Use, scenario_of
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

TALK = Talk(
    lines=(Line("customer", "Refund please"), Line("agent", "Shall I refund €123?"), Line("decided", "run_tool refund: step pay")),
    uses=(Use("refund", {"cents": "12300", "code": "QK7M2P"}, "done"),), cites=("art-11#2",), procedures=("refund_request",), ends="done",
    outcome="met", turns=3, cost_micros=78_000,
)  # fmt: skip


def talk(n: int, version: str, met: bool, ledger: str = "confirmed", handed: bool = False) -> TalkResult:
    """A simulated customer's fate."""
    return TalkResult(
        n, version, "patient", "refund_request", met, ledger, handed_over=handed, turns=n, cost_micros=10_000 * n
    )


@pytest.mark.parametrize(
    ("expected", "wrong"),
    [
        (Expected(said=("shall i refund",)), ""),
        (Expected(said=("is approved",)), "The agent never said 'is approved'."),
        (Expected(said=("refund please",)), "The agent never said 'refund please'."),
        (Expected(not_said=("REFUND",)), "The agent said 'REFUND'."),
        (Expected(cites=("art-11",)), ""),
        (Expected(cites=("art-12",)), "'art-12' was not cited."),
        (Expected(procedure="refund_request", ends="done"), ""),
        (Expected(procedure="check_in"), "The procedure 'check_in' was not begun; refund_request was."),
        (Expected(ends="refused"), "The procedure should end with 'refused' and ended with 'done'."),
        (Expected(called=(Called("refund", {"cents": 12300}, 1),)), ""),
        (
            Expected(called=(Called("refund", {"cents": 1}),)),
            "The tool 'refund' was called with other arguments than cents=1.",
        ),
        (Expected(called=(Called("refund", times=2),)), "The tool 'refund' was called 1 times and should be 2 times."),
        (Expected(called=(Called("seat"),)), "The tool 'seat' was not called."),
        (Expected(not_called=("refund",)), "The tool 'refund' was called."),
        (Expected(handed_over=False), ""),
        (Expected(handed_over=True), "No person was brought in."),
        (Expected(outcome="failed"), "The ledger should say 'failed' and says 'met'."),
        (Expected(turns_at_most=2), "The customer had to speak 3 times, at most 2 were expected."),
        (Expected(cents_at_most=7), "It cost 7.80 cents, at most 7 were expected."),
        (Expected(cents_at_most=8), ""),
    ],
)
def test_only_what_is_not_as_expected_is_told(expected: Expected, wrong: str) -> None:
    assert wrong_in(TALK, expected) == ((wrong,) if wrong else ())


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("not toml", "cannot be read"),
        ('id = "a"\ntitle = "b"', "missing required field"),
        ('id = "a b"\ntitle = "b"\nsays = ["x"]\n[expect]\nsaid = ["y"]', "letters, digits"),
        ('id = "a"\ntitle = "b"\n[expect]\nsaid = ["y"]', "either `says` or"),
        ('id = "a"\ntitle = "b"\nsays = ["x"]\n[expect]', "nothing could fail"),
        ('id = "a"\ntitle = "b"\nsays = ["x"]\n[expect]\nsayd = ["y"]', "unknown field `sayd`"),
        ('id = "a"\ntitle = "b"\npersona = "rude"\nsays = ["x"]\n[expect]\nsaid = ["y"]', "Invalid enum value 'rude'"),
        ("x" * 50_001, "at most 50000 characters"),
    ],
)
def test_a_scenario_that_cannot_be_run_says_why(text: str, told: str) -> None:
    with pytest.raises(BatonError, match=told) as refused:
        scenario_of(text)
    assert refused.value.status == 422


def test_what_is_true_stands_beside_what_the_ledger_says() -> None:
    talks = [talk(1, "1", True), talk(2, "1", True, "unaccounted"), talk(3, "1", False), talk(4, "1", False, "given_up", handed=True)]  # fmt: skip
    found = figures(talks, "1")
    assert (found.n, found.met.value, found.ledger.value) == (4, 0.5, 0.5)
    assert (found.wrong, found.missed, count(talks, "handed")) == (1, 1, 1)
    assert (found.turns.value, found.cost_micros.value) == (2.5, 25_000)
    assert found.met.low < 0.5 < found.met.high


def test_two_versions_are_compared_customer_by_customer() -> None:
    first = [talk(n, "2", True) for n in range(1, 41)]
    other = [talk(n, "1", n > 10) for n in range(1, 41)]
    found = paired([*first, *other], "2", "1")
    assert found is not None
    assert (found.met.value, found.only_first, found.only_rival) == (0.25, 10, 0)
    assert 0 < found.met.low < 0.25 < found.met.high
    assert "truly meets more needs" in found.told


def test_nothing_is_claimed_within_chance_and_equals_are_called_equal() -> None:
    few = [talk(1, "2", True), talk(2, "2", False), talk(1, "1", False), talk(2, "1", False)]
    found, same = paired(few, "2", "1"), paired([talk(1, "2", True), talk(2, "2", True), talk(1, "1", True), talk(2, "1", True)], "2", "1")  # fmt: skip
    assert found is not None
    assert found.told.startswith("No difference can be claimed yet")
    assert same is not None
    assert same.told == "No difference: both versions truly met the same needs of 2 customers."
    assert paired(few, "2", "3") is None
