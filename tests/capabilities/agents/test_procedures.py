"""Procedures: reading files, filling slots, going from step to step, and what a confirmation is bound to."""

from pathlib import Path

import pytest

from baton.capabilities.agents.events import Expect, Slot, Underway
from baton.capabilities.agents.procedures import engine
from baton.capabilities.agents.procedures.confirm import LIVES_MS, asked, bound, given, used
from baton.capabilities.agents.procedures.dates import civil, days_of, iso_day
from baton.capabilities.agents.procedures.files import procedure_of, procedures_of, read
from baton.capabilities.agents.procedures.replies import reply
from baton.capabilities.agents.procedures.slots import chosen, find, normal
from baton.capabilities.agents.procedures.wording import render, spoken
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

HALCYON = Path("src/baton/demo/halcyon")
NOW_MS = 1_795_269_600_000  # 21 November 2026


def given_in(kind: str, text: str) -> str:
    """What a turn gives for a slot of a kind, or nothing."""
    span = find(Slot(id="x", kind=kind), text)
    return text[slice(*span)] if span else ""


@pytest.mark.parametrize(
    ("kind", "text", "found"),
    [
        ("email", "sure, it's Ana.Ruiz@example.com.", "Ana.Ruiz@example.com"),
        ("email", "ana at example", ""),
        ("code", "the code is 123 456", "123 456"),
        ("code", "call me on 0351 55 1234 567", ""),
        ("booking", "booking QK7M2P please", "QK7M2P"),
        ("booking", "qk7m2p", "qk7m2p"),
        ("booking", "please cancel", ""),
        ("last_name", "my last name is Ruiz", "Ruiz"),
        ("last_name", "It's O'Neill, thanks", "O'Neill"),
        ("last_name", "Ruiz", "Ruiz"),
        ("last_name", "I have no idea what you want from me", ""),
        ("seat", "14C would be nice", "14C"),
        ("date", "on 2 December please", "2 December"),
        ("flight", "flight ha 733", "ha 733"),
        ("file_number", "it is HA-48213", "HA-48213"),
    ],
)
def test_a_slot_is_found_where_the_customer_gave_it(kind: str, text: str, found: str) -> None:
    assert given_in(kind, text) == found


def test_what_was_given_is_read_as_tools_expect_it() -> None:
    assert normal("email", "Ana.Ruiz@Example.com.", NOW_MS) == "ana.ruiz@example.com"
    assert normal("code", "123 456", NOW_MS) == "123456"
    assert normal("booking", "qk7m2p", NOW_MS) == "QK7M2P"
    assert normal("date", "2nd of December", NOW_MS) == "2026-12-02"
    assert chosen("the second one", "HA733-20261202,HA735-20261202") == "HA735-20261202"
    assert chosen("HA 733 please", "HA733-20261202,HA735-20261202") == "HA733-20261202"


def test_days_are_counted_as_the_calendar_does() -> None:
    assert days_of(1970, 1, 1) == 0
    assert civil(days_of(2028, 2, 29)) == (2028, 2, 29)
    assert iso_day("tomorrow", NOW_MS) == "2026-11-22"
    assert iso_day("3 January", NOW_MS) == "2027-01-03"
    assert iso_day("sometime", NOW_MS) == ""


@pytest.mark.parametrize("text", ["yes", "Yes please", "ok do it", "go ahead", "Ja, gerne", "sí", "correct!"])
def test_a_plain_yes(text: str) -> None:
    assert reply(text) == "yes"


@pytest.mark.parametrize("text", ["no", "No thanks", "nein", "stop", "no, leave it"])
def test_a_plain_no(text: str) -> None:
    assert reply(text) == "no"


@pytest.mark.parametrize(
    "text",
    ["yes but wait", "yes?", "not yes", "maybe", "", "yes if it costs nothing and you can also tell me what happens to my seat",
     "I said yes to the other thing but not to this", "the answer depends"],
)  # fmt: skip
def test_anything_else_is_neither(text: str) -> None:
    assert reply(text) == ""


def test_a_confirmation_is_bound_to_tool_arguments_customer_and_price() -> None:
    one = bound("refund", {"code": "QK7M2P", "cents": "100"}, "c1", "100")
    assert one == bound("refund", {"cents": "100", "code": "QK7M2P"}, "c1", "100")
    others = [
        bound("cancel", {"code": "QK7M2P", "cents": "100"}, "c1", "100"),
        bound("refund", {"code": "QK7M2P", "cents": "200"}, "c1", "100"),
        bound("refund", {"code": "QK7M2P", "cents": "100"}, "c2", "100"),
        bound("refund", {"code": "QK7M2P", "cents": "100"}, "c1", "200"),
    ]
    assert len({one, *others}) == 5


