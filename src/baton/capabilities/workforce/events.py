"""What is said of planning: contracts and leave on `rep/…`, the shifts of a week and their swaps on `schedule/<its Monday>`.

Days are ISO dates of the organisation's clock, times milliseconds since the epoch: a shift that begins at nine begins at nine
whatever clocks did meanwhile. A week's shifts are on one stream, so that a swap changes both of them or none.
"""

from datetime import date, timedelta
from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact


def week_of(day: str) -> str:
    """The Monday of a day's week, both as ISO dates."""
    at = date.fromisoformat(day)
    return (at - timedelta(days=at.weekday())).isoformat()


def schedule_stream(day: str) -> str:
    """The stream a day's shifts are on."""
    return f"schedule/{week_of(day)}"


class Planning(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `workforce.Planning`: what holds where nobody told otherwise, and what people's time costs.

    `week_min`, `days_on`, `earliest_min` and `latest_min` are the contract of whoever has none. `away_permille` of paid time
    is planned for breaks, training, leave and illness until presence tells it. `break_min` of breaks a shift are paid and adherent. `partner_cents` is the
    price of a contact that a partner takes, `hour_cents` of a rep's paid hour, `overtime_permille` what an hour of overtime costs
    of that. `hire_weeks` pass from deciding to hire until somebody begins, `ramp_weeks` from then until they
    work at full pace, beginning at `start_permille` of it. `horizon_ai_permille` is the share that AI keeps at the end of the plan, -1 as it is.
    """

    week_min: int = 2400
    days_on: int = 5
    earliest_min: int = 360
    latest_min: int = 1380
    away_permille: int = 300
    break_min: int = 30
    partner_cents: int = 600
    hour_cents: int = 2800
    overtime_permille: int = 1500
    hire_weeks: int = 10
    ramp_weeks: int = 12
    start_permille: int = 400
    horizon_ai_permille: int = -1


class Contract(Fact, frozen=True, gc=False, omit_defaults=True):
    """What a rep works: paid minutes a week, on how many days, the days off (0 Monday), from and until which minute of a day."""

    rep: str
    week_min: int
    days_on: int = 5
    off: tuple[int, ...] = ()
    earliest_min: int = 0
    latest_min: int = 1440
    source: str = ""


class WeekAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """A planner asks for a week's schedule to be made."""

    week: str
    by: str


class WeekStep(Event, frozen=True, gc=False):
    """How far it is: expecting contacts, counting starts, giving them names."""

    week: str
    step: Literal["expecting", "counting", "naming"]


class WeekFailed(Event, frozen=True, gc=False):
    """It could not be made, and what to do."""

    week: str
    code: str
    why: str


class QueueNeed(msgspec.Struct, frozen=True, gc=False):
    """Reps a queue needs on a day, by half hour: 48 numbers."""

    queue: str
    day: str
    reps: tuple[int, ...]


class WeekPlanned(Event, frozen=True, gc=False, omit_defaults=True):
    """A week's shifts are there: for how many people, what was needed, and how far they may be from the best (permille of the cost).

    `missing` are rep half hours that nobody at work could cover, `away_permille` the share of paid time that was planned away.
    """

    week: str
    people: int
    needs: tuple[QueueNeed, ...]
    missing: int
    gap_permille: int
    short_rests: int = 0
    away_permille: int = 0


class ShiftPlanned(Fact, frozen=True, gc=False, omit_defaults=True):
    """A rep's shift of a day; the meal begins at `meal_ms` and lasts half an hour, 0 where there is none. Without an end there is no shift."""

    rep: str
    day: str
    start_ms: int = 0
    end_ms: int = 0
    meal_ms: int = 0

    @property
    def slot(self) -> str:
        """One per rep and day."""
        return f"{self.day}/{self.rep}"

    @property
    def over(self) -> bool:
        """Taken away."""
        return not self.end_ms


class ShiftsTakenAway(Event, frozen=True, gc=False):
    """On a week: a rep is on leave from a day to another, both included."""

    rep: str
    first: str
    last: str


class LeaveAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep asks for days off, the first and the last included."""

    leave: str
    rep: str
    first: str
    last: str


class LeaveAnswered(Event, frozen=True, gc=False, omit_defaults=True):
    """A planner or supervisor approves days off or refuses them with a reason; or the rep takes the question back."""

    leave: str
    answer: Literal["approved", "refused", "withdrawn"]
    by: str
    why: str = ""


class Leave(Fact, frozen=True, gc=False, omit_defaults=True):
    """Days off a rep asked for, and how it stands. `why` is what a refusal rests on: a label, or the half hours it would leave missing."""

    leave: str
    rep: str
    first: str
    last: str
    state: Literal["asked", "approved", "refused", "withdrawn"] = "asked"
    by: str = ""
    why: str = ""

    @property
    def slot(self) -> str:
        """One per question."""
        return self.leave


class SwapAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep gives their shift of a day to a colleague, for the colleague's of `other_day`; for none where that is empty."""

    swap: str
    rep: str
    day: str
    other: str
    other_day: str = ""


Answer = Literal["accepted", "declined", "withdrawn", "approved", "refused"]
SwapState = Literal["asked", "accepted", "declined", "withdrawn", "approved", "refused", "moved"]


class SwapAnswered(Event, frozen=True, gc=False, omit_defaults=True):
    """The colleague accepts or declines, the rep takes it back, a supervisor approves it or refuses it with a reason."""

    swap: str
    answer: Answer
    by: str
    why: str = ""


class Swap(Fact, frozen=True, gc=False, omit_defaults=True):
    """A swap and how it stands; `moved` where a shift had changed by the time it was approved, so that nothing was swapped."""

    swap: str
    rep: str
    day: str
    other: str
    other_day: str = ""
    state: SwapState = "asked"
    by: str = ""
    why: str = ""

    @property
    def slot(self) -> str:
        """One per swap."""
        return self.swap


class FeedMade(Event, frozen=True, gc=False):
    """A rep's calendar got a secret address (or another one); the log knows only its fingerprint, empty where it was taken back."""

    rep: str
    fingerprint: str
