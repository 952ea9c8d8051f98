"""The gate: what a tool call needs, decided by Cedar outside any model; and what governance vetoes before that."""

import msgspec
import pytest

from baton.capabilities.agents.events import Confirmation, Procedures
from baton.capabilities.agents.procedures.files import procedure_of
from baton.capabilities.governance.decide import without_a_yes
from baton.capabilities.governance.gate.tools import ToolGate
from baton.kernel.conversation import Args, Proposed
from baton.kernel.ports import Call, Claim
from baton.kernel.stream import Policies, Stream, policy_name

pytestmark = pytest.mark.unit

SURE = Claim(principal="assistant", confirmed=True, evidence="record")
REFUND = """
id = "refund"
title = "Refund"
intents = ["refund_request"]
limit_cents = 40000
step = [{ id = "pay", do = "tool", tool = "refund", args = { cents = "{quote.cents}" } }]
"""


def allows(tool: str, risk: str, claim: Claim) -> bool:
    """Whether the gate lets a call with these grounds pass."""
    return ToolGate().judge(Call(tool, risk, {}, claim)).allowed


@pytest.mark.parametrize("risk", ["read", "reversible"])
def test_looking_up_needs_no_confirmation(risk: str) -> None:
    assert allows("account", risk, Claim(principal="assistant"))


@pytest.mark.parametrize("risk", ["write", "costly", "irreversible"])
def test_what_binds_needs_a_confirmation_and_evidence_of_who_asks(risk: str) -> None:
    assert allows("refund", risk, SURE)
    assert not allows("refund", risk, Claim(principal="assistant", evidence="record"))
    assert not allows("refund", risk, Claim(principal="assistant", confirmed=True))


def test_beyond_the_limit_a_person_has_to_approve() -> None:
    over = Claim(principal="assistant", confirmed=True, evidence="verified", cents=50_000, limit_cents=40_000)
    assert not allows("refund", "irreversible", over)
    approved = Claim("assistant", confirmed=True, evidence="verified", cents=50_000, limit_cents=40_000, approved=True)
    assert allows("refund", "irreversible", approved)


def test_it_fails_closed() -> None:
    nobody = Claim(principal="")
    assert not allows("refund", "irreversible", nobody)
    assert not allows("account", "read", nobody)
    assert not allows("account", "a risk nobody named", SURE)


def stream_with(confirmation: Confirmation | None) -> Stream:
    """A conversation with the refund procedure in force."""
    policies = Policies()
    body = Procedures(procedures=(procedure_of("refund.toml", REFUND, {"refund": "irreversible"}),))
    policies.add(policy_name(Procedures), 0, msgspec.json.encode(body))
    policies.add(policy_name(Procedures), 1, msgspec.json.encode(body))
    stream = Stream("conversation/one", policies)
    stream.entry = msgspec.structs.replace(stream.entry, position=256, happened_at_ms=1000)
    if confirmation:
        stream.facts.put(confirmation)
    return stream


def vetoes(bound: str, confirmation: Confirmation | None, cents: int = 100, approved: bool = False) -> list[str]:
    """Why a proposal to pay is vetoed."""
    stream = stream_with(confirmation)
    args: Args = {"procedure": "refund", "step": "pay", "bound": bound, "amount_cents": cents, "approved": approved}
    return [v.why for v in without_a_yes(Proposed("run_tool", args, 1600), stream, stream.facts)]


def test_a_yes_to_other_arguments_is_no_yes() -> None:
    yes = Confirmation(bound="aa", tool="refund", until_ms=2000, given=True)
    assert vetoes("aa", yes) == []
    assert vetoes("bb", yes) == ["no live confirmation of these arguments"]
    assert vetoes("", Confirmation(bound="", tool="refund", until_ms=2000, given=True)) != []


def test_a_yes_that_was_used_or_ran_out_or_was_never_given_is_no_yes() -> None:
    assert vetoes("aa", Confirmation(bound="aa", tool="refund", until_ms=2000, given=True, used=True))
    assert vetoes("aa", Confirmation(bound="aa", tool="refund", until_ms=999, given=True))
    assert vetoes("aa", Confirmation(bound="aa", tool="refund", until_ms=2000))
    assert vetoes("aa", None)


def test_more_than_the_limit_needs_an_approval() -> None:
    yes = Confirmation(bound="aa", tool="refund", until_ms=2000, given=True)
    assert vetoes("aa", yes, cents=40_001) == ["beyond the limit and not approved"]
    assert vetoes("aa", yes, cents=40_001, approved=True) == []


def test_a_step_nobody_wrote_is_vetoed() -> None:
    stream = stream_with(None)
    made_up = Proposed("run_tool", {"procedure": "refund", "step": "give_everything_away"}, 1600)
    assert [v.action for v in without_a_yes(made_up, stream, stream.facts)] == ["run_tool"]
