"""Traces: spans from the log of a real talk, with the conventions' names, the same ids each time, and no word of the customer unless asked for."""

import json
from pathlib import Path

import msgspec
import pytest

from baton.capabilities.agents.events import Attempts, Thought
from baton.engines.personal.hiding import Cloak
from baton.engines.tracing import Span, as_jsonl, as_otlp, spans_of, tree
from baton.kernel.conversation import ActionDone, Decided, TurnSaid
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
