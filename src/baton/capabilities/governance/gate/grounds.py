"""Grounds: all that a policy may know of a call, worked out by the gate itself. Nothing in it is taken on a caller's word."""

from collections.abc import Mapping
from typing import Final, Literal

import msgspec

from baton.capabilities.governance.gate.destinations import leads
from baton.kernel.binding import NAME, Unreadable, bound, cents_in
from baton.kernel.conversation import Args
from baton.kernel.ports import Call, Known

Kind = Literal["agent", "rep", "machine", "integration"]
RISKS: Final = ("read", "reversible", "write", "costly", "irreversible")
BINDING: Final = frozenset({"write", "costly", "irreversible"})
TRUSTED: Final = frozenset({"customer", "record", "procedure", "staff"})
ELSEWHERE: Final = "somebody else"
"""The owner in grounds that were kept, where the record named another than the customer."""


class Grounds(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """A call as policies see it. `confirmed` and `approved` are what the ledger says; `untrusted` names arguments
    that nobody vouches for: read in what anyone may have written, or a destination on a customer's word alone.

    `values` are the arguments as text. What is kept of them in the log is only what holds no words (`kept`). `weekday` and
    `hour` are those of the organisation's own time.
    """

    tool: str
    risk: str
    kind: Kind = "agent"
    principal: str = ""
    customer: str = ""
    on_behalf: bool = False
    owner: str = ""
    readable: bool = True
    confirmed: bool = False
    approved: bool = False
    evidence: str = "none"
    cents: int = 0
    limit_cents: int = 0
    untrusted: tuple[str, ...] = ()
    scope: str = ""
    scopes: tuple[str, ...] = ()
    team: str = ""
    values: Mapping[str, str] = {}
    known: Known = Known()
    weekday: str = ""
    hour: int = 0


def hash_of(call: Call) -> str:
    """The hash of this very call, worked out anew; empty where it can be read in two ways."""
    claim = call.claim
    try:
        return bound(call.tool, call.args, claim.on_behalf_of or claim.stream, claim.price, claim.salt)
    except Unreadable:
        return ""


def grounds_of(call: Call, hash: str, confirmed: bool, approved: bool, at: tuple[str, int] = ("", 0)) -> Grounds:
    """What the gate knows of a call; `hash` is what `hash_of` made of it, `at` the weekday and the hour."""
    claim, values = call.claim, {name: _text(value) for name, value in call.args.items()}
    try:
        cents, readable = max(cents_in(call.args), claim.cents), bool(hash) or call.risk == "read"
    except Unreadable:
        cents, readable = claim.cents, False
    return Grounds(
        tool=call.tool, risk=call.risk, kind=claim.kind, principal=claim.principal, customer=claim.on_behalf_of or claim.stream,
        on_behalf=bool(claim.on_behalf_of), owner=call.known.words.get("owner", claim.owner), readable=readable, confirmed=confirmed, approved=approved,
        evidence=claim.evidence, cents=cents, limit_cents=claim.limit_cents, scope=call.scope, scopes=claim.scopes, team=claim.team,
        untrusted=tuple(sorted(name for name, value in values.items() if _doubtful(call, name, value))), values=values,
        known=call.known, weekday=at[0], hour=at[1],
    )  # fmt: skip


def kept(grounds: Grounds) -> Args:
    """What the log keeps of it: labels, numbers and names of arguments; of customers only whether they are the same."""
    made: Args = {
        "tool": grounds.tool, "risk": grounds.risk, "kind": grounds.kind, "principal": grounds.principal,
        "on_behalf": grounds.on_behalf, "readable": grounds.readable, "confirmed": grounds.confirmed,
        "approved": grounds.approved, "evidence": grounds.evidence, "cents": grounds.cents,
        "limit_cents": grounds.limit_cents, "untrusted": ",".join(n for n in grounds.untrusted if NAME.fullmatch(n)),
        "owner": "" if not grounds.owner else "same" if grounds.owner == grounds.customer else ELSEWHERE,
        "scope": grounds.scope, "scopes": ",".join(grounds.scopes), "team": grounds.team,
        "weekday": grounds.weekday, "hour": grounds.hour,
    }  # fmt: skip
    return made


def again(made: Mapping[str, object]) -> Grounds:
    """The grounds of a call that was kept. Its arguments' words are not there, so rules that read them cannot be replayed."""
    fields = {**made, "customer": "same"}
    for name in ("untrusted", "scopes"):
        fields[name] = tuple(filter(None, str(made.get(name, "")).split(",")))
    return msgspec.convert(fields, Grounds)


def _doubtful(call: Call, name: str, value: str) -> bool:
    """Whether nobody vouches for an argument. Of a destination a customer's word does not, unless a rep acts on it."""
    origin = call.claim.origins.get(name, "untrusted")
    if origin == "customer" and call.risk != "read" and call.claim.kind != "rep":
        return leads(name, value)
    return origin not in TRUSTED


def _text(value: object) -> str:
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
