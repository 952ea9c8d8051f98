"""Running calls of a company behind the gate, as a conversation with that customer would: known to the record, with a yes to each change."""

import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Final

import msgspec

from baton.assembly.scoring.tau.airline import Airline
from baton.assembly.scoring.tau.data import Action, Database
from baton.assembly.scoring.tau.retail import Retail
from baton.assembly.scoring.tau.tools import CHANGES, REASON, tools_of
from baton.capabilities.agents.events import Confirmation
from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.grounds import hash_of
from baton.capabilities.governance.gate.tools import ToolGate
from baton.engines.tools import LocalTools
from baton.kernel.ports import ActionResult, Call, Claim, Known

STREAM = "conversation/tau"
NOW_MS = 1_700_000_000_000
_USER: Final = re.compile(r"\b[a-z]+_[a-z]+_\d{4}\b")
_ILL: Final = re.compile(r"\b(?:sick|ill|illness|health|medical)\b", re.IGNORECASE)
_WEATHER: Final = re.compile(r"\bweather\b", re.IGNORECASE)


class _Clock:
    def now_ms(self) -> int:
        return NOW_MS


class Company:
    """A company's record, its tools, and the gate under its policy. `customer` is who the conversation is with."""

    def __init__(self, name: str, tables: Database) -> None:
        self.name = name
        self.record: Retail | Airline = Retail(tables) if name == "retail" else Airline(tables)
        self.gate = ToolGate(clock=_Clock(), policies=GatePolicies(text=policy_of(name)))
        made = tools_of(self.record, name)
        self._by_name = {tool.name: tool for tool in made}
        self.tools = LocalTools(made, self.gate)
        self._calls = 0

    async def call(self, customer: str, action: Action, confirmed: bool = True) -> ActionResult:
        """Make a call for this customer; a change with the customer's yes to exactly it, unless told otherwise."""
        self._calls += 1
        key = f"call-{self._calls}"
        claim = self._claim(customer, action)
        if action.tool.startswith(CHANGES):
            claim = self._with_a_yes(claim, action, key) if confirmed else claim
        return await self.tools.call(action.tool, action.args, key, claim)

    async def allows(self, customer: str, action: Action, confirmed: bool = True, evidence: str = "record") -> bool:
        """Whether the gate would let the call pass; nothing is run."""
        self._calls += 1
        tool = self._by_name[action.tool]
        claim, key = self._claim(customer, action, evidence), f"call-{self._calls}"
        if confirmed and tool.risk != "read":
            claim = self._with_a_yes(claim, action, key)
        known = await tool.knows(action.args) if tool.knows else Known()
        return self.gate.judge(Call(action.tool, tool.risk, action.args, claim, key=key, known=known)).allowed

    def _claim(self, customer: str, action: Action, evidence: str = "record") -> Claim:
        return Claim(
            principal="assistant", on_behalf_of=customer, evidence=evidence, stream=STREAM,
            origins=dict.fromkeys(action.args, "customer"),
        )  # fmt: skip

    def _with_a_yes(self, claim: Claim, action: Action, key: str) -> Claim:
        bound = hash_of(Call(action.tool, "irreversible", action.args, claim, key=key))
        for yes in (
            Confirmation(bound, action.tool, NOW_MS + 60_000),
            Confirmation(bound, action.tool, NOW_MS + 60_000, True, 256, "customer"),
        ):
            self.gate.ledger.heard(STREAM, claim.on_behalf_of, yes, NOW_MS)
        return msgspec.structs.replace(claim, bound=bound, confirmed=True)


def policy_of(company: str) -> str:
    """A company's policy as Cedar."""
    return files(__package__).joinpath("policies", f"{company}.cedar").read_text(encoding="utf-8")


def customer_of(says: str, actions: Iterable[Action], tables: Database) -> str:
    """Whose conversation it is: by the customer's own words, or whose things the correct calls are about. Empty where neither tells."""
    named = _USER.search(says)
    if named:
        return named[0]
    for action in actions:
        for table, argument in (("orders", "order_id"), ("reservations", "reservation_id")):
            row = tables.get(table, {}).get(action.args.get(argument, ""))
            if row is not None:
                return str(row["user_id"])
        if "user_id" in action.args:
            return str(action.args["user_id"])
    return ""


def with_reason(action: Action, says: str) -> Action:
    """A cancellation with the reason the customer gives, which the policy wants asked and the recorded tool did not take."""
    if action.tool != "cancel_reservation":
        return action
    reason = "health" if _ILL.search(says) else "weather" if _WEATHER.search(says) else "other"
    return Action(action.tool, {**action.args, REASON: reason})
