"""Understanding for the lake: the way a conversation takes, from the events that change it."""

from collections.abc import Iterator

import msgspec

from baton.capabilities.lake.events import Course, Segment
from baton.capabilities.routing.events import (
    Assigned,
    GivenTo,
    HandedBack,
    HandedOver,
    Moved,
    TakenOver,
    Transferred,
    WrappedUp,
)
from baton.kernel.conversation import Ended
from baton.kernel.facts import Facts
from baton.kernel.ports import Models
from baton.kernel.stream import Stream

POLITE = 500


def offered_to_people(event: HandedOver, stream: Stream, facts: Facts) -> Iterator[Course]:
    """A stretch with a queue begins."""
    now = facts.get(Course) or Course()
    yield Course(
        segment=now.segment + 1, queue=event.queue, offered_ms=stream.now_ms, reason=event.reason, reached=now.reached,
        handed_over=now.handed_over or event.from_kind == "agent", rep="",
    )  # fmt: skip


def answered(event: Assigned, stream: Stream, facts: Facts) -> Iterator[Course]:
    """A rep answers; without a handover before, the stretch began when the customer began to wait, if that is known."""
    now = facts.get(Course) or Course()
    if now.segment == 0 or now.answered_ms:
        offered = stream.now_ms - event.waited_ms if stream.live or event.waited_ms else 0
        now = Course(segment=now.segment + 1, offered_ms=offered, handed_over=now.handed_over, reason=now.reason)
    yield msgspec.structs.replace(
        now, answered_ms=stream.now_ms, rep=event.rep, queue=event.queue or now.queue, reached=True
    )


def taken_over(event: TakenOver, stream: Stream, facts: Facts) -> Iterator[Course]:
    """A supervisor takes it: a stretch of their own, answered at once."""
    now = facts.get(Course) or Course()
    yield Course(
        segment=now.segment + 1, queue=now.queue, offered_ms=stream.now_ms, answered_ms=stream.now_ms, rep=event.rep,
        reached=True, handed_over=True, reason=event.reason or now.reason or "taken_over",
    )  # fmt: skip


def given(event: GivenTo, stream: Stream, facts: Facts) -> Iterator[Course]:
    """A rep gives it to a colleague: the stretch of one ends, and the other's begins, answered at once."""
    now = facts.get(Course) or Course()
    yield msgspec.structs.replace(now, ended_ms=stream.now_ms)
    yield Course(
        segment=now.segment + 1, queue=now.queue, offered_ms=stream.now_ms, answered_ms=stream.now_ms, rep=event.to,
        reached=True, handed_over=now.handed_over, reason="given",
    )  # fmt: skip


def moved(event: Moved, stream: Stream, facts: Facts) -> Iterator[Course]:
    """A supervisor moves it: who waited waits on in the other queue, a rep's stretch ends and another begins there."""
    now = facts.get(Course)
    if now is None or now.ended_ms:
        return
    if not now.answered_ms:
        yield msgspec.structs.replace(now, queue=event.queue)
        return
    yield msgspec.structs.replace(now, ended_ms=stream.now_ms, transferred_to=event.queue)
    yield Course(
        segment=now.segment + 1, queue=event.queue, offered_ms=stream.now_ms, reached=now.reached, handed_over=now.handed_over,
        reason="reassigned",
    )  # fmt: skip


def stretch_over(event: WrappedUp | Transferred | HandedBack, stream: Stream, facts: Facts) -> Iterator[Course]:
    """A rep's stretch ends: wrapped up, transferred or given back."""
    now = facts.get(Course)
    if now is None or now.ended_ms:
        return
    if isinstance(event, WrappedUp):
        ended = max(now.answered_ms, stream.now_ms - event.wrap_ms)
        yield msgspec.structs.replace(now, ended_ms=ended, hold_ms=event.hold_ms, wrap_ms=event.wrap_ms)
    elif isinstance(event, Transferred):
        yield msgspec.structs.replace(now, ended_ms=stream.now_ms, transferred_to=event.queue)
    else:
        yield msgspec.structs.replace(now, ended_ms=stream.now_ms)


def recorded_stretch(event: Segment, stream: Stream, facts: Facts) -> Iterator[Course]:
    """A row of an ACD's contact records: the stretch as it was."""
    now = facts.get(Course) or Course()
    yield Course(
        segment=event.number, queue=event.queue, offered_ms=event.offered_ms, answered_ms=event.answered_ms,
        ended_ms=event.ended_ms, hold_ms=event.hold_ms, wrap_ms=event.wrap_ms, rep=event.rep,
        transferred_to=event.transferred_to, abandoned=event.abandoned, handed_over=now.handed_over or event.callback,
        reached=now.reached or bool(event.rep and event.answered_ms), reason=now.reason,
    )  # fmt: skip


def closed(event: Ended, stream: Stream, facts: Facts, models: Models) -> Iterator[Course]:
    """It ended: which path it took, and whether an AI kept it to the end."""
    now = facts.get(Course) or Course()
    spoke = {turn.role for turn in stream.turns}
    people = now.reached or now.handed_over or "rep" in spoke or (now.segment > 0 and now.abandoned)
    agent = "agent" in spoke or (not people and "rep" not in spoke)
    path = "agent_rep" if agent and people else "rep" if people else "machine" if "machine" in spoke else "agent"
    waiting = now.segment > 0 and not now.ended_ms
    yield msgspec.structs.replace(
        now, closed=True, why=event.why, unanswered=_asks(stream, models), path=path, contained=agent and not people,
        ended_ms=stream.now_ms if waiting else now.ended_ms,
        abandoned=now.abandoned or (waiting and not now.answered_ms and event.why != "transferred"),
    )  # fmt: skip


def _asks(stream: Stream, models: Models) -> bool:
    """Whether the customer spoke last, and not only to be polite."""
    last = stream.turns[-1] if stream.turns else None
    return last is not None and last.role in {"customer", "machine"} and models.judge(last.text).small_talk < POLITE
