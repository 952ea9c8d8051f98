"""Understanding for routing: places and posts on the assignment stream, holders and waits on the conversations'."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven, AwaitsApproval
from baton.capabilities.individual.events import RepWanted
from baton.capabilities.routing.assigning import board, losing
from baton.capabilities.routing.assigning.ticks import next_tick
from baton.capabilities.routing.assigning.wanting import wants
from baton.capabilities.routing.events import (
    MAIN,
    Assigned,
    CallbackAsked,
    Consult,
    ConsultTaken,
    DeskBack,
    DeskLost,
    GivenTo,
    Gone,
    HandedBack,
    HandedOver,
    Lent,
    Moved,
    OfferPassed,
    Placed,
    Released,
    RepReady,
    TakenOver,
    Transferred,
    Wait,
    Waiting,
    WaitTold,
    WrappedUp,
)
from baton.capabilities.routing.handing import consulting, hands
from baton.capabilities.routing.handing.queues import agent_on_duty, named
from baton.capabilities.routing.handing.summary import summed_up
from baton.capabilities.routing.leading import giving, lending
from baton.kernel.conversation import Due, Ended, Holder, Started, To, TurnSaid
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

Said = Iterator[Fact | To]


def places(event: Waiting, stream: Stream, facts: Facts) -> Said:
    """A conversation joins the line."""
    yield from board.joins(event, stream, facts)


def posts(event: RepReady, stream: Stream, facts: Facts) -> Said:
    """A rep comes, goes or pauses."""
    yield from board.comes(event, stream, facts)


def lent_still(event: RepReady, stream: Stream, facts: Facts) -> Said:
    """Who is lent stays so, whatever they say of their presence: seen after `posts`."""
    yield from lending.kept(event, stream, facts)


def wanted(event: RepWanted, stream: Stream, facts: Facts) -> Said:
    """A customer chose whom to wait for."""
    yield from wants(event, facts)


def passed(event: OfferPassed, stream: Stream, facts: Facts) -> Said:
    """A rep passed what was offered."""
    yield from board.passes(event, stream, facts)


def gone(event: Gone | Released, stream: Stream, facts: Facts) -> Said:
    """A place or a held conversation is given up."""
    yield from board.leaves(event, stream, facts)


def due(event: Due, stream: Stream, facts: Facts) -> Said:
    """An offer stayed unanswered, who passed one may be asked again, or a rep's desk was gone for too long."""
    if event.what == "offer_expired":
        yield from board.expires(event, stream, facts)
    elif event.what == "again":
        yield from board.again(event, facts)
    elif event.what == losing.GONE:
        yield from losing.over(event, stream, facts)
    elif event.what == lending.BACK:
        yield from lending.back(event, facts)


def desk(event: DeskLost | DeskBack, stream: Stream, facts: Facts) -> Said:
    """A rep's desk is gone, or there again."""
    if isinstance(event, DeskLost):
        yield from losing.lost(event, stream, facts)
    else:
        yield from losing.back(event, facts)


def ticks(
    event: Waiting | ApprovalAsked | RepReady | OfferPassed | Released | Gone | DeskBack | RepWanted | Due,
    stream: Stream,
    facts: Facts,
) -> Said:
    """Where many wait, offers are made by the next tick, which asks for none itself: only what changes makes new pairs."""
    is_tick = isinstance(event, Due) and event.what == "match"
    if stream.id.startswith("assignment/") and not is_tick:
        yield from next_tick(stream, facts)


def begins(started: Started, stream: Stream, facts: Facts) -> Said:
    """The AI on duty has the baton from the start."""
    agent = agent_on_duty(stream) if stream.live else None
    if agent is not None:
        yield Holder("agent", agent.id, 0, agent.name)


def speaks(said: TurnSaid, stream: Stream, facts: Facts) -> Said:
    """In history, who speaks holds the baton. Live, a customer who writes after the end is served again."""
    holder = facts.get(Holder)
    if stream.live:
        if holder is not None and holder.kind == "nobody" and said.role in {"customer", "machine"}:
            yield from _back_to_ai(stream)
        return
    if said.role not in {"rep", "agent"} or (
        holder is not None and holder.kind == said.role and said.who in {"", holder.who}
    ):
        return
    if said.role == "rep":
        yield from hands.to_rep(stream, said.who, "", "assigned")
    else:
        yield Holder("agent", said.who, hands.holder_of(stream).epoch + 1)


def handed_over(event: HandedOver, stream: Stream, facts: Facts) -> Said:
    """The baton goes to a queue, with a summary, so that nothing is to be repeated."""
    if hands.holder_of(stream).kind != "queue":
        yield summed_up(stream)
        yield from hands.to_queue(stream, event.queue, event.reason, event.asked_at)


def transferred(event: Transferred, stream: Stream, facts: Facts) -> Said:
    """A rep hands it to another queue."""
    yield summed_up(stream)
    yield from hands.to_queue(stream, event.queue, "transferred")


def given(event: GivenTo | Moved, stream: Stream, facts: Facts) -> Said:
    """By hand: to a colleague past the queue, or to another queue's line."""
    if isinstance(event, GivenTo):
        yield from giving.given(event, stream, facts)
    else:
        yield from giving.moved(event, stream, facts)


