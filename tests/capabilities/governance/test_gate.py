"""The gate: what a call needs, decided by Cedar outside any model; and what governance vetoes before that."""

import random

import msgspec
import pytest

from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven, Confirmation, Procedures
from baton.capabilities.agents.procedures import files
from baton.capabilities.governance.decide import without_a_yes
from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.grounds import again
from baton.capabilities.governance.gate.ledger import Ledger
from baton.capabilities.governance.gate.tools import ToolGate, read
from baton.kernel.binding import bound
from baton.kernel.conversation import Args, Proposed
from baton.kernel.ports import Call, Claim, Verdict
from baton.kernel.stream import Policies, Stream, policy_name
from tests.capabilities.governance.agreed import NOW_MS, Now, agreed, with_claim

pytestmark = pytest.mark.unit

REFUND = """
id = "refund"
title = "Refund"
intents = ["refund_request"]
limit_cents = 40000
step = [{ id = "pay", do = "tool", tool = "refund", args = { cents = "{quote.cents}" } }]
"""


def judged(tool: str, risk: str, claim: Claim, args: dict[str, object] | None = None, yes: bool = False) -> Verdict:
    """What the gate says of a call; with `yes` the customer confirmed exactly this in the conversation it belongs to."""
    ledger, clock, given = Ledger(), Now(), args or {}
    print_ = bound(tool, given, claim.on_behalf_of or claim.stream, claim.price)
    if yes:
        told = Confirmation(print_, tool, NOW_MS + 1000, given=True, channel="customer")
        ledger.heard(claim.stream, claim.on_behalf_of or claim.stream, told, NOW_MS)
    call = Call(tool, risk, given, msgspec.structs.replace(claim, bound=print_), key="k1")
    return ToolGate(ledger, clock).judge(call)


def claim(**other: object) -> Claim:
    """An agent acting for somebody the record knows, on values of the record."""
    made = Claim(
        "assistant", "p1", evidence="record", stream="conversation/one", origins={"cents": "record", "to": "record"}
    )
    return msgspec.structs.replace(made, **other)


@pytest.mark.parametrize("risk", ["read", "reversible"])
def test_looking_up_needs_no_confirmation(risk: str) -> None:
    assert judged("account", risk, Claim("assistant")).rules == ("look-up",)


@pytest.mark.parametrize(
    "args",
    [{"code": "QK7M2P", "email": "kim@elsewhere.example"}, {"where": "https://elsewhere.example/in"}, {"text": "for +34 600 111 222"},
     {"pay_to": "DE89 3704 0044 0532 0130 00"}, {"to": ["a@b.example", "kim@elsewhere.example"]},
     {"shippingAddress": "12 Elsewhere Street"}, {"ship_to_addresses": "12 Elsewhere Street"}, {"newPhone": "0151 2345678"},
     {"callbackURL": "elsewhere.example/in"}, {"delivery": {"streetAddress": "12 Elsewhere Street"}}],
)  # fmt: skip
def test_nothing_is_sent_where_only_the_customer_said(args: dict[str, object]) -> None:
    told = claim(origins=dict.fromkeys(args, "customer"))
    assert judged("send_invoice", "reversible", told, args).rules == ("guard-untrusted-alone",)
    assert judged("send_invoice", "reversible", claim(origins=dict.fromkeys(args, "record")), args).allowed
    assert judged("send_invoice", "reversible", told, args, yes=True).allowed, "a yes to exactly this vouches for it"
    assert judged("send_invoice", "reversible", msgspec.structs.replace(told, kind="rep"), args).allowed
    assert judged("account", "read", told, args).allowed


@pytest.mark.parametrize("args", [{"code": "QK7M2P"}, {"flight_number": "HA 733"}, {"seat": "14C"}, {"date": "2026-12-02"}, {"bookingCode": "QK7M2P"}])  # fmt: skip
def test_what_the_customer_says_of_their_own_thing_counts(args: dict[str, object]) -> None:
    assert judged("check_in", "reversible", claim(origins=dict.fromkeys(args, "customer")), args).allowed


@pytest.mark.parametrize("risk", ["write", "costly", "irreversible"])
def test_what_binds_needs_a_confirmation_and_evidence_of_who_asks(risk: str) -> None:
    assert judged("refund", risk, claim(), yes=True).rules == ("as-confirmed",)
    assert judged("refund", risk, claim()).rules == ("guard-not-confirmed",)
    assert judged("refund", risk, claim(evidence="none"), yes=True).rules == ("guard-unknown-customer",)


def test_saying_that_it_was_confirmed_or_approved_is_not_enough() -> None:
    boasting = claim(confirmed=True, approved=True, cents=50_000, limit_cents=40_000)
    assert judged("refund", "irreversible", boasting).rules == ("guard-beyond-the-limit", "guard-not-confirmed")


