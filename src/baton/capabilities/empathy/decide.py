"""Proposals to hand over to a person, as long as one is needed and the AI still has the conversation."""

from collections.abc import Iterator

from baton.capabilities.empathy.events import PersonNeeded, Reason
from baton.kernel.conversation import ActionDone, Holder, Proposed, TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

VALUE: dict[Reason, int] = {
    "asked": 9000, "distress": 9000, "bereavement": 9000, "legal": 8000, "anger": 6000,
    "failed_attempts": 5500, "loop": 5500, "no_answer": 5500,
}  # fmt: skip
"""Permille of one met need: far above any answer, so that policy and not a margin decides."""
DECLINED = 10
"""Divides the value where the customer would rather stay with the AI: then a good answer wins."""


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
