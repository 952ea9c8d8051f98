"""Adding: what a form asks for becomes a rule and its tests at the end of the texts in force; nothing is in force by it."""

import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Final

import msgspec
from starlette.datastructures import FormData

from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.rules import Rules
from baton.capabilities.governance.gate.tools import read
from baton.capabilities.governance.gate.when import WEEKDAYS
from baton.capabilities.governance.policies.building import PEOPLE, Kind, Wanted, case, checked, rule, written
from baton.capabilities.governance.policies.cases import cases_of
from baton.kernel.errors import BatonError

ALLOW: Final = re.compile(r"(?m)^allow *= *true *$")
DECIDED: Final = re.compile(r"(?m)^rule *=.*\n?")
CONTROL: Final = re.compile(r"[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
"""What no text of a rule may hold."""
HOUR: Final = re.compile(r"[01]?[0-9]|2[0-3]")
KINDS: Final[tuple[Kind, ...]] = ("agent", "machine", "integration", "rep")


def wanted(form: FormData, tools: Mapping[str, str]) -> Wanted:
    """What a form asks for; raises 422 with what to put right."""
    tool = str(form.get("tool") or "")
    if tool and tool not in tools:
        raise BatonError("no_such_tool", 422, f"There is no tool {tool!r}. Choose one of the list.")
    kinds = tuple(kind for kind in KINDS if kind in form.getlist("kinds"))
    days = tuple(day for day in WEEKDAYS if day in form.getlist("days"))
    hours = _hour(form.get("from_hour")), _hour(form.get("until_hour"))
    why = " ".join(CONTROL.sub(" ", str(form.get("why") or "")).split())[:300]
    return checked(Wanted(tool, tools.get(tool, "read"), kinds, why, _cents(form.get("over")), days, *hours))


class Added(msgspec.Struct, frozen=True):
    """The texts with the rule; `turned` are earlier tests that said otherwise, in their own words: they now say what the rule does."""

    offered: GatePolicies
    turned: tuple[str, ...] = ()


def added(now: GatePolicies, asked: Wanted) -> Added:
    """The texts in force with the rule and its tests: a call that it refuses, and one that it leaves alone, where that one passes today."""
    before = read(now.text)
    name, text = rule(asked, (each.id for each in before.rules))
    whole = f"{now.text.rstrip()}\n\n{text}"
    tests, turned = _turned(now.tests, name, before, read(whole))
    cases = written(case(asked, name, refused=True))
    spared = case(asked, name, refused=False)
    if spared and before.judge(cases_of(written(spared))[0].grounds())[0]:
        cases += written(spared)
    return Added(GatePolicies(whole, f"{tests.rstrip()}\n{cases}"), turned)


def _turned(tests: str, name: str, before: Rules, after: Rules) -> tuple[str, tuple[str, ...]]:
    """The tests, those turned round that were right and that the new rule alone makes wrong."""
    head, *blocks = re.split(r"(?m)^(?=\[\[case\]\])", tests)
    cases, told = cases_of(tests), []
    if len(cases) != len(blocks):
        return tests, ()
    for n, each in enumerate(cases):
        grounds = each.grounds()
        if each.allow and before.judge(grounds)[0] and after.judge(grounds) == (False, (name,)):
            blocks[n] = ALLOW.sub(f'allow = false\nrule = "{name}"', DECIDED.sub("", blocks[n]))
            told.append(each.says)
    return head + "".join(blocks), tuple(told)


def _cents(typed: object) -> int:
    text = str(typed or "").strip().replace(",", ".")
    try:
        cents = int((Decimal(text[:40]) * 100).to_integral_exact()) if text else 0
    except (ArithmeticError, ValueError):
        cents = -1
    if not 0 <= cents <= 10**12:
        raise BatonError("amount", 422, f"{text[:40]!r} is no amount. Write it like 100 or 99.50, or leave it out.")
    return cents


def _hour(typed: object) -> int | None:
    text = str(typed or "").strip()
    if not text:
        return None
    if not HOUR.fullmatch(text):
        raise BatonError("hour", 422, f"{text[:10]!r} is no hour. Choose one from 0 to 23.")
    return int(text)


WHOM: Final = tuple((kind, PEOPLE[kind]) for kind in KINDS)
"""Whom a rule may be about, as the form offers them."""
