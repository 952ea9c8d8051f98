"""Needs for a person: when it was needed, when the queue knew, when a person came."""

from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.empathy.tables import NEEDS
from baton.kernel.conversation import Holder
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables, Value

QUEUE_AND_REP = 2
"""Changes of hands from the AI to a person who came through the queue; one where a supervisor took over."""


def needs(needed: PersonNeeded, stream: Stream, tables: Tables) -> None:
    """A new need, or a stronger reason for the one there is."""
    key = _key(stream, needed)
    tables.put(NEEDS, key, reason=needed.reason, declined=int(needed.declined), triggers=needed.count)
    if needed.count == 1 and needed.position == stream.entry.position:
        tables.put(NEEDS, key, position=needed.position, needed_ms=stream.now_ms, reached=0)


def reached(holder: Holder, stream: Stream, tables: Tables) -> None:
    """The queue has it, or a person does, because of the latest need."""
    needed = stream.facts.get(PersonNeeded)
    if needed is None or not 0 < holder.epoch - needed.epoch <= QUEUE_AND_REP:
        return
    key = _key(stream, needed)
    if holder.kind == "queue" and holder.epoch == needed.epoch + 1:
        tables.put(NEEDS, key, queued_ms=stream.now_ms)
    elif holder.kind == "rep":
        tables.put(NEEDS, key, reached=1, reached_ms=stream.now_ms)


def _key(stream: Stream, needed: PersonNeeded) -> dict[str, Value]:
    return {"conversation": stream.key, "epoch": needed.epoch}
