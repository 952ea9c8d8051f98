"""Own: a rep's breather on their own stream, from asking until it is over."""

from collections.abc import Iterator
from typing import TypeGuard

from msgspec.structs import replace

from baton.capabilities.ai_use.events import Employed
from baton.capabilities.routing.events import MAIN, RepReady
from baton.capabilities.wellbeing.events import (
    Breather,
    BreatherAnswered,
    BreatherEnded,
    BreatherGranted,
    Duty,
    EasyNext,
    Wellbeing,
    team_stream,
)
from baton.kernel.conversation import Due, To
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

LAPSES, OVER = "breather_lapses", "breather_over"
REASON = "breather"
"""The reason of a break that is a breather: paid, and neutral to adherence."""
Said = Iterator[Breather | To]


def current(facts: Facts, ref: str) -> Breather | None:
    """The breather of this name, unless it is over."""
    found = facts.get(Breather)
    return found if found is not None and found.ref == ref and found.state != "over" else None


def team_of(facts: Facts) -> str:
    """The team a rep belongs to, as HR told; empty where nobody told."""
    employed = facts.get(Employed)
    return employed.team if employed is not None else ""


def offered(event: BreatherGranted, stream: Stream, facts: Facts) -> Said:
    """It may be offered, and stays for a while."""
    asked = current(facts, event.ref)
    if asked is None or asked.state != "asked":
        yield To(team_stream(asked.team if asked else team_of(facts)), BreatherEnded(event.ref, "unused"))
        return
    until_ms = stream.now_ms + 1000 * stream.policy(Wellbeing).stays_s
    yield replace(
        asked, state="offered", kind=event.kind, rest_s=event.rest_s, late_permille=event.late_permille, by=event.by, until_ms=until_ms
    )  # fmt: skip
    yield To(stream.id, Due(LAPSES, event.ref), until_ms)


def put_off(event: BreatherAnswered, stream: Stream, facts: Facts) -> Said:
    """Later, or not at all."""
    asked, rules = current(facts, event.ref), stream.policy(Wellbeing)
    if asked is None or asked.state != "offered":
        return
    if event.answer == "later":
        yield replace(asked, hidden_ms=min(asked.until_ms, stream.now_ms + 1000 * rules.break_s))
    elif event.answer == "no":
        yield from unused(asked, stream)


def unused(breather: Breather, stream: Stream) -> Said:
    """It is over without having been taken; its minutes go back to the team's budget."""
    again_ms = stream.now_ms + 1000 * stream.policy(Wellbeing).again_s
    yield replace(breather, state="over", again_ms=again_ms)
    yield To(team_stream(breather.team), BreatherEnded(breather.ref, "unused"))


def ended(breather: Breather, stream: Stream, facts: Facts) -> Said:
    """A break is over: an easy one first, then back to the queue, unless the rep went elsewhere meanwhile."""
    duty, rules = facts.get(Duty), stream.policy(Wellbeing)
    yield replace(breather, state="over", again_ms=stream.now_ms + 1000 * rules.again_s)
    if breather.kind == "break" and duty is not None and duty.presence == "break" and duty.reason == REASON:
        yield To(MAIN, EasyNext(stream.key, stream.now_ms + 1000 * rules.easy_s))
        yield To(MAIN, RepReady(stream.key, "available", capacity=duty.capacity))


def is_resting(breather: Breather | None) -> TypeGuard[Breather]:
    """Whether it is a break that is under way."""
    return breather is not None and breather.state == "taken" and breather.kind == "break"


def left_early(breather: Breather, duty: Duty, stream: Stream) -> Said:
    """The rep came back, or went elsewhere, before the break was over; an easy one still comes first for who is available."""
    rules = stream.policy(Wellbeing)
    yield replace(breather, state="over", again_ms=stream.now_ms + 1000 * rules.again_s)
    if duty.presence == "available":
        yield To(MAIN, EasyNext(stream.key, stream.now_ms + 1000 * rules.easy_s))


def begun(breather: Breather, stream: Stream) -> Said:
    """It is taken: a break at once, or easy ones next."""
    duty, rules = stream.facts.get(Duty), stream.policy(Wellbeing)
    rest_s = breather.rest_s if breather.kind == "break" else rules.easy_s
    until_ms = stream.now_ms + 1000 * rest_s
    yield replace(breather, state="taken", until_ms=until_ms)
    yield To(team_stream(breather.team), BreatherEnded(breather.ref, "taken"))
    if breather.kind == "easy":
        yield To(MAIN, EasyNext(stream.key, until_ms))
    elif duty is not None:
        yield To(MAIN, RepReady(stream.key, "break", capacity=duty.capacity, reason=REASON))
    yield To(stream.id, Due(OVER, breather.ref), until_ms)
