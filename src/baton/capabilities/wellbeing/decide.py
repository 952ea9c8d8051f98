"""Proposals of wellbeing: to ask for a breather, to grant some, to begin one; and to give people an easy conversation first."""

from collections.abc import Iterator

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import Routing
from baton.capabilities.wellbeing.breathers import granting, own, reserving
from baton.capabilities.wellbeing.events import (
    Asked,
    Breather,
    BreatherAnswered,
    BreatherPriced,
    BreathersApproved,
    Duty,
    Load,
    ReserveDue,
    Wellbeing,
)
from baton.capabilities.wellbeing.load.counting import AT_WORK, is_heavy
from baton.kernel.conversation import Holder, Proposed, TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

ASK, GRANT, TAKE = 1000, 1000, 1000
RESERVE = 2500
"""Above any answer and procedure, below whoever asks for a person."""


def asks(load: Load, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Ask for a breather where the load is heavy, nothing is under way, and the rep is at work."""
    rules, duty, had = stream.policy(Wellbeing), facts.get(Duty), facts.get(Breather)
    if duty is None or duty.presence not in AT_WORK or not is_heavy(load, rules):
        return
    if had is None or (had.state == "over" and stream.now_ms >= had.again_ms):
        yield Proposed("ask_breather", {}, ASK, f"{load.milli_min // 1000} weighted minutes; {load.run} hard in a row")


def standing(event: BreatherPriced, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Grant what costs no more than policy allows."""
    asked, rules = facts.slot(Asked, event.ref), stream.policy(Wellbeing)
    if asked is not None and asked.state == "waiting" and granting.is_standing(asked, granting.spent_on(stream), rules):
        yield Proposed(
            "grant_breathers", {"ref": event.ref}, GRANT, f"costs {event.late_permille} permille answered late"
        )


def approved(event: BreathersApproved, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Grant as many as a supervisor approved, the oldest first."""
    args: dict[str, str | int | bool] = {"many": event.many, "by": event.by}
    yield Proposed("grant_breathers", args, GRANT, f"{event.many} approved by a supervisor")


def taken(event: BreatherAnswered, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Begin what the rep takes."""
    offered = own.current(facts, event.ref)
    if event.answer == "take" and offered is not None and offered.state == "offered":
        yield Proposed("take_breather", {"ref": event.ref}, TAKE, "the rep takes it")


def withheld(said: TurnSaid, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """An easy conversation to people first, at its first turn, where somebody is free who should get one."""
    due, grade, holder, intent = facts.get(ReserveDue), facts.get(Complexity), facts.get(Holder), facts.get(Intent)
    if (
        due is None
        or grade is None
        or grade.level != "low"
        or intent is None
        or holder is None
        or holder.kind != "agent"
    ):
        return
    fresh = said.role == "customer" and len(stream.said("customer")) == 1
    queue = reserving.queue_of(intent.label, stream.policy(Routing).queues, due.skills) if fresh else None
    if queue is not None:
        args: dict[str, str | int | bool] = {
            "reason": "reserved", "queue": queue.id, "position": stream.entry.position
        }  # fmt: skip
        yield Proposed("escalate", args, RESERVE, f"an easy one for people: {due.why}")
