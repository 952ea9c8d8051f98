"""Understanding for individual: quotes on the board, choices on conversations, who served last on customers."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.individual.events import (
    Choice,
    Chosen,
    Flow,
    Forgotten,
    Individual,
    LastRep,
    LastRepAsked,
    QuoteKept,
    RepShift,
    RepWanted,
    ServedBy,
    Told,
    WantedRepLeft,
)
from baton.capabilities.individual.waiting import outcomes
from baton.capabilities.individual.waiting.telling import choice_of
from baton.capabilities.routing.events import MAIN, Place, RepReady, Wait, Waiting, WrappedUp
from baton.capabilities.workforce.events import ShiftPlanned
from baton.kernel.conversation import Ended, Holder, Started, To
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

Said = Iterator[Fact | To]
KEPT_PERMILLE = 850
"""How much of the usual gap between two answers stays when the newest comes in."""
LONGEST_GAP_MS = 600_000
DAY_MS = 86_400_000


def joins(event: Waiting, stream: Stream, facts: Facts) -> Said:
    """On the board, before the place is there: what the customer is told, and what they may choose."""
    before = facts.slot(Place, event.conversation)
    if "#" in event.conversation or (before is not None and before.epoch >= event.epoch):
        return
    mine = Place(
        event.conversation, "waiting", event.queue, event.since_ms, priority=event.priority, skill=event.skill,
        channel=event.channel, epoch=event.epoch, last_rep=event.last_rep,
    )  # fmt: skip
    choice = choice_of(mine, event.last_rep, stream)
    if choice is not None:
        if choice.line:
            yield Told(event.conversation, event.epoch, choice.wait_ms, choice.within_ms)
        yield To(event.conversation, choice)


def wants(event: RepWanted, stream: Stream, facts: Facts) -> Said:
    """On the board: whom the customer waits for changed, so both are quoted anew."""
    mine = facts.slot(Place, event.conversation)
    if mine is None or mine.state != "waiting" or event.epoch not in {0, mine.epoch}:
        return
    choice = choice_of(mine, event.rep or event.last_rep or mine.last_rep, stream, "rep" if event.rep else "anyone")
    if choice is not None:
        yield To(event.conversation, choice)


def goes_on(place: Place, stream: Stream, facts: Facts) -> Said:
    """On the board: somebody was answered, which tells how the queue flows; a place that is gone needs no quote."""
    if place.state == "held" and place.answered_ms == stream.now_ms:
        yield _flow(facts.slot(Flow, place.queue), place)
    if place.state in {"held", "gone"} and facts.slot(Told, place.conversation) is not None:
        yield Told(place.conversation)


def planned(shift: ShiftPlanned, stream: Stream, facts: Facts) -> Iterator[To]:
    """On a week's schedule: the board hears when a rep goes home and when they eat."""
    yield To(MAIN, RepShift(shift.rep, shift.day, shift.start_ms, shift.end_ms, shift.meal_ms))


def shifts_over(event: RepReady, stream: Stream, facts: Facts) -> Iterator[RepShift]:
    """On the board: a rep who goes home leaves their past shifts behind."""
    if event.presence == "offline":
        past = (
            shift for shift in facts.all(RepShift) if shift.rep == event.rep and shift.end_ms < stream.now_ms - DAY_MS
        )
        yield from (RepShift(shift.rep, shift.day) for shift in past)


def _flow(before: Flow | None, place: Place) -> Flow:
    gap_ms = min(LONGEST_GAP_MS, place.answered_ms - before.at_ms) if before else LONGEST_GAP_MS // 10
    usual_ms = (KEPT_PERMILLE * before.gap_ms + (1000 - KEPT_PERMILLE) * gap_ms) // 1000 if before else gap_ms
    return Flow(place.queue, place.answered_ms - place.since_ms, place.answered_ms, usual_ms)