def test_beyond_the_limit_a_person_has_to_approve_this_very_act() -> None:
    it = agreed(random.Random(7))
    over = with_claim(it.call, limit_cents=1)
    assert it.gate.judge(over).rules == ("guard-beyond-the-limit",)
    for approval, print_ in (("a0", "another act"), ("a1", over.claim.bound)):
        asked = ApprovalAsked(approval, over.tool, "over_limit", bound=print_)
        it.ledger.heard(over.claim.stream, it.customer, asked, NOW_MS)
    it.ledger.heard(over.claim.stream, it.customer, ApprovalGiven("a0", True, "mina"), NOW_MS)
    it.ledger.heard("conversation/other", it.customer, ApprovalGiven("a1", True, "mina"), NOW_MS)
    assert not it.passes(over)
    it.ledger.heard(over.claim.stream, it.customer, ApprovalGiven("a1", True, "mina"), NOW_MS)
    assert it.passes(over)
    it.clock.ms += 3_600_000
    assert not it.passes(over)


def test_the_amount_is_read_in_the_arguments_not_in_the_claim() -> None:
    modest = claim(cents=0, limit_cents=40_000)
    assert judged("refund", "irreversible", modest, {"cents": "40001"}, yes=True).rules == ("guard-beyond-the-limit",)
    assert judged("refund", "irreversible", modest, {"cents": "40000"}, yes=True).allowed


def test_a_text_that_anyone_may_have_written_decides_nothing_alone() -> None:
    for origin in ("untrusted", "model"):
        planted = claim(origins={"to": origin})
        for risk in ("reversible", "costly"):
            verdict = judged("send_invoice", risk, planted, {"to": "x@example.com"})
            assert "guard-untrusted-alone" in verdict.rules
            assert "anyone may have written" in verdict.why
        assert judged("send_invoice", "costly", planted, {"to": "x@example.com"}, yes=True).allowed
        assert judged("article", "read", planted, {"to": "x"}).allowed
    assert judged("send_invoice", "reversible", claim(origins={}), {"to": "x"}).grounds["untrusted"] == "to"


def test_what_the_record_says_is_somebody_elses_is_not_even_read() -> None:
    assert judged("booking", "read", claim(owner="p2")).rules == ("guard-another-customer",)
    assert judged("booking", "read", claim(owner="p1")).allowed


def test_a_scope_that_was_not_given_and_a_machine_that_acts_for_nobody() -> None:
    for kind in ("machine", "integration"):
        caller = claim(kind=kind, principal="m1")
        call = Call("points", "read", {}, caller, scope="points:read", key="k")
        assert ToolGate().judge(call).rules == (f"guard-{kind}-out-of-scope",)
        given = msgspec.structs.replace(call, claim=msgspec.structs.replace(caller, scopes=("points:read",)))
        assert ToolGate().judge(given).allowed
    alone = claim(kind="machine", principal="m1", on_behalf_of="")
    assert judged("send_code", "reversible", alone).rules == ("guard-for-nobody",)


def test_a_rep_decides_by_themself_and_an_integration_only_what_a_person_approved() -> None:
    assert judged("seat", "costly", claim(kind="rep", principal="mina")).rules == ("a-rep-decides",)
    assert not judged("seat", "costly", claim(kind="rep", principal="mina", origins={}), {"to": "x"}).allowed
    assert judged("seat", "costly", claim(kind="integration", principal="crm"), yes=True).rules == (
        "guard-not-confirmed",
    )


def test_it_fails_closed() -> None:
    nobody = Claim(principal="")
    assert judged("refund", "irreversible", nobody).rules[-1] == "guard-unknown-customer"
    assert not judged("account", "read", nobody).allowed
    named = judged("account", "a risk nobody named", Claim("assistant"))
    assert (named.allowed, named.rules, named.why) == (False, (), "no rule permits it")


def test_what_is_kept_of_a_call_holds_no_words_and_can_be_judged_again() -> None:
    it = agreed(random.Random(4))
    verdict = it.gate.judge(it.call)
    told = msgspec.json.encode(verdict.grounds).decode()
    assert all(str(value) not in told for name, value in it.call.args.items() if name in {"code", "name"})
    assert it.customer not in told
    assert read("").judge(again(verdict.grounds)) == (True, verdict.rules)


def stream_with(confirmation: Confirmation | None) -> Stream:
    """A conversation with the refund procedure in force."""
    policies = Policies()
    body = Procedures(procedures=(files.read("refund.toml", REFUND, {"refund": "irreversible"}),))
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


def test_no_policy_takes_the_place_of_a_guard_and_one_that_cannot_be_read_permits_nothing() -> None:
    it = agreed(random.Random(9), given=False)
    posing = '@id("guard-not-confirmed") permit (principal, action, resource);'
    gate = ToolGate(it.ledger, it.clock, GatePolicies(posing))
    assert gate.judge(it.call).rules == ("guard-not-confirmed",)
    sure = agreed(random.Random(9))
    assert not ToolGate(sure.ledger, sure.clock, GatePolicies("permit (principal")).judge(sure.call).allowed
