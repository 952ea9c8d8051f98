"""Rules: a policy text read once into rules with their ids, lines and reasons, and kept split by risk, kind and tool.

One call is judged by the few rules that can concern it: with a hundred policies in force most name another tool or risk, and
Cedar need not look at them. Which rules those are follows from their scope alone, never from their conditions.
"""

import re
from collections.abc import Iterable, Iterator
from typing import Any, Final, NamedTuple

import cedarpy
import msgspec

from baton.capabilities.governance.gate.asking import GROUPS, KINDS, WORDS, entities, request
from baton.capabilities.governance.gate.grounds import RISKS, Grounds
from baton.kernel.cedar import too_much

PART: Final = re.compile(r'"(?:\\.|[^"\\])*"|//[^\n]*|;')
MOST: Final = 512
Json = dict[str, Any]


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
    return [rule_of(piece, line) for piece, line in pieces(text)]


class Few(NamedTuple):
    """The rules that can concern one kind of call, and which of the words of the schema they speak of."""

    policies: cedarpy.PolicySet
    words: frozenset[str]


class Rules:
    """Rules ready to judge calls."""

    def __init__(self, rules: Iterable[Rule]) -> None:
        self.rules = tuple(_told_apart(rules))
        self._why = {rule.id: rule.why for rule in self.rules}
        self._effects = {rule.id: rule.effect for rule in self.rules}
        self._kept: dict[tuple[str, str, str], Few] = {}

    def judge(self, grounds: Grounds) -> tuple[bool, tuple[str, ...]]:
        """Whether the call passes, and the ids of the rules that decided; none where nothing permits it."""
        if grounds.risk not in GROUPS["any"]:
            return False, ()
        few = self._for(grounds.kind, grounds.risk, grounds.tool)
        found = cedarpy.is_authorized(
            request(grounds, few.words), few.policies, entities(grounds, few.words)
        ).diagnostics
        if found.errors:
            return False, ("guard-failed",)
        decided = tuple(sorted(found.reasons))
        return bool(decided) and self._effects[decided[0]] == "permit", decided

    def why(self, allowed: bool, ids: Iterable[str]) -> str:
        """In words why a call was refused; empty where it was not."""
        if allowed:
            return ""
        told = [self._why.get(each, "a rule could not be worked out") for each in ids]
        return "; ".join(told) or "no rule permits it"

    def _for(self, kind: str, risk: str, tool: str) -> Few:
        known = self._kept.get((kind, risk, tool))
        if known is None:
            if len(self._kept) >= MOST:
                self._kept.clear()
            about = [r for r in self.rules if kind in r.kinds and risk in r.risks and r.tool in {"", tool}]
            known = self._kept[kind, risk, tool] = few_of(about)
        return known


def _told_apart(rules: Iterable[Rule]) -> Iterator[Rule]:
    """Each rule under an id of its own: whoever comes first keeps it, so that no policy takes the place of a guard."""
    taken: set[str] = set()
    for rule in rules:
        own = rule.id
        while not own or own in taken:
            own = f"{own or 'rule'}@{rule.line}"
        taken.add(own)
        yield msgspec.structs.replace(rule, id=own)


def few_of(rules: Iterable[Rule]) -> Few:
    """Rules as one set, under their ids, without the part of their scope that choosing them has settled."""
    bodies = {rule.id: _settled(rule.body) for rule in rules}
    told = msgspec.json.encode({"staticPolicies": bodies, "templates": {}, "templateLinks": []}).decode()
    return Few(cedarpy.PolicySet.from_json_str(told), frozenset(word for word in WORDS if f'"{word}"' in told))


def pieces(text: str) -> Iterator[tuple[str, int]]:
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


def rule_of(piece: str, line: int) -> Rule:
    """One rule. Raises `Unparsed`."""
    if beyond := too_much(piece):
        raise Unparsed(line, beyond)
    try:
        told: Json = msgspec.json.decode(cedarpy.policies_to_json_str(piece))
    except (ValueError, RecursionError) as error:
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


def _settled(body: Json) -> Json:
    all_ = {"op": "All"}
    principal = all_ if body["principal"]["op"] == "is" and "in" not in body["principal"] else body["principal"]
    resource = body["resource"] if body["resource"]["op"] == "in" else all_
    return {**body, "principal": principal, "action": all_, "resource": resource}


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
