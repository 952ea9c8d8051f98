"""Hands: who holds the baton after each change, what the assignment stream is told, and how the wait went.

The assignment stream hears only of live conversations: imported and generated history acts on nobody.
"""

from collections.abc import Iterator
from typing import Literal

from msgspec.structs import replace

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.individual.events import LastRep
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import MAIN, Gone, Released, Wait, Waiting
from baton.capabilities.routing.handing.queues import PRIORITY, named
from baton.kernel.conversation import Holder, To
from baton.kernel.events import Fact
from baton.kernel.stream import Stream

Said = Iterator[Fact | To]
NOBODY = Holder("nobody")
PASSED_ON = ("transferred", "owner_lost", "reassigned")


def holder_of(stream: Stream) -> Holder:
    """Who holds it now; nobody yet, at epoch 0, where it was never said."""
    return stream.facts.get(Holder) or NOBODY


def language_of(stream: Stream) -> str:
    """The customer's language: as the channel said, else as they write."""
    intent = stream.facts.get(Intent)
    return (stream.started.language if stream.started else "") or (intent.language if intent else "")


def to_queue(stream: Stream, queue: str, reason: str, asked_at: int = 0) -> Said:
    """The baton waits in a queue, at the place of the turn that asked for a person."""
    before, rules = holder_of(stream), named(stream, queue)
    since_ms = _since_ms(stream, asked_at)
    yield from left_to(stream, "moved")
    yield Holder("queue", rules.id, before.epoch + 1, rules.title)
    yield Wait(rules.id, since_ms, reason=reason, asked_at=asked_at, rep=_last_rep(stream, reason))
    if stream.live:
        yield To(MAIN, waiting(stream, before.epoch + 1, rules.id, rules.skill, since_ms, reason))


def waiting(
    stream: Stream,
    epoch: int,
    queue: str,
    skill: str,
    since_ms: int,
    reason: str,
    channel: str = "",
    not_before_ms: int = 0,
) -> Waiting:
    """What the assignment stream needs to know of a conversation that waits: labels, no text."""
    found = stream.facts.get(Complexity)
    started, intent = stream.started, stream.facts.get(Intent)
    return Waiting(
        stream.id, queue, since_ms, reason, PRIORITY.get(reason, 0), skill, language_of(stream),
        channel or (started.channel if started else "chat"), found.level if found else "", epoch,
        _last_rep(stream, reason), not_before_ms, intent=intent.label if intent else "",
    )  # fmt: skip


def to_rep(
    stream: Stream, rep: str, name: str, how: Literal["assigned", "taken_over"], begun: Wait | None = None
) -> Said:
    """A rep has it; the customer's wait is over: the one that `begun` just now, or the one under way."""
    yield Holder("rep", rep, holder_of(stream).epoch + 1, name)
    wait = begun or stream.facts.get(Wait)
    if wait is not None and wait.state == "waiting":
        yield replace(_ended(wait, "answered", stream.now_ms, how), rep=rep)


def left_to(stream: Stream, why: Literal["left", "agent", "taken_over", "moved"]) -> Said:
    """Whoever had it, or the queue it waited in, no longer has; `moved` is to another queue."""
    holder = holder_of(stream)
    if holder.kind == "queue":
        wait = stream.facts.get(Wait)
        if wait is not None and wait.state == "waiting" and why != "taken_over":
            yield _ended(wait, "left", stream.now_ms, why)
        if stream.live:
            yield To(MAIN, Gone(stream.id, "taken_over" if why == "moved" else why, holder.epoch))
    elif holder.kind == "rep" and stream.live:
        yield To(MAIN, Released(holder.who, stream.id, holder.epoch))


def _ended(wait: Wait, state: Literal["answered", "left"], at_ms: int, why: str = "") -> Wait:
    return replace(wait, state=state, ended_ms=at_ms, why=why)


def _last_rep(stream: Stream, reason: str) -> str:
    """Who served this customer last, here or in an earlier conversation; nobody where that rep passed it on."""
    if reason in PASSED_ON:
        return ""
    wait, before = stream.facts.get(Wait), stream.facts.get(LastRep)
    return (wait.rep if wait is not None else "") or (before.rep if before is not None else "")


def _since_ms(stream: Stream, asked_at: int) -> int:
    at = [turn.at_ms for turn in stream.turns if turn.position == asked_at] if asked_at else []
    return at[0] if at else stream.now_ms
