"""Complexity: graded anew with each turn of the customer, and when work is added; what a rep says stays."""

from collections import Counter
from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.agents.events import Underway
from baton.capabilities.complexity.events import (
    Afterwards,
    Complexity,
    ComplexityOverridden,
    Foreseeing,
    Foresight,
    Grading,
    Hindsight,
    HistoryAsked,
    HistoryKnown,
    Usual,
)
from baton.capabilities.complexity.grading.signs import Points, Work, grade, signs, turned_out
from baton.capabilities.complexity.grading.told import complications
from baton.capabilities.complexity.hindsight.usual import beyond
from baton.capabilities.lake.events import Course, ToolCalled
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.resolution.events import Contact, Promise
from baton.capabilities.routing.events import Transferred
from baton.capabilities.sentiment.events import Mood
from baton.kernel.conversation import Started, To, TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

LATELY_MS = 30 * 86_400_000
"""Earlier contacts that count: those of 30 days."""
HEARD = 2
"""Turns of the customer after which a grade counts as known before the work: what is wanted, and what they are asked for."""
CUSTOMERS = ("customer", "machine")
UNKNOWN = Complexity("low", 0)


def ask_history(started: Started, stream: Stream, facts: Facts) -> Iterator[To]:
    """Ask the customer's stream for what there was before, where the customer is known."""
    if started.customer:
        yield To(f"customer/{started.customer}", HistoryAsked(stream.id, stream.now_ms))


def tell_history(asked: HistoryAsked, stream: Stream, facts: Facts) -> Iterator[To]:
    """On the customer's stream: the contacts that had ended lately when it began, and the promises that were open."""
    began_ms = asked.began_ms or stream.now_ms
    lately = [c for c in facts.all(Contact) if began_ms - LATELY_MS <= c.ended_ms <= began_ms]
    promises = sum(p.said_ms <= began_ms and p.state in {"open", "due", "broken"} for p in facts.all(Promise))
    if lately or promises:
        yield To(asked.conversation, HistoryKnown(len(lately), dict(sorted(Counter(_of(lately)).items())), promises))


def graded(seen: Mood | Intent, stream: Stream, facts: Facts) -> Iterator[Complexity]:
    """After a turn: by the mood that every turn of a person has, by the intent where a machine speaks."""
    if isinstance(seen, Mood) or facts.get(Mood) is None:
        yield from _changed(_told(facts.get(Complexity) or UNKNOWN, stream), stream, facts)


def foreseen(said: TurnSaid, stream: Stream, facts: Facts) -> Iterator[Foresight]:
    """A rep sets to it, having heard the customer twice: how hard it looks then."""
    if said.role == "rep" and facts.get(Foresight) is None and len(stream.said(*CUSTOMERS)) >= HEARD:
        yield _looks(stream, facts)


def more_work(event: ToolCalled | Transferred | HistoryKnown, stream: Stream, facts: Facts) -> Iterator[Complexity]:
    """A tool was used, a rep passed it on, or an earlier contact came to light."""
    now = facts.get(Complexity) or UNKNOWN
    if isinstance(event, HistoryKnown):
        now = replace(now, contacts=event.contacts, earlier=event.earlier, promises=event.promises)
    elif isinstance(event, Transferred):
        now = replace(now, transfers=now.transfers + 1)
    else:
        now = replace(now, touched=_with(now.touched, f"tool:{event.tool}"))
    yield from _changed(now, stream, facts)


def overruled(said: ComplexityOverridden, stream: Stream, facts: Facts) -> Iterator[Complexity]:
    """The rep's level, beside what the score would say."""
    now = facts.get(Complexity) or UNKNOWN
    yield replace(now, level=said.level, overridden=True)


def looked_back(course: Course, stream: Stream, facts: Facts) -> Iterator[Hindsight | Foresight]:
    """A rep's stretch is over: how hard it turned out, by its time over the usual of this intent and this rep."""
    if not course.rep or not 0 < course.answered_ms < course.ended_ms:
        return
    if facts.get(Foresight) is None:
        yield _looks(stream, facts)
    now = facts.get(Complexity) or UNKNOWN
    intent = facts.get(Intent)
    handled_ms = course.ended_ms - course.answered_ms + course.wrap_ms
    over = beyond(stream.policy(Usual), (intent.label if intent else "", course.rep, handled_ms))
    work = Work(now.touched, now.transfers, verified=True)
    score, level, reasons = turned_out(facts, work, over, stream.policy(Grading), stream.policy(Afterwards))
    found = Hindsight(now.level if now.overridden else level, score, reasons, over or 0)
    if found != facts.get(Hindsight):
        yield found


def _changed(now: Complexity, stream: Stream, facts: Facts) -> Iterator[Complexity]:
    before, underway, intent = facts.get(Complexity), facts.get(Underway), facts.get(Intent)
    if underway is not None:
        now = replace(now, touched=_with(now.touched, f"procedure:{underway.procedure}"))
    score, level, reasons = grade(_shown(now, stream, facts), intent.label if intent else "", stream.policy(Foreseeing))
    found = replace(now, level=now.level if now.overridden else level, score=score, reasons=reasons, graded=level)
    if found != before:
        yield found


def _looks(stream: Stream, facts: Facts) -> Foresight:
    now = facts.get(Complexity) or UNKNOWN
    return Foresight(now.graded, now.score, _shown(now, stream, facts))


def _shown(now: Complexity, stream: Stream, facts: Facts) -> Points:
    verified = stream.started is not None and stream.started.verified == "verified"
    work = Work(now.touched, now.transfers, now.contacts, verified, now.told, now.earlier, now.promises)
    return signs(facts, work, stream.policy(Grading))


def _told(now: Complexity, stream: Stream) -> Complexity:
    """With the complications that the newest turn names."""
    newest = stream.turns[-1] if stream.turns else None
    if newest is None or newest.role not in CUSTOMERS:
        return now
    found = set(complications(newest.text)) - set(now.told)
    return replace(now, told=tuple(sorted({*now.told, *found}))) if found else now


def _of(contacts: list[Contact]) -> Iterator[str]:
    return (contact.intent for contact in contacts if contact.intent)


def _with(labels: tuple[str, ...], label: str) -> tuple[str, ...]:
    return labels if label in labels else (*labels, label)
