"""Labels and the ledger through the whole loop: where an argument comes from, whose the thing is, and a yes that outlives a restart once."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import Table, select

from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven, Confirmation, Step
from baton.capabilities.agents.procedures.values import origins, owner
from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.ledger import Ledger
from baton.capabilities.governance.gate.tools import ToolGate
from baton.capabilities.governance.tables import APPROVED, CALLS, CONFIRMED, GATES
from baton.kernel.conversation import PolicyRevised
from baton.kernel.ports import Call, Claim
from baton.kernel.rebuild import rebuild
from baton.kernel.stream import policy_name
from tests.capabilities.governance.agreed import Now
from tests.scenes.agents_floor import floor

pytestmark = pytest.mark.scene

PAY = Step(
    "pay", "tool", tool="refund", risk="irreversible",
    args={"code": "{code}", "cents": "{quote.cents}", "to": "{mail.address}", "note": "by {mail.address} for {code}", "why": "asked"},
)  # fmt: skip


def test_an_argument_is_as_trusted_as_the_least_of_what_it_is_made_of() -> None:
    known: dict[str, str | int | bool] = {
        "code": "QK7M2P",
        "quote.cents": 100,
        "mail.address": "x@example.com",
        "mail.answer_origin": "untrusted",
    }
    assert origins(PAY, known) == {
        "code": "customer",
        "cents": "record",
        "to": "untrusted",
        "note": "untrusted",
        "why": "procedure",
    }
    assert origins(PAY, {**known, "mail.answer_origin": "model"})["to"] == "model"
    assert origins(PAY, {**known, "mail.answer_origin": "the king"})["to"] == "untrusted"


def test_whose_a_thing_is_is_what_the_record_says() -> None:
    assert owner({}, "p1") == ""
    assert owner({"booking.owner": "p1"}, "p1") == "p1"
    assert owner({"booking.owner": "p2", "account.owner": "p1"}, "p1") == "p2"
    assert owner({"booking.customer_id": "c1", "account.customer_id": "c1"}, "p1") == ""
    assert owner({"booking.customer_id": "c1", "account.customer_id": "c2"}, "p1") == "c1"


async def test_what_the_gate_knew_is_kept_with_the_outcome_and_folded(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I forgot my password")
        email = it.record.world.customers[0].email
        await it.customer(email)
        rows = [dict(r) for r in await it.committer.store.rows(select(CALLS).order_by(CALLS.c.position))]
        assert [(r["tool"], r["allowed"], r["rules"]) for r in rows][:1] == [("account", 1, "look-up")]
        grounds = msgspec.json.decode(str(rows[0]["grounds"]))
        assert (grounds["untrusted"], grounds["readable"], grounds["kind"]) == ("", True, "agent")
        assert email not in str(rows)


@pytest.mark.parametrize("table", [CALLS, CONFIRMED, APPROVED, GATES], ids=lambda table: table.name)
async def test_what_is_remembered_of_calls_and_of_every_yes_equals_the_fold_of_the_log(
    tmp_path: Path, table: Table
) -> None:
    async with floor(tmp_path) as it:
        await it.begins(customer="p1")
        await it.customer("I forgot my password")
        await it.customer(it.record.world.customers[0].email)
        told = Confirmation("the-hash", "refund", it.clock.now_ms() + 600_000)
        await it.append("conversation/one", told, by="customer")
        await it.append(
            "conversation/one", msgspec.structs.replace(told, given=True, channel="customer"), by="customer"
        )
        await it.append("conversation/one", ApprovalAsked("a1", "refund", "over_limit", bound="the-hash"), by="system")
        await it.append("conversation/one", ApprovalGiven("a1", True, "mina"), by="rep/mina")
        name = policy_name(GatePolicies)
        body = msgspec.Raw(msgspec.json.encode(GatePolicies()))
        await it.append(f"policy/{name}", PolicyRevised(name, body, "dara", "as shipped", "0 calls"), by="staff/dara")
        store, query = it.committer.store, select(table).order_by(*table.primary_key.columns)
        live = [dict(row) for row in await store.rows(query)]
        assert live
        await rebuild(store, it.committer.codec, it.committer.crafts, [table])
        assert [dict(row) for row in await store.rows(query)] == live


async def test_a_yes_given_before_a_restart_counts_after_it_once(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins(customer="p1")
        told = Confirmation("the-hash", "refund", it.clock.now_ms() + 600_000)
        ledger = Ledger()
        for made in (told, msgspec.structs.replace(told, given=True, channel="customer")):
            await it.append("conversation/one", made, by="customer")
        rows = await it.committer.store.rows(select(CONFIRMED))
        assert [(r["conversation"], r["state"], r["customer"]) for r in rows] == [("conversation/one", "given", "p1")]
        gate = ToolGate(ledger, it.clock)
        await gate.recall(it.committer.store)
        at = ("conversation/one", "the-hash")
        assert ledger.counts(*at, "k1", "p1", "agent/assistant", it.clock.now_ms())
        assert not ledger.counts(*at, "k1", "p2", "agent/assistant", it.clock.now_ms())
        ledger.spend(*at, "k1")
        assert not ledger.counts(*at, "k2", "p1", "agent/assistant", it.clock.now_ms())
        await it.append("conversation/one", msgspec.structs.replace(told, given=True, channel="customer", used=True))
        again = Ledger()
        await ToolGate(again, it.clock).recall(it.committer.store)
        assert not again.counts(*at, "k1", "p1", "agent/assistant", it.clock.now_ms())


def test_a_gate_that_follows_nothing_knows_of_no_yes() -> None:
    claim = Claim("assistant", "p1", confirmed=True, evidence="verified", bound="x", stream="conversation/one")
    assert not ToolGate(clock=Now()).judge(Call("refund", "irreversible", {}, claim, key="k")).allowed
