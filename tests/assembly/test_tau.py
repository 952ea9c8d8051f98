"""Two companies of public data behind the gate: their correct calls pass and leave the expected state, what they forbid is refused."""

import os
from pathlib import Path

import pytest

from baton.assembly.scoring.tau.arithmetic import calculated
from baton.assembly.scoring.tau.checking import airline_answers, retail_answers
from baton.assembly.scoring.tau.data import Refused, database
from baton.assembly.scoring.tau.scoring import allowed, denied

DATA = Path(os.environ.get("BATON_DATA", "../shared/data"))
pytestmark = pytest.mark.unit
with_data = pytest.mark.skipif(
    not (DATA / "tau").is_dir(), reason="the development data is not here: set BATON_DATA to its folder"
)


@with_data
def test_the_records_answer_as_the_recorded_systems_did() -> None:
    """Five searches past midnight were priced by the wrong day there."""
    airline, retail = airline_answers(DATA, database(DATA, "airline")), retail_answers(DATA, database(DATA, "retail"))
    assert (airline.calls, airline.equal) == (612, 607)
    assert all(each.startswith("search_onestop_flight in task 17") for each in airline.others)
    assert (retail.calls, retail.equal) == (30, 30)


@with_data
async def test_correct_calls_pass_and_leave_the_expected_state() -> None:
    """Two labels ask for what the written policy forbids: a gift card that is too short, a reason no insurance covers."""
    retail = await allowed(DATA, "retail", database(DATA, "retail"))
    assert (retail["tasks"], retail["end_state_equal"]) == (74, 74)
    assert retail["calls_refused"] == ["exchange_delivered_order_items in task 105"]
    airline = await allowed(DATA, "airline", database(DATA, "airline"))
    assert (airline["tasks"], airline["end_state_equal"]) == (30, 29)
    assert airline["calls_refused"] == ["cancel_reservation in task 39"]


@with_data
@pytest.mark.parametrize("company", ["retail", "airline"])
async def test_what_the_policy_forbids_is_refused(company: str) -> None:
    figures = await denied(company, database(DATA, company))
    assert figures["deny_passed"] == []
    assert isinstance(figures["deny_cases"], int) and figures["deny_cases"] >= 600


@pytest.mark.parametrize(
    ("asked", "told"), [("2 * ((350 - 122) + (499 - 127))", "1200.0"), ("-3 + .5", "-2.5"), ("7/2", "3.5")]
)
def test_the_calculator(asked: str, told: str) -> None:
    assert calculated(asked) == told


@pytest.mark.parametrize("asked", ["__import__('os')", "(1", "1 +", "2 3"])
def test_the_calculator_runs_nothing_else(asked: str) -> None:
    with pytest.raises(Refused):
        calculated(asked)
