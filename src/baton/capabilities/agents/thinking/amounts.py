"""Amounts: what an agent may spend on thinking, what it has spent, and when it goes round in circles. Pure."""

from collections.abc import Iterable
from typing import Final

import msgspec

from baton.kernel.minds import Amounts, Call

TURN: Final = Amounts(calls=4, tool_calls=3, tokens=24_000, micros=50_000, ms=25_000)
CONVERSATION: Final = Amounts(calls=40, tool_calls=20, tokens=200_000, micros=500_000, ms=300_000)
CIRCLE: Final = 3
"""The same proposal so often in a row, and a person takes over."""


class Budget(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What an agent may spend: on one turn of the customer, in a whole conversation, and on how many turns it may think."""

    turn: Amounts = TURN
    conversation: Amounts = CONVERSATION
    turns: int = 30


class Spent(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """What a conversation has spent: on the turn at `position`, in all, and on how many turns.

    `last` is the print of the newest proposal, and `same` how often it came in a row.
    """

    position: int = 0
    turn: Amounts = Amounts()
    whole: Amounts = Amounts()
    turns: int = 0
    last: str = ""
    same: int = 0


def with_calls(spent: Spent, position: int, calls: Iterable[Call]) -> Spent:
    """After these calls to models for the turn at `position`."""
    made = list(calls)
    more = Amounts(
        calls=len(made), tokens=sum(c.input_tokens + c.output_tokens for c in made),
        micros=sum(c.cost_micros for c in made), ms=sum(c.ms for c in made),
    )  # fmt: skip
    return _more(spent, position, more)


def with_tool(spent: Spent, position: int) -> Spent:
    """After one call to a tool that the model asked for."""
    return _more(spent, position, Amounts(tool_calls=1))


def with_proposal(spent: Spent, print_: str) -> Spent:
    """After the model proposed what has this print."""
    same = spent.same + 1 if print_ == spent.last else 1
    return msgspec.structs.replace(spent, last=print_, same=same)


def circles(spent: Spent) -> bool:
    """Whether the model proposes the same again and again."""
    return spent.same >= CIRCLE


def used_up(budget: Budget, spent: Spent, position: int, tool: bool = False) -> str:
    """What is used up, so that no model (or no `tool`) is asked again for the turn at `position`; empty where all is left.

    Told as `turn.calls`, `conversation.micros` or `turns`.
    """
    here = spent.turn if spent.position >= position else Amounts()
    if spent.position < position and spent.turns >= budget.turns:
        return "turns"
    for name, limits, so_far in (("turn", budget.turn, here), ("conversation", budget.conversation, spent.whole)):
        for field in ("tool_calls",) if tool else ("calls", "tokens", "micros", "ms"):
            if getattr(so_far, field) >= getattr(limits, field):
                return f"{name}.{field}"
    return ""


def left(budget: Budget, spent: Spent, position: int) -> Amounts:
    """What may still be spent on the turn at `position`."""
    here = spent.turn if spent.position >= position else Amounts()
    return _least(_less(budget.turn, here), _less(budget.conversation, spent.whole))


def _more(spent: Spent, position: int, more: Amounts) -> Spent:
    new = position > spent.position
    turn = _sum(Amounts() if new else spent.turn, more)
    return msgspec.structs.replace(
        spent, position=max(position, spent.position), turn=turn, whole=_sum(spent.whole, more), turns=spent.turns + new
    )


def _sum(one: Amounts, other: Amounts) -> Amounts:
    return Amounts(*(a + b for a, b in zip(_all(one), _all(other), strict=True)))


def _less(limits: Amounts, spent: Amounts) -> Amounts:
    return Amounts(*(max(0, a - b) for a, b in zip(_all(limits), _all(spent), strict=True)))


def _least(one: Amounts, other: Amounts) -> Amounts:
    return Amounts(*map(min, _all(one), _all(other)))


def _all(amounts: Amounts) -> tuple[int, ...]:
    return msgspec.structs.astuple(amounts)
