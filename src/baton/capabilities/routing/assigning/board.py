"""Board: what the events of an assignment stream make of its places and posts.

Every function yields the facts that change, and what other streams are told. An event that comes late, twice, or for an
earlier stay in the queue (by its epoch) changes nothing.
"""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.agents.events import ApprovalAsked
from baton.capabilities.individual.events import Told
from baton.capabilities.routing.assigning import changes, membership
from baton.capabilities.routing.assigning.hours import is_open, opens_next_ms
from baton.capabilities.routing.assigning.room import SOON_MS
from baton.capabilities.routing.assigning.waits import place_in_line, quote
from baton.capabilities.routing.assigning.wanting import gone_home, refused
from baton.capabilities.routing.events import (
    Gone,
    OfferPassed,
    Pace,
    Passes,
    Place,
    Post,
    Queue,
    Released,
    RepReady,
    Routing,
    Waiting,
    WaitTold,
)
from baton.kernel.conversation import Due, To
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

PASS_S = 60
"""How long an offer that a rep passed is not made to them again, in seconds."""
CLOSED = "account"
"""Why a rep is offline whose account was closed, or who was given a role that does not serve."""
Said = Iterator[Fact | To]


def joins(event: Waiting, stream: Stream, facts: Facts) -> Said:
    """A conversation takes its place; one it had from an earlier stay is given up."""
    before = facts.slot(Place, event.conversation)
    if before is not None and before.epoch >= event.epoch:
        if before.epoch == event.epoch and before.state == "waiting" and before.channel != event.channel:
            yield from _as_callback(before, event, stream)
        return
    if before is not None:
        yield from _freed(before, stream, facts)
    rules = stream.policy(Routing)
    place = changes.waiting(event, rules)
    yield place
    queue = next((q for q in rules.queues if q.id == place.queue), Queue(place.queue, place.queue))
    shut = not is_open(queue, stream.now_ms, rules.zones)
    opens_ms = opens_next_ms(queue, stream.now_ms, rules.zones) if shut else 0
    for at_ms in sorted({opens_ms, place.not_before_ms, _overflows_ms(queue, place)}):
        if at_ms > stream.now_ms:
            yield To(stream.id, Due("match"), at_ms)
    if membership.may_take(place, queue):
        yield To(stream.id, Due(membership.MAY, membership.stay(place)), place.since_ms + 1000 * queue.agent_after_s)
    if "#" not in event.conversation:
        yield To(place.conversation, _told(place, facts, shut, opens_ms))


def _as_callback(before: Place, event: Waiting, stream: Stream) -> Said:
    """The same place in line, answered on another channel, not before a time."""
    fresh = changes.waiting(event, stream.policy(Routing))
    yield replace(before, channel=fresh.channel, places=fresh.places, not_before_ms=fresh.not_before_ms)
    if fresh.not_before_ms > stream.now_ms:
        yield To(stream.id, Due("match"), fresh.not_before_ms)


def _overflows_ms(queue: Queue, place: Place) -> int:
    return place.since_ms + 1000 * queue.overflow_after_s if queue.overflow_to and queue.overflow_after_s else 0


def asks(event: ApprovalAsked, stream: Stream, facts: Facts) -> Said:
    """An agent asks for one approval: any rep of the queue may give it."""
    queues = stream.policy(Routing).queues
    queue = next((q for q in queues if q.id == event.queue), queues[0] if queues else Queue("general", "General"))
    ref = approval_ref(f"conversation/{event.conversation}", event.approval)
    asked = Waiting(ref, queue.id, stream.now_ms, "approval", 0, queue.skill, channel="approval", epoch=1)
    yield from joins(asked, stream, facts)


def approval_ref(conversation: str, approval: str) -> str:
    """How work on an approval is called on the board."""
    return f"{conversation}#{approval}"


