"""Making spans: one workflow a conversation, an agent's invocation for each turn it answers, and in it calls to models, tools and searches.

Everything comes from the log. What was said stands in a span only where `content` is asked for, and then with personal values hidden.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from baton.capabilities.agents.events import Thought
from baton.capabilities.knowledge.events import Found
from baton.engines.tracing.spans import COST, Attribute, Kind, Span, span_id, trace_id
from baton.engines.tracing.turns import ASKS, Turn, events_of, turns_of
from baton.kernel.conversation import ActionDone, Decided, TurnSaid
from baton.kernel.explain import Explained

PROVIDER: Final = "baton"
"""Who provides what no outside model does: the loop, its tools and its search."""
TOOLS: Final = frozenset({"run_tool", "look_up", "ask_record"})
"""Decisions that call a tool."""
LOOK: Final = "look_again"
"""The decision that asks the slow tier what a turn means: a model of Baton's own."""
TIMED: Final = TOOLS | {LOOK}
"""Decisions whose outcome comes later, as an input of its own."""
UNKNOWN: Final = "unknown_outcome"
REFUSED: Final = "not_allowed"
"""What a tool that the gate refused says."""
OFF: Final = "off"
"""What the slow tier says where there is none: then nobody was asked."""
Hide = Callable[[Sequence[str]], list[str]]


def spans_of(
    told: Sequence[Explained], names: dict[str, str] | None = None, content: Hide | None = None, key: str = ""
) -> list[Span]:
    """The spans of a conversation, parents first; none where no agent did anything. `names` are of agents by id.

    `content` hides personal values in texts; where it is given, what was said stands in the spans. `key` is what to call the
    conversation; by default as the log does.
    """
    turns = [turn for turn in turns_of(told) if turn.acted]
    if not turns:
        return []
    key = key or told[0].stream.partition("/")[2]
    root = Span(
        trace_id(key), span_id(key, told[0].position, "workflow"), "", "invoke_workflow conversation", "INTERNAL", told[0].at_ms, told[-1].at_ms,
        {**_told("invoke_workflow", key), "gen_ai.workflow.name": "conversation"},
    )  # fmt: skip
    made = [root]
    for turn in turns:
        agent = _agent(turn, root, key, names or {}, content)
        inner = sorted(_inside(turn, agent, key), key=lambda span: (span.start_ms, span.end_ms))
        start = min([agent.start_ms, *(span.start_ms for span in inner)])
        made += [msgspec.structs.replace(agent, start_ms=start), *inner]
    first = min(span.start_ms for span in made)
    return [msgspec.structs.replace(root, start_ms=min(root.start_ms, first)), *made[1:]]


def agent_span(key: str, turn: Turn) -> str:
    """The id of the span of a turn."""
    return span_id(key, turn.position, "agent")


def chat_span(key: str, position: int, n: int) -> str:
    """The id of the span of the n-th call to a model that an input tells of."""
    return span_id(key, position, "chat", n)


def chat_told(thought: Thought) -> dict[str, Attribute]:
    """What a call to a model was, in the words of the conventions."""
    told: dict[str, Attribute] = {
        "gen_ai.operation.name": "chat", "gen_ai.provider.name": thought.provider or PROVIDER, "gen_ai.request.model": thought.model,
        "gen_ai.usage.input_tokens": thought.input_tokens, "gen_ai.usage.output_tokens": thought.output_tokens, COST: thought.cost_micros,
    }  # fmt: skip
    told |= {"gen_ai.response.model": thought.served} if thought.served else {}
    told |= {"gen_ai.response.finish_reasons": (thought.finish,)} if thought.finish else {}
    return told if thought.outcome == "ok" else {**told, "error.type": thought.outcome}


def act_told(decided: Decided, done: ActionDone | None) -> dict[str, Attribute]:
    """What a call was, of a tool with what the gate said or of the slow tier; `done` is None where nobody knows what came of it."""
    error = UNKNOWN if done is None or done.ok is None else "" if done.ok else done.detail or "failed"
    told = _look_told(done) if decided.action == LOOK else _tool_told(decided, done)
    return {**told, "error.type": error} if error else told


def _look_told(done: ActionDone | None) -> dict[str, Attribute]:
    model = str(done.args.get("model", "")) if done is not None else ""
    return {"gen_ai.operation.name": "embeddings", "gen_ai.provider.name": PROVIDER, "gen_ai.request.model": model or "slow tier"}  # fmt: skip


def _tool_told(decided: Decided, done: ActionDone | None) -> dict[str, Attribute]:
    told: dict[str, Attribute] = {
        "gen_ai.operation.name": "execute_tool", "gen_ai.provider.name": PROVIDER, "gen_ai.tool.name": str(decided.args.get("tool", decided.action)),
        "gen_ai.tool.call.id": decided.key, "gen_ai.tool.type": "function",
    }  # fmt: skip
    if done is not None and done.rules:
        told["baton.gate.verdict"] = "refused" if done.detail == REFUSED else "allowed"
        told["baton.gate.rules"] = done.rules
    return told