def placed(event: Placed | Lent, stream: Stream, facts: Facts) -> Said:
    """On the board: a rep holds what was given to them, or is lent to another queue."""
    if isinstance(event, Placed):
        yield from giving.placed(event, stream, facts)
    else:
        yield from lending.lent(event, stream, facts)


def assigned(event: Assigned, stream: Stream, facts: Facts) -> Said:
    """A rep took it. An assignment that comes too late, after the customer left or a takeover, is undone."""
    holder = hands.holder_of(stream)
    if stream.live and (holder.kind != "queue" or event.epoch not in {0, holder.epoch}):
        yield To(MAIN, Gone(stream.id, "taken_over", event.epoch))
        return
    begun = None
    wait = facts.get(Wait)
    if wait is None or wait.state != "waiting":
        begun = Wait(event.queue, stream.now_ms - event.waited_ms, reason="assigned")
        yield begun
    yield from hands.to_rep(stream, event.rep, event.name, "assigned", begun)


def taken_over(event: TakenOver, stream: Stream, facts: Facts) -> Said:
    """A supervisor has it at once, whoever had it."""
    yield from hands.left_to(stream, "taken_over")
    yield from hands.to_rep(stream, event.rep, event.name, "taken_over")


def handed_back(event: HandedBack, stream: Stream, facts: Facts) -> Said:
    """The AI has it again: from a rep, or because the waiting customer would rather not wait."""
    if hands.holder_of(stream).kind != "agent":
        yield from hands.left_to(stream, "agent")
        yield from _back_to_ai(stream, event.agent)


def closed(event: WrappedUp | Ended, stream: Stream, facts: Facts) -> Said:
    """A rep closed their part, or the conversation is over: nobody has it, and nobody is kept busy by it."""
    holder = hands.holder_of(stream)
    if isinstance(event, WrappedUp) and holder.kind != "rep":
        return
    yield from hands.left_to(stream, "left")
    if facts.get(Holder) is None or holder.kind != "nobody":
        yield Holder("nobody", epoch=holder.epoch + 1)
    if isinstance(event, Ended):
        yield from _approvals_over(stream)


def callback(event: CallbackAsked, stream: Stream, facts: Facts) -> Said:
    """The place in the queue is kept; the rep who takes it calls back or writes, not before the time that was asked for."""
    holder, wait = facts.get(Holder), facts.get(Wait)
    if stream.live and holder is not None and holder.kind == "queue" and wait is not None:
        skill, later_ms = named(stream, wait.queue).skill, event.at_ms if event.at_ms > stream.now_ms else 0
        asked = hands.waiting(
            stream, holder.epoch, wait.queue, skill, wait.since_ms, wait.reason, "callback", later_ms
        )  # fmt: skip
        yield To(MAIN, asked)


def told(event: WaitTold, stream: Stream, facts: Facts) -> Said:
    """What the customer was told holds for one stay in the queue; a place kept for an earlier one is given up."""
    holder, wait = hands.holder_of(stream), facts.get(Wait)
    answered = holder.kind == "rep" and holder.epoch == event.epoch + 1 and wait is not None and wait.why == "assigned"
    if stream.live and holder.epoch != event.epoch and not answered:
        yield To(MAIN, Gone(stream.id, "ended", event.epoch))


def consults(event: Consult, stream: Stream, facts: Facts) -> Said:
    """A colleague is asked: work for a rep of that queue, offered, taken and counted like a conversation's; or asked no more."""
    if stream.live and event.state != "taken":
        yield consulting.told(stream, event)


def consult_taken(event: ConsultTaken, stream: Stream, facts: Facts) -> Said:
    """A colleague is there."""
    yield from consulting.taken(stream, event.consult, event.rep)


def consults_end(holder: Holder, stream: Stream, facts: Facts) -> Said:
    """Who asked does not hold it any more: their consults end."""
    for each in facts.all(Consult):
        if each.state != "ended" and (holder.kind, holder.who) != ("rep", each.rep):
            yield replace(each, state="ended")


def approval(event: ApprovalAsked, stream: Stream, facts: Facts) -> Said:
    """On the assignment stream: an approval is work for a rep, offered, taken and counted like a conversation's."""
    if stream.id.startswith("assignment/"):
        yield from board.asks(event, stream, facts)


def approved(event: ApprovalGiven, stream: Stream, facts: Facts) -> Said:
    """On the conversation's stream: the rep who had the approval is free again; the AI kept the baton all along."""
    if stream.live:
        yield To(MAIN, Gone(board.approval_ref(stream.id, event.approval), "ended"))


def _back_to_ai(stream: Stream, agent: str = "") -> Said:
    duty = agent_on_duty(stream)
    name = duty.name if duty is not None and agent in {"", duty.id} else ""
    yield Holder("agent", agent or (duty.id if duty else ""), hands.holder_of(stream).epoch + 1, name)


def _approvals_over(stream: Stream) -> Said:
    awaits = stream.facts.get(AwaitsApproval)
    if stream.live and awaits is not None and not awaits.given:
        yield To(MAIN, Gone(board.approval_ref(stream.id, awaits.approval), "ended"))
