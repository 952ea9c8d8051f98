"""What complexity says: how hard a conversation is, and why; a rep may overrule it."""

from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact

Level = Literal["low", "medium", "high"]


class Grading(msgspec.Struct, frozen=True, gc=False):
    """The policy `complexity.Grading`: points in permille for each sign, their ceilings, and where medium and high begin.

    Signs are features of the work, never of how long it took: handle time would punish patience.
    """

    intent_unclear: int = 150
    intent_close: int = 80
    close_margin: int = 300
    each_issue: int = 120
    issues_at_most: int = 300
    each_system: int = 60
    systems_at_most: int = 240
    each_contact: int = 60
    contacts_at_most: int = 180
    low_mood: int = 100
    low_mood_at: int = -300
    frustration: int = 100
    frustration_at: int = 600
    identity: int = 60
    hard_step: int = 100
    hard_step_tries: int = 2
    each_repeat: int = 100
    repeats_at_most: int = 200
    each_failure: int = 100
    failures_at_most: int = 200
    each_transfer: int = 150
    transfers_at_most: int = 300
    distress: int = 400
    legal: int = 300
    medium_at: int = 200
    high_at: int = 500


class Complexity(Fact, frozen=True, gc=False, omit_defaults=True):
    """How hard this conversation is: a level, a score in permille and the reasons as labels.

    `touched` are the procedures and tools it took so far, `transfers` how often it went to another queue, `contacts`
    how many earlier contacts the customer had lately, `graded` the level of the score where a rep overruled it.
    """

    level: Level
    score: int
    reasons: tuple[str, ...] = ()
    overridden: bool = False
    touched: tuple[str, ...] = ()
    transfers: int = 0
    contacts: int = 0
    graded: Level = "low"


class ComplexityOverridden(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep says how hard it really was. It stays what the rep said."""

    level: Level
    rep: str


class HistoryAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: a conversation began and asks how many earlier contacts there were."""

    conversation: str


class HistoryKnown(Event, frozen=True, gc=False, omit_defaults=True):
    """On a conversation's stream: how many contacts of this customer ended in the 30 days before it began."""

    contacts: int
