"""Complexity: graded anew with each turn of the customer, and when work is added; what a rep says stays."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.agents.events import Underway
from baton.capabilities.complexity.events import (
    Afterwards,
    Complexity,
    ComplexityOverridden,
    Grading,
    Hindsight,
    HistoryAsked,
    HistoryKnown,
    Usual,
)
from baton.capabilities.complexity.grading.signs import Work, grade, turned_out
from baton.capabilities.complexity.hindsight.usual import beyond
from baton.capabilities.lake.events import Course, ToolCalled
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.resolution.events import Contact
from baton.capabilities.routing.events import Transferred
from baton.capabilities.sentiment.events import Mood
from baton.kernel.conversation import Started, To
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

LATELY_MS = 30 * 86_400_000
"""Earlier contacts that count: those of 30 days."""
UNKNOWN = Complexity("low", 0)


def ask_history(started: Started, stream: Stream, facts: Facts) -> Iterator[To]:
    """Ask the customer's stream for earlier contacts, where the customer is known."""
    if stream.live and started.customer:
        yield To(f"customer/{started.customer}", HistoryAsked(stream.id))


def tell_history(asked: HistoryAsked, stream: Stream, facts: Facts) -> Iterator[To]:
    """On the customer's stream: how many contacts ended lately."""
    since_ms = stream.now_ms - LATELY_MS
    lately = sum(since_ms <= c.ended_ms and c.conversation != asked.conversation for c in facts.all(Contact))
    if lately:
        yield To(asked.conversation, HistoryKnown(lately))


def graded(seen: Mood | Intent, stream: Stream, facts: Facts) -> Iterator[Complexity]:
    """After a turn: by the mood that every turn of a person has, by the intent where a machine speaks."""
    if isinstance(seen, Mood) or facts.get(Mood) is None:
        yield from _changed(facts.get(Complexity) or UNKNOWN, stream, facts)


def more_work(event: ToolCalled | Transferred | HistoryKnown, stream: Stream, facts: Facts) -> Iterator[Complexity]:
    """A tool was used, a rep passed it on, or an earlier contact came to light."""
    now = facts.get(Complexity) or UNKNOWN
    if isinstance(event, HistoryKnown):
        now = replace(now, contacts=event.contacts)
    elif isinstance(event, Transferred):
        now = replace(now, transfers=now.transfers + 1)
    else:
        now = replace(now, touched=_with(now.touched, f"tool:{event.tool}"))
    yield from _changed(now, stream, facts)


def overruled(said: ComplexityOverridden, stream: Stream, facts: Facts) -> Iterator[Complexity]:
    """The rep's level, beside what the score would say."""
    now = facts.get(Complexity) or UNKNOWN
    yield replace(now, level=said.level, overridden=True)


def looked_back(course: Course, stream: Stream, facts: Facts) -> Iterator[Hindsight]:
    """A rep's stretch is over: how hard it turned out, by its time over the usual of this intent and this rep."""
    if not course.rep or not 0 < course.answered_ms < course.ended_ms:
        return
    now = facts.get(Complexity) or UNKNOWN
    intent = facts.get(Intent)
    handled_ms = course.ended_ms - course.answered_ms + course.wrap_ms
    over = beyond(stream.policy(Usual), (intent.label if intent else "", course.rep, handled_ms))
    work = Work(now.touched, now.transfers, now.contacts, verified=True)
    score, level, reasons = turned_out(facts, work, over, stream.policy(Grading), stream.policy(Afterwards))
    found = Hindsight(now.level if now.overridden else level, score, reasons, over or 0)
    if found != facts.get(Hindsight):
        yield found


def _changed(now: Complexity, stream: Stream, facts: Facts) -> Iterator[Complexity]:
    before = facts.get(Complexity)
    underway = facts.get(Underway)
    touched = _with(now.touched, f"procedure:{underway.procedure}") if underway else now.touched
    verified = stream.started is not None and stream.started.verified == "verified"
    work = Work(touched, now.transfers, now.contacts, verified)
    score, level, reasons = grade(facts, work, stream.policy(Grading))
    kept = now.level if now.overridden else level
    found = Complexity(kept, score, reasons, now.overridden, touched, now.transfers, now.contacts, level)
    if found != before:
        yield found


def _with(labels: tuple[str, ...], label: str) -> tuple[str, ...]:
    return labels if label in labels else (*labels, label)
