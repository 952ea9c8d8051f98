"""What resolution says: the state of every need, with its evidence. Contacts meet on `customer/…` streams."""

from typing import Literal

from baton.kernel.events import Event, Fact

State = Literal[
    "open", "provisional", "confirmed", "correctly_refused", "correctly_handed_over",
    "given_up", "failed", "reversed", "unaccounted",
]  # fmt: skip
STATES: tuple[State, ...] = (
    "confirmed", "provisional", "correctly_refused", "given_up", "reversed", "failed",
    "unaccounted", "open", "correctly_handed_over",
)  # fmt: skip


Verdict = Literal["met", "refused", "handed_over", "given_up", "failed", "silent", "open"]


class Evidence(Fact, frozen=True, gc=False, omit_defaults=True):
    """What this conversation shows about the customer's need so far. Said of the conversation, before any window closes.

    `stated` is an outcome that the source of imported history states, `need` and `issue` what it names the need by;
    `wrapped_up` is the outcome given at wrap-up, `left_unmet` that the last answers did not help. `last_mood` is the customer's, in permille. `changes` and `failures` count writes to
    the system of record, `group` is what the source says it clusters by.
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


class Observed(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: the history of `source` is known up to this time, so windows that closed before it have."""

    source: str
    until_ms: int


class Known(Fact, frozen=True, gc=False, omit_defaults=True):
    """How far this customer's contacts are known, in milliseconds since the epoch."""

    until_ms: int


class Contacted(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: one of their conversations ended, with what it shows."""

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


class Contact(Fact, frozen=True, gc=False, omit_defaults=True):
    """A contact of this customer, kept so that later ones about the same issue can be matched with it.

    `verdict` is what its evidence shows, `judged` what Baton would say without any stated outcome. `estimate_permille` is how
    likely the need was met, as `estimate_model` sees it without a stated outcome; -1 where it says nothing.
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

    @property
    def slot(self) -> str:
        """One per conversation."""
        return self.conversation


class Returned(Fact, frozen=True, gc=False, omit_defaults=True):
    """After `conversation` the customer came back about the same issue: in which one, and how long after its end."""

    conversation: str
    next: str
    gap_ms: int

    @property
    def slot(self) -> str:
        """One per conversation."""
        return self.conversation


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
