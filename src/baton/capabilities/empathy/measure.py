"""Needs for a person: when it was needed, when the queue knew, when a person came, and where none came."""

from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.empathy.tables import NEEDS
from baton.capabilities.routing.events import CallbackAsked, Wait
from baton.kernel.conversation import Decided, Ended, Holder, TurnSaid
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables, Value

QUEUE_AND_REP = 2
"""Changes of hands from the AI to a person who came through the queue; one where a supervisor took over."""


def needs(needed: PersonNeeded, stream: Stream, tables: Tables) -> None:
    """A new need, or a stronger reason for the one there is."""
    key, now_ms = _key(stream, needed), stream.now_ms
    here = needed.position if isinstance(stream.entry.event, PersonNeeded) else stream.entry.position
    tables.put(NEEDS, key, reason=needed.reason, declined=int(needed.declined), triggers=needed.count)
    if needed.count == 1 and needed.position == here:
        tables.put(NEEDS, key, position=needed.position, needed_ms=now_ms, reached=0, clicks=0)
        tables.put(NEEDS, key, stayed_with_ai=0, refused=0, missed=0)
    if needed.asks:
        tables.put(NEEDS, key, clicks=needed.asks)
    if needed.asked == here:
        tables.put(NEEDS, key, asked_ms=now_ms)


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


def stays(said: TurnSaid, stream: Stream, tables: Tables) -> None:
    """The AI spoke on although a person was needed."""
    needed = _open(stream)
    if said.role == "agent" and needed is not None:
        tables.put(NEEDS, _key(stream, needed), stayed_with_ai=1)


def refused(decided: Decided, stream: Stream, tables: Tables) -> None:
    """A hand-over was proposed, and something else was decided."""
    needed = _open(stream)
    beaten = {each.action for each in decided.over} | {each.action for each in decided.vetoed}
    if needed is not None and not needed.declined and decided.action != "escalate" and "escalate" in beaten:
        tables.put(NEEDS, _key(stream, needed), refused=1)


def booked(asked: CallbackAsked, stream: Stream, tables: Tables) -> None:
    """A callback is booked instead of a wait."""
    needed = stream.facts.get(PersonNeeded)
    if needed is not None:
        tables.put(NEEDS, _key(stream, needed), callback_ms=stream.now_ms)


def missed(ended: Ended, stream: Stream, tables: Tables) -> None:
    """It ended with the AI, and nobody had it in the meantime."""
    needed, holder = stream.facts.get(PersonNeeded), stream.facts.get(Holder)
    if needed is None or needed.declined or holder is None:
        return
    first_turn = not stream.live and stream.facts.get(Wait) is None
    if 0 < holder.epoch - needed.epoch <= 1 + first_turn:
        tables.put(NEEDS, _key(stream, needed), missed=1)


def _open(stream: Stream) -> PersonNeeded | None:
    """The need of the stay with the AI that is not over. In history the AI only gets the baton with its first turn."""
    needed, holder = stream.facts.get(PersonNeeded), stream.facts.get(Holder)
    if needed is None or (holder is not None and holder.kind != "agent"):
        return None
    later = (holder.epoch if holder else 0) - needed.epoch
    return needed if later == 0 or (later == 1 and not stream.live) else None


def _key(stream: Stream, needed: PersonNeeded) -> dict[str, Value]:
    return {"conversation": stream.key, "epoch": needed.epoch}
