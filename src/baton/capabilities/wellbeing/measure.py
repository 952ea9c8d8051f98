"""Measures of wellbeing: a team's breathers, and what the reserve of easy conversations costs. Nothing of one rep."""

from baton.capabilities.routing.events import HandedOver, Wait, WrappedUp
from baton.capabilities.wellbeing.events import Asked, ReserveDue
from baton.capabilities.wellbeing.tables import BREATHERS, RESERVED
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables

RESERVED_FOR = "reserved"


def breathers(asked: Asked, stream: Stream, tables: Tables) -> None:
    """A breather as its team has it."""
    tables.put(
        BREATHERS, {"ref": asked.ref}, team=asked.team, state=asked.state, kind=asked.kind, rest_s=asked.rest_s,
        skills=",".join(asked.skills), asked_ms=asked.asked_ms, late_permille=asked.late_permille,
        milli_contacts=asked.milli_contacts, priced_ms=asked.priced_ms, by=asked.by,
    )  # fmt: skip


def reserved(event: HandedOver, stream: Stream, tables: Tables) -> None:
    """An easy conversation went to people first."""
    due = stream.facts.get(ReserveDue)
    if event.reason == RESERVED_FOR and due is not None:
        tables.put(
            RESERVED, {"conversation": stream.key}, why=due.why, at_ms=stream.now_ms, waited_ms=0, handled_ms=0
        )  # fmt: skip


def waited(wait: Wait, stream: Stream, tables: Tables) -> None:
    """How long it waited for a person."""
    if wait.reason == RESERVED_FOR and wait.state != "waiting":
        tables.put(RESERVED, {"conversation": stream.key}, waited_ms=max(0, wait.ended_ms - wait.since_ms))


def handled(event: WrappedUp, stream: Stream, tables: Tables) -> None:
    """How long a rep had it."""
    wait = stream.facts.get(Wait)
    if wait is not None and wait.reason == RESERVED_FOR:
        tables.put(RESERVED, {"conversation": stream.key}, handled_ms=event.handle_ms)
