"""What individual says: quotes and choices while a customer waits, whether they were kept, and what is remembered of a customer.

On `assignment/…`: `Told`, `Flow` and `RepShift` hold, `RepWanted` comes in. On `conversation/…`: `Chosen` and `WantedRepLeft` come in; `LastRep`, `Choice` and
`QuoteKept` hold. On `customer/…`: `ServedBy` and `LastRepAsked` come in, `LastRep` and `Forgotten` hold.
What is remembered beside the last rep is kept nowhere: it is counted from the contacts since `Forgotten` when it is shown.
"""

from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact

Whom = Literal["anyone", "rep"]


class Individual(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `individual.Individual`: how often a promised wait is to be kept, and who is offered their rep of last time.

    Where `claimed_too` is off, only customers whose identity is verified are told the name of who served them before; what is
    remembered counts contacts of the last `keep_days`.
    """

    nominal_permille: int = 800
    claimed_too: bool = False
    keep_days: int = 365


class Learned(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `individual.Learned`: what quotes rest on, learned from handle times and from waits that ended either way.

    `laws` are handle times by queue (21 quantiles in milliseconds; `""` is all of them), `patience_ms` means by queue, `weights` of what each rule
    says by queue in parts of a million, `factors` what a promise for anybody is multiplied by and `levels` the quantile of a named one, both
    permille by `queue|hour` of the day in UTC. `waits` is how many waits it was learned from.
    """

    waits: int = 0
    laws: dict[str, tuple[int, ...]] = {}
    patience_ms: dict[str, int] = {}
    weights: dict[str, tuple[int, ...]] = {}
    factors: dict[str, int] = {}
    levels: dict[str, int] = {}


class Told(Fact, frozen=True, gc=False, omit_defaults=True):
    """On the board: what a customer who waits for anybody is told; milliseconds. Taken away (`wait_ms` 0) when the place is."""

    conversation: str
    epoch: int = 0
    wait_ms: int = 0
    within_ms: int = 0

    @property
    def slot(self) -> str:
        """One per conversation."""
        return self.conversation

    @property
    def over(self) -> bool:
        """The place is gone."""
        return not self.wait_ms


class Flow(Fact, frozen=True, gc=False, omit_defaults=True):
    """On the board: how a queue goes: how long who was answered last had waited, when that was, and how far apart answers came of late."""

    queue: str
    last_ms: int
    at_ms: int
    gap_ms: int

    @property
    def slot(self) -> str:
        """One per queue."""
        return self.queue


class RepShift(Fact, frozen=True, gc=False, omit_defaults=True):
    """On the board: when a rep works on a day, as planned, and when their half hour of a meal begins (0: none). Without an end there is none."""

    rep: str
    day: str
    start_ms: int = 0
    end_ms: int = 0
    meal_ms: int = 0

    @property
    def slot(self) -> str:
        """One per rep and day."""
        return f"{self.rep}/{self.day}"

    @property
    def over(self) -> bool:
        """Taken away, or past."""
        return not self.end_ms


class RepWanted(Event, frozen=True, gc=False, omit_defaults=True):
    """On the board: who waits wants this rep and nobody else; empty: anybody. The place in line stays.

    `last_rep` served them last, where that came to light only after they had joined.
    """

    conversation: str
    rep: str
    epoch: int = 0
    last_rep: str = ""


class WantedRepLeft(Event, frozen=True, gc=False, omit_defaults=True):
    """On a conversation: the rep who is waited for went home or passed; it waits for anybody now, at the same place."""

    rep: str
    name: str
    why: Literal["offline", "passed"] = "offline"
    epoch: int = 0


class LastRep(Fact, frozen=True, gc=False, omit_defaults=True):
    """Who served this customer last, and when: on the customer's stream, and on a conversation as it was when that began; empty where it was forgotten."""

    rep: str = ""
    at_ms: int = 0


class ServedBy(Event, frozen=True, gc=False):
    """On a customer's stream: a rep served them in a conversation that is over."""

    rep: str
    conversation: str
    at_ms: int


class LastRepAsked(Event, frozen=True, gc=False):
    """On a customer's stream: a conversation begins, and asks who served them last."""

    conversation: str


class Choice(Fact, frozen=True, gc=False, omit_defaults=True):
    """What a waiting customer may choose, and what they were told about each; milliseconds.

    `rep` is empty where their rep of last time is not at work or goes home before. `line` is what the quote for anybody rests on (the fields of
    `quoting.line.Line`), `ways_ms` the 5 %, 10 % … 95 % quantiles of the wait for the rep. `chosen` since `chosen_ms`.
    """

    queue: str
    epoch: int
    at_ms: int
    hour: int
    wait_ms: int = 0
    within_ms: int = 0
    line: tuple[int, ...] = ()
    rep: str = ""
    name: str = ""
    rep_wait_ms: int = 0
    rep_within_ms: int = 0
    ways_ms: tuple[int, ...] = ()
    chosen: Whom = "anyone"
    chosen_ms: int = 0


class Chosen(Event, frozen=True, gc=False, omit_defaults=True):
    """The customer chose whom to wait for."""

    whom: Whom
    epoch: int = 0


class QuoteKept(Fact, frozen=True, gc=False, omit_defaults=True):
    """What came of a quote: how long it took after it was told, whether somebody answered, and whether that was within the promise.

    `kept` is None where the customer left (or chose anew) before the promised time was over: nobody knows.
    """

    whom: Whom
    queue: str
    epoch: int
    within_ms: int
    took_ms: int
    answered: bool
    kept: bool | None = None

    @property
    def slot(self) -> str:
        """One per quote of a stay in the queue."""
        return f"{self.epoch}/{self.whom}"


class Forgotten(Fact, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: nothing from before `until_ms` is remembered of them any more, on the word of `by` (`customer` or `staff/<id>`)."""

    until_ms: int
    by: str = "customer"
    conversation: str = ""