def _told(operation: str, key: str) -> dict[str, Attribute]:
    return {"gen_ai.operation.name": operation, "gen_ai.provider.name": PROVIDER, "gen_ai.conversation.id": key}


def _agent(turn: Turn, root: Span, key: str, names: dict[str, str], content: Hide | None) -> Span:
    events = [event for each in turn.inputs for event in events_of(each)]
    decided = [event for event in events if isinstance(event, Decided)]
    failed = sum(isinstance(event, ActionDone) and event.ok is False for event in events)
    vetoed = tuple(f"{veto.action}: {veto.why}" for each in decided for veto in each.vetoed)
    who: dict[str, Attribute] = {"gen_ai.agent.id": turn.agent, "gen_ai.agent.name": names.get(turn.agent, turn.agent)}
    return Span(
        root.trace, agent_span(key, turn), root.id, f"invoke_agent {turn.agent or 'agent'}", "INTERNAL", turn.inputs[0].at_ms, turn.until_ms,
        {
            **_told("invoke_agent", key), **(who if turn.agent else {}), **({"gen_ai.agent.version": turn.version} if turn.version else {}),
            "baton.position": turn.position, "baton.decided": tuple(each.action for each in decided), **({"baton.vetoed": vetoed} if vetoed else {}),
            **({"baton.tools.failed": failed} if failed else {}), **(_messages(turn, content) if content is not None else {}),
        },
    )  # fmt: skip


def _messages(turn: Turn, hide: Hide) -> dict[str, Attribute]:
    """What was said, personal values hidden, in the shape of the conventions' JSON schemas."""
    said = [
        e for each in turn.inputs for e in events_of(each) if isinstance(e, TurnSaid) and e.role in {*ASKS, "agent"}
    ]
    hidden = hide([turn.text for turn in said])
    asked: list[object] = []
    answered: list[object] = []
    for event, text in zip(said, hidden, strict=True):
        parts = [{"type": "text", "content": text}]
        if event.role == "agent":
            answered.append({"role": "assistant", "parts": parts, "finish_reason": "stop"})
        else:
            asked.append({"role": "user", "parts": parts})
    return {"gen_ai.input.messages": json.dumps(asked), "gen_ai.output.messages": json.dumps(answered)}


def _inside(turn: Turn, agent: Span, key: str) -> Iterator[Span]:
    asked: dict[str, tuple[Decided, Explained]] = {}
    for each in turn.inputs:
        yield from _chats([event for event in events_of(each) if isinstance(event, Thought)], each, agent, key)
        for event in events_of(each):
            if isinstance(event, Found):
                yield _retrieval(event, each, agent, key)
            elif isinstance(event, Decided) and event.action in TIMED and event.key:
                asked[event.key] = (event, each)
            elif isinstance(event, ActionDone) and event.key in asked:
                decided, when = asked.pop(event.key)
                if event.detail != OFF:
                    yield _act(decided, when, event, each, agent, key)
    for decided, when in asked.values():
        yield _act(decided, when, None, turn.inputs[-1], agent, key)


def _chats(thoughts: Sequence[Thought], each: Explained, agent: Span, key: str) -> Iterator[Span]:
    """Calls to models one after another, the last of which ended when its answer was recorded."""
    end_ms = each.at_ms
    for n, thought in reversed(list(enumerate(thoughts))):
        at = (each.position, end_ms - thought.ms, end_ms)
        yield _below(agent, chat_span(key, each.position, n), f"chat {thought.model}", "CLIENT", at, chat_told(thought))
        end_ms -= thought.ms


def _retrieval(found: Found, each: Explained, agent: Span, key: str) -> Span:
    told: dict[str, Attribute] = {
        "gen_ai.operation.name": "retrieval", "gen_ai.provider.name": PROVIDER, "gen_ai.data_source.id": "knowledge",
        "baton.retrieval.sections": tuple(hit.cite for hit in found.hits), "baton.retrieval.scores_permille": tuple(str(hit.score) for hit in found.hits),
    }  # fmt: skip
    at = (each.position, each.at_ms, each.at_ms)
    span = span_id(key, each.position, "retrieval", int(found.again))
    return _below(agent, span, "retrieval knowledge", "INTERNAL", at, told)


def _act(decided: Decided, when: Explained, done: ActionDone | None, each: Explained, agent: Span, key: str) -> Span:
    told, span = act_told(decided, done), span_id(key, each.position, f"tool/{decided.key}")
    of = told["gen_ai.request.model" if decided.action == LOOK else "gen_ai.tool.name"]
    at = (when.position, when.at_ms, each.at_ms)
    return _below(agent, span, f"{told['gen_ai.operation.name']} {of}", "INTERNAL", at, told)


def _below(agent: Span, span: str, name: str, kind: Kind, at: tuple[int, int, int], told: dict[str, Attribute]) -> Span:
    """A span below the agent's: `at` is where in the log, from when, until when."""
    attributes = {**told, "gen_ai.conversation.id": agent.attributes["gen_ai.conversation.id"]}
    position, start_ms, end_ms = at
    error = str(told.get("error.type", ""))
    return Span(agent.trace, span, agent.id, name, kind, start_ms, end_ms, attributes, error, position)
