"""What leading the floor says. On `assignment/floor`: who has an alert, what cover was bought. On conversations: help asked, a third who speaks, an outage told."""

from typing import Literal

import msgspec

from baton.kernel.events import Event, Fact, Personal

FLOOR = "assignment/floor"
"""The stream of what is decided about the floor as a whole."""

AlertState = Literal["taken", "done", "open"]
CoverKind = Literal["overtime", "partner"]


class Outage(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `floor.Outage`: the known issue customers are told of; over (or never begun) where `id` is empty.

    `queues` empty means all of them. `text` is what customers read, as the supervisor wrote it.
    """

    id: str = ""
    title: str = ""
    text: str = ""
    queues: tuple[str, ...] = ()
    began_ms: int = 0


class Budget(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """The policy `floor.Budget`: minutes of overtime and of a partner's reps that may be bought in any hour."""

    overtime_min: int = 120
    partner_min: int = 0


class AlertOwned(Event, frozen=True, gc=False, omit_defaults=True):
    """Somebody has an alert, is done with it, or gives it back. `until_ms` is up to which wait it is meant."""

    alert: str
    state: AlertState
    staff: str
    name: str = ""
    until_ms: int = 0


class Covered(Event, frozen=True, gc=False, omit_defaults=True):
    """One more person on a queue for a while: `minutes` of overtime or of a partner's rep, within the hour's budget."""

    cover: str
    queue: str
    kind: CoverKind
    minutes: int
    staff: str
    name: str = ""
    why: str = ""


class HelpAsked(Fact, frozen=True, gc=False, omit_defaults=True):
    """The rep who holds the conversation asks a supervisor for help; answered by a whisper, by joining, or by taking it."""

    rep: str
    state: Literal["asked", "answered", "over"] = "asked"
    by: str = ""


class Joined(Event, frozen=True, gc=False, omit_defaults=True):
    """A supervisor speaks in a conversation as a third; whoever holds it holds it still, and the customer is told who joined."""

    staff: str
    name: str


class OutageTold(Event, frozen=True, gc=False, omit_defaults=True):
    """A conversation is told of the known issue, or that it is `over`."""

    outage: str
    text: Personal[str] = ""
    over: bool = False


class Warned(Fact, frozen=True, gc=False, omit_defaults=True):
    """The conversation was told of an outage, or that it is solved: neither is told twice."""

    outage: str
    solved: bool = False
