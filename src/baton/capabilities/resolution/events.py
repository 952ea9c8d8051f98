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


class Evidence(Fact, frozen=True, gc=False, omit_defaults=True):
    """What this conversation shows about the customer's need so far. Said of the conversation, before any window closes."""

    record_changed: bool = False
    record_failed: bool = False
    confirmed: bool = False
    denied: bool = False
    refused: bool = False
    promise_open: bool = False
    left_unmet: bool = False
    last_mood: int = 0
    position: int = 0


class Contacted(Event, frozen=True, gc=False, omit_defaults=True):
    """On a customer's stream: one of their conversations ended, with what it shows."""

    conversation: str
    intent: str
    channel: str
    started_ms: int
    ended_ms: int
    path: Literal["agent", "agent_rep", "rep", "machine"] = "agent"
    verdict: Literal["met", "refused", "handed_over", "given_up", "failed", "silent", "open"] = "silent"
    evidence: tuple[str, ...] = ()
    need: str = ""
    source: str = ""


class Contact(Fact, frozen=True, gc=False, omit_defaults=True):
    """A contact of this customer, kept so that later ones about the same issue can be matched with it."""

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

    @property
    def slot(self) -> str:
        """One per need."""
        return self.need
