"""The ledger's read models."""

from baton.capabilities.resolution.events import (
    Contact,
    Contacted,
    ContactsWithdrawn,
    CustomersJoined,
    Joined,
    Known,
    NeedState,
    Probe,
    ProbeAnswered,
    Promise,
    Returned,
)
from baton.capabilities.resolution.tables import CHANGES, CONTACTS, JOINED, KNOWN, NEEDS, PROBES, PROMISES, TOLD
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables


def need(event: NeedState, stream: Stream, tables: Tables) -> None:
    """The state of a need, and that it changed."""
    tables.put(
        NEEDS, {"need": event.need}, state=event.state, intent=event.intent, channel=event.channel,
        first_path=event.first_path, contained=int(event.contained), customer=event.customer,
        conversations=len(event.conversations), evidence=",".join(event.evidence), since_ms=event.since_ms,
        source=event.source, first_ms=event.first_ms, last_ms=event.last_ms, merged_into=event.merged_into,
    )  # fmt: skip
    if not event.merged_into:
        for conversation in event.conversations:
            tables.put(CONTACTS, {"conversation": conversation}, need=event.need)
    if event.state != event.was or event.merged_into:
        tables.put(
            CHANGES, {"need": event.need, "position": stream.entry.position},
            state="merged" if event.merged_into else event.state, was=event.was, evidence=",".join(event.evidence),
            at_ms=event.since_ms,
        )  # fmt: skip


def contact(event: Contacted, stream: Stream, tables: Tables) -> None:
    """A contact, as it was when it ended."""
    tables.put(
        CONTACTS, {"conversation": event.conversation}, customer=stream.key, intent=event.intent, channel=event.channel,
        source=event.source, queue=event.queue, stated_need=event.need, path=event.path, contained=int(event.contained),
        simulated=int(event.simulated), verdict=event.verdict, judged=event.judged, evidence=",".join(event.evidence),
        estimate=event.estimate_permille, estimate_model=event.estimate_model,
        started_ms=event.started_ms, ended_ms=event.ended_ms, origin=event.origin,
    )  # fmt: skip


def kept_contact(event: Contact, stream: Stream, tables: Tables) -> None:
    """What it shows once a promise made in it was settled."""
    if event.over:
        return
    tables.put(CONTACTS, {"conversation": event.conversation}, verdict=event.verdict, evidence=",".join(event.evidence))


def returned(event: Returned, stream: Stream, tables: Tables) -> None:
    """The next contact about the same issue."""
    tables.put(CONTACTS, {"conversation": event.conversation}, next=event.next, gap_ms=event.gap_ms)


def known(event: Known, stream: Stream, tables: Tables) -> None:
    """How far the customer's contacts are known."""
    tables.put(KNOWN, {"customer": stream.key}, until_ms=event.until_ms)


def promise(event: Promise, stream: Stream, tables: Tables) -> None:
    """A promise as it stands, and who says so."""
    if event.over:
        return
    tables.put(
        PROMISES, {"promise": event.promise}, conversation=event.conversation, customer=stream.key, deed=event.deed,
        made_by=event.by, who=event.who, channel=event.channel, queue=event.queue, intent=event.intent, source=event.source,
        live=int(event.origin == "live"), said_ms=event.said_ms, due_ms=event.due_ms, state=event.state, evidence=event.evidence,
        since_ms=event.since_ms, chased=event.chased,
    )  # fmt: skip
    if event.told:
        tables.put(TOLD, {"promise": event.promise}, state=event.told, who=event.told_by, at_ms=event.told_ms)


def probe(event: Probe, stream: Stream, tables: Tables) -> None:
    """A need was drawn."""
    tables.put(PROBES, {"need": event.need}, permille=event.permille, drawn_ms=event.drawn_ms)


def answer(event: ProbeAnswered, stream: Stream, tables: Tables) -> None:
    """Whether the need that began here was met, as who was asked says."""
    tables.put(
        PROBES, {"need": stream.key}, met=event.met, answered_by=event.by, who=event.who, answered_ms=stream.now_ms
    )


def joined(event: Joined, stream: Stream, tables: Tables) -> None:
    """Where a customer's contacts meet those of another identity."""
    tables.put(JOINED, {"customer": stream.key}, into=event.into, at_ms=stream.now_ms)


def joined_by(event: CustomersJoined, stream: Stream, tables: Tables) -> None:
    """Who said so."""
    tables.put(JOINED, {"customer": stream.key}, who=event.who)


def came_home(event: ContactsWithdrawn, stream: Stream, tables: Tables) -> None:
    """Contacts that are the customer's own again."""
    for conversation in event.conversations if event.home == stream.key else ():
        tables.put(CONTACTS, {"conversation": conversation}, customer=stream.key)
