"""Making spans: one workflow a conversation, an agent's invocation for each turn it answers, and in it calls to models, tools and searches.

Everything comes from the log. What was said stands in a span only where `content` is asked for, and then with personal values hidden.
"""

import json
from collections.abc import Callable, Iterator, Sequence
from typing import Final

import msgspec

from baton.capabilities.agents.events import Attempts, Drawn, Thought
from baton.capabilities.governance.events import Disclosed
from baton.capabilities.knowledge.events import Found
from baton.engines.tracing.spans import COST, Attribute, Kind, Span, span_id, trace_id
from baton.kernel.conversation import ActionDone, Decided, TurnSaid
from baton.kernel.events import Event
from baton.kernel.explain import Explained

PROVIDER: Final = "baton"
"""Who provides what no outside model does: the loop, its tools and its search."""
ASKS: Final = frozenset({"customer", "machine"})
TOOLS: Final = frozenset({"run_tool", "look_up", "ask_record"})
UNKNOWN: Final = "unknown_outcome"
Hide = Callable[[Sequence[str]], list[str]]


class _Turn(msgspec.Struct):
    """What one turn of the customer led to, until the next: inputs in order."""

    inputs: list[Explained]
    agent: str = ""
    version: str = ""


def spans_of(told: Sequence[Explained], names: dict[str, str] | None = None, content: Hide | None = None) -> list[Span]:
    """The spans of a conversation, parents first; none where no agent did anything. `names` are of agents by id.

    `content` hides personal values in texts; where it is given, what was said stands in the spans.
    """
    turns = [turn for turn in _turns(told) if _acted(turn)]
    if not turns:
        return []
    key = told[0].stream.partition("/")[2]
    root = Span(
        trace_id(key), span_id(key, told[0].position, "workflow"), "", "invoke_workflow conversation", "INTERNAL", told[0].at_ms, told[-1].at_ms,
        {"gen_ai.operation.name": "invoke_workflow", "gen_ai.provider.name": PROVIDER, "gen_ai.workflow.name": "conversation", "gen_ai.conversation.id": key},
    )  # fmt: skip
    made = [root]
    for turn in turns:
        agent = _agent(turn, root, key, names or {}, content)
        inner = sorted(_inside(turn, agent, key), key=lambda span: (span.start_ms, span.end_ms))
        start = min([agent.start_ms, *(span.start_ms for span in inner)])
        made += [msgspec.structs.replace(agent, start_ms=start), *inner]
    first = min(span.start_ms for span in made)
    return [msgspec.structs.replace(root, start_ms=min(root.start_ms, first)), *made[1:]]


def events_of(each: Explained) -> Iterator[Event]:
    """What an input was and caused."""
    yield each.event
    yield from (fact for _, fact in each.facts)
    if each.decided is not None:
        yield each.decided
    yield from (event for _, event in each.caused)


def _turns(told: Sequence[Explained]) -> Iterator[_Turn]:
    """Inputs by the customer's turn they followed, with the agent that served then."""
    now, agent, version = _Turn([]), "", ""
    for each in told:
        if isinstance(each.event, TurnSaid) and each.event.role in ASKS and now.inputs:
            yield now
            now = _Turn([], agent, version)
        now.inputs.append(each)
        for event in events_of(each):
            agent, version = _serving(event, agent, version)
        now.agent, now.version = agent or now.agent, version or now.version
    if now.inputs:
        yield now


def _serving(event: Event, agent: str, version: str) -> tuple[str, str]:
    if isinstance(event, Drawn | Disclosed):
        return event.agent, event.version
    if isinstance(event, Thought) and event.agent:
        return event.agent, event.version
    return (
        (event.agent, version if event.agent == agent else "")
        if isinstance(event, Attempts) and event.agent
        else (agent, version)
    )


def _acted(turn: _Turn) -> bool:
    return any(
        isinstance(event, Thought)
        or (isinstance(event, Decided) and event.by == "agents")
        or (isinstance(event, TurnSaid) and event.role == "agent")
        for each in turn.inputs
        for event in events_of(each)
    )


def _agent(turn: _Turn, root: Span, key: str, names: dict[str, str], content: Hide | None) -> Span:
    first = turn.inputs[0]
    failed = [e for each in turn.inputs for e in events_of(each) if isinstance(e, ActionDone) and e.ok is False]
    who: dict[str, Attribute] = {"gen_ai.agent.id": turn.agent} if turn.agent else {}
    if turn.agent:
        who |= {"gen_ai.agent.name": names.get(turn.agent, turn.agent)}
    if turn.version:
        who |= {"gen_ai.agent.version": turn.version}
    return Span(
        root.trace, span_id(key, first.position, "agent"), root.id, f"invoke_agent {turn.agent or 'agent'}", "INTERNAL", first.at_ms, _acted_until(turn),
        {
            "gen_ai.operation.name": "invoke_agent", "gen_ai.provider.name": PROVIDER, "gen_ai.conversation.id": key, **who,
            "baton.position": first.position, "baton.decided": tuple(e.action for each in turn.inputs for e in events_of(each) if isinstance(e, Decided)),
            **({"baton.tools.failed": len(failed)} if failed else {}), **(_messages(turn, content) if content is not None else {}),
        },
    )  # fmt: skip


