"""Signs of hard work that a conversation's facts show, and the score they add up to."""

from collections.abc import Mapping

import msgspec

from baton.capabilities.agents.events import Attempts, Underway
from baton.capabilities.complexity.events import Afterwards, Foreseeing, Grading, Level
from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.sentiment.events import Mood
from baton.kernel.facts import Facts


class Work(msgspec.Struct, frozen=True, gc=False):
    """What a conversation took so far: procedures and tools by name, transfers, and the customer's earlier contacts.

    `told` are the complications the customer named, `earlier` the contacts by intent, `promises` those that are open.
    """

    touched: tuple[str, ...] = ()
    transfers: int = 0
    contacts: int = 0
    verified: bool = False
    told: tuple[str, ...] = ()
    earlier: dict[str, int] = {}
    promises: int = 0


Points = dict[str, int]
"""Points in permille by reason."""
HARD_INTENT = "hard_intent"
"""The reason that an intent's conversations usually turn out hard."""


def signs(facts: Facts, work: Work, by: Grading) -> Points:
    """The points of every sign that shows, each with its ceiling."""
    points: Points = {}
    _of_intent(points, facts.get(Intent), by)
    _of_mood(points, facts.get(Mood), by)
    _of_work(points, work, by)
    _of_history(points, facts.get(Intent), work, by)
    _of_agent(points, facts.get(Attempts), facts.get(Underway), work, by)
    needed = facts.get(PersonNeeded)
    if needed is not None and needed.reason in {"distress", "bereavement", "legal"}:
        points[needed.reason] = by.legal if needed.reason == "legal" else by.distress
    return points


def grade(shown: Mapping[str, int], intent: str, by: Foreseeing) -> tuple[int, Level, tuple[str, ...]]:
    """Score in permille, level, and reasons with most points first: a sum of points, weighed by what was learned of each.

    Before anything was learned every sign counts as the policy `Grading` says.
    """
    points = {sign: found * by.factors.get(sign, 1000) // 1000 for sign, found in shown.items()}
    usually = by.intents.get(intent, 0)
    score = max(0, min(1000, by.centre + usually + sum(points.values())))
    if usually > 0:
        points[HARD_INTENT] = usually
    reasons = sorted((reason for reason in points if points[reason] > 0), key=lambda reason: (-points[reason], reason))
    return score, level_of(score, by), tuple(reasons)


def turned_out(
    facts: Facts, work: Work, beyond: int | None, by: Grading, after: Afterwards
) -> tuple[int, Level, tuple[str, ...]]:
    """The same in hindsight: what it took and its time against the usual; how unclear or upset it began does not count.

    `beyond` is in permille of the spread, None while nothing is usual.
    """
    points: Points = {}
    _of_work(points, work, by)
    _of_agent(points, facts.get(Attempts), None, work, by)
    _of_repeats(points, facts.get(Intent), by)
    took = 0 if beyond is None else after.at_usual + after.each_spread * beyond // 1000
    took = max(0, min(after.time_at_most, took))
    score = min(1000, took + sum(points.values()))
    if beyond is not None and beyond >= after.notable:
        points["over_usual"] = took
    return score, level_of(score, after), tuple(sorted(points, key=lambda reason: (-points[reason], reason)))


def level_of(score: int, by: Foreseeing | Afterwards) -> Level:
    """The level a score in permille reaches."""
    if score >= by.high_at:
        return "high"
    return "medium" if score >= by.medium_at else "low"


def _of_intent(points: Points, intent: Intent | None, by: Grading) -> None:
    if intent is None:
        return
    if not intent.label:
        points["intent_unclear"] = by.intent_unclear
    elif intent.margin < by.close_margin:
        points["intent_unclear"] = by.intent_close
    _of_repeats(points, intent, by)


def _of_repeats(points: Points, intent: Intent | None, by: Grading) -> None:
    if intent is None:
        return
    if intent.issues > 1:
        points["several_issues"] = min(by.issues_at_most, by.each_issue * (intent.issues - 1))
    if intent.asked > 1:
        points["asked_again"] = min(by.repeats_at_most, by.each_repeat * (intent.asked - 1))


def _of_mood(points: Points, mood: Mood | None, by: Grading) -> None:
    if mood is None:
        return
    if mood.score <= by.low_mood_at:
        points["low_mood"] = by.low_mood
    if mood.frustration >= by.frustration_at:
        points["frustration"] = by.frustration


def _of_work(points: Points, work: Work, by: Grading) -> None:
    if work.touched:
        points["systems"] = min(by.systems_at_most, by.each_system * len(work.touched))
    if work.transfers:
        points["transferred"] = min(by.transfers_at_most, by.each_transfer * work.transfers)
    points.update(dict.fromkeys(work.told, by.each_told))


def _of_history(points: Points, intent: Intent | None, work: Work, by: Grading) -> None:
    same = work.earlier.get(intent.label, 0) if intent is not None and intent.label else 0
    if same:
        points["came_back"] = min(by.returns_at_most, by.each_return * same)
    if work.contacts > same:
        points["earlier_contacts"] = min(by.contacts_at_most, by.each_contact * (work.contacts - same))
    if work.promises:
        points["open_promise"] = by.open_promise


def _of_agent(points: Points, attempts: Attempts | None, underway: Underway | None, work: Work, by: Grading) -> None:
    if attempts is not None and attempts.failed:
        points["failed_attempts"] = min(by.failures_at_most, by.each_failure * attempts.failed)
    if underway is None:
        return
    if not work.verified:
        points["identity"] = by.identity
    if underway.tries >= by.hard_step_tries:
        points["hard_step"] = by.hard_step
