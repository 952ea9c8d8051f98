"""Proposals to hand over to a person while one is needed and the AI still has it, and to stay with the AI where that is declined."""

from collections.abc import Iterator

from baton.capabilities.empathy.events import PersonNeeded, Reason
from baton.capabilities.empathy.triggers.declining import declines
from baton.kernel.conversation import ActionDone, Holder, Proposed, TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

VALUE: dict[Reason, int] = {
    "asked": 9000, "distress": 9000, "bereavement": 9000, "legal": 8000, "anger": 6000,
    "failed_attempts": 5500, "loop": 5500, "no_answer": 5500,
}  # fmt: skip
"""Permille of one met need: far above any answer, so that policy and not a margin decides."""
STAY = 9000
"""Nothing else is proposed while the queue has it; what the customer says of themselves decides."""
DECLINED = 100
"""Divides the value where the customer would rather stay with the AI: then any answer wins."""


def to_a_person(event: TurnSaid | ActionDone | PersonNeeded, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Hand over while a person is needed. Asking once is enough, at any turn or tap, also after a hand-back."""
    if event is not stream.entry.event or (isinstance(event, TurnSaid) and event.role not in {"customer", "machine"}):
        return
    needed, holder = facts.get(PersonNeeded), facts.get(Holder)
    if needed is None or needed.epoch != (holder.epoch if holder else 0):
        return
    if holder is not None and holder.kind in {"queue", "rep"}:
        return
    value = VALUE[needed.reason] // (DECLINED if needed.declined else 1)
    yield Proposed(
        "escalate", {"reason": needed.reason, "position": needed.position}, value, f"person needed: {needed.reason}"
    )


def rather_not(said: TurnSaid, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Whom nobody asked may say no: while they wait for the person sent for unasked, they may go back to the AI."""
    needed, holder = facts.get(PersonNeeded), facts.get(Holder)
    if said.role != "customer" or needed is None or holder is None or holder.kind != "queue":
        return
    if needed.asks or needed.declined or holder.epoch != needed.epoch + 1 or not declines(said.text):
        return
    yield Proposed("stay_with_ai", {"reason": needed.reason}, STAY, f"would rather not: {needed.reason}")
