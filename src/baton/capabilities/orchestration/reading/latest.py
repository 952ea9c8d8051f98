"""The latest want: what a conversation is about after one more turn was judged."""

from baton.capabilities.orchestration.events import Intent
from baton.kernel.ports import Judgement

SURE = 500
"""Permille from which a signal of the fast tier counts as given."""
VAGUE = "other"
"""The label of requests that fit no other: it never displaces one that says more, and is no issue beside one."""
PERSON = "person"
"""The tier of a label that somebody gave: no model displaces it."""


def newer(judged: Judgement, before: Intent | None, position: int, model: str) -> Intent:
    """What is wanted after a turn that was judged so."""
    label = "" if judged.small_talk >= SURE else judged.intent
    if before is not None and (
        not label or label == before.label or (label == VAGUE and before.label) or before.tier == PERSON
    ):
        return before
    seen = tuple(each for each in before.seen if each != VAGUE) if before else ()
    if label and label not in seen:
        seen = (*seen, label)
    return Intent(
        label=label, confidence=judged.intent_confidence, runner_up=judged.intent_runner_up, margin=judged.intent_margin,
        issues=max(1, len(seen), before.issues if before else 1, judged.issues), model=model, seen=seen, position=position,
        language=judged.language or (before.language if before else ""),
    )  # fmt: skip
