"""What resolution says: the state of every need with its evidence, what was promised, and which needs are asked about.

Contacts meet on `customer/…` streams, those of several identities of one person on one of them. `Promised`, `PromiseSettled`, `PromiseChased` and `ProbeAnswered` are said of a conversation;
`Promise` and `Probe` hold on its customer's stream.
"""

from hashlib import blake2b
from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact, Personal

State = Literal["open", "provisional", "confirmed", "correctly_refused", "correctly_handed_over", "given_up", "failed", "reversed", "unaccounted"]  # fmt: skip
STATES: tuple[State, ...] = ("confirmed", "provisional", "correctly_refused", "given_up", "reversed", "failed", "unaccounted", "open", "correctly_handed_over")  # fmt: skip
Verdict = Literal["met", "refused", "handed_over", "given_up", "failed", "silent", "open"]


class Evidence(Fact, frozen=True, gc=False, omit_defaults=True):
    """What this conversation shows about the customer's need so far. Said of the conversation, before any window closes.

    `stated` is an outcome that the source of imported history states, `need` and `issue` what it names the need by; `prepared` counts changes of a procedure that
    has not come to its end. `wrapped_up` is the outcome given at wrap-up, `left_unmet` that the last answers did not help. `last_mood` is the customer's, in
    permille. `changes` and `failures` count writes to the system of record, `group` is what the source says it clusters by.
    """

    record_changed: bool = False
    record_failed: bool = False
    confirmed: bool = False
    denied: bool = False
    refused: bool = False
    promise_open: bool = False
    left_unmet: bool = False
    last_mood: int = 0
    position: int = 0
    stated: Verdict | Literal[""] = ""
    stated_by: str = ""
    need: str = ""
    issue: str = ""
    wrapped_up: str = ""
    promise_due_ms: int = 0
    person_needed: bool = False
    changes: int = 0
    failures: int = 0
    group: str = ""
    prepared: int = 0


