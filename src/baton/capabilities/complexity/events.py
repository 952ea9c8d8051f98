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
    each_return: int = 120
    returns_at_most: int = 240
    open_promise: int = 100
    each_told: int = 100
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


class Foreseeing(msgspec.Struct, frozen=True, omit_defaults=True):
    """The policy `complexity.Foreseeing`, learned: how much each sign foretells, and where medium and high begin by it.

    `factors` multiply a sign's points (permille, 1000 where nothing is known), `intents` are the points an intent adds or takes,
    `centre` those of every conversation. Learned from how hard conversations turned out, and from what reps said of them.
    """

    conversations: int = 0
    centre: int = 0
    factors: dict[str, int] = {}
    intents: dict[str, int] = {}
    medium_at: int = 200
    high_at: int = 500


class Usual(msgspec.Struct, frozen=True, omit_defaults=True):
    """The policy `complexity.Usual`, learned: how long a stretch with a rep usually takes, in milli-nats (1,000 ln ms).

    `centre` is the usual of all, `intents` and `reps` what each adds, `spread` one standard deviation of what is left.
    It takes a rep's pace out of what counts as hard; it is no measure of a rep and no screen shows it.
    """

    stretches: int = 0
    centre: int = 0
    spread: int = 1
    intents: dict[str, int] = {}
    reps: dict[str, int] = {}


class Afterwards(msgspec.Struct, frozen=True, gc=False):
    """The policy `complexity.Afterwards`: points in permille for what the work turned out to be.

    Time counts only against the usual of this intent and this rep: `at_usual` for the usual itself, `each_spread` more or
    less for a standard deviation, named as a reason from `notable` (permille of the spread) on.
    """

    at_usual: int = 300
    each_spread: int = 300
    time_at_most: int = 700
    notable: int = 500
    medium_at: int = 200
    high_at: int = 500


class Complexity(Fact, frozen=True, gc=False, omit_defaults=True):
    """How hard this conversation is: a level, a score in permille and the reasons as labels.

    `touched` are the procedures and tools it took so far, `transfers` how often it went to another queue, `contacts`
    how many earlier contacts the customer had lately, `earlier` how many of those by intent, `promises` how many of what they were
    promised is open, `told` the complications they named, `graded` the level of the score where a rep overruled it.
    """

    level: Level
    score: int
    reasons: tuple[str, ...] = ()
    overridden: bool = False
    touched: tuple[str, ...] = ()
    transfers: int = 0
    contacts: int = 0
    graded: Level = "low"
    told: tuple[str, ...] = ()
    earlier: dict[str, int] = {}
    promises: int = 0


class Foresight(Fact, frozen=True, gc=False, omit_defaults=True):
    """How hard it looked before the work began: the grade when a rep set to it, having heard the customer twice.

    `signs` are the points of each sign in permille, before what was learned of it. It stays as it was: hindsight is compared with it.
    """

    level: Level
    score: int
    signs: dict[str, int] = {}


class Hindsight(Fact, frozen=True, gc=False, omit_defaults=True):
    """How hard it turned out to be, once a rep's stretch is over: level, score in permille, reasons as labels.

    `beyond` is the time over the usual of this intent and rep, in permille of the spread (negative: quicker). Where the
    rep said a level, that is the level.
    """

    level: Level
    score: int
    reasons: tuple[str, ...] = ()
    beyond: int = 0


class ComplexityOverridden(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep says how hard it really was. It stays what the rep said."""

    level: Level
    rep: str


class HistoryAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: a conversation began (at `began_ms`) and asks for what there was before it."""

    conversation: str
    began_ms: int = 0


class HistoryKnown(Event, frozen=True, gc=False, omit_defaults=True):
    """On a conversation's stream: how many contacts of this customer ended in the 30 days before it began, also by
    intent, and how many promises to them were open.
    """

    contacts: int
    earlier: dict[str, int] = {}
    promises: int = 0
