"""Proposals of routing: the next offer and its assignment, and who goes to a person without asking."""

from collections.abc import Iterator

from baton.capabilities.agents.events import ApprovalAsked
from baton.capabilities.individual.events import RepWanted
from baton.capabilities.routing.assigning import membership
from baton.capabilities.routing.assigning.matching import best, offers
from baton.capabilities.routing.assigning.ticks import floor_of, is_crowded, written
from baton.capabilities.routing.events import (
    DeskBack,
    Gone,
    HandedBack,
    OfferPassed,
    OfferTaken,
    OwnerLost,
    Place,
    Released,
    RepReady,
    Wait,
    Waiting,
    WaitTold,
)
from baton.capabilities.routing.handing.queues import agent_on_duty, person_first
from baton.kernel.conversation import Due, Holder, Proposed, Started, TurnSaid
from baton.kernel.events import Event
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

ASSIGN = 9500
OFFER_ALL = 1000
TO_AGENT = 5000
PERSON_FIRST = 8500
NO_AGENT = 5000
CALLBACK = 5000
CALLED_BACK = frozenset({"distress", "bereavement"})
"""Reasons for which a callback is booked unasked where nobody is there: who grieves is not told to fill in a form."""
REQUEUE = 9000


def next_offer(
    event: Waiting | ApprovalAsked | RepReady | OfferPassed | Released | Gone | DeskBack | RepWanted | Due,
    stream: Stream,
    facts: Facts,
) -> Iterator[Proposed]:
    """Offer the most urgent conversation that the assignment gives a rep; near-ties are proposed beside it.

    Where many wait, only a tick offers: all pairs of the assignment at once.
    """
    if not stream.id.startswith("assignment/"):
        return
    if is_crowded(facts):
        yield from _all_offers(event, stream)
        return
    match = best(floor_of(stream))
    if match is None:
        return
    for choice in match.choices:
        args: dict[str, str | int | bool] = {"conversation": match.place.conversation, "rep": choice.post.rep}
        if match.more:
            args["more"] = True
        waited_s = (stream.now_ms - match.place.since_ms) // 1000
        yield Proposed("offer", args, choice.value, f"waited {waited_s} s; holds {choice.post.held}")


def _all_offers(event: Event, stream: Stream) -> Iterator[Proposed]:
    if isinstance(event, Due) and event.what == "match":
        made = offers(floor_of(stream), stream.id, stream.ordinal)
        if made:
            yield Proposed("offer_all", {"pairs": written(made)}, OFFER_ALL, f"{len(made)} offers of one assignment")


def agent_takes(due: Due, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """The AI on duty takes what its queue lets it take and no person took in time."""
    found = membership.taken_by_agent(due, stream) if stream.id.startswith("assignment/") else None
    if found is not None:
        place, agent = found
        waited_s = (stream.now_ms - place.since_ms) // 1000
        yield Proposed(
            "to_agent", {"conversation": place.conversation, "agent": agent}, TO_AGENT, f"waited {waited_s} s"
        )


def take(taken: OfferTaken, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Assign what was taken, if it is still theirs to take."""
    place = facts.slot(Place, taken.conversation)
    if place is not None and place.state == "offered" and place.rep == taken.rep and stream.now_ms <= place.until_ms:
        yield Proposed(
            "assign", {"conversation": taken.conversation, "rep": taken.rep}, ASSIGN, "took the offer in time"
        )


def without_agent(event: Started | TurnSaid | HandedBack, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """To a person at once, where the queue's rule says so, or where no AI is on duty to answer."""
    if isinstance(event, TurnSaid) and event.role not in {"customer", "machine"}:
        return
    holder = facts.get(Holder)
    if holder is not None and holder.kind in {"queue", "rep"}:
        return
    wait = facts.get(Wait)
    given = isinstance(event, HandedBack) or (wait is not None and wait.why == "agent")
    queue = None if given else person_first(stream)
    if queue is not None:
        yield Proposed(
            "escalate", {"reason": "person_first", "queue": queue.id}, PERSON_FIRST, "this queue is for people"
        )
    elif not isinstance(event, Started) and agent_on_duty(stream) is None:
        yield Proposed("escalate", {"reason": "no_agent"}, NO_AGENT, "no AI agent is on duty")


def nobody_there(told: WaitTold, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Say so, and offer a callback or a message; the place is kept."""
    holder = facts.get(Holder)
    if told.nobody and holder is not None and holder.kind == "queue" and holder.epoch == told.epoch:
        wait = facts.get(Wait)
        booked = told.nobody == "closed" and told.opens_ms > 0 and wait is not None and wait.reason in CALLED_BACK
        args: dict[str, str | int | bool] = {"why": told.nobody, "opens_ms": told.opens_ms, "booked": booked}
        yield Proposed("offer_callback", args, CALLBACK, f"nobody can take it now: {told.nobody}")


def owner_lost(event: OwnerLost, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """The rep who holds it is gone: to the front of the line, and the customer is told."""
    holder = facts.get(Holder)
    if holder is not None and holder.kind == "rep" and holder.who == event.rep:
        yield Proposed("requeue", {"rep": event.rep}, REQUEUE, "the rep's desk was gone for too long")


def waited_long(due: Due, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """The wait went past the policy's limit: never an endless one without a word."""
    holder = facts.get(Holder)
    if due.what == "wait_limit" and holder is not None and holder.kind == "queue" and str(holder.epoch) == due.ref:
        yield Proposed("offer_callback", {"why": "long", "opens_ms": 0}, CALLBACK, "waited past the limit")
