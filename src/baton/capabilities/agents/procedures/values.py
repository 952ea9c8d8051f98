"""Values: what a procedure knows, by name: `email` for a slot, `account.locked` for a field that a tool gave."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from baton.capabilities.agents.events import Gave, Procedure, Step, Underway
from baton.capabilities.agents.procedures.slots import chosen, normal
from baton.kernel.binding import clean
from baton.kernel.conversation import Turn
from baton.kernel.ports import Origin

Value = str | int | bool
Values = Mapping[str, Value]
PLACE: Final = re.compile(r"\{([\w.]+)(?::(\w+))?\}")
PRICED: Final = frozenset({"money", "price"})
PRICE_FIELDS: Final = ("price_cents", "fee_cents", "cents")
ORIGIN: Final = "answer_origin"
"""The field of a tool's answer that says where the answer is from; without it, from the record."""
WORST: Final[tuple[Origin, ...]] = ("untrusted", "model", "customer", "staff", "record", "procedure")


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
        text = clean(at.get(position, "")[start:end])
        kind = slot.kind if slot else "text"
        known[name] = picked(text, known) if kind == "choice" else normal(kind, text, now_ms)
    return known


def picked(text: str, known: Values) -> str:
    """Which of the offered options a customer means; empty where they name another, which nobody offered them."""
    options = _options(known)
    found = chosen(text, options)
    return found if not options or found in [option.strip() for option in options.split(",")] else ""


def filled(template: str, known: Values) -> str:
    """`template` with every name replaced by its plain value; unknown names are left empty."""
    return PLACE.sub(lambda m: plain(known.get(m[1], "")), template)


def plain(value: Value) -> str:
    """A value as tools take it: `true`, `false`, digits, or text in which everything can be seen."""
    return str(value).lower() if isinstance(value, bool) else clean(str(value))


def arguments(step: Step, known: Values) -> dict[str, str]:
    """The arguments a tool step is called with."""
    return {name: filled(template, known) for name, template in step.args.items()}


def origins(step: Step, known: Values) -> dict[str, Origin]:
    """Where each argument of a tool step comes from: the least trusted of all that it is made of."""
    return {name: _origin(template, known) for name, template in step.args.items()}


def owner(known: Values, customer: str) -> str:
    """Whose the things are that the record gave, where it names an `owner`; somebody else's where it names two customers."""
    named = {str(value) for name, value in known.items() if name.endswith(".owner") and value}
    holders = {str(value) for name, value in known.items() if name.endswith(".customer_id") and value}
    others = sorted(named - {customer}) or (sorted(holders) if len(holders) > 1 else [])
    return others[0] if others else next(iter(named), "")


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
    return known.get(price_place(known), "")


def price_place(known: Values) -> str:
    """Under which name that price is known; empty where no tool gave one."""
    for field in PRICE_FIELDS:
        found = [name for name in known if name.endswith(f".{field}")]
        if found:
            return found[-1]
    return ""


def _origin(template: str, known: Values) -> Origin:
    places = [m[1] for m in PLACE.finditer(template)]
    found: set[Origin] = {"procedure"} if not places else {_of_value(name, known) for name in places}
    return next(origin for origin in WORST if origin in found)


def _of_value(name: str, known: Values) -> Origin:
    saved, dot, _ = name.rpartition(".")
    if not dot:
        return "customer"
    said = known.get(f"{saved}.{ORIGIN}", "record")
    return next((origin for origin in WORST if origin == said), "untrusted")


def _price(name: str, how: str, known: Values) -> str:
    return plain(known.get(name, "") if how == "money" else price(known))


def _options(known: Values) -> str:
    return next((str(v) for name, v in known.items() if name.endswith(".options")), "")
