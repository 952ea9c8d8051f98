"""Intent: the label of the newest turn that has one, kept while later turns only answer, thank or are unclear."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.orchestration.events import Intent
from baton.capabilities.orchestration.reading.repeats import times_asked
from baton.kernel.conversation import TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Judgement, Models
from baton.kernel.stream import Stream

SURE = 500
"""Permille from which a signal of the fast tier counts as given."""
VAGUE = "other"
"""The label of requests that fit no other: it never displaces one that says more, and is no issue beside one."""


def intent(said: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Intent]:
    """What is wanted now. Nothing is said where nothing changed, since a fact holds until the next."""
    if said.role not in {"customer", "machine"}:
        return
    judged = models.judge(said.text)
    before = facts.get(Intent)
    now = _newer(judged, before, stream.entry.position, models.version)
    asked = _asked(said, judged, stream)
    if asked != now.asked:
        now = replace(now, asked=asked)
    if now != before:
        yield now


def _newer(judged: Judgement, before: Intent | None, position: int, model: str) -> Intent:
    label = "" if judged.small_talk >= SURE else judged.intent
    if before is not None and (not label or label == before.label or (label == VAGUE and before.label)):
        return before
    seen = tuple(each for each in before.seen if each != VAGUE) if before else ()
    if label and label not in seen:
        seen = (*seen, label)
    return Intent(
        label=label, confidence=judged.intent_confidence, runner_up=judged.intent_runner_up, margin=judged.intent_margin,
        issues=max(1, len(seen), before.issues if before else 1, judged.issues), model=model, seen=seen, position=position,
        language=judged.language or (before.language if before else ""),
    )  # fmt: skip


def _asked(said: TurnSaid, judged: Judgement, stream: Stream) -> int:
    earlier = [turn.text for turn in stream.turns[-12:] if turn.role == said.role]
    if earlier and stream.turns[-1].position == stream.entry.position:
        earlier.pop()
    nothing = max(judged.small_talk, judged.confirms, judged.affirms, judged.refuses) >= SURE
    return times_asked(said.text, earlier, nothing)
