"""What empathy says: a person is needed, and why."""

from typing import Literal

from baton.kernel.events import Event, Fact

Reason = Literal["asked", "anger", "distress", "bereavement", "failed_attempts", "loop", "legal", "no_answer"]


class PersonNeeded(Fact, frozen=True, gc=False, omit_defaults=True):
    """A trigger was met: from this position on the customer needs a person. Spans are characters of that turn."""

    reason: Reason
    position: int
    count: int = 1
    start: int = 0
    end: int = 0


class PersonDeclined(Event, frozen=True, gc=False, omit_defaults=True):
    """The customer was offered a person and would rather stay with the AI."""

    reason: str = ""
