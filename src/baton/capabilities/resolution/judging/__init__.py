"""Judging one conversation: what its evidence shows of the need, with or without an outcome that somebody states.

An order of evidence, not a classifier: what the source of truth states, what the system of record shows, what the rep and
the customer say, how it ended. Where nothing shows that the need was met, the verdict is `silent`: silence is no success.
"""

import re

from baton.capabilities.lake.events import Course
from baton.capabilities.resolution.events import Evidence, Verdict
from baton.capabilities.resolution.judging.estimate import doubted

BAD_MOOD = -300
LEFT = {"customer_left", "idle"}
_REP: dict[str, Verdict] = {"yes": "met", "no": "failed", "refused": "refused"}
_REFUSAL = re.compile(
    r"\b(?:un(?:able|fortunately)\b.{0,80}\b(?:cannot|can't|can not|unable|not (?:able|possible|allowed|eligible|permitted))"
    r"|(?:i|we)(?:'m| am|'re| are)? (?:cannot|can't|can not|unable to|not able to)\b"
    r"|not (?:eligible|permitted|allowed) (?:for|to|under|by)|polic(?:y|ies) (?:does|do) not allow)",
    re.IGNORECASE | re.DOTALL,
)


def refuses(text: str) -> bool:
    """Whether who serves says that it cannot be done."""
    return _REFUSAL.search(text) is not None


def judge(evidence: Evidence, course: Course, estimate_permille: int = -1) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict and the evidence it rests on, as labels. A stated outcome wins: it knows what we infer."""
    if evidence.stated:
        return evidence.stated, (f"stated_by_{evidence.stated_by}",)
    return judge_alone(evidence, course, estimate_permille)


def judge_alone(evidence: Evidence, course: Course, estimate_permille: int = -1) -> tuple[Verdict, tuple[str, ...]]:
    """What Baton says without a stated outcome; an estimate of -1 is none."""
    if course.abandoned:
        return "given_up", ("left_the_queue",)
    if evidence.wrapped_up in _REP:
        told = _REP[evidence.wrapped_up]
        return ("open", ("promise_open",)) if told == "met" and evidence.promise_open else (told, (f"rep_says_{told}",))
    if evidence.promise_open:
        return "open", ("promise_open",)
    return doubted(*_from_the_conversation(evidence, course), estimate_permille)


def _from_the_conversation(evidence: Evidence, course: Course) -> tuple[Verdict, tuple[str, ...]]:
    shown = _shown(evidence)
    if evidence.record_failed and not evidence.record_changed:
        return "failed", ("record_failed",)
    if course.handed_over and course.path == "agent_rep" and not shown:
        return _handed_over(evidence, course)
    if course.why == "transferred":
        return _handed_over(evidence, course)
    if evidence.denied or (_left(evidence, course) and not shown) or _ends_low(evidence):
        return "given_up", tuple(_unmet(evidence, course))
    if evidence.refused and not evidence.record_changed:
        return "refused", ("refused", *(("customer_confirmed",) if evidence.confirmed else ()))
    return ("met", shown) if shown else ("silent", ())


def _handed_over(evidence: Evidence, course: Course) -> tuple[Verdict, tuple[str, ...]]:
    reached = course.reached or course.why == "transferred"
    needed = evidence.person_needed or course.reason not in {"", "imported"}
    why = (f"handed_over_{course.reason}" if course.reason else "handed_over",)
    return ("handed_over", why) if reached and needed else ("silent", why)


def _shown(evidence: Evidence) -> tuple[str, ...]:
    record = ("record_changed",) if evidence.record_changed else ()
    return (*record, *(("customer_confirmed",) if evidence.confirmed else ()))


def _left(evidence: Evidence, course: Course) -> bool:
    """Whether the customer left with an unmet ask: before an answer, or after answers that did not help."""
    return course.why == "abandoned" or (course.why in LEFT and (course.unanswered or evidence.left_unmet))


def _ends_low(evidence: Evidence) -> bool:
    return evidence.last_mood <= BAD_MOOD and not evidence.confirmed


def _unmet(evidence: Evidence, course: Course) -> list[str]:
    told = ["customer_denied"] if evidence.denied else []
    told += ["left_unmet"] if _left(evidence, course) else []
    return told + (["mood_low"] if _ends_low(evidence) else [])
