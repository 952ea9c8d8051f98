"""The lake's read models: folded from events and facts, never from text."""

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.lake.events import Course, Labelled, Segment, ToolCalled
from baton.capabilities.lake.tables import CONVERSATIONS, LABELS, SEGMENTS
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.sentiment.events import Mood
from baton.kernel.conversation import Ended, Started, TurnSaid
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables, Value

_TURNS = {role: f"turns_{role}" for role in ("customer", "machine", "agent", "rep", "system")}


def started(event: Started, stream: Stream, tables: Tables) -> None:
    """A row begins."""
    tables.add(CONVERSATIONS, _row(stream), tools=0, writes=0, **dict.fromkeys(_TURNS.values(), 0))
    tables.put(
        CONVERSATIONS, _row(stream), source=event.source, origin=event.origin, simulated=int(event.simulated),
        channel=event.channel, language=event.language, customer=event.customer, queue=event.queue, brand=event.brand,
        site=event.site, started_ms=stream.now_ms, last_ms=stream.now_ms,
    )  # fmt: skip


def said(event: TurnSaid, stream: Stream, tables: Tables) -> None:
    """Turns by who said them, and when the last one was."""
    key = _row(stream)
    tables.add(CONVERSATIONS, key, **{_TURNS[event.role]: 1})
    if event.role in {"rep", "agent"} and event.who:
        tables.put(CONVERSATIONS, key, last_ms=stream.now_ms, **{event.role: event.who})
    else:
        tables.put(CONVERSATIONS, key, last_ms=stream.now_ms)


def understood(event: Intent | Complexity | Mood, stream: Stream, tables: Tables) -> None:
    """The latest understanding of the customer's want, its difficulty and the customer's mood."""
    if isinstance(event, Intent):
        if event.label:
            tables.put(CONVERSATIONS, _row(stream), intent=event.label)
    elif isinstance(event, Complexity):
        tables.put(CONVERSATIONS, _row(stream), complexity=event.level)
    else:
        moods = {"first_mood": event.first, "last_mood": event.score, "lowest_mood": event.lowest}
        tables.put(CONVERSATIONS, _row(stream), **moods)


def course(event: Course, stream: Stream, tables: Tables) -> None:
    """The stretch it is in; and, once closed, its path."""
    if event.segment:
        tables.put(
            SEGMENTS, {**_row(stream), "number": event.segment}, queue=event.queue, rep=event.rep,
            offered_ms=event.offered_ms, answered_ms=event.answered_ms, ended_ms=event.ended_ms, hold_ms=event.hold_ms,
            wrap_ms=event.wrap_ms, transferred_to=event.transferred_to, abandoned=int(event.abandoned), **_of(stream),
        )  # fmt: skip
    known: dict[str, Value] = {"handed_over": int(event.handed_over), "reached": int(event.reached)}
    if event.rep:
        known["rep"] = event.rep
    if event.reason:
        known["reason"] = event.reason
    if event.closed:
        known |= {"path": event.path, "contained": int(event.contained), "why": event.why}
    tables.put(CONVERSATIONS, _row(stream), **known)


def recorded(event: Segment, stream: Stream, tables: Tables) -> None:
    """What a contact record says beside its times."""
    tables.put(
        SEGMENTS, {**_row(stream), "number": event.number}, need=event.need, callback=int(event.callback),
    )  # fmt: skip


def ended(event: Ended, stream: Stream, tables: Tables) -> None:
    """When it ended."""
    tables.put(CONVERSATIONS, _row(stream), ended_ms=stream.now_ms)


def tool_called(event: ToolCalled, stream: Stream, tables: Tables) -> None:
    """Tool calls of imported history."""
    tables.add(CONVERSATIONS, _row(stream), tools=1, writes=int(event.writes))


def labelled(event: Labelled, stream: Stream, tables: Tables) -> None:
    """What the source states."""
    key = {**_row(stream), "what": event.what, "label": event.text_label}
    tables.put(LABELS, key, value=event.value, cluster=event.group)
    if event.what == "intent":
        tables.put(CONVERSATIONS, _row(stream), stated_intent=event.text_label)


def _row(stream: Stream) -> dict[str, Value]:
    return {"conversation": stream.key}


def _of(stream: Stream) -> dict[str, Value]:
    begun = stream.started
    return {"source": begun.source, "channel": begun.channel, "customer": begun.customer} if begun else {}
