"""Pricing: the price that a yes was given to is looked up again before the act. Where it moved, the customer is asked anew."""

from typing import Final

from baton.capabilities.agents.events import Procedure, Step
from baton.capabilities.agents.procedures.values import PLACE, PRICED, Values, price_of, price_place

MOVED: Final = "!price_moved"
MOST_TIMES: Final = 2
"""How often a price may move under a customer's question before a person takes over."""


def quoting(procedure: Procedure, confirm: Step, known: Values) -> Step | None:
    """The look-up that gave the price which a confirmation names, the nearest above it; None where it names none."""
    saved = {_place(m[1], m[2], known).rpartition(".")[0] for m in PLACE.finditer(confirm.say) if m[2] in PRICED}
    above = procedure.steps[: procedure.steps.index(confirm)]
    return next(
        (s for s in reversed(above) if s.kind == "tool" and s.risk == "read" and s.save and s.save in saved), None
    )


def stands(confirm: Step, before: Values, now: Values) -> bool:
    """Whether the price is still the one that was told."""
    return price_of(confirm.say, before) == price_of(confirm.say, now)


def _place(name: str, how: str, known: Values) -> str:
    return name if how == "money" else price_place(known)