def test_a_confirmation_lives_ten_minutes_and_is_used_once() -> None:
    question = asked("refund", "aa", 1000)
    yes = given(question, 512, "customer", 2000)
    assert yes is not None
    assert yes.allows("aa", 1000 + LIVES_MS)
    assert not yes.allows("aa", 1001 + LIVES_MS)
    assert not yes.allows("bb", 2000)
    assert not used(yes).allows("aa", 2000)
    assert given(question, 512, "customer", 1001 + LIVES_MS) is None
    assert given(question, 512, "rep/mina.okafor", 2000) is None
    assert not question.allows("aa", 2000)


def test_halcyons_procedures_are_read_and_lead_somewhere() -> None:
    found = procedures_of(HALCYON / "procedures", HALCYON / "tools.toml")
    assert len(found.procedures) == 12
    reset = found.of("password_reset")
    assert reset is not None
    risks = {step.tool: step.risk for step in reset.steps if step.tool}
    assert risks == {
        "account": "read",
        "send_code": "reversible",
        "check_code": "read",
        "reset_password": "irreversible",
    }
    assert found.serving("password_reset") == reset
    assert found.serving("") is None


def test_a_file_that_leads_nowhere_is_refused_with_what_to_do() -> None:
    lost = 'id = "x"\ntitle = "X"\nintents = []\nstep = [{ id = "a", do = "tool", tool = "t", missing = "nowhere" }]'
    with pytest.raises(BatonError, match=r"'x.toml'.*'nowhere'.*load it again"):
        procedure_of("x.toml", lost, {})
    with pytest.raises(BatonError, match="cannot be read"):
        procedure_of("x.toml", "not toml at all", {})
    with pytest.raises(BatonError, match="no steps"):
        procedure_of("x.toml", 'id = "x"\ntitle = "X"\nintents = []', {})


CIRCLE = """
id = "circle"
title = "Circle"
intents = []
step = [{ id = "a", do = "branch", cases = [{ field = "x.y", is = "true", go = "a" }] }]
"""


def test_a_circle_ends_at_a_person() -> None:
    procedure = read("circle.toml", CIRCLE, {})
    assert engine.begin(procedure, {}, {"x.y": True}).step == engine.GIVE_UP


def test_a_price_that_nobody_knows_is_not_confirmed() -> None:
    text = 'id = "p"\ntitle = "P"\nintents = []\nstep = [{ id = "c", do = "confirm", text = "For {seat:price}?" }]'
    procedure = read("p.toml", text, {})
    assert engine.begin(procedure, {}, {"seat": "14C"}).step == engine.GIVE_UP
    known: dict[str, str | int | bool] = {"seat": "14C", "quote.price_cents": 2250}
    assert engine.begin(procedure, {}, known).step == "c"
    assert render("For {seat:price}?", known) == "For €22.50?"


@pytest.mark.parametrize(
    ("expect", "known", "met"),
    [
        (Expect("after.v", "before.v", "greater"), {"after.v": 3, "before.v": 2}, True),
        (Expect("after.v", "before.v", "greater"), {"after.v": 2, "before.v": 2}, False),
        (Expect("after.locked", "false"), {"after.locked": False}, True),
        (Expect("after.state", "'cancelled'"), {"after.state": "cancelled"}, True),
        (Expect("after.seat", "seat"), {"after.seat": "14C", "seat": "14c"}, True),
        (Expect("after.seat", "seat"), {"seat": "14C"}, False),
    ],
)
def test_success_is_what_the_record_shows(expect: Expect, known: dict[str, str | int | bool], met: bool) -> None:
    assert engine.meets(expect, known) is met


def test_dates_times_and_amounts_are_readable() -> None:
    known: dict[str, str | int | bool] = {
        "r.cents": 12_300,
        "r.at": NOW_MS,
        "o.options": "HA733-20261202,HA735-20261202",
    }
    assert render("{r.cents:money} on {r.at:date} at {r.at:time}", known) == "€123 on 21 November at 14:00"
    assert render("{o.options:list}", known) == "HA 733 on 2 December, HA 735 on 2 December"


def test_nothing_is_said_at_a_tool() -> None:
    reset = procedures_of(HALCYON / "procedures", HALCYON / "tools.toml").of("password_reset")
    assert reset is not None
    assert spoken(reset, Underway(procedure="password_reset", step="find"), {}) == ""


def test_the_procedure_in_the_how_to_is_one() -> None:
    page = Path("docs/howto/procedures.md").read_text()
    toml = page.split("```toml\n", 1)[1].split("```", 1)[0]
    risks = {"booking": "read", "correct_name": "irreversible"}
    made = procedure_of("name_correction.toml", toml, risks)
    assert [step.kind for step in made.steps] == ["ask", "ask", "tool", "confirm", "tool", "verify", "tell"]
    assert engine.begin(made, {}, {}).step == "ask_code"
