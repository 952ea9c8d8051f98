"""Measures of the floor."""

import msgspec

from baton.capabilities.floor.events import AlertOwned, Covered, HelpAsked, Joined, Outage, Warned
from baton.capabilities.floor.tables import ALERTS, COVERS, HELP, JOINS, OUTAGES
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import Stream, policy_name
from baton.kernel.tables import Tables

MINUTE_MS = 60_000
OUTAGE = policy_name(Outage)


def alerts(event: AlertOwned, stream: Stream, tables: Tables) -> None:
    """Who has it."""
    tables.put(
        ALERTS, {"alert": event.alert}, state=event.state, staff=event.staff, name=event.name, until_ms=event.until_ms,
        at_ms=stream.now_ms,
    )  # fmt: skip


def helped(event: HelpAsked, stream: Stream, tables: Tables) -> None:
    """Help was asked, or came."""
    key = {"conversation": stream.key}
    if event.state == "asked":
        tables.put(HELP, key, rep=event.rep, state="asked", asked_ms=stream.now_ms, answered_by="")
    else:
        tables.put(HELP, key, state=event.state, answered_by=event.by)


def covers(event: Covered, stream: Stream, tables: Tables) -> None:
    """Cover was bought."""
    until_ms = stream.now_ms + event.minutes * MINUTE_MS
    tables.put(
        COVERS, {"cover": event.cover}, queue=event.queue, kind=event.kind, minutes=event.minutes, staff=event.staff,
        name=event.name, at_ms=stream.now_ms, until_ms=until_ms, position=stream.entry.position,
    )  # fmt: skip


def joins(event: Joined, stream: Stream, tables: Tables) -> None:
    """Somebody spoke as a third."""
    key = {"position": stream.entry.position}
    tables.put(JOINS, key, conversation=stream.key, staff=event.staff, name=event.name, at_ms=stream.now_ms)


def outages(event: PolicyRevised, stream: Stream, tables: Tables) -> None:
    """An outage began, or was over: a revision without an id ends the one before, which `why` names."""
    if event.policy != OUTAGE:
        return
    now = msgspec.json.decode(event.body, type=Outage)
    if now.id:
        queues = ",".join(now.queues)
        tables.put(OUTAGES, {"outage": now.id}, queues=queues, began_ms=now.began_ms, began_by=event.author, ended_ms=0)
    else:
        tables.put(OUTAGES, {"outage": event.why}, ended_ms=stream.now_ms, ended_by=event.author)


def told(event: Warned, stream: Stream, tables: Tables) -> None:
    """One more conversation was told."""
    if not event.solved:
        tables.add(OUTAGES, {"outage": event.outage}, told=1)
