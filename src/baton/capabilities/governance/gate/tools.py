"""The tools gate: whether a tool may be called on these grounds. Policies are parsed once (tools.cedar); 30 to 90 microseconds a call."""

from functools import cache
from importlib.resources import files

from cedarpy import Entities, PolicySet, is_authorized

from baton.kernel.ports import Claim

BARE = Claim(principal="")
"""The claim of a call that makes none: only what anyone may do."""


def allows(tool: str, risk: str, claim: Claim | None) -> bool:
    """Whether the call passes the gate. Fails closed: no claim, no principal, no call."""
    grounds = claim or BARE
    request = {
        "principal": {"type": "Agent", "id": grounds.principal},
        "action": {"type": "Action", "id": "call"},
        "resource": {"type": "Tool", "id": tool},
        "context": {
            "risk": risk,
            "confirmed": grounds.confirmed,
            "evidence": grounds.evidence,
            "cents": grounds.cents,
            "limit_cents": grounds.limit_cents,
            "approved": grounds.approved,
        },
    }
    policies, entities = _parsed()
    return bool(is_authorized(request, policies, entities).allowed)


@cache
def _parsed() -> tuple[PolicySet, Entities]:
    text = files(__package__).joinpath("tools.cedar").read_text(encoding="utf-8")
    return PolicySet.from_str(text), Entities.from_json_str("[]")
