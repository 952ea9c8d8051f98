"""The ledger's read models."""

from baton.capabilities.resolution.events import Contacted, NeedState, Returned
from baton.capabilities.resolution.tables import CHANGES, CONTACTS, NEEDS
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
        started_ms=event.started_ms, ended_ms=event.ended_ms,
    )  # fmt: skip


def returned(event: Returned, stream: Stream, tables: Tables) -> None:
    """The next contact about the same issue."""
    tables.put(CONTACTS, {"conversation": event.conversation}, next=event.next, gap_ms=event.gap_ms)
