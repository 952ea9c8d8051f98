"""In conversations: joining as a third, help that was asked, and moving many to another queue at once."""

from collections.abc import Sequence

import msgspec

from baton.capabilities.floor.events import HelpAsked, Joined
from baton.capabilities.floor.leading import words
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import Moved, Routing
from baton.kernel.conversation import Holder, TurnSaid
from baton.kernel.errors import BatonError, Conflict
from baton.kernel.events import Event
from baton.kernel.stream import Stream
from baton.web.app import App
from baton.web.staff import Staff

MOST = 100
"""How many conversations may be moved at once."""


class MovedMany(msgspec.Struct, frozen=True):
    """How many were moved, and how many were not, because hands had changed or nobody of ours had them."""

    moved: int
    left: int


async def say(app: App, staff: Staff, key: str, text: str, nonce: str) -> int:
    """Speak as a third: the customer is told who joined, once, and whoever holds it holds it still.

    Raises 409 where nobody holds it (take it instead), or one holds it oneself (speak at the desk).
    """
    stream = await app.conversation(staff, key)
    holder = stream.facts.get(Holder) or Holder("nobody")
    if holder.kind not in ("rep", "agent"):
        raise Conflict("nobody_to_join", "Nobody serves this conversation now. Take it instead. Nothing was sent.")
    if holder.who == staff.id:
        raise Conflict("yours_already", "You hold this conversation. Write in it at your desk. Nothing was sent.")
    if not await _has_joined(app, staff, stream):
        notice = TurnSaid("system", words.joined(language_of(stream), staff.name))
        await _append(
            app, stream, staff, Joined(staff.id, staff.name), notice, once=f"joined:{staff.id}:{holder.epoch}"
        )
    said = TurnSaid("rep", app.cover(text), nonce, staff.id)
    position = await _append(app, stream, staff, said, once=f"turn:{staff.id}:{nonce}", expect=holder.epoch)
    await answered(app, staff, stream)
    return position


async def _has_joined(app: App, staff: Staff, stream: Stream) -> bool:
    """Whether the customer was told of this person since hands last changed."""
    here = False
    for entry, caused in await app.reader.told(stream.id):
        if any(isinstance(event, Holder) for event in caused):
            here = False
        if isinstance(entry.event, Joined) and entry.event.staff == staff.id:
            here = True
    return here


async def answered(app: App, staff: Staff, stream: Stream) -> None:
    """Help came, where it was asked."""
    asked = stream.facts.get(HelpAsked)
    if asked is not None and asked.state == "asked" and asked.rep != staff.id:
        await _append(app, stream, staff, HelpAsked(asked.rep, "answered", staff.id))


async def move(app: App, staff: Staff, keys: Sequence[str], queue: str, reason: str) -> MovedMany:
    """Move conversations to another queue's line. Those nobody of ours has, or whose hands change meanwhile, stay."""
    if queue not in {each.id for each in app.policy(Routing).queues}:
        raise BatonError("unknown_queue", 422, f"There is no queue {queue!r}. Nothing was moved.")
    if not keys or len(keys) > MOST:
        raise BatonError(
            "none_chosen", 422, f"Choose from 1 to {MOST} conversations, not {len(keys)}. Nothing was moved."
        )
    moved = 0
    for key in dict.fromkeys(keys):
        moved += await _move(app, staff, key, queue, reason)
    return MovedMany(moved, len(set(keys)) - moved)


async def _move(app: App, staff: Staff, key: str, queue: str, reason: str) -> bool:
    stream = await app.conversation(staff, key)
    holder = stream.facts.get(Holder) or Holder("nobody")
    if holder.kind not in ("queue", "rep") or (holder.kind == "queue" and holder.who == queue):
        return False
    events: list[Event] = [Moved(staff.id, queue, reason)]
    if holder.kind == "rep":
        events.append(TurnSaid("system", words.moved(language_of(stream))))
    try:
        await _append(app, stream, staff, *events, expect=holder.epoch)
    except Conflict:
        return False
    return True


def language_of(stream: Stream) -> str:
    """The customer's language: as the channel said, else as they write."""
    intent = stream.facts.get(Intent)
    return (stream.started.language if stream.started else "") or (intent.language if intent else "")


async def _append(
    app: App, stream: Stream, staff: Staff, *events: Event, once: str = "", expect: int | None = None
) -> int:
    return await app.committer.append(stream.id, *events, by=f"rep/{staff.id}", once=once or None, expect=expect)
