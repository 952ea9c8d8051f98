"""Probing: calls made up to find out what rules do. What a rule compares with is read in the rule, so that its edges are tried.

A probe proves that something is possible (a call passes that must not; a rule decides), never that nothing is: what no probe
and no test reaches is told as that.
"""

import random
from collections.abc import Iterable, Iterator, Sequence
from itertools import islice, product
from typing import Any, Final

import msgspec

from baton.capabilities.governance.gate.grounds import BINDING, RISKS, Grounds, Kind
from baton.capabilities.governance.gate.rules import Rule, Rules
from baton.capabilities.governance.gate.when import NOON, WEEKDAYS
from baton.kernel.ports import Known

ANY_TOOL: Final = "any_tool"
MOST: Final = 1_500
"""Probes for one rule."""
KINDS: Final[tuple[Kind, ...]] = ("agent", "rep", "machine", "integration")
TYPES: Final = ("Agent", "Rep", "Machine", "Integration")
ME, OTHER = "somebody", "somebody else"
Standing = tuple[bool, bool, str, tuple[str, ...]]
"""Whether it is confirmed, whether approved, what is known of the customer, and which arguments nobody vouches for."""
ANY_GROUNDS: Final[Sequence[Standing]] = tuple(
    product((True, False), (False, True), ("record", "verified", "none"), ((), ("to",)))
)
RECKLESS: Final[Sequence[Standing]] = (
    (False, False, "record", ()),
    (True, True, "none", ()),
    (False, False, "none", ("to",)),
)


class Named(msgspec.Struct):
    """What rules compare with: texts by the tag they are compared with, numbers, and names of entities by type."""

    tags: dict[str, set[str]]
    texts: set[str]
    numbers: set[int]
    entities: dict[str, set[str]]


def named_in(rules: Iterable[Rule]) -> Named:
    """What these rules compare with."""
    found = Named({}, set(), set(), {})
    for rule in rules:
        _walk(rule.body, found)
    return found


def welcome(rule: Rule, tools: Sequence[str] = (ANY_TOOL,), on: Sequence[Standing] = ANY_GROUNDS) -> Iterator[Grounds]:
    """Calls that a rule may be about, from the best grounds to poorer ones: at most `MOST`, and all where they are fewer."""
    named = named_in([rule])
    about = [rule.tool] if rule.tool else [*tools, *sorted(named.entities.get("Tool", ()))]
    who = sorted({"assistant", *(one for kind in TYPES for one in named.entities.get(kind, ()))})
    cents = sorted({0, *(n + d for n in named.numbers for d in (-1, 0, 1) if n + d >= 0)})
    teams = ["", *sorted(named.entities.get("Team", ()))]
    counts = [dict.fromkeys(named.tags, n) for n in cents] if named.numbers and named.tags else [{}]
    kinds, risks = [k for k in KINDS if k in rule.kinds], [r for r in RISKS if r in rule.risks]
    every = product(on, about, risks, kinds, cents, _times(rule, named), [{}, *_told(named)], counts, who, teams)
    for (yes, approved, evidence, untrusted), tool, risk, kind, amount, at, texts, numbers, name, team in _some(every):
        values = {**{tag: str(n) for tag, n in numbers.items()}, **texts}
        yield Grounds(
            tool, risk, kind, name, ME, True, "", True, yes, approved, evidence, amount, 0, untrusted, "", tuple(named.texts), team, values,
            Known(texts, numbers), *at,
        )  # fmt: skip


def unwelcome(tools: Iterable[str]) -> Iterator[tuple[str, Grounds]]:
    """Calls that must never pass, each with the guard that says so."""
    for tool, risk, kind in product([*tools, ANY_TOOL], RISKS, KINDS):
        best = Grounds(tool, risk, kind, "assistant", ME, True, evidence="verified", confirmed=True, approved=True)
        yield "guard-unreadable", msgspec.structs.replace(best, readable=False)
        yield "guard-nobody", msgspec.structs.replace(best, principal="")
        yield "guard-another-customer", msgspec.structs.replace(best, owner=OTHER)
        yield "guard-beyond-the-limit", msgspec.structs.replace(best, cents=2, limit_cents=1, approved=False)
        alone = msgspec.structs.replace(best, untrusted=("to",), confirmed=False, approved=False)
        if risk != "read":
            yield "guard-untrusted-alone", alone
        if risk in BINDING:
            yield "guard-unknown-customer", msgspec.structs.replace(best, evidence="none")
        if risk in BINDING and kind != "rep":
            yield "guard-not-confirmed", msgspec.structs.replace(best, confirmed=False, approved=False)


def reckless(rule: Rule) -> Iterator[Grounds]:
    """Binding calls that nobody confirmed and nobody approved, and those of a customer nobody knows."""
    for probe in welcome(rule, on=RECKLESS):
        if probe.risk in BINDING and (probe.evidence == "none" or (probe.kind != "rep" and not probe.confirmed)):
            yield probe


def met(rule: Rule, probes: Iterable[Grounds]) -> Iterator[Grounds]:
    """Those of the probes that a rule is about and whose conditions they meet, the rule taken alone."""
    alone = Rules([msgspec.structs.replace(rule, body={**rule.body, "effect": "permit"}, effect="permit")])
    return (probe for probe in probes if alone.judge(probe)[0])


def _some(every: Iterable[tuple[Any, ...]]) -> list[tuple[Any, ...]]:
    """All, where they are few; else the first of them, which stand on the best grounds, and some of the others."""
    first = list(islice(iter(every), MOST * 10))
    if len(first) <= MOST:
        return first
    rest = first[MOST // 3 :]
    return first[: MOST // 3] + random.Random(1).sample(rest, min(len(rest), MOST - MOST // 3))


def _times(rule: Rule, named: Named) -> list[tuple[str, int]]:
    """Days and hours: a Monday at noon, and where a rule speaks of them those it names and their edges."""
    days = sorted({"monday", "tuesday", *(named.texts & set(WEEKDAYS))}) if named.texts & set(WEEKDAYS) else ["monday"]
    edges = {n + d for n in named.numbers for d in (-1, 0, 1)} if "hour" in rule.text else set()
    return list(product(days, sorted({NOON, *(n for n in edges if 0 <= n < 24)})))


def _told(named: Named) -> list[dict[str, str]]:
    """Values of arguments: for each tag each text it is compared with, also all tags at once."""
    each = [{tag: text} for tag, texts in sorted(named.tags.items()) for text in sorted(texts | named.texts)]
    together = [
        dict(zip(sorted(named.tags), picks, strict=True))
        for picks in islice(product(*(sorted(texts | named.texts) or [""] for _, texts in sorted(named.tags.items()))), 60)
    ]  # fmt: skip
    return (each + together if named.tags else [])[:120]


def _walk(body: object, found: Named) -> None:
    if isinstance(body, list):
        for each in body:
            _walk(each, found)
    if not isinstance(body, dict):
        return
    if isinstance(body.get("type"), str) and isinstance(body.get("id"), str):
        found.entities.setdefault(body["type"], set()).add(body["id"])
    for name, value in body.items():
        if name == "Value":
            _value(value, found)
        elif name in {"hasTag", "getTag"}:
            found.tags.setdefault(str(value["right"].get("Value", "")), set())
        elif name == "like":
            pattern = value["pattern"]
            found.texts.add("".join("x" if p == "Wildcard" else str(p["Literal"]) for p in pattern))
        if name != "annotations":
            _walk(value, found)


def _value(value: object, found: Named) -> None:
    if isinstance(value, str):
        found.texts.add(value)
    elif isinstance(value, int) and not isinstance(value, bool):
        found.numbers.add(value)