class Observed(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: the history of `source` is known up to this time, so windows that closed before it have."""

    source: str
    until_ms: int


class Known(Fact, frozen=True, gc=False, omit_defaults=True):
    """How far this customer's contacts are known, in milliseconds since the epoch."""

    until_ms: int


class Contacted(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: one of their conversations ended, with what it shows; `known_ms` where another identity's stream passes it on."""

    conversation: str
    intent: str
    channel: str
    started_ms: int
    ended_ms: int
    path: Literal["agent", "agent_rep", "rep", "machine"] = "agent"
    verdict: Verdict = "silent"
    evidence: tuple[str, ...] = ()
    need: str = ""
    source: str = ""
    contained: bool = False
    queue: str = ""
    origin: str = "live"
    simulated: bool = False
    judged: Verdict = "silent"
    estimate_permille: int = -1
    estimate_model: str = ""
    apart: Verdict | Literal[""] = ""
    apart_why: tuple[str, ...] = ()
    marks: Personal[tuple[int, ...]] = ()
    words: Personal[tuple[int, ...]] = ()
    returning: bool = False
    known_ms: int = 0


class Contact(Fact, frozen=True, gc=False, omit_defaults=True):
    """A contact of this customer, kept so that later ones about the same issue can be matched with it.

    `verdict` is what its evidence shows (`gone`: it went back to its own identity), `judged` what Baton would say without any stated outcome. `estimate_permille`
    is how likely the need was met, as `estimate_model` sees it without one; -1 where it says nothing. `apart` is the verdict without what was promised, for when the
    promise is settled (at `settled_ms`); `marks` and `words` are hashes of what it is about, `returning` that the customer says it is not the first time.
    """

    conversation: str
    intent: str
    channel: str
    started_ms: int
    ended_ms: int
    path: str
    verdict: str
    evidence: tuple[str, ...] = ()
    need: str = ""
    source: str = ""
    contained: bool = False
    queue: str = ""
    origin: str = "live"
    simulated: bool = False
    judged: str = "silent"
    estimate_permille: int = -1
    estimate_model: str = ""
    apart: str = ""
    apart_why: tuple[str, ...] = ()
    marks: Personal[tuple[int, ...]] = ()
    words: Personal[tuple[int, ...]] = ()
    returning: bool = False
    settled_ms: int = 0

    @property
    def slot(self) -> str:
        """One per conversation."""
        return self.conversation

    @property
    def over(self) -> bool:
        """What went back to its own identity is not kept."""
        return self.verdict == "gone"


class Returned(Fact, frozen=True, gc=False, omit_defaults=True):
    """After `conversation` the customer came back about the same issue: in `next` (empty: they did not, after all), `gap_ms` after its end."""

    conversation: str
    next: str
    gap_ms: int

    @property
    def slot(self) -> str:
        """One per conversation."""
        return self.conversation

    @property
    def over(self) -> bool:
        """What is no return is not kept."""
        return not self.next


class NeedState(Fact, frozen=True, gc=False, omit_defaults=True):
    """The state of one need, which may span conversations and channels; a change of it is an event with evidence."""

    need: str
    state: State
    conversations: tuple[str, ...]
    evidence: tuple[str, ...]
    since_ms: int
    intent: str = ""
    contained: bool = False
    first_path: str = ""
    source: str = ""
    channel: str = ""
    customer: str = ""
    first_ms: int = 0
    last_ms: int = 0
    was: str = ""
    merged_into: str = ""

    @property
    def slot(self) -> str:
        """One per need."""
        return self.need

    @property
    def over(self) -> bool:
        """A need that turned out to be part of an earlier one is not kept."""
        return bool(self.merged_into)


Deed = Literal["call_back", "write", "money", "deliver", "do"]
"""What was promised: to call, to write, that money comes, that something comes, or that something is done."""
Settled = Literal["kept", "broken", "withdrawn"]
PromiseState = Literal["open", "due", "kept", "broken", "withdrawn", "gone"]


class Promising(msgspec.Struct, frozen=True, gc=False):
    """The policy `resolution.Promising`: the owner of a promise is told when it is due and every `chase_h` hours after; `broken_h` hours late without a word it
    is broken. What comes by a process is kept where nobody came back about it within `quiet_h` hours.
    """

    chase_h: int = 24
    broken_h: int = 72
    quiet_h: int = 168


class Promised(Fact, frozen=True, gc=False, omit_defaults=True):
    """Somebody who serves promised something with a time, in the words from `start` to `end` of the turn at `position` (0 at wrap-up).

    One per deed: said again, the newest time counts.
    """

    deed: Deed
    by: Literal["rep", "agent"]
    who: str
    said_ms: int
    due_ms: int
    position: int = 0
    start: int = 0
    end: int = 0

    @property
    def slot(self) -> str:
        """One per deed."""
        return self.deed


class PromiseMade(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: what a conversation with them promised, and by when. `chased` counts how often the owner was told already."""

    promise: str
    conversation: str
    deed: Deed
    by: Literal["rep", "agent"]
    who: str
    said_ms: int
    due_ms: int
    channel: str = ""
    queue: str = ""
    intent: str = ""
    source: str = ""
    origin: str = "live"
    chased: int = 0


class PromiseSettled(Event, frozen=True, gc=False, omit_defaults=True):
    """On the conversation where it was made: somebody says that a promise was kept, broken, or no longer matters.

    `who` says so; `at_ms` is when it came about, where that is not now.
    """

    deed: str
    state: Settled
    who: str = ""
    at_ms: int = 0


class PromiseEnded(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: what somebody says came of a promise."""

    promise: str
    state: Settled
    who: str = ""
    at_ms: int = 0


class PromiseChased(Event, frozen=True, gc=False, omit_defaults=True):
    """On the conversation where it was made: the owner is told that a promise is due, for the `times`-th time."""

    deed: str
    owner: str
    due_ms: int
    times: int = 1


class Promise(Fact, frozen=True, gc=False, omit_defaults=True):
    """A dated obligation towards this customer and what came of it, with the evidence for that."""

    promise: str
    conversation: str
    deed: str
    by: str
    who: str
    said_ms: int
    due_ms: int
    state: PromiseState = "open"
    evidence: str = ""
    since_ms: int = 0
    chased: int = 0
    channel: str = ""
    queue: str = ""
    intent: str = ""
    source: str = ""
    origin: str = "live"
    told: Settled | Literal[""] = ""
    told_by: str = ""
    told_ms: int = 0

    @property
    def slot(self) -> str:
        """One per promise."""
        return self.promise

    @property
    def over(self) -> bool:
        """What went back to its own identity is not kept."""
        return self.state == "gone"


class Probing(msgspec.Struct, frozen=True, gc=False):
    """The policy `resolution.Probing`: which share of needs is drawn at random, to ask the customer or a reviewer whether it was met."""

    permille: int = 50

    def draws(self, need: str) -> bool:
        """Whether this need is drawn: a hash of its name alone, so nothing that happens in it can sway the draw."""
        return int.from_bytes(blake2b(f"probe\0{need}".encode(), digest_size=8).digest(), "big") % 1000 < self.permille


class Probe(Fact, frozen=True, gc=False, omit_defaults=True):
    """A need that was drawn, with how likely that was in permille: its answer corrects what the automatic states say of all."""

    need: str
    permille: int
    drawn_ms: int

    @property
    def slot(self) -> str:
        """One per need."""
        return self.need


class ProbeAnswered(Event, frozen=True, gc=False, omit_defaults=True):
    """On the conversation a drawn need began with: the customer, or a reviewer who read it, says whether the need was met, and from what."""

    met: Literal["yes", "no", "cannot_tell"]
    by: Literal["customer", "reviewer"]
    who: str = ""
    note: Personal[str] = ""


class CustomersJoined(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: `other`, whose id sorts before this one, is the same person, as `who` says; without `same` it is not after all."""

    other: str
    who: str = ""
    same: bool = True


class Joined(Fact, frozen=True, gc=False, omit_defaults=True):
    """The customer on whose stream this one's contacts meet, another identity of the same person; empty: on their own."""

    into: str


class ContactsWithdrawn(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: these conversations were another person's after all. They go back to `home`, which is told last."""

    conversations: tuple[str, ...]
    home: str