def chooses(event: Chosen, stream: Stream, facts: Facts) -> Said:
    """The customer chose: the board is told whom they wait for; the place in line stays."""
    choice, holder = facts.get(Choice), facts.get(Holder)
    if choice is None or holder is None or holder.kind != "queue" or holder.epoch != choice.epoch:
        return
    if event.whom == choice.chosen or (event.whom == "rep" and not choice.rep):
        return
    yield from _once(outcomes.gave_up(choice, stream.now_ms))
    yield replace(choice, chosen=event.whom, chosen_ms=stream.now_ms)
    yield To(MAIN, RepWanted(stream.id, choice.rep if event.whom == "rep" else "", choice.epoch))


def late(known: LastRep, stream: Stream, facts: Facts) -> Iterator[To]:
    """Who served before came to light, or was forgotten, while the customer waits already: the board hears it."""
    holder, wait = facts.get(Holder), facts.get(Wait)
    if (
        stream.id.startswith("conversation/")
        and holder is not None
        and holder.kind == "queue"
        and wait is not None
        and not wait.rep
    ):
        yield To(MAIN, RepWanted(stream.id, "", holder.epoch, known.rep))


def rep_left(event: WantedRepLeft, stream: Stream, facts: Facts) -> Said:
    """The rep who was waited for will not come: that promise is broken, and the customer waits for anybody at the same place."""
    choice = facts.get(Choice)
    if choice is None or choice.chosen != "rep" or event.epoch not in {0, choice.epoch}:
        return
    yield from _once(outcomes.broken(choice, stream.now_ms))
    yield replace(
        choice, rep="", name="", rep_wait_ms=0, rep_within_ms=0, ways_ms=(), chosen="anyone", chosen_ms=stream.now_ms
    )
    yield To(MAIN, RepWanted(stream.id, "", choice.epoch))


def ends(wait: Wait, stream: Stream, facts: Facts) -> Said:
    """The wait is over: was what they were told kept?"""
    choice = facts.get(Choice)
    if choice is None or wait.state == "waiting" or choice.queue != wait.queue or choice.at_ms < wait.since_ms:
        return
    over = outcomes.answered if wait.state == "answered" else outcomes.gave_up
    yield from _once(over(choice, wait.ended_ms))


def _once(kept: QuoteKept | None) -> Iterator[QuoteKept]:
    if kept is not None:
        yield kept


def begins(started: Started, stream: Stream, facts: Facts) -> Said:
    """A live conversation of a customer who is known asks who served them last."""
    if stream.live and started.customer and _may_be_known(started, stream.policy(Individual)):
        yield To(f"customer/{started.customer}", LastRepAsked(stream.id))


def _may_be_known(started: Started, rules: Individual) -> bool:
    """Whether the customer is told who served them before: their identity is verified, or policy says that a claim will do."""
    return started.verified == "verified" or (rules.claimed_too and started.verified == "claimed")


def served(event: Ended | WrappedUp, stream: Stream, facts: Facts) -> Said:
    """A conversation is over: their customer's stream hears who served them."""
    wait, started = facts.get(Wait), stream.started
    if started is None or not started.customer or started.simulated or wait is None:
        return
    if wait.state == "answered" and wait.rep:
        yield To(f"customer/{started.customer}", ServedBy(wait.rep, stream.key, stream.now_ms))


def remembers(event: ServedBy, stream: Stream, facts: Facts) -> Iterator[LastRep]:
    """On the customer's stream: the newest counts, unless it was before everything was forgotten."""
    known, gone = facts.get(LastRep), facts.get(Forgotten)
    if (known is None or event.at_ms >= known.at_ms) and (gone is None or event.at_ms > gone.until_ms):
        yield LastRep(event.rep, event.at_ms)


def tells(event: LastRepAsked, stream: Stream, facts: Facts) -> Iterator[To]:
    """On the customer's stream: who served last."""
    known = facts.get(LastRep)
    if known is not None and known.rep and known.at_ms >= stream.now_ms - stream.policy(Individual).keep_days * DAY_MS:
        yield To(event.conversation, known)


def forgets(event: Forgotten, stream: Stream, facts: Facts) -> Said:
    """On the customer's stream: nobody served them, as far as is remembered; the conversation that asked hears it too."""
    yield LastRep("", event.until_ms)
    if event.conversation:
        yield To(event.conversation, LastRep("", event.until_ms))
