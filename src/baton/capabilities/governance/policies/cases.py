"""Cases: the tests beside a policy text, each one call and what must come of it (TOML, `[[case]]`)."""

import tomllib
from collections.abc import Iterable
from typing import Final, Literal

import msgspec

from baton.capabilities.governance.gate.grounds import Grounds
from baton.capabilities.governance.gate.rules import Rules
from baton.capabilities.governance.gate.when import NOON
from baton.capabilities.governance.policies.faults import Fault
from baton.kernel.ports import Known

Weekday = Literal["monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday"]
SOMEBODY: Final = "somebody"
"""The customer of a case that names none."""


class Case(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A call and what must come of it. What it leaves out is what an agent in order brings; `rule` is one that must decide.

    `owner` other than `customer` means that the record names somebody else. `args`, `facts` and `numbers` are what the call
    and the record hold. A case that names no day is on a Monday at noon.
    """

    says: str
    tool: str
    allow: bool
    risk: Literal["read", "reversible", "write", "costly", "irreversible"] = "read"
    rule: str = ""
    kind: Literal["agent", "rep", "machine", "integration"] = "agent"
    principal: str = "assistant"
    customer: str = SOMEBODY
    on_behalf: bool = True
    owner: str = ""
    readable: bool = True
    confirmed: bool = False
    approved: bool = False
    evidence: Literal["none", "record", "verified"] = "record"
    cents: int = 0
    limit_cents: int = 0
    untrusted: tuple[str, ...] = ()
    scope: str = ""
    scopes: tuple[str, ...] = ()
    team: str = ""
    args: dict[str, str] = {}
    facts: dict[str, str] = {}
    numbers: dict[str, int] = {}
    weekday: Weekday = "monday"
    hour: int = NOON

    def grounds(self) -> Grounds:
        """The call as the gate would see it."""
        return Grounds(
            self.tool, self.risk, self.kind, self.principal, self.customer, self.on_behalf, self.owner, self.readable,
            self.confirmed, self.approved, self.evidence, self.cents, self.limit_cents, self.untrusted, self.scope, self.scopes,
            self.team, self.args, Known(self.facts, self.numbers), self.weekday, self.hour,
        )  # fmt: skip


class Cases(msgspec.Struct, frozen=True, forbid_unknown_fields=True):
    """A file of cases."""

    case: tuple[Case, ...] = ()


def cases_of(tests: str) -> tuple[Case, ...]:
    """The cases of a text. Raises `ValueError`, which says where it cannot be read."""
    return msgspec.convert(tomllib.loads(tests), Cases).case


def failing(cases: Iterable[Case], rules: Rules) -> list[Fault]:
    """Cases that come out otherwise than they say."""
    return [fault for n, case in enumerate(cases, 1) if (fault := _of(n, case, rules)) is not None]


def _of(n: int, case: Case, rules: Rules) -> Fault | None:
    allowed, decided = rules.judge(case.grounds())
    by = ", ".join(decided) or "no rule"
    if allowed != case.allow:
        does, must = ("allowed", "refused") if allowed else ("refused", "allowed")
        return Fault(
            0,
            by,
            f"Test {n} ({case.says}): {does} by {by}, and it must be {must}.",
            "Change the rule, or the test where it is wrong.",
        )
    if case.rule and case.rule not in decided:
        return Fault(
            0,
            case.rule,
            f"Test {n} ({case.says}): decided by {by}, and not by {case.rule}.",
            "Name the rule that must decide.",
        )
    return None
