"""What routing says: who waits, who is free, who was offered what, and who holds it.

On `assignment/…` streams: `Waiting`, `RepReady`, `OfferTaken`, `OfferPassed`, `Released`, `Gone`, `DeskLost` come in; `Place`, `Post`,
`Passes`, `Pace` are what holds. On `conversation/…` streams: `HandedOver`, `Assigned`, `HandedBack`, `TakenOver`,
`Transferred`, `WrappedUp`, `CallbackAsked`, `OwnerLost`; `Wait`, `WaitTold`, `Summary` and `Consult` are what holds, beside the
kernel's `Holder`.

A `conversation` field on the assignment stream is the whole stream id (`conversation/4kx…`); work on an approval is
`<conversation>#<approval>`, on a consult `<conversation>#consult-<consult>`. An `epoch` is the holder's of the stay in the queue that is meant: what comes late is told
by it from what is current.
"""

from typing import Literal

from baton.capabilities.routing.leading.routing import GivenTo, Lent, Loan, Moved, Placed
from baton.capabilities.routing.rules.queue import Queue, Urgency, Zone
from baton.capabilities.routing.rules.routing import Effect, Effects, Routing
from baton.kernel.events import Event, Fact, Personal

__all__ = ("Effect", "Effects", "GivenTo", "Lent", "Loan", "Moved", "Placed", "Queue", "Routing", "Urgency", "Zone")

MAIN = "assignment/main"
"""The assignment stream of reps who share queues."""

Presence = Literal["available", "away", "break", "wrap_up", "offline"]


class Waiting(Event, frozen=True, gc=False, omit_defaults=True):
    """A conversation needs a person. `since_ms` is when the person was asked for or needed.

    `level` is its complexity, for counting passes by class; nobody is shown it before they took the conversation.
    `last_rep` served the customer last, `not_for` is never offered it (who asks a colleague); before `not_before_ms` nobody is offered it (a callback at a time that was asked for).
    """

    conversation: str
    queue: str
    since_ms: int
    reason: str = ""
    priority: int = 0
    skill: str = ""
    language: str = ""
    channel: str = "chat"
    level: str = ""
    epoch: int = 0
    last_rep: str = ""
    not_before_ms: int = 0
    not_for: str = ""
    intent: str = ""


