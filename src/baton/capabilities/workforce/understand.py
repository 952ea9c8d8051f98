"""Understanding for planning: what an answer makes of a leave or a swap, and what that makes of the shifts."""

from collections.abc import Iterator
from datetime import date, timedelta

from msgspec.structs import replace

from baton.capabilities.workforce.events import (
    Leave,
    LeaveAnswered,
    LeaveAsked,
    ShiftPlanned,
    ShiftsTakenAway,
    Swap,
    SwapAnswered,
    SwapAsked,
    schedule_stream,
)
from baton.capabilities.workforce.scheduling.swapping import answered, exchanged
from baton.kernel.conversation import To
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream


def leave_asked(event: LeaveAsked, stream: Stream, facts: Facts) -> Iterator[Leave]:
    """Days off that wait for an answer."""
    if facts.slot(Leave, event.leave) is None:
        yield Leave(event.leave, event.rep, event.first, event.last)


def leave_answered(event: LeaveAnswered, stream: Stream, facts: Facts) -> Iterator[Leave | To]:
    """The first answer counts. Approved days take their shifts away, whichever weeks they are in."""
    asked = facts.slot(Leave, event.leave)
    if asked is None or asked.state != "asked":
        return
    yield replace(asked, state=event.answer, by=event.by, why=event.why)
    if event.answer == "approved":
        weeks = dict.fromkeys(schedule_stream(day) for day in _days(asked.first, asked.last))
        for week in weeks:
            yield To(week, ShiftsTakenAway(asked.rep, asked.first, asked.last))


def taken_away(event: ShiftsTakenAway, stream: Stream, facts: Facts) -> Iterator[ShiftPlanned]:
    """The shifts of this week that lie in a leave."""
    for shift in facts.all(ShiftPlanned):
        if shift.rep == event.rep and event.first <= shift.day <= event.last:
            yield ShiftPlanned(shift.rep, shift.day)


def swap_asked(event: SwapAsked, stream: Stream, facts: Facts) -> Iterator[Swap]:
    """A swap that waits for the colleague."""
    if facts.slot(Swap, event.swap) is None:
        yield Swap(event.swap, event.rep, event.day, event.other, event.other_day)


def swap_answered(event: SwapAnswered, stream: Stream, facts: Facts) -> Iterator[Swap | ShiftPlanned]:
    """An answer that fits how the swap stands; approved, both shifts change hands, or neither."""
    asked = facts.slot(Swap, event.swap)
    told = answered(asked, event) if asked is not None else None
    if told is None:
        return
    shifts = exchanged(told, facts.all(ShiftPlanned)) if told.state == "approved" else ()
    if shifts is None:
        yield replace(told, state="moved")
        return
    yield told
    yield from shifts


def _days(first: str, last: str) -> Iterator[str]:
    at = date.fromisoformat(first)
    while at.isoformat() <= last:
        yield at.isoformat()
        at += timedelta(days=1)
