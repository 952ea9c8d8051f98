"""What one conversation shows, by an order of evidence that a supervisor can read."""

import pytest

from baton.capabilities.lake.events import Course
from baton.capabilities.resolution.events import Evidence
from baton.capabilities.resolution.judging import judge, judge_alone, refuses

pytestmark = pytest.mark.unit

AGENT = Course(closed=True, path="agent", contained=True, why="idle")
CALM = Course(closed=True, path="agent", contained=True, why="resolved")
OVER = Course(closed=True, path="agent_rep", handed_over=True, reached=True, reason="asked", why="closed_by_rep")
LEFT_QUEUE = Course(closed=True, path="agent_rep", handed_over=True, abandoned=True, why="customer_left")

CASES = [
    (Evidence(), CALM, "silent", ()),
    (Evidence(record_changed=True), CALM, "met", ("record_changed",)),
    (Evidence(record_changed=True, confirmed=True), CALM, "met", ("record_changed", "customer_confirmed")),
    (Evidence(confirmed=True), AGENT, "met", ("customer_confirmed",)),
    (Evidence(), AGENT, "silent", ()),
    (Evidence(), Course(closed=True, path="agent", why="customer_left", unanswered=True), "given_up", ("left_unmet",)),
    (Evidence(left_unmet=True), AGENT, "given_up", ("left_unmet",)),
    (Evidence(), Course(closed=True, path="rep", why="abandoned"), "given_up", ("left_unmet",)),
    (Evidence(denied=True), CALM, "given_up", ("customer_denied",)),
    (Evidence(last_mood=-600), CALM, "given_up", ("mood_low",)),
    (Evidence(record_failed=True), CALM, "failed", ("record_failed",)),
    (Evidence(refused=True), CALM, "refused", ("refused",)),
    (Evidence(refused=True, record_changed=True), CALM, "met", ("record_changed",)),
    (Evidence(), OVER, "handed_over", ("handed_over_asked",)),
    (Evidence(confirmed=True), OVER, "met", ("customer_confirmed",)),
    (Evidence(), LEFT_QUEUE, "given_up", ("left_the_queue",)),
    (Evidence(wrapped_up="yes"), OVER, "met", ("rep_says_met",)),
    (Evidence(wrapped_up="no", confirmed=True), OVER, "failed", ("rep_says_failed",)),
    (Evidence(wrapped_up="refused"), OVER, "refused", ("rep_says_refused",)),
    (Evidence(wrapped_up="yes", promise_open=True), OVER, "open", ("promise_open",)),
    (Evidence(promise_open=True), CALM, "open", ("promise_open",)),
]


@pytest.mark.parametrize(("evidence", "course", "verdict", "why"), CASES)
def test_a_conversation(evidence: Evidence, course: Course, verdict: str, why: tuple[str, ...]) -> None:
    assert judge(evidence, course) == (verdict, why)


def test_a_handover_is_right_only_where_a_person_was_needed() -> None:
    imported = Course(closed=True, path="agent_rep", handed_over=True, reached=True, reason="imported")
    assert judge(Evidence(), imported)[0] == "silent"
    assert judge(Evidence(person_needed=True), imported)[0] == "handed_over"


def test_a_stated_outcome_wins_and_does_not_touch_what_baton_says_alone() -> None:
    evidence = Evidence(confirmed=True, stated="failed", stated_by="reward")
    assert judge(evidence, CALM) == ("failed", ("stated_by_reward",))
    assert judge_alone(evidence, CALM)[0] == "met"


@pytest.mark.parametrize(
    "text",
    ["I'm sorry, but I cannot change that fare.", "We are unable to refund it.", "Unfortunately your ticket is not eligible for a refund.",
     "Our policy does not allow it."],
)  # fmt: skip
def test_a_refusal_is_heard(text: str) -> None:
    assert refuses(text)


@pytest.mark.parametrize(
    "text", ["I can change that for you.", "Your refund left on Monday.", "Can you not find the code?"]
)
def test_a_plain_answer_is_no_refusal(text: str) -> None:
    assert not refuses(text)
