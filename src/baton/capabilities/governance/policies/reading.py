"""Reading: the rules in force as people read them, how often each decided, and the calls behind that."""

from collections import Counter
from collections.abc import Iterable
from typing import Final

import msgspec
from sqlalchemy import Select, desc, func, or_, select

from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.grounds import RISKS
from baton.capabilities.governance.gate.rules import Rule
from baton.capabilities.governance.gate.tools import read
from baton.capabilities.governance.policies.building import PEOPLE
from baton.capabilities.governance.tables import CALLS
from baton.web.app import App

DAY_MS: Final = 86_400_000
DAYS: Final = 30
PAGE: Final = 50
GUARD: Final = "guard-"
WHAT: Final = {
    frozenset({"write", "costly", "irreversible"}): "acts that need a yes",
    frozenset(RISKS) - {"read"}: "acts that change something",
    frozenset({"read", "reversible"}): "looking up, and what can be taken back",
}
RISK_WORDS: Final = {
    "read": "looking up", "reversible": "what can be taken back", "write": "writing", "costly": "what costs", "irreversible": "what cannot be taken back",
}  # fmt: skip


class Told(msgspec.Struct, frozen=True):
    """A rule in words, and of how many calls of the last days it was one that decided. `guard`: it cannot be changed."""

    id: str
    why: str
    allows: bool
    whom: str
    what: str
    line: int
    calls: int
    guard: bool


class Judged(msgspec.Struct, frozen=True):
    """A call as the gate judged it."""

    conversation: str
    at_ms: int
    tool: str
    kind: str
    cents: int
    allowed: bool
    why: str
    rules: tuple[str, ...]


async def in_words(app: App) -> list[Told]:
    """Every rule in force and every guard, those that somebody wrote first."""
    times = await _decided(app)
    rules = read(app.policy(GatePolicies).text).rules
    told = [_told(rule, times[rule.id]) for rule in rules]
    return sorted(told, key=lambda rule: (rule.guard, rule.line))


async def calls(app: App, rule: str = "", tool: str = "", refused: bool = False, skip: int = 0) -> list[Judged]:
    """Calls of the last days, the newest first: a page of them and one more where there are more."""
    query = select(CALLS).where(CALLS.c.at_ms >= _since(app)).order_by(desc(CALLS.c.position))
    query = query.where(CALLS.c.tool == tool) if tool else query
    query = query.where(CALLS.c.allowed == 0) if refused else query
    query = _by(query, rule) if rule else query
    rules = read(app.policy(GatePolicies).text)
    found = []
    for row in await app.store.rows(query.offset(skip).limit(PAGE + 1)):
        ids, allowed = tuple(filter(None, str(row["rules"]).split(","))), bool(row["allowed"])
        cents = msgspec.json.decode(str(row["grounds"])).get("cents", 0)
        found.append(
            Judged(str(row["conversation"]).partition("/")[2], int(str(row["at_ms"])), str(row["tool"]), str(row["kind"]), int(cents), allowed,
                   rules.why(allowed, ids), ids)
        )  # fmt: skip
    return found


def _by(query: Select[tuple[object, ...]], rule: str) -> Select[tuple[object, ...]]:
    column = CALLS.c.rules
    ends = (column.endswith(f",{rule}", autoescape=True), column.startswith(f"{rule},", autoescape=True))
    return query.where(or_(column == rule, *ends, column.contains(f",{rule},", autoescape=True)))


async def _decided(app: App) -> Counter[str]:
    query = select(CALLS.c.rules, func.count().label("n")).where(CALLS.c.at_ms >= _since(app)).group_by(CALLS.c.rules)
    found: Counter[str] = Counter()
    for row in await app.store.rows(query):
        found.update(dict.fromkeys(filter(None, str(row["rules"]).split(",")), int(str(row["n"]))))
    return found


def _since(app: App) -> int:
    return app.clock.now_ms() - DAYS * DAY_MS


def _told(rule: Rule, times: int) -> Told:
    guard = rule.id.startswith(GUARD)
    what = rule.tool.replace("_", " ") or WHAT.get(rule.risks) or _words(rule.risks)
    whom = "everybody" if len(rule.kinds) == len(PEOPLE) else _listed(PEOPLE[k] for k in PEOPLE if k in rule.kinds)
    return Told(
        rule.id, rule.why or rule.id, rule.effect == "permit", whom, what, 0 if guard else rule.line, times, guard
    )


def _words(risks: frozenset[str]) -> str:
    return "every act" if len(risks) == len(RISKS) else _listed(RISK_WORDS[risk] for risk in RISKS if risk in risks)


def _listed(words: Iterable[str]) -> str:
    return ", ".join(words)
