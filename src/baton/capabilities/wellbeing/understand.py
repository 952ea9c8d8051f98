"""Understanding for wellbeing: stretches on conversations, duty and load on the rep's stream, asks on the team's."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.routing.events import MAIN, Place, Post, RepReady
from baton.capabilities.sentiment.events import Mood
from baton.capabilities.wellbeing.breathers import granting, own, reserving
from baton.capabilities.wellbeing.events import (
    Asked,
    Breather,
    BreatherAnswered,
    BreatherAsked,
    BreatherEnded,
    BreatherGranted,
    BreatherPriced,
    Counting,
    Duty,
    Easing,
    EasyNext,
    InHand,
    Left,
    Load,
    LoadForgotten,
    OnDuty,
    ReserveAsked,
    Spent,
    Stretch,
    Took,
    Wellbeing,
)
from baton.capabilities.wellbeing.load import counting
from baton.kernel.choose import chance_permille
from baton.kernel.conversation import Due, Holder, Started, To
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

PRESENCE_DUES = frozenset({"offer_expired", "desk_lost"})
"""Timers of the assignment stream that set a rep away."""
RESTS = frozenset({"break", "away", "offline"})
Said = Iterator[Fact | To]


def changed_hands(holder: Holder, stream: Stream, facts: Facts) -> Said:
    """On a conversation: a rep got it, or no longer has it; each is told on their own stream."""
    before, rep = facts.get(Stretch) or Stretch(), holder.who if holder.kind == "rep" else ""
    if not stream.live or rep == before.rep:
        return
    if before.rep:
        grade = facts.get(Complexity)
        left = Left(stream.id, stream.now_ms, grade.level if grade else "low", before.hostility)
        yield To(f"rep/{before.rep}", left)
    if rep:
        yield To(f"rep/{rep}", Took(stream.id, stream.now_ms))
    yield Stretch(rep, stream.now_ms)


def heard(mood: Mood, stream: Stream, facts: Facts) -> Iterator[Stretch]:
    """On a conversation: how hostile the customer is while a rep has it, at worst."""
    had = facts.get(Stretch)
    worst = max(mood.frustration, -mood.score, 0)
    if had is not None and had.rep and worst > had.hostility:
        yield replace(had, hostility=worst)


def duty(event: RepReady | Due, stream: Stream, facts: Facts) -> Iterator[To]:
    """On the assignment stream: a rep's presence changed just now; their own stream is told."""
    if isinstance(event, Due) and event.what not in PRESENCE_DUES:
        return
    rep = event.rep if isinstance(event, RepReady) else event.ref.partition("|")[0]
    post = facts.slot(Post, rep)
    if post is None and isinstance(event, RepReady):
        yield To(f"rep/{rep}", OnDuty("offline", "", stream.now_ms, event.capacity))
    elif post is not None and (post.since_ms == stream.now_ms or _rests(event)):
        told = OnDuty(post.presence, post.reason, stream.now_ms, post.capacity, post.skills)
        yield To(f"rep/{rep}", told)


def on_duty(event: OnDuty, stream: Stream, facts: Facts) -> Said:
    """On a rep's stream: who comes back from a break, or to work, begins anew to count since then; who leaves wants no breather."""
    before, load = facts.get(Duty), facts.get(Load)
    now = Duty(event.presence, event.reason, event.at_ms, event.capacity, event.skills)
    if before is not None and (before.presence, before.reason) == (now.presence, now.reason):
        return
    rules = stream.policy(Wellbeing)
    if _counts(facts):
        after = counting.at(load or Load(event.at_ms, rested_ms=event.at_ms), event.at_ms, before, rules)
        rest_ms = event.at_ms - before.since_ms if before is not None and before.presence in RESTS else 0
        yield counting.rested(after, event.at_ms) if rest_ms >= 1000 * rules.break_s else after
    yield now
    open_ = facts.get(Breather)
    if now.presence == "offline" and open_ is not None and open_.state in {"asked", "offered"}:
        yield from own.unused(open_, stream)
    elif own.is_resting(open_) and (now.presence, now.reason) != ("break", own.REASON):
        yield from own.left_early(open_, now, stream)


