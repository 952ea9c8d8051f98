"""Advising: who was asked beside a conversation, and how that stands, for the rep who asked and for the colleague who reads along."""

from dataclasses import dataclass

from baton.capabilities.routing.events import Consult
from baton.channels.desk.desk import CONSULT
from baton.channels.desk.screen.timeline import Names
from baton.kernel.stream import Stream


@dataclass(frozen=True)
class Advice:
    """A consult that is not over. `asks` is whether this rep asked; `colleague` is empty until somebody took it."""

    consult: str
    queue: str
    rep: str
    colleague: str
    asks: bool


def advice(stream: Stream, names: Names) -> tuple[Advice, ...]:
    """The consults of a conversation that this rep asked for or took."""
    return tuple(
        Advice(
            c.consult, names.queue(c.queue), names.rep(c.rep), names.rep(c.colleague) if c.colleague else "", c.rep == names.me
        )
        for c in stream.facts.all(Consult)
        if c.state != "ended" and names.me in (c.rep, c.colleague)
    )  # fmt: skip


def consult_of(approval: str) -> str:
    """The consult behind a piece of work that is opened (`consult-7f3a`); empty where it is an approval of the AI."""
    return approval.removeprefix(CONSULT) if approval.startswith(CONSULT) else ""
