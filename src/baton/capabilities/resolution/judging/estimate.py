"""The estimate beside the evidence: how likely the need was met, as a model sees the whole conversation without a stated outcome.

No state comes from it. It can only keep thin evidence from counting: that the record changed does not say that it changed as
asked, and thanks are said out of politeness.
"""

from collections.abc import Sequence

from baton.capabilities.lake.events import Course
from baton.capabilities.resolution.events import Evidence, Verdict
from baton.kernel.ports import Ending, Met, Models
from baton.kernel.stream import Stream

DOUBT_PERMILLE = 400
"""Below it what a conversation shows of itself does not count as met, refused or rightly handed over."""
OWN_EVIDENCE = frozenset({"met", "refused", "handed_over"})


def estimated(stream: Stream, evidence: Evidence, course: Course, models: Models) -> Met:
    """The estimate of a conversation that an AI led to its end; of reps' conversations and of records without turns there is none."""
    served, asked = stream.said("agent"), stream.said("customer", "machine")
    if stream.said("rep") or not served or not asked or evidence.wrapped_up:
        return Met()
    return models.met(
        Ending(
            served=tuple(turn.text for turn in served), asked=tuple(turn.text for turn in asked), changed=evidence.changes,
            failed=evidence.failures, handed_over=course.handed_over, group=evidence.group,
        )
    )  # fmt: skip


def doubted(verdict: Verdict, why: Sequence[str], estimate_permille: int) -> tuple[Verdict, tuple[str, ...]]:
    """The verdict, or `silent` where the model doubts evidence that the conversation alone gives."""
    if verdict in OWN_EVIDENCE and 0 <= estimate_permille < DOUBT_PERMILLE:
        return "silent", (*why, "model_doubts_it")
    return verdict, tuple(why)