class RepReady(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep's presence and what they can take. `capacity` is how many conversations at once.

    A skill may carry a level from 1 to 5 (`refunds:4`); without one it is 3.
    """

    rep: str
    presence: Presence
    name: str = ""
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    capacity: int = 3
    reason: str = ""


class OfferTaken(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep took what was offered."""

    rep: str
    conversation: str


class OfferPassed(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep passed what was offered; counted by class, never held against one conversation."""

    rep: str
    conversation: str
    reason: str = ""


class DeskLost(Event, frozen=True, gc=False, omit_defaults=True):
    """No page of a rep's desk is open any more though they are at work: a closed laptop, a lost network."""

    rep: str


class DeskBack(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep's desk is open again."""

    rep: str


class OwnerLost(Event, frozen=True, gc=False, omit_defaults=True):
    """On a conversation: the rep who holds it was gone for longer than policy allows."""

    rep: str


class Released(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep no longer holds a conversation: wrapped up, handed back or taken over."""

    rep: str
    conversation: str
    epoch: int = 0


class Gone(Event, frozen=True, gc=False, omit_defaults=True):
    """A waiting customer left, chose a callback, or went back to the AI."""

    conversation: str
    why: Literal["left", "callback", "agent", "taken_over", "ended"]
    epoch: int = 0


class Place(Fact, frozen=True, gc=False, omit_defaults=True):
    """A conversation's place: waiting, offered to a rep until a time, or held by a rep. One per conversation.

    `places` is how many of a rep's places it takes (0: all of them); `due_ms` by when deferrable work is to be taken, 0 for live
    conversations; `chance_permille` how likely this rep was to be asked, for estimates of other policies. `wanted` is the one rep whom the
    customer chose to wait for.
    """

    conversation: str
    state: Literal["waiting", "offered", "held", "gone"]
    queue: str
    since_ms: int
    rep: str = ""
    until_ms: int = 0
    reason: str = ""
    priority: int = 0
    skill: str = ""
    language: str = ""
    channel: str = "chat"
    passed_by: tuple[str, ...] = ()
    level: str = ""
    epoch: int = 0
    answered_ms: int = 0
    last_rep: str = ""
    not_before_ms: int = 0
    due_ms: int = 0
    places: int = 1
    chance_permille: int = 1000
    not_for: str = ""
    intent: str = ""
    wanted: str = ""

    @property
    def slot(self) -> str:
        """One per conversation."""
        return self.conversation

    @property
    def over(self) -> bool:
        """Gone places are not kept."""
        return self.state == "gone"


class Post(Fact, frozen=True, gc=False, omit_defaults=True):
    """A rep at work: presence, skills, how many they hold or are offered, and since when they are free. One per rep.

    `levels` are those of `skills`. `taken` places are used by live conversations; `deferred` counts work in hand that yields to them.
    `served` and `hard` count what they took since they came, and how much of it was hard. `lost_ms` is since when their desk is
    gone, 0 while it is there.
    """

    rep: str
    presence: Presence
    since_ms: int
    name: str = ""
    skills: tuple[str, ...] = ()
    languages: tuple[str, ...] = ()
    capacity: int = 3
    held: int = 0
    idle_since_ms: int = 0
    reason: str = ""
    offered: int = 0
    levels: tuple[int, ...] = ()
    taken: int = 0
    deferred: int = 0
    served: int = 0
    hard: int = 0
    lost_ms: int = 0

    @property
    def slot(self) -> str:
        """One per rep."""
        return self.rep

    @property
    def over(self) -> bool:
        """A rep who went offline with nothing in hand leaves the board."""
        return self.presence == "offline" and self.held + self.offered == 0


class Passes(Fact, frozen=True, gc=False, omit_defaults=True):
    """How many offers a rep passed, and how many stayed unanswered; `last` and `level` tell of the newest of them."""

    rep: str
    passed: int = 0
    unanswered: int = 0
    last: Literal["", "passed", "unanswered"] = ""
    level: str = ""

    @property
    def slot(self) -> str:
        """One per rep."""
        return self.rep


class Pace(Fact, frozen=True, gc=False, omit_defaults=True):
    """How long a rep was busy with a conversation of this queue, on average of the last fifty, in milliseconds."""

    queue: str
    mean_ms: int
    count: int = 1

    @property
    def slot(self) -> str:
        """One per queue."""
        return self.queue


class Tick(Fact, frozen=True, gc=False):
    """When the next assignment of all who wait is due, where so many wait that each event does not make one."""

    at_ms: int


class HandedOver(Event, frozen=True, gc=False, omit_defaults=True):
    """The baton left the agent (or a rep) for a queue. `asked_at` is the position of the turn that led to it."""

    queue: str
    reason: str
    asked_at: int = 0
    from_kind: Literal["agent", "rep", "nobody"] = "agent"
    from_who: str = ""


class Summary(Fact, frozen=True, gc=False, omit_defaults=True):
    """What a rep needs to know, as labels with the position of the turn each came from: nothing is to be repeated."""

    points: tuple[tuple[str, int], ...] = ()


class Assigned(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep took the conversation from the queue."""

    rep: str
    name: str
    waited_ms: int
    queue: str = ""
    epoch: int = 0


class HandedBack(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep (or the waiting customer) gives the baton back to the AI, which speaks again."""

    by: str
    agent: str = ""


class TakenOver(Event, frozen=True, gc=False, omit_defaults=True):
    """A supervisor took the conversation at once, whoever held it."""

    rep: str
    name: str
    reason: str = ""


class Transferred(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep hands the conversation to another queue."""

    rep: str
    queue: str
    note: Personal[str] = ""


class WrappedUp(Event, frozen=True, gc=False, omit_defaults=True):
    """A rep closes their part: disposition, whether the need was met and by what evidence, and a dated promise."""

    rep: str
    disposition: str
    need_met: Literal["yes", "no", "refused", "unknown"] = "unknown"
    promise: Personal[str] = ""
    promise_due_ms: int = 0
    handle_ms: int = 0
    hold_ms: int = 0
    wrap_ms: int = 0


class Wait(Fact, frozen=True, gc=False, omit_defaults=True):
    """The conversation's latest wait for a person: which queue, since when, and how it ended.

    `asked_at` is the position of the turn that led to it. `why` tells how it ended: `assigned`, `taken_over`; or,
    where nobody answered, `left`, `agent` (went back to the AI), `moved` (to another queue). `rep` answered last.
    """

    queue: str
    since_ms: int
    state: Literal["waiting", "answered", "left"] = "waiting"
    reason: str = ""
    asked_at: int = 0
    ended_ms: int = 0
    why: str = ""
    rep: str = ""


class Consult(Fact, frozen=True, gc=False, omit_defaults=True):
    """The rep who holds the conversation asks a colleague of a queue beside it, and keeps the baton. One per `consult`."""

    consult: str
    rep: str
    queue: str
    state: Literal["asked", "taken", "ended"] = "asked"
    colleague: str = ""

    @property
    def slot(self) -> str:
        """One per consult."""
        return self.consult


class ConsultTaken(Event, frozen=True, gc=False, omit_defaults=True):
    """A colleague took a consult."""

    consult: str
    rep: str


class WaitTold(Fact, frozen=True, gc=False, omit_defaults=True):
    """What the customer is told on joining a queue: place in line, the likely wait, and one that holds in 80 % of cases.

    `nobody` tells why no time can be given: nobody is online, or the queue is closed until `opens_ms`.
    """

    queue: str
    epoch: int
    place: int
    wait_ms: int = 0
    within_ms: int = 0
    nobody: Literal["", "offline", "closed"] = ""
    opens_ms: int = 0


class CallbackAsked(Event, frozen=True, gc=False, omit_defaults=True):
    """The customer would rather be called back or written to than wait. The number is sealed."""

    contact: Personal[str]
    at_ms: int = 0