def comes(event: RepReady, stream: Stream, facts: Facts) -> Said:
    """A rep's presence changed. Who leaves the desk keeps what they hold, and gives back what they were only offered.

    Who may not serve any more gives back approvals and consults too; their conversations are told on their own streams.
    """
    post = changes.ready(event, facts.slot(Post, event.rep), stream.now_ms)
    if event.presence != "available":
        for place in facts.all(Place):
            gives = place.state == "offered" or (
                place.state == "held" and event.reason == CLOSED and "#" in place.conversation
            )
            if gives and place.rep == event.rep:
                yield changes.back_in_line(place)
                post = changes.let_go(post, place, stream.now_ms)
    yield post
    if event.presence == "offline":
        yield from gone_home(post, facts)
    if event.presence == "wrap_up":
        yield To(stream.id, Due("match"), stream.now_ms + SOON_MS)


def passes(event: OfferPassed, stream: Stream, facts: Facts) -> Said:
    """A rep passed an offer: it goes on to the next, and not back to them for a while."""
    place, post = facts.slot(Place, event.conversation), facts.slot(Post, event.rep)
    if place is None or post is None or place.state != "offered" or place.rep != event.rep:
        return
    yield changes.back_in_line(place, passed_by=event.rep)
    yield from refused(place, post)
    yield changes.let_go(post, place, stream.now_ms)
    yield changes.counted(facts.slot(Passes, event.rep), place, unanswered=False)
    yield To(stream.id, Due("again", event.conversation), stream.now_ms + PASS_S * 1000)


def expires(due: Due, stream: Stream, facts: Facts) -> Said:
    """Nobody answered the offer in time: it goes on, and the rep is set away."""
    rep, _, conversation = due.ref.partition("|")
    place, post = facts.slot(Place, conversation), facts.slot(Post, rep)
    if place is None or post is None or place.state != "offered" or place.rep != rep or stream.now_ms < place.until_ms:
        return
    yield changes.back_in_line(place)
    yield from refused(place, post)
    yield changes.unanswered(post, place, stream.now_ms)
    yield changes.counted(facts.slot(Passes, rep), place, unanswered=True)


def again(due: Due, facts: Facts) -> Said:
    """Whoever passed it may be asked again."""
    place = facts.slot(Place, due.ref)
    if place is not None and place.state == "waiting" and place.passed_by:
        yield replace(place, passed_by=changes.never(place.not_for))


def leaves(event: Gone | Released, stream: Stream, facts: Facts) -> Said:
    """A conversation needs nobody any more: its place goes, and whoever had it is free for another."""
    place = facts.slot(Place, event.conversation)
    if place is None or (event.epoch and event.epoch < place.epoch):
        return
    if isinstance(event, Released) and (place.state != "held" or place.rep != event.rep):
        return
    yield replace(place, state="gone")
    yield from _freed(place, stream, facts)


def _freed(place: Place, stream: Stream, facts: Facts) -> Said:
    post = facts.slot(Post, place.rep) if place.state in {"offered", "held"} else None
    if post is not None:
        yield changes.let_go(post, place, stream.now_ms)
    if place.state == "held":
        yield changes.paced(facts.slot(Pace, place.queue), place, stream.now_ms)


def _told(place: Place, facts: Facts, shut: bool, opens_ms: int) -> WaitTold:
    places = [p for p in facts.all(Place) if p.conversation != place.conversation] + [place]
    said = quote(place, places, facts.all(Post), facts.slot(Pace, place.queue))
    if shut:
        at = place_in_line(place, places)
        return WaitTold(place.queue, place.epoch, at, nobody="closed", opens_ms=opens_ms)
    if said is None:
        return WaitTold(place.queue, place.epoch, place_in_line(place, places), nobody="offline")
    better = facts.slot(Told, place.conversation)
    if better is not None and better.epoch == place.epoch:
        return WaitTold(place.queue, place.epoch, said.place, better.wait_ms, better.within_ms)
    return WaitTold(place.queue, place.epoch, said.place, said.wait_ms, said.within_ms)
