"""Swapping: which answers a swap takes, and what it makes of two shifts."""

from collections.abc import Mapping, Sequence
from typing import Final

from msgspec.structs import replace

from baton.capabilities.workforce.events import ShiftPlanned, Swap, SwapAnswered

TAKES: Final[Mapping[str, frozenset[str]]] = {
    "asked": frozenset({"accepted", "declined", "withdrawn"}),
    "accepted": frozenset({"approved", "refused", "withdrawn"}),
}
"""By how a swap stands. Nobody approves what the colleague did not accept."""


def answered(swap: Swap, said: SwapAnswered) -> Swap | None:
    """The swap after an answer; None where the answer does not fit how it stands."""
    if said.answer not in TAKES.get(swap.state, frozenset()):
        return None
    return replace(swap, state=said.answer, by=said.by, why=said.why)


def exchanged(swap: Swap, shifts: Sequence[ShiftPlanned]) -> tuple[ShiftPlanned, ...] | None:
    """The shifts after it, those that are taken away included; None where one of them is not there, or somebody would have two on a day."""
    at = {(shift.rep, shift.day): shift for shift in shifts}
    given = at.get((swap.rep, swap.day))
    back = at.get((swap.other, swap.other_day)) if swap.other_day else None
    if given is None or (swap.other_day and back is None):
        return None
    if swap.day != swap.other_day and (
        (swap.other, swap.day) in at or (back is not None and (swap.rep, swap.other_day) in at)
    ):
        return None
    taken = {given.slot: ShiftPlanned(given.rep, given.day)} | (
        {back.slot: ShiftPlanned(back.rep, back.day)} if back else {}
    )
    gained = [replace(given, rep=swap.other)] + ([replace(back, rep=swap.rep)] if back is not None else [])
    return tuple((taken | {shift.slot: shift for shift in gained}).values())
