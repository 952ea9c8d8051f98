"""Evaluating: what was judged of an agent's responses, each result on the span of what it judges (event `gen_ai.evaluation.result`).

Judged are the sentences of a model by what they rest on, its replies by the gate, the customer's need by the ledger, and a trial by what its scenario
expects. An explanation holds labels, numbers and ids, never a word of a customer.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final

import msgspec

from baton.capabilities.agents.events import Idea, Thought
from baton.engines.tracing.making import agent_span, chat_span
from baton.engines.tracing.spans import Attribute, Span, trace_id
from baton.engines.tracing.turns import Turn, events_of, turns_of
from baton.kernel.conversation import Decided
from baton.kernel.explain import Explained
from baton.kernel.replies.grounding import FLOOR

EVENT: Final = "gen_ai.evaluation.result"
REPLY: Final = "reply"
WHOLE: Final = 1000
SCORES: Final[Mapping[str, int]] = {"confirmed": WHOLE, "given_up": 0, "failed": 0, "reversed": 0}
"""What a settled state of a need is worth, in permille; the other settled ones have a label and no score: nobody can say whether it was met."""
SETTLED: Final = frozenset({*SCORES, "correctly_refused", "correctly_handed_over", "unaccounted"})
"""States in which nothing more is awaited."""


class Evaluation(msgspec.Struct, frozen=True):
    """One result, of the span it judges. `permille` is the score; None where there is a label only. Times in milliseconds since the epoch."""

    name: str
    label: str
    permille: int | None
    explanation: str
    trace: str
    span: str
    at_ms: int
    told: dict[str, Attribute] = {}

    @property
    def attributes(self) -> dict[str, Attribute | float]:
        """In the words of the conventions."""
        score = {} if self.permille is None else {"gen_ai.evaluation.score.value": self.permille / WHOLE}
        return {
            "gen_ai.evaluation.name": self.name, **score, "gen_ai.evaluation.score.label": self.label,
            "gen_ai.evaluation.explanation": self.explanation, **self.told,
        }  # fmt: skip


class Need(msgspec.Struct, frozen=True):
    """What the ledger says of a need: its state, since when, the evidence as labels, and the conversations it spans, in order."""

    state: str
    since_ms: int
    evidence: Sequence[str]
    conversations: Sequence[str]


def evaluations_of(told: Sequence[Explained], key: str = "") -> list[Evaluation]:
    """What was judged in a conversation while it went on. `key` as in `spans_of`."""
    key = key or (told[0].stream.partition("/")[2] if told else "")
    turns = [turn for turn in turns_of(told) if turn.acted]
    return [found for turn in turns for each in turn.inputs for found in _judged(each, turn, key)]


def of_need(need: Need, spans: Sequence[Span], key: str) -> list[Evaluation]:
    """What the ledger says of a need that is settled, on the last response of the conversation with these `spans`; else nothing."""
    last = _last_response(spans)
    if need.state not in SETTLED or last is None:
        return []
    why = ", ".join(each.replace("_", " ") for each in need.evidence) or "none"
    n, where = len(need.conversations), f"{need.conversations.index(key) + 1} of " if key in need.conversations else ""
    explanation = f"Evidence: {why}. Conversation {where}{n} about this need."
    score = SCORES.get(need.state)
    return [
        Evaluation(
            "need_met", need.state, score, explanation, last.trace, last.id, need.since_ms, _who(last.attributes)
        )
    ]


def of_scenario(scenario: str, checks: Sequence[tuple[str, bool]], spans: Sequence[Span]) -> list[Evaluation]:
    """Whether each thing that a scenario expects came about (what kind of thing, and whether), on the last response of its talk."""
    last = _last_response(spans)
    if last is None:
        return []
    told: dict[str, Attribute] = {**_who(last.attributes), "baton.scenario": scenario}
    return [
        Evaluation(
            f"scenario.{kind}", "passed" if holds else "failed", WHOLE if holds else 0, f"Expectation {n} of {len(checks)} of scenario {scenario}.",
            last.trace, last.id, last.end_ms, told,
        )
        for n, (kind, holds) in enumerate(checks, 1)
    ]  # fmt: skip


def _judged(each: Explained, turn: Turn, key: str) -> Iterator[Evaluation]:
    events = list(events_of(each))
    calls = sum(isinstance(event, Thought) for event in events)
    span = chat_span(key, each.position, calls - 1) if calls else agent_span(key, turn)
    told: dict[str, Attribute] = {"gen_ai.conversation.id": key}
    if turn.agent:
        told |= {"gen_ai.agent.id": turn.agent, **({"gen_ai.agent.version": turn.version} if turn.version else {})}
    for event in events:
        found: Iterator[tuple[str, str, int, str]] = iter(())
        if isinstance(event, Idea) and calls:
            found = _sentences(event)
        elif isinstance(event, Decided):
            found = _gated(event)
        for name, label, score, why in found:
            yield Evaluation(name, label, score, why, trace_id(key), span, each.at_ms, told)


def _sentences(idea: Idea) -> Iterator[tuple[str, str, int, str]]:
    for n, support in enumerate(idea.supports, 1):
        label = "grounded" if support >= FLOOR else "ungrounded"
        yield "grounding", label, support, f"Sentence {n} of {len(idea.supports)}; the floor is {FLOOR / WHOLE}."


def _gated(decided: Decided) -> Iterator[tuple[str, str, int, str]]:
    refused = [veto.why for veto in decided.vetoed if veto.action == REPLY]
    if refused:
        yield "reply_gate", "refused", 0, "; ".join(refused)
    elif decided.action == REPLY:
        yield "reply_gate", "allowed", WHOLE, "Every sentence may be said."


def _last_response(spans: Sequence[Span]) -> Span | None:
    return next((span for span in reversed(spans) if span.attributes.get("gen_ai.operation.name") == "invoke_agent"), None)  # fmt: skip


def _who(told: Mapping[str, Attribute]) -> dict[str, Attribute]:
    kept = ("gen_ai.conversation.id", "gen_ai.agent.id", "gen_ai.agent.version")
    return {name: told[name] for name in kept if name in told}
