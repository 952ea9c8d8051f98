"""What is said of wellbeing: work on `rep/…`, asks and grants of breathers on `team/…`, who is given easy ones next on `assignment/…`.

All of it rests on work: how hard a conversation was, how long it was in hand, how the customer wrote. Nothing is read from a
rep's voice, face, words or typing. Times are milliseconds since the epoch, scores permille.
"""

from hashlib import blake2b
from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact

Kind = Literal["break", "easy"]


def team_stream(team: str) -> str:
    """The stream a team's breathers are decided on; those of reps without a team on one of their own."""
    return f"team/{blake2b(team.encode(), digest_size=8).hexdigest()}"


class Wellbeing(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `wellbeing.Wellbeing`: how work counts as load, when a breather is asked for, what it may cost.

    A minute of medium and high complexity counts `medium_permille` and `high_permille`, and `hostile_permille` more where the
    customer was hostile (from `hostile_at` on); load halves in `half_life_s`. A breather is asked for at `after_min` weighted minutes, or
    `run` hard or hostile conversations in a row: a break of `break_s`, or, where the day's `budget_min` of the team are spent, an
    easy conversation next. `approve_permille` more customers answered late is approved by standing policy; what costs more
    waits for a supervisor. An offer stays `stays_s`; after `again_s` the next may be asked for. A rep is given only easy
    ones for at most `easy_s`. `reserve_permille` of conversations may be withheld from the AI for them and for trainees.
    """

    half_life_s: int = 3600
    medium_permille: int = 1000
    high_permille: int = 2000
    hostile_permille: int = 1000
    hostile_at: int = 600
    after_min: int = 60
    run: int = 3
    kinds: tuple[Kind, ...] = ("break", "easy")
    break_s: int = 300
    easy_s: int = 600
    budget_min: int = 60
    approve_permille: int = 10
    stays_s: int = 1800
    again_s: int = 1800
    reserve_permille: int = 0


class Stretch(Fact, frozen=True, gc=False, omit_defaults=True):
    """On a conversation: the rep who has it, since when, and how hostile the customer was meanwhile (permille); nobody where `rep` is empty.

    Hostility is the customer's: the larger of their frustration and how far their score is below even.
    """

    rep: str = ""
    since_ms: int = 0
    hostility: int = 0


class Took(Event, frozen=True, gc=False, omit_defaults=True):
    """On a rep's stream: a conversation is theirs."""

    conversation: str
    at_ms: int


class Left(Event, frozen=True, gc=False, omit_defaults=True):
    """On a rep's stream: a conversation is no longer theirs; how hard it was, and how hostile the customer (permille)."""

    conversation: str
    at_ms: int
    level: Literal["low", "medium", "high"] = "low"
    hostility: int = 0


class OnDuty(Event, frozen=True, gc=False, omit_defaults=True):
    """On a rep's stream: their presence changed, as the assignment stream has it."""

    presence: Literal["available", "away", "break", "wrap_up", "offline"]
    reason: str = ""
    at_ms: int = 0
    capacity: int = 3
    skills: tuple[str, ...] = ()


class Duty(Fact, frozen=True, gc=False, omit_defaults=True):
    """A rep's presence and since when, on their own stream."""

    presence: str
    reason: str = ""
    since_ms: int = 0
    capacity: int = 3
    skills: tuple[str, ...] = ()


class InHand(Fact, frozen=True, gc=False, omit_defaults=True):
    """A conversation in hand: since when, and the shared time (`Load.shared_ms`) at which it was taken."""

    conversation: str
    since_ms: int
    shared_ms: int
    ended: bool = False

    @property
    def slot(self) -> str:
        """One per conversation."""
        return self.conversation

    @property
    def over(self) -> bool:
        """No longer in hand."""
        return self.ended


class Load(Fact, frozen=True, gc=False, omit_defaults=True):
    """A rep's load at `at_ms`: `milli_min` are thousandths of a weighted minute, which leak away by half in the policy's half-life.

    `run` counts hard or hostile conversations in a row. Since the last break (or the beginning of work, `rested_ms`): `served`, `hard`
    and `hostile` conversations, `busy_ms` with something in hand of `duty_ms` at work. `shared_ms` is time in hand where each of n
    conversations at once has an n-th of the rep's time.
    """

    at_ms: int
    milli_min: int = 0
    in_hand: int = 0
    shared_ms: int = 0
    run: int = 0
    served: int = 0
    hard: int = 0
    hostile: int = 0
    busy_ms: int = 0
    duty_ms: int = 0
    rested_ms: int = 0


class Counting(Fact, frozen=True, gc=False):
    """Whether a rep lets their load be counted."""

    on: bool


class LoadForgotten(Event, frozen=True, gc=False):
    """A rep deleted their load: it begins anew, and what was before is neither shown nor exported. `counting` off ends it for good."""

    counting: bool = True


class Breather(Fact, frozen=True, gc=False, omit_defaults=True):
    """A rep's breather: asked for, offered until a time, taken until a time, or over. `late_permille` is what it costs in customers answered late.

    `hidden_ms` is until when an offer is put off; `again_ms` from when the next may be asked for. `by` granted it: the policy, or a supervisor.
    """

    ref: str
    state: Literal["asked", "offered", "taken", "over"]
    team: str = ""
    kind: Kind = "break"
    rest_s: int = 0
    until_ms: int = 0
    hidden_ms: int = 0
    again_ms: int = 0
    late_permille: int = 0
    by: str = ""


class BreatherAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """On a team's stream: one of its people could use a breather of `rest_s`. `rep` is where the answer goes and is in no read model."""

    ref: str
    rep: str
    team: str
    rest_s: int
    skills: tuple[str, ...] = ()


class BreatherPriced(Event, frozen=True, gc=False, omit_defaults=True):
    """On a team's stream: what a breather costs now: permille more customers answered late while it lasts, of `contacts` (in thousandths) expected."""

    ref: str
    late_permille: int
    milli_contacts: int = 0


class BreathersApproved(Event, frozen=True, gc=False, omit_defaults=True):
    """On a team's stream: a supervisor approves so many of the team's breathers, whoever's they are."""

    many: int
    by: str


class BreatherGranted(Event, frozen=True, gc=False, omit_defaults=True):
    """On a rep's stream: the breather may be offered."""

    ref: str
    kind: Kind
    rest_s: int
    late_permille: int = 0
    by: str = ""


class BreatherAnswered(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep takes a breather, puts it off, or would rather not."""

    ref: str
    answer: Literal["take", "later", "no"]


class BreatherEnded(Event, frozen=True, gc=False, omit_defaults=True):
    """On a team's stream: a breather was taken, or was not used; `unused` ones go back to the budget."""

    ref: str
    how: Literal["taken", "unused"]


class Asked(Fact, frozen=True, gc=False, omit_defaults=True):
    """On a team's stream: a breather that is asked for, granted or over, and what it costs. One per breather."""

    ref: str
    rep: str
    team: str
    rest_s: int
    asked_ms: int
    state: Literal["waiting", "granted", "taken", "unused"] = "waiting"
    kind: Kind = "break"
    skills: tuple[str, ...] = ()
    late_permille: int = -1
    milli_contacts: int = 0
    priced_ms: int = 0
    by: str = ""

    @property
    def slot(self) -> str:
        """One per breather."""
        return self.ref

    @property
    def over(self) -> bool:
        """Nothing more becomes of it."""
        return self.state in {"taken", "unused"}


class Spent(Fact, frozen=True, gc=False, omit_defaults=True):
    """How much of a team's budget of breathers is granted on a day (UTC, days since 1970)."""

    day: int
    granted_s: int = 0


class EasyNext(Event, frozen=True, gc=False):
    """On the assignment stream: until a time a rep is given only easy conversations, or none; the first one taken ends it."""

    rep: str
    until_ms: int


class Easing(Fact, frozen=True, gc=False, omit_defaults=True):
    """A rep who is given only easy conversations until a time. One per rep."""

    rep: str
    until_ms: int = 0

    @property
    def slot(self) -> str:
        """One per rep."""
        return self.rep

    @property
    def over(self) -> bool:
        """It is over."""
        return not self.until_ms


class ReserveAsked(Event, frozen=True, gc=False):
    """On the assignment stream: a conversation begins that people may have before the AI, should it be easy."""

    conversation: str


class ReserveDue(Fact, frozen=True, gc=False, omit_defaults=True):
    """On a conversation: somebody with these skills is free who should get an easy one, after a breather or as a trainee (`why`)."""

    why: Literal["breather", "trainee"]
    skills: tuple[str, ...] = ()
