"""Grounds that were made for one act carry no other one, also where it could be taken back."""

import msgspec
import pytest

from baton.capabilities.governance.gate.grounds import hash_of
from baton.capabilities.governance.gate.tools import ANOTHER_ACT, ToolGate
from baton.kernel.ports import Call, Claim

pytestmark = pytest.mark.unit

CLAIM = Claim(
    principal="assistant", on_behalf_of="p1", evidence="record", stream="conversation/one",
    origins={"code": "customer", "email": "record"},
)  # fmt: skip
WANTED = Call("send_invoice", "reversible", {"code": "QK7M2P", "email": "ana.ruiz@example.com"}, CLAIM)


def test_a_swapped_address_is_refused_on_the_grounds_of_the_act_it_replaces() -> None:
    bound = msgspec.structs.replace(WANTED, claim=msgspec.structs.replace(CLAIM, bound=hash_of(WANTED)))
    swapped = msgspec.structs.replace(bound, args={**WANTED.args, "email": "eve@thief.example"})
    assert ToolGate().judge(bound).allowed
    assert ToolGate().judge(swapped).rules == (ANOTHER_ACT,)
    assert ToolGate().judge(msgspec.structs.replace(bound, tool="send_code")).rules == (ANOTHER_ACT,)
