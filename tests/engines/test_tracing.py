"""Traces: spans from the log of a real talk, with the conventions' names, the same ids each time, and no word of the customer unless asked for."""

import json
from pathlib import Path

import msgspec
import pytest

from baton.capabilities.agents.events import Attempts, Idea, Thought
from baton.engines.personal.hiding import Cloak
from baton.engines.tracing import Need, Span, as_jsonl, as_otlp, evaluations_of, of_need, of_scenario, spans_of, tree
from baton.engines.tracing.spans import moved
from baton.kernel.conversation import ActionDone, Decided, TurnSaid, Vetoed
from baton.kernel.events import Event, Fact
from baton.kernel.explain import Explained, explained
from tests.scenes.agents_floor import Floor, floor

pytestmark = pytest.mark.scene

MAIL = "ana.ruiz@example.com"
REQUIRED = {"gen_ai.operation.name", "gen_ai.provider.name", "gen_ai.conversation.id"}
DEPRECATED = {"gen_ai.system", "gen_ai.prompt", "gen_ai.completion", "gen_ai.usage.prompt_tokens"}


async def reset(it: Floor) -> list[Explained]:
    """A password reset up to the code, as the log tells it."""
    await it.begins()
    await it.customer("I forgot my password")
    await it.customer(f"It is {MAIL}")
    return await explained(it.committer.store, it.committer.codec, "one")


def input_(position: int, event: Event, *caused: Event, at_ms: int = 0) -> Explained:
    """An input as the log tells it."""
    facts = tuple(("agents", each) for each in caused if isinstance(each, Fact))
    decided = next((each for each in caused if isinstance(each, Decided)), None)
    rest = tuple(("agents", each) for each in caused if not isinstance(each, Fact | Decided))
    return Explained(position, "conversation/c1", at_ms or position, "customer", event, facts, decided, rest)


def named(spans: list[Span], name: str) -> list[Span]:
    """Spans of a name."""
    return [span for span in spans if span.name == name]


