"""The timeline of a trace: turns with an axis of their own, steps in the order they came, and what they took."""

import pytest

from baton.capabilities.agents.events import Heard, Idea, Thought
from baton.capabilities.agents.trials.timeline import Shown, timeline
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.sentiment.events import Mood
from baton.engines.tracing import evaluations_of, spans_of
from baton.kernel.conversation import ActionDone, Decided, Proposed, TurnSaid, Vetoed
from baton.kernel.explain import Explained
from tests.engines.test_tracing import input_

pytestmark = pytest.mark.unit

GROUNDS: dict[str, str | int | bool] = {
    "risk": "costly",
    "confirmed": True,
    "cents": 12300,
    "principal": "agent/assistant",
}


def shown(told: list[Explained]) -> Shown:
    """The timeline of what the log tells."""
    return timeline(told, spans_of(told), evaluations_of(told))


def refund() -> list[Explained]:
    """A yes, a tool that takes 400 ms behind the gate, and the answer; a minute before, a turn within one commit."""
    hello = input_(
        1,
        TurnSaid("customer", "hello"),
        Decided("answer", by="agents"),
        TurnSaid("agent", "x", cites=("art-1#1",)),
        at_ms=1_000,
    )
    beats = (Proposed("escalate"), Proposed("ask_back"), Proposed("escalate"))
    run = Decided("run_tool", {"tool": "refund"}, 900, "step_pay of refund", by="agents", over=beats, key="k")
    yes = input_(
        257,
        TurnSaid("customer", "yes"),
        Intent("refund_request", 918),
        Mood(-204),
        Heard("yes", 257),
        run,
        at_ms=61_000,
    )
    done = ActionDone("run_tool", "k", True, rules=("refunds",), grounds=GROUNDS)
    paid = input_(513, done, Decided("next_step", by="agents"), TurnSaid("agent", "x"), at_ms=61_400)
    return [hello, yes, paid]  # fmt: skip


def test_steps_stand_in_the_order_they_came_on_the_axis_of_their_turn() -> None:
    first, second = shown(refund()).turns
    assert [placed.step.title for placed in second.steps] == [
        "The customer wrote", "Understood", "Decided: run tool", "Gate: refund", "Tool refund", "Decided: next step", "The agent answered",
    ]  # fmt: skip
    assert [(placed.begins, placed.wide) for placed in second.steps] == [(0, 0)] * 4 + [(0, 1000)] + [(994, 0)] * 2
    assert (first.ms, second.ms, second.since_ms) == (0, 400, 60_000)
    assert [placed.step.says for placed in first.steps][-1] == "from art-1#1"


def test_a_step_says_in_plain_words_what_it_was_and_more_on_demand() -> None:
    _, second = shown(refund()).turns
    by = {placed.step.title: placed.step for placed in second.steps}
    assert by["Understood"].says == "intent refund request (92 %), mood −0.20, a yes"
    decided = by["Decided: run tool"]
    assert decided.says == "over escalate, ask back"
    assert decided.told[:2] == (("because", "step pay of refund"), ("worth", "0.90 of a met need"))
    gate = by["Gate: refund"]
    assert (gate.says, gate.verdict, gate.good) == ("by refunds", "allowed", True)
    assert gate.told == (("risk", "costly"), ("confirmed", "yes"), ("cents", "12300"))


def test_a_turn_with_a_model_has_tokens_cost_and_what_was_judged() -> None:
    thought = Thought("big", "openai", 900, 40, 12_000, 800, "ok", finish="stop")
    idea = Idea(1, "answer", supports=(900, 100))
    veto = Decided("escalate", by="empathy", vetoed=(Vetoed("reply", "the reply gate: foreign_link"),))
    asked = input_(1, TurnSaid("customer", "hello"), Decided("think", by="agents", key="k"), at_ms=1_000)
    told = [asked, input_(257, ActionDone("think", "k", True), thought, idea, veto, at_ms=2_000)]
    made = shown(told)
    (turn,) = made.turns
    assert [placed.step.title for placed in turn.steps] == [
        "The customer wrote", "Decided: think", "Model big", "Judged: grounding 0.90", "Judged: grounding 0.10", "Judged: reply gate 0.00",
        "Not allowed: reply", "Decided: escalate",
    ]  # fmt: skip
    model = turn.steps[2]
    assert (model.begins, model.wide, model.step.says) == (200, 800, "ended with stop")
    assert [placed.step.good for placed in turn.steps[3:7]] == [True, False, False, False]
    assert made.amounts == {"calls": 1, "input": 900, "output": 40, "cost_micros": 12_000, "tools": 0, "failed": 0}
    assert made.slowest == 1


def test_what_went_wrong_is_told_at_its_turn() -> None:
    run = Decided("run_tool", {"tool": "refund"}, by="agents", key="k")
    told = [input_(1, TurnSaid("customer", "yes"), run), input_(257, ActionDone("run_tool", "k", None, "no answer"))]
    made = shown(told)
    assert (made.turns[0].wrong, made.amounts["failed"]) == ("unknown outcome", 1)


def test_where_no_agent_acted_there_are_no_turns() -> None:
    assert shown([input_(1, TurnSaid("customer", "hello")), input_(257, TurnSaid("rep", "hello"))]).turns == ()
