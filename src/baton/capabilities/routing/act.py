"""Acts of routing, all inside: they change only the log."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.routing.assigning import changes
from baton.capabilities.routing.assigning.hours import local_minute
from baton.capabilities.routing.assigning.matching import AT_ONCE
from baton.capabilities.routing.assigning.room import has_room_for, is_free
from baton.capabilities.routing.assigning.ticks import read
from baton.capabilities.routing.events import (
    Assigned,
    CallbackAsked,
    ConsultTaken,
    HandedBack,
    HandedOver,
    Place,
    Post,
    Routing,
    Wait,
)
from baton.capabilities.routing.handing import words
from baton.capabilities.routing.handing.consulting import MARK
from baton.capabilities.routing.handing.hands import holder_of, language_of
from baton.capabilities.routing.handing.queues import queue_for
from baton.kernel.conversation import Decided, Due, To, TurnSaid
from baton.kernel.events import Event
from baton.kernel.stream import Stream

Said = Iterator[Event | To]


def escalate(decided: Decided, stream: Stream) -> Said:
    """From the AI to a queue, in one commit with the turn that led to it. Never twice."""
    holder = holder_of(stream)
    if holder.kind in {"queue", "rep"}:
        return
    reason = str(decided.args.get("reason", "asked"))
    queue = queue_for(stream, reason, str(decided.args.get("queue", "")))
    asked_at = int(decided.args.get("position", 0)) or stream.entry.position
    from_kind = "agent" if holder.kind == "agent" else "nobody"
    yield HandedOver(queue.id, reason, asked_at, from_kind, holder.who)  # type: ignore[arg-type]
    yield TurnSaid("system", words.passing_on(language_of(stream), reason))
    limit_ms = stream.now_ms + 1000 * stream.policy(Routing).wait_limit_s
    yield To(stream.id, Due("wait_limit", str(holder.epoch + 1)), limit_ms)


def offer(decided: Decided, stream: Stream) -> Said:
    """Offer a conversation to a rep until a time; if more can be matched, see to it next."""
    yield from _offered(stream, str(decided.args["conversation"]), str(decided.args["rep"]), decided.chance_permille)
    if decided.args.get("more"):
        yield To(stream.id, Due("match"))


def offer_all(decided: Decided, stream: Stream) -> Said:
    """Offer all pairs of an assignment; what was too much for one input is seen to next."""
    made = list(read(str(decided.args["pairs"])))
    for each in made:
        yield from _offered(stream, each.conversation, each.rep, each.chance_permille)
    if len(made) == AT_ONCE:
        yield To(stream.id, Due("match"))


def _offered(stream: Stream, conversation: str, rep: str, chance_permille: int) -> Said:
    place, post = stream.facts.slot(Place, conversation), stream.facts.slot(Post, rep)
    if place is None or post is None or place.state != "waiting":
        return
    if not is_free(post) or not has_room_for(post, place):
        return
    until_ms = stream.now_ms + 1000 * stream.policy(Routing).offer_s
    yield replace(place, state="offered", rep=rep, until_ms=until_ms, chance_permille=chance_permille)
    yield changes.offered(post, place)
    yield To(stream.id, Due("offer_expired", f"{rep}|{conversation}"), until_ms)


def to_agent(decided: Decided, stream: Stream) -> Said:
    """The conversation is told that the AI takes it; it leaves the line by that."""
    yield To(str(decided.args["conversation"]), HandedBack("routing", str(decided.args["agent"])))


def assign(decided: Decided, stream: Stream) -> Said:
    """The rep has it: their load grows, and the conversation is told."""
    place, post = _asked(decided, stream)
    if place is None or post is None or place.state != "offered" or place.rep != post.rep:
        return
    yield replace(place, state="held", until_ms=0, answered_ms=stream.now_ms)
    yield changes.took(post, place, stream.now_ms)
    conversation, _, consult = place.conversation.partition(MARK)
    if consult:
        yield To(conversation, ConsultTaken(consult, post.rep))
    elif "#" not in place.conversation:
        waited_ms = max(0, stream.now_ms - place.since_ms)
        yield To(place.conversation, Assigned(post.rep, post.name, waited_ms, place.queue, place.epoch))


def requeue(decided: Decided, stream: Stream) -> Said:
    """From a rep who is gone back to the queue it came from, before those who wait there."""
    holder, wait = holder_of(stream), stream.facts.get(Wait)
    if holder.kind != "rep" or holder.who != decided.args["rep"]:
        return
    queue = queue_for(stream, "owner_lost", wait.queue if wait is not None else "")
    yield HandedOver(queue.id, "owner_lost", 0, "rep", holder.who)
    yield TurnSaid("system", words.connection_lost(language_of(stream)))


def offer_callback(decided: Decided, stream: Stream) -> Said:
    """Tell the waiting customer how it stands and what they can do, or that a callback is booked for them."""
    language = language_of(stream)
    if decided.args.get("why") == "long":
        yield TurnSaid("system", words.long_wait(language))
        return
    opens_ms = int(decided.args.get("opens_ms", 0))
    if decided.args.get("booked"):
        yield CallbackAsked("", opens_ms)
        yield TurnSaid("system", words.called_back(language, *_opening(stream, opens_ms)))
    else:
        yield TurnSaid("system", words.nobody_there(language, *_opening(stream, opens_ms)))


def _opening(stream: Stream, opens_ms: int) -> tuple[str, str]:
    """When the queue it waits in opens, as clocks there show it, and where that is."""
    wait, rules = stream.facts.get(Wait), stream.policy(Routing)
    queue = next((q for q in rules.queues if wait is not None and q.id == wait.queue), None)
    if not opens_ms or queue is None:
        return "", "UTC"
    hour, minute = divmod(local_minute(queue, opens_ms, rules.zones), 60)
    return f"{hour:02d}:{minute:02d}", queue.zone


def _asked(decided: Decided, stream: Stream) -> tuple[Place | None, Post | None]:
    place = stream.facts.slot(Place, str(decided.args["conversation"]))
    return place, stream.facts.slot(Post, str(decided.args["rep"]))