async def test_a_talk_is_a_workflow_with_an_invocation_a_turn_and_its_tools_below(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        spans = spans_of(await reset(it), {"assistant": "Halcyon assistant"})
    assert [(node.depth, node.span.name) for node in tree(spans) if not node.span.name.startswith("retrieval")] == [
        (0, "invoke_workflow conversation"), (1, "invoke_agent assistant"), (1, "invoke_agent assistant"), (2, "execute_tool account"),
        (2, "execute_tool send_code"),
    ]  # fmt: skip
    agent = named(spans, "invoke_agent assistant")[0].attributes
    assert (agent["gen_ai.agent.id"], agent["gen_ai.agent.name"], agent["gen_ai.agent.version"]) == ("assistant", "Halcyon assistant", "1")  # fmt: skip
    tool = named(spans, "execute_tool account")[0].attributes
    assert tool["gen_ai.tool.name"] == "account"
    assert tool["gen_ai.tool.type"] == "function"
    assert tool["gen_ai.tool.call.id"]


async def test_every_span_carries_what_the_conventions_require_and_nothing_deprecated(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        spans = spans_of(await reset(it))
    for span in spans:
        assert span.attributes.keys() >= REQUIRED
        assert not span.attributes.keys() & DEPRECATED
        assert span.name.startswith(str(span.attributes["gen_ai.operation.name"]))
        assert (len(bytes.fromhex(span.trace)), len(bytes.fromhex(span.id))) == (16, 8)
    ids = {span.id for span in spans}
    assert len(ids) == len(spans)
    assert all(span.parent in ids for span in spans[1:])


async def test_the_same_log_gives_the_same_trace(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        told = await reset(it)
        again = await explained(it.committer.store, it.committer.codec, "one")
    assert as_jsonl(spans_of(told)) == as_jsonl(spans_of(again))


async def test_no_word_of_the_customer_is_in_a_trace(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        written = as_jsonl(spans_of(await reset(it))).decode()
    assert MAIL not in written
    assert "forgot" not in written
    assert "messages" not in written


async def test_content_is_there_when_asked_for_with_personal_values_hidden(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        spans = spans_of(await reset(it), content=Cloak().hide)
    first, second = named(spans, "invoke_agent assistant")
    assert json.loads(str(first.attributes["gen_ai.input.messages"])) == [
        {"role": "user", "parts": [{"type": "text", "content": "I forgot my password"}]}
    ]
    (message,) = json.loads(str(second.attributes["gen_ai.output.messages"]))
    assert (message["role"], message["finish_reason"]) == ("assistant", "stop")
    written = as_jsonl(spans).decode()
    assert MAIL not in written
    assert "[email 1]" in written


def test_calls_to_models_are_chat_spans_with_tokens_cost_and_what_went_wrong() -> None:
    slow = Thought("big", "openai", 900, 40, 12_000, 800, "timeout", agent="assistant", version="3")
    good = Thought("small", "openai", 300, 20, 2_000, 150, "ok", agent="assistant", version="3", served="small-2", finish="stop", attempt=2)  # fmt: skip
    asked = Decided("think", {"position": 1}, by="agents", key="k")
    told = [
        input_(1, TurnSaid("customer", "hello"), asked, at_ms=1_000),
        input_(257, ActionDone("think", "k", True), slow, good, Attempts(agent="assistant"), at_ms=2_000),
    ]
    spans = spans_of(told)
    first, second = (s for s in spans if s.attributes["gen_ai.operation.name"] == "chat")
    assert (first.name, first.kind, first.start_ms, first.end_ms, first.error) == (
        "chat big",
        "CLIENT",
        1_050,
        1_850,
        "timeout",
    )
    assert (second.name, second.start_ms, second.end_ms, second.error) == ("chat small", 1_850, 2_000, "")
    assert first.attributes["error.type"] == "timeout"
    assert second.attributes["gen_ai.usage.input_tokens"] == 300
    assert second.attributes["gen_ai.response.model"] == "small-2"
    assert second.attributes["gen_ai.response.finish_reasons"] == ("stop",)
    assert second.attributes["gen_ai.request.model"] == "small"
    nodes = tree(spans)
    assert [node.cost_micros for node in nodes if node.depth < 2] == [14_000, 14_000]


def test_a_tool_that_gave_no_answer_is_an_error_of_unknown_outcome() -> None:
    run = Decided("run_tool", {"tool": "refund", "step": "pay"}, by="agents", key="k")
    told = [input_(1, TurnSaid("customer", "yes"), run), input_(257, ActionDone("run_tool", "k", None, "no answer"))]
    (tool,) = named(spans_of(told), "execute_tool refund")
    assert tool.error == "unknown_outcome"
    (open_,) = named(spans_of(told[:1]), "execute_tool refund")
    assert open_.error == "unknown_outcome"


def test_where_no_agent_did_anything_there_is_no_trace() -> None:
    assert spans_of([input_(1, TurnSaid("customer", "hello")), input_(257, TurnSaid("rep", "hello"))]) == []
    assert spans_of([]) == []


def test_otlp_is_shaped_as_collectors_read_it() -> None:
    told = [input_(1, TurnSaid("customer", "hello"), Decided("answer", by="agents"), TurnSaid("agent", "hello"))]
    body = json.loads(msgspec.json.encode(as_otlp(spans_of(told), {"service.name": "baton"})))
    (resource,) = body["resourceSpans"]
    assert {"key": "service.name", "value": {"stringValue": "baton"}} in resource["resource"]["attributes"]
    root, agent = resource["scopeSpans"][0]["spans"]
    assert (root["kind"], root["parentSpanId"], agent["parentSpanId"]) == (1, "", root["spanId"])
    assert {"key": "baton.decided", "value": {"arrayValue": {"values": [{"stringValue": "answer"}]}}} in agent["attributes"]  # fmt: skip


def thought_of(*after: Event) -> list[Explained]:
    """A turn for which a model was asked twice, and what came of it."""
    asked = input_(1, TurnSaid("customer", "hello"), Decided("think", by="agents", key="k"), at_ms=1_000)
    calls = (Thought("big", "x", outcome="timeout", agent="assistant", version="3"), Thought("small", "x", ms=150, agent="assistant", version="3"))  # fmt: skip
    return [asked, input_(257, ActionDone("think", "k", True), *calls, *after, at_ms=2_000)]


def test_each_sentence_is_judged_on_the_call_that_wrote_it_by_what_it_rests_on() -> None:
    told = thought_of(Idea(1, "answer", dropped=1, supports=(812, 500), said="secret words"), Decided("reply", by="agents"))  # fmt: skip
    results = evaluations_of(told)
    assert [(r.name, r.label, r.permille, r.explanation) for r in results] == [
        ("grounding", "grounded", 812, "Sentence 1 of 2; the floor is 0.501."),
        ("grounding", "ungrounded", 500, "Sentence 2 of 2; the floor is 0.501."),
        ("reply_gate", "allowed", 1000, "Every sentence may be said."),
    ]
    (small,) = named(spans_of(told), "chat small")
    assert {r.span for r in results} == {small.id}
    assert results[0].attributes["gen_ai.evaluation.score.value"] == 0.812
    assert results[0].attributes["gen_ai.agent.version"] == "3"
    assert "secret" not in str(results)


def test_a_reply_that_the_gate_refused_scores_nothing_and_says_why_in_labels() -> None:
    refused = (Vetoed("reply", "the reply gate: foreign_link"), Vetoed("run_tool", "no live confirmation"))
    told = thought_of(Idea(1, "answer", supports=(900,)), Decided("escalate", by="empathy", vetoed=refused))
    (_, gate) = evaluations_of(told)
    assert (gate.name, gate.label, gate.permille, gate.explanation) == ("reply_gate", "refused", 0, "the reply gate: foreign_link")  # fmt: skip
    (agent,) = named(spans_of(told), "invoke_agent assistant")
    assert agent.attributes["baton.vetoed"] == ("reply: the reply gate: foreign_link", "run_tool: no live confirmation")


@pytest.mark.parametrize(
    ("state", "score"),
    [("confirmed", 1.0), ("failed", 0.0), ("reversed", 0.0), ("given_up", 0.0), ("correctly_refused", None), ("unaccounted", None), ("provisional", "none"), ("open", "none")],
)  # fmt: skip
def test_a_need_is_scored_once_it_is_settled_on_the_last_response(state: str, score: float | str | None) -> None:
    told = [input_(n, TurnSaid("customer", "hello"), Decided("answer", by="agents"), TurnSaid("agent", "x")) for n in (1, 257)]  # fmt: skip
    spans = spans_of(told)
    results = of_need(Need(state, 9_000, ("record_changed", "no_return_in_7_days"), ("c0", "c1")), spans, "c1")
    if score == "none":
        assert results == []
        return
    (result,) = results
    assert (result.name, result.label, result.span, result.at_ms) == ("need_met", state, spans[-1].id, 9_000)
    assert result.attributes.get("gen_ai.evaluation.score.value") == score
    assert result.explanation == "Evidence: record changed, no return in 7 days. Conversation 2 of 2 about this need."
    assert of_need(Need(state, 0, (), ("c1",)), [], "c1") == []


def test_what_a_scenario_expects_is_judged_one_by_one() -> None:
    spans = spans_of([input_(1, TurnSaid("customer", "hello"), Decided("answer", by="agents"))], key="trial/1/hello")
    results = of_scenario("hello", (("said", True), ("called", False)), spans)
    assert [(r.name, r.label, r.permille) for r in results] == [("scenario.said", "passed", 1000), ("scenario.called", "failed", 0)]  # fmt: skip
    assert results[0].told["gen_ai.conversation.id"] == "trial/1/hello"
    assert {r.span for r in results} == {spans[-1].id}
    assert of_scenario("hello", (("said", True),), []) == []


def test_a_talk_on_a_stage_is_told_at_the_time_it_was_run() -> None:
    told = [input_(1, TurnSaid("customer", "hello"), Decided("answer", by="agents"), at_ms=5_000)]
    (root, agent) = moved(spans_of(told), 90_000)
    assert (root.end_ms, agent.end_ms, root.ms) == (90_000, 90_000, 0)


def test_what_the_gate_said_of_a_call_stands_on_it() -> None:
    run = Decided("run_tool", {"tool": "refund"}, by="agents", key="k")
    allowed = ActionDone("run_tool", "k", True, rules=("refunds",))
    refused = ActionDone("run_tool", "k", False, "not_allowed", rules=("guard-another-act",))
    for done, verdict in ((allowed, "allowed"), (refused, "refused")):
        told = [input_(1, TurnSaid("customer", "yes"), run), input_(257, done)]
        (tool,) = named(spans_of(told), "execute_tool refund")
        assert (tool.attributes["baton.gate.verdict"], tool.attributes["baton.gate.rules"]) == (verdict, done.rules)


def test_a_second_look_is_a_call_to_a_model_of_batons_own() -> None:
    look = Decided("look_again", {"position": 1}, by="orchestration", key="k")
    done = ActionDone("look_again", "k", True, args={"intent": "refund", "model": "minilm-1"})
    told = [input_(1, TurnSaid("customer", "well"), look, at_ms=1_000), input_(257, done, Decided("answer", by="agents"), at_ms=1_180)]  # fmt: skip
    (span,) = named(spans_of(told), "embeddings minilm-1")
    assert (span.kind, span.ms, span.error, span.attributes["gen_ai.provider.name"]) == ("INTERNAL", 180, "", "baton")
    late = [told[0], input_(257, ActionDone("look_again", "k", False, "late"), Decided("answer", by="agents"))]
    (span,) = named(spans_of(late), "embeddings slow tier")
    assert span.error == "late"
    off = [told[0], input_(257, ActionDone("look_again", "k", False, "off"), Decided("answer", by="agents"))]
    assert [span.name for span in spans_of(off)] == ["invoke_workflow conversation", "invoke_agent agent"]
