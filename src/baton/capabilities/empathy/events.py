"""What empathy says: a person is needed, and why."""

from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact

Reason = Literal["asked", "anger", "distress", "bereavement", "failed_attempts", "loop", "legal", "no_answer"]


class Triggers(msgspec.Struct, frozen=True, gc=False):
    """The policy `empathy.Triggers`: from where on a person is needed. Scores in permille.

    From `distress` a person is sent for unasked; from `possible_distress` one is only offered, and the AI goes on.
    """

    asks: int = 500
    distress: int = 500
    possible_distress: int = 50
    upset_turns: int = 2
    furious: int = 850
    failed_attempts: int = 2
    same_question: int = 3


class PersonNeeded(Fact, frozen=True, gc=False, omit_defaults=True):
    """A trigger was met: from this position on a person is needed. Spans are characters of that turn.

    `epoch` is the holder's when it was met: one need per stay with the AI. `count` is how many triggers were met in
    that stay, `declined` that the customer would rather stay with the AI, and `declined_at` the position of the turn that
    said so (0: nobody declined, or by going back). `asked` is the position of the turn or tap that
    first asked for a person in that stay (0: nobody asked), `asks` how often it was asked.
    """

    reason: Reason
    position: int
    count: int = 1
    start: int = 0
    end: int = 0
    epoch: int = 0
    declined: bool = False
    asked: int = 0
    asks: int = 0
    declined_at: int = 0


class PersonOffered(Fact, frozen=True, gc=False, omit_defaults=True):
    """At this turn a person is offered, once a conversation, and the AI goes on: what is listened for may go unheard.

    `language`: distress was never measured in the language of the turn, so nobody can say what is missed there.
    `distress`: the words may show distress and may show none. It says nothing of the customer and is no need of `PersonNeeded`.
    """

    reason: Literal["language", "distress"]
    language: str
    position: int


class PersonDeclined(Event, frozen=True, gc=False, omit_defaults=True):
    """The customer was offered a person and would rather stay with the AI."""

    reason: str = ""
