"""Rules: a policy text read once into rules with their ids, lines and reasons, and kept split by risk, kind and tool.

One call is judged by the few rules that can concern it: with a hundred policies in force most name another tool or risk, and
Cedar need not look at them. Which rules those are follows from their scope alone, never from their conditions.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final

import cedarpy
import msgspec

from baton.capabilities.governance.gate.grounds import BINDING, RISKS, Grounds

PART: Final = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|;')
KINDS: Final = {"agent": "Agent", "rep": "Rep", "machine": "Machine", "integration": "Integration"}
NAMED: Final = re.compile(r"[\w.@+-]{1,128}")
MOST: Final = 512
CHANGING: Final = frozenset(RISKS) - {"read"}
GROUPS: Final = {"any": frozenset(RISKS), "changing": CHANGING, "binding": BINDING}
Json = dict[str, Any]
NONE = cedarpy.Entities.from_json_str("[]")


class Unparsed(ValueError):
    """A rule that cannot be read. `line` is where it begins."""

    def __init__(self, line: int, message: str) -> None:
        super().__init__(message)
        self.line, self.message = line, message


class Rule(msgspec.Struct, frozen=True):
    """One `permit` or `forbid`: its id and reason, the line it begins on, and whom, what and which tool its scope names."""

    id: str
    why: str
    effect: str
    line: int
    text: str
    kinds: frozenset[str]
    risks: frozenset[str]
    tool: str
    body: Json


def rules_of(text: str) -> list[Rule]:
    """The rules of a text, in order. Raises `Unparsed`."""
    return [_rule(piece, line) for piece, line in _pieces(text)]


class Rules:
    """Rules ready to judge calls."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(rules)
        self._why = {rule.id: rule.why for rule in self.rules}
        self._kept: dict[tuple[str, str, str], cedarpy.PolicySet] = {}

    def judge(self, grounds: Grounds) -> tuple[bool, tuple[str, ...]]:
        """Whether the call passes, and the ids of the rules that decided; none where nothing permits it."""
        if grounds.risk not in CHANGING and grounds.risk != "read":
            return False, ()
        policies = self._for(grounds.kind, grounds.risk, grounds.tool)
        found = cedarpy.is_authorized(request(grounds), policies, entities(grounds))
        if found.diagnostics.errors:
            return False, ("guard-failed",)
        return bool(found.allowed), tuple(sorted(found.diagnostics.id_annotations_by_reason.values()))

    def why(self, allowed: bool, ids: Iterable[str]) -> str:
        """In words why a call was refused; empty where it was not."""
        if allowed:
            return ""
        told = [self._why.get(each, "a rule could not be worked out") for each in ids]
        return "; ".join(told) or "no rule permits it"

    def _for(self, kind: str, risk: str, tool: str) -> cedarpy.PolicySet:
        known = self._kept.get((kind, risk, tool))
        if known is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            about = [r.text for r in self.rules if kind in r.kinds and risk in r.risks and r.tool in {"", tool}]
            known = self._kept[kind, risk, tool] = cedarpy.PolicySet.from_str("\n".join(about))
        return known


def request(grounds: Grounds) -> dict[str, object]:
    """The question to Cedar: who, what, on which tool, on what grounds."""
    context: dict[str, object] = {
        "args": {"__entity": {"type": "Arguments", "id": "these"}},
        "facts": {"__entity": {"type": "Facts", "id": "these"}},
        "numbers": {"__entity": {"type": "Numbers", "id": "these"}},
        "customer": {"__entity": {"type": "Customer", "id": grounds.customer}},
        "on_behalf": grounds.on_behalf, "named": bool(NAMED.fullmatch(grounds.principal)), "readable": grounds.readable,
        "confirmed": grounds.confirmed, "approved": grounds.approved, "evidence": grounds.evidence,
        "cents": grounds.cents, "limit_cents": grounds.limit_cents, "untrusted": grounds.untrusted,
    }  # fmt: skip
    if grounds.owner:
        context["owner"] = {"__entity": {"type": "Customer", "id": grounds.owner}}
    return {
        "principal": {"type": KINDS[grounds.kind], "id": grounds.principal},
        "action": {"type": "Action", "id": grounds.risk},
        "resource": {"type": "Tool", "id": grounds.tool},
        "context": msgspec.json.encode(context).decode(),
    }


def entities(grounds: Grounds) -> str:
    """What is known of those a request names, made for this request."""
    parents = [{"type": "Team", "id": grounds.team}] if grounds.team else []
    groups = [g for g in GROUPS if grounds.risk in GROUPS[g]]
    made: list[Json] = [
        {"uid": {"type": KINDS[grounds.kind], "id": grounds.principal}, "attrs": {"scopes": grounds.scopes}, "parents": parents},
        {"uid": {"type": "Tool", "id": grounds.tool}, "attrs": {"scope": grounds.scope}, "parents": []},
        {"uid": {"type": "Arguments", "id": "these"}, "attrs": {}, "parents": [], "tags": grounds.values},
        {"uid": {"type": "Action", "id": grounds.risk}, "attrs": {}, "parents": [{"type": "Action", "id": g} for g in groups]},
    ]  # fmt: skip
    made += [
        {"uid": {"type": of, "id": "these"}, "attrs": {}, "parents": [], "tags": told}
        for of, told in (("Facts", grounds.known.words), ("Numbers", grounds.known.numbers))
        if told
    ]
    return msgspec.json.encode(made).decode()


def _pieces(text: str) -> Iterator[tuple[str, int]]:
    """Each rule with the line it begins on: what ends with a semicolon outside of texts and comments."""
    start = 0
    for part in PART.finditer(text):
        if part[0] == ";":
            yield _begun(text, start, part.end())
            start = part.end()
    rest, line = _begun(text, start, len(text))
    if rest.strip():
        raise Unparsed(line, "the last rule does not end with a semicolon")


def _begun(text: str, start: int, end: int) -> tuple[str, int]:
    """A rule without the comments and empty lines before it."""
    skipped = re.compile(r"(?:\s|//[^\n]*)*").match(text, start, end)
    begin = skipped.end() if skipped else start
    return text[begin:end], text.count("\n", 0, begin) + 1


def _rule(piece: str, line: int) -> Rule:
    try:
        told: Json = msgspec.json.decode(cedarpy.policies_to_json_str(piece))
    except ValueError as error:
        raise Unparsed(line, str(error)) from error
    found = list(told.get("staticPolicies", {}).values())
    if len(found) != 1:
        raise Unparsed(line, "a template, with a place left open, is no rule")
    body = found[0]
    noted = body.get("annotations", {})
    return Rule(
        id=noted.get("id") or "", why=noted.get("why") or "", effect=body["effect"], line=line, text=piece,
        kinds=_kinds(body["principal"]), risks=_risks(body["action"]), tool=_tool(body["resource"]), body=body,
    )  # fmt: skip


def _kinds(scope: Json) -> frozenset[str]:
    named = scope.get("entity_type") or scope.get("entity", {}).get("type", "")
    return frozenset(kind for kind, type_ in KINDS.items() if type_ == named or named in {"", "Team"})


def _risks(scope: Json) -> frozenset[str]:
    asked = scope.get("entities") or ([scope["entity"]] if "entity" in scope else [])
    if scope["op"] == "All":
        return frozenset(RISKS)
    return frozenset(risk for a in asked for risk in GROUPS.get(a["id"], {a["id"]}))


def _tool(scope: Json) -> str:
    return str(scope["entity"]["id"]) if scope["op"] == "==" else ""
