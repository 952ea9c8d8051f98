"""Asking: a call as a question to Cedar, with only those of its grounds that the rules in question speak of."""

import re
from collections.abc import Callable, Mapping
from typing import Final

import msgspec

from baton.capabilities.governance.gate.grounds import BINDING, RISKS, Grounds

KINDS: Final = {"agent": "Agent", "rep": "Rep", "machine": "Machine", "integration": "Integration"}
GROUPS: Final = {"any": frozenset(RISKS), "changing": frozenset(RISKS) - {"read"}, "binding": BINDING}
NAMED: Final = re.compile(r"[\w.@+-]{1,128}")
THESE: Final = {
    name: {"__entity": {"type": of, "id": "these"}}
    for name, of in (("args", "Arguments"), ("facts", "Facts"), ("numbers", "Numbers"))
}
CONTEXT: Final[Mapping[str, Callable[[Grounds], object]]] = {
    "args": lambda g: THESE["args"],
    "facts": lambda g: THESE["facts"],
    "numbers": lambda g: THESE["numbers"],
    "customer": lambda g: _customer(g.customer),
    "on_behalf": lambda g: g.on_behalf,
    "named": lambda g: NAMED.fullmatch(g.principal) is not None,
    "readable": lambda g: g.readable,
    "somebody_elses": lambda g: bool(g.owner) and g.owner != g.customer,
    "confirmed": lambda g: g.confirmed,
    "approved": lambda g: g.approved,
    "evidence": lambda g: g.evidence,
    "cents": lambda g: g.cents,
    "limit_cents": lambda g: g.limit_cents,
    "untrusted": lambda g: g.untrusted,
    "weekday": lambda g: g.weekday,
    "hour": lambda g: g.hour,
}
"""What a rule may read of a call, by the names of gate.cedarschema; beside it `owner`, where the record names one."""
WORDS: Final = frozenset({*CONTEXT, "owner", "scopes", "scope", "Team", "action"})


def request(grounds: Grounds, words: frozenset[str] = WORDS) -> dict[str, object]:
    """The question: who, what, on which tool, on what grounds."""
    context = {name: of(grounds) for name, of in CONTEXT.items() if name in words}
    if grounds.owner and "owner" in words:
        context["owner"] = _customer(grounds.owner)
    return {
        "principal": {"type": KINDS[grounds.kind], "id": grounds.principal},
        "action": {"type": "Action", "id": grounds.risk},
        "resource": {"type": "Tool", "id": grounds.tool},
        "context": msgspec.json.encode(context).decode(),
    }


def entities(grounds: Grounds, words: frozenset[str] = WORDS) -> str:
    """What is known of those a request names, made for this request."""
    made: list[dict[str, object]] = []
    if words & {"scopes", "Team"}:
        parents = [{"type": "Team", "id": grounds.team}] if grounds.team else []
        made.append(_entity(KINDS[grounds.kind], grounds.principal, {"scopes": grounds.scopes}, parents))
    if "scope" in words:
        made.append(_entity("Tool", grounds.tool, {"scope": grounds.scope}, []))
    if "action" in words:
        groups = [{"type": "Action", "id": group} for group in GROUPS if grounds.risk in GROUPS[group]]
        made.append(_entity("Action", grounds.risk, {}, groups))
    told = {"args": grounds.values, "facts": grounds.known.words, "numbers": grounds.known.numbers}
    for name, tags in told.items():
        if name in words and tags:
            made.append({**_entity(THESE[name]["__entity"]["type"], "these", {}, []), "tags": tags})
    return msgspec.json.encode(made).decode()


def _customer(id: str) -> dict[str, object]:
    return {"__entity": {"type": "Customer", "id": id}}


def _entity(of: str, id: str, attrs: Mapping[str, object], parents: list[dict[str, str]]) -> dict[str, object]:
    return {"uid": {"type": of, "id": id}, "attrs": attrs, "parents": parents}