def took(event: Took, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """On a rep's stream: one more in hand."""
    if facts.slot(InHand, event.conversation) is None and _counts(facts):
        load = _load(event.at_ms, stream, facts)
        yield InHand(event.conversation, event.at_ms, load.shared_ms)
        yield replace(load, in_hand=load.in_hand + 1)


def left(event: Left, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """On a rep's stream: one less in hand, and what it was counts."""
    held = facts.slot(InHand, event.conversation)
    if held is not None:
        load = _load(event.at_ms, stream, facts)
        yield replace(held, ended=True)
        yield counting.with_one_less(load, event, held, stream.policy(Wellbeing))


def forgotten(event: LoadForgotten, stream: Stream, facts: Facts) -> Said:
    """On a rep's stream: the load begins anew, or ends."""
    for held in facts.all(InHand):
        yield replace(held, ended=True)
    yield Load(stream.now_ms, rested_ms=stream.now_ms)
    yield Counting(event.counting)
    breather = facts.get(Breather)
    if breather is not None and breather.state in {"asked", "offered"}:
        yield from own.unused(breather, stream)


def breather(event: BreatherGranted | BreatherAnswered | Due, stream: Stream, facts: Facts) -> Said:
    """On a rep's stream: a breather is offered, put off, lapses, or is over."""
    if isinstance(event, BreatherGranted):
        yield from own.offered(event, stream, facts)
    elif isinstance(event, BreatherAnswered):
        yield from own.put_off(event, stream, facts)
    elif (known := own.current(facts, event.ref)) is not None:
        if event.what == own.LAPSES and known.state != "taken" and stream.now_ms >= known.until_ms:
            yield from own.unused(known, stream)
        elif event.what == own.OVER and known.state == "taken":
            yield from own.ended(known, stream, facts)


def asked(
    event: BreatherAsked | BreatherPriced | BreatherEnded, stream: Stream, facts: Facts
) -> Iterator[Asked | Spent | To]:
    """On a team's stream: a breather is asked for, priced, or over."""
    known = facts.slot(Asked, event.ref)
    if isinstance(event, BreatherAsked):
        yield Asked(event.ref, event.rep, event.team, event.rest_s, stream.now_ms, skills=event.skills)
    elif known is not None and isinstance(event, BreatherPriced):
        yield replace(
            known, late_permille=event.late_permille, milli_contacts=event.milli_contacts, priced_ms=stream.now_ms
        )  # fmt: skip
    elif known is not None and isinstance(event, BreatherEnded):
        if event.how == "unused":
            yield from granting.given_back(known, stream)
        yield replace(known, state=event.how)


def easing(event: EasyNext | Place, stream: Stream, facts: Facts) -> Said:
    """On the assignment stream: only easy ones for a rep, until one is taken or the time is over."""
    if isinstance(event, EasyNext):
        yield Easing(event.rep, event.until_ms)
        yield To(stream.id, Due("match"), event.until_ms)
    elif event.state == "held" and facts.slot(Easing, event.rep) is not None:
        yield Easing(event.rep)


def begins(started: Started, stream: Stream, facts: Facts) -> Iterator[To]:
    """A conversation begins: by a share of policy's, ask whether people could use an easy one."""
    share = stream.policy(Wellbeing).reserve_permille
    if stream.live and share and chance_permille("baton", stream.id, stream.ordinal, "reserve") < share:
        yield To(MAIN, ReserveAsked(stream.id))


def reserve(event: ReserveAsked, stream: Stream, facts: Facts) -> Iterator[To]:
    """On the assignment stream: whether somebody is free who should get an easy one."""
    found = reserving.due(facts, stream.now_ms)
    if found is not None:
        yield To(event.conversation, found)


def _rests(event: RepReady | Due) -> bool:
    """Whether a rep says that they are not available: from one break to another their presence is the same."""
    return isinstance(event, RepReady) and event.presence != "available"


def _load(at_ms: int, stream: Stream, facts: Facts) -> Load:
    before = facts.get(Load) or Load(at_ms, rested_ms=at_ms)
    return counting.at(before, at_ms, facts.get(Duty), stream.policy(Wellbeing))


def _counts(facts: Facts) -> bool:
    counts = facts.get(Counting)
    return counts is None or counts.on