def _acted_until(turn: _Turn) -> int:
    """When the agent was done with this turn: the last input that it decided on, spoke after, or whose tool answered."""
    acted = [
        each.at_ms
        for each in turn.inputs
        if any(isinstance(e, Decided | ActionDone) or (isinstance(e, TurnSaid) and e.role == "agent") for e in events_of(each))
    ]  # fmt: skip
    return max([turn.inputs[0].at_ms, *acted])


def _messages(turn: _Turn, hide: Hide) -> dict[str, Attribute]:
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


def _inside(turn: _Turn, agent: Span, key: str) -> Iterator[Span]:
    asked: dict[str, tuple[Decided, int]] = {}
    for each in turn.inputs:
        thoughts = [event for event in events_of(each) if isinstance(event, Thought)]
        yield from _chats(thoughts, each, agent, key)
        for event in events_of(each):
            if isinstance(event, Found):
                yield _retrieval(event, each, agent, key)
            elif isinstance(event, Decided) and event.action in TOOLS and event.key:
                asked[event.key] = (event, each.at_ms)
            elif isinstance(event, ActionDone) and event.key in asked:
                decided, at_ms = asked.pop(event.key)
                yield _tool(decided, event, at_ms, each, agent, key)
    for decided, at_ms in asked.values():
        yield _tool(decided, None, at_ms, turn.inputs[-1], agent, key)


def _chats(thoughts: Sequence[Thought], each: Explained, agent: Span, key: str) -> Iterator[Span]:
    """Calls to models one after another, the last of which ended when its answer was recorded."""
    end_ms = each.at_ms
    for n, thought in reversed(list(enumerate(thoughts))):
        told: dict[str, Attribute] = {
            "gen_ai.operation.name": "chat", "gen_ai.provider.name": thought.provider or PROVIDER, "gen_ai.conversation.id": key,
            "gen_ai.request.model": thought.model, "gen_ai.usage.input_tokens": thought.input_tokens, "gen_ai.usage.output_tokens": thought.output_tokens,
            COST: thought.cost_micros,
        }  # fmt: skip
        told |= {"gen_ai.response.model": thought.served} if thought.served else {}
        told |= {"gen_ai.response.finish_reasons": (thought.finish,)} if thought.finish else {}
        error = "" if thought.outcome == "ok" else thought.outcome
        yield _below(
            agent,
            key,
            each.position,
            "chat",
            f"chat {thought.model}",
            "CLIENT",
            end_ms - thought.ms,
            end_ms,
            told,
            error,
            n,
        )
        end_ms -= thought.ms


def _retrieval(found: Found, each: Explained, agent: Span, key: str) -> Span:
    told: dict[str, Attribute] = {
        "gen_ai.operation.name": "retrieval", "gen_ai.provider.name": PROVIDER, "gen_ai.conversation.id": key, "gen_ai.data_source.id": "knowledge",
        "baton.retrieval.sections": tuple(hit.cite for hit in found.hits), "baton.retrieval.scores_permille": tuple(str(hit.score) for hit in found.hits),
    }  # fmt: skip
    return _below(
        agent, key, each.position, "retrieval", "retrieval knowledge", "INTERNAL", each.at_ms, each.at_ms, told
    )


def _tool(decided: Decided, done: ActionDone | None, at_ms: int, each: Explained, agent: Span, key: str) -> Span:
    name = str(decided.args.get("tool", decided.action))
    told: dict[str, Attribute] = {
        "gen_ai.operation.name": "execute_tool", "gen_ai.provider.name": PROVIDER, "gen_ai.conversation.id": key, "gen_ai.tool.name": name,
        "gen_ai.tool.call.id": decided.key, "gen_ai.tool.type": "function",
    }  # fmt: skip
    if done is not None and done.rules:
        told["baton.gate.rules"] = done.rules
    error = UNKNOWN if done is None or done.ok is None else "" if done.ok else done.detail or "failed"
    return _below(
        agent,
        key,
        each.position,
        f"tool/{decided.key}",
        f"execute_tool {name}",
        "INTERNAL",
        at_ms,
        each.at_ms,
        told,
        error,
    )


def _below(
    agent: Span, key: str, position: int, what: str, name: str, kind: Kind, start_ms: int, end_ms: int, told: dict[str, Attribute], error: str = "",
    n: int = 0,
) -> Span:  # fmt: skip
    attributes = {**told, "error.type": error} if error else told
    return Span(agent.trace, span_id(key, position, what, n), agent.id, name, kind, start_ms, end_ms, attributes, error)
