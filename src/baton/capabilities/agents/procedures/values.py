"""Values: what a procedure knows, by name: `email` for a slot, `account.locked` for a field that a tool gave."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from baton.capabilities.agents.events import Gave, Procedure, Step, Underway
from baton.capabilities.agents.procedures.slots import chosen, normal
from baton.kernel.conversation import Turn

Value = str | int | bool
Values = Mapping[str, Value]
PLACE: Final = re.compile(r"\{([\w.]+)(?::(\w+))?\}")
PRICED: Final = frozenset({"money", "price"})
PRICE_FIELDS: Final = ("price_cents", "fee_cents", "cents")


def values_of(
    procedure: Procedure, underway: Underway, turns: Iterable[Turn], gave: Iterable[Gave], now_ms: int
) -> dict[str, Value]:
    """Everything the procedure knows by now."""
    known: dict[str, Value] = {}
    for each in gave:
        if isinstance(each.found, dict):
            known.update({f"{each.saved_as}.{field}": value for field, value in each.found.items()})
    at = {t.position: t.text for t in turns if t.n == 0} if underway.slots else {}
    for name, (position, start, end) in underway.slots.items():
        slot = procedure.slot(name)
        text = at.get(position, "")[start:end]
        kind = slot.kind if slot else "text"
        known[name] = chosen(text, _options(known)) if kind == "choice" else normal(kind, text, now_ms)
    return known


def filled(template: str, known: Values) -> str:
    """`template` with every name replaced by its plain value; unknown names are left empty."""
    return PLACE.sub(lambda m: plain(known.get(m[1], "")), template)


def plain(value: Value) -> str:
    """A value as tools take it: `true`, `false`, digits, or text."""
    return str(value).lower() if isinstance(value, bool) else str(value)


def arguments(step: Step, known: Values) -> dict[str, str]:
    """The arguments a tool step is called with."""
    return {name: filled(template, known) for name, template in step.args.items()}


def price_of(text: str, known: Values) -> tuple[str, bool]:
    """The price a confirmation names, as digits, and whether every price in it is known."""
    found = [_price(m[1], m[2], known) for m in PLACE.finditer(text) if m[2] in PRICED]
    return ",".join(found), all(found)


def cents_of(step: Step, known: Values) -> int:
    """The amount that a tool step moves, in cents, or 0."""
    amount = arguments(step, known).get("cents", "")
    return int(amount) if amount.isdigit() else 0


def price(known: Values) -> Value:
    """The price of what is being chosen, in cents; empty where no tool gave one."""
    for field in PRICE_FIELDS:
        found = [v for name, v in known.items() if name.endswith(f".{field}")]
        if found:
            return found[-1]
    return ""


def _price(name: str, how: str, known: Values) -> str:
    return plain(known.get(name, "") if how == "money" else price(known))


def _options(known: Values) -> str:
    return next((str(v) for name, v in known.items() if name.endswith(".options")), "")
