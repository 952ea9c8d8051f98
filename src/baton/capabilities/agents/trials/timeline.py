"""Timeline: a conversation turn by turn, each step on a common axis: what was understood, decided, asked of models and tools, gated and judged.

A turn has an axis of its own: customers take minutes between turns, agents take milliseconds within one. No word of what was said is in it.
"""

from collections.abc import Iterator, Sequence
from typing import Final, Literal

import msgspec

from baton.capabilities.agents.trials.steps import Kind, Step, steps_of
from baton.engines.tracing import Evaluation, Span
from baton.engines.tracing.making import agent_span
from baton.engines.tracing.turns import Turn, turns_of
from baton.kernel.explain import Explained

WHOLE: Final = 1000
LEAST: Final = 6
"""How wide the shortest bar is, in thousandths of the axis."""
Amounts = dict[Literal["calls", "input", "output", "cost_micros", "tools", "failed"], int]


class Placed(msgspec.Struct, frozen=True):
    """A step on its turn's axis, in thousandths; `wide` 0 is an instant."""

    step: Step
    begins: int
    wide: int


class TurnShown(msgspec.Struct, frozen=True):
    """One turn of the customer that an agent answered: when, how long, at what cost, and its steps in order.

    `since_ms` is how long after the turn before it came, `begins` and `wide` where it stands in the whole conversation, in thousandths.
    """

    n: int
    position: int
    at_ms: int
    ms: int
    since_ms: int
    steps: tuple[Placed, ...]
    amounts: Amounts
    wrong: str
    begins: int = 0
    wide: int = 0


class Shown(msgspec.Struct, frozen=True):
    """The whole conversation."""

    turns: tuple[TurnShown, ...]
    amounts: Amounts
    kinds: tuple[Kind, ...]
    at_ms: int = 0
    ms: int = 0
    slowest: int = 0
    "The number of the turn that took longest; 0 where none took a measurable time."


def timeline(told: Sequence[Explained], spans: Sequence[Span], results: Sequence[Evaluation]) -> Shown:
    """The timeline of a conversation; no turns where no agent did anything."""
    if not spans:
        return Shown((), _sum([]), ())
    key, root = str(spans[0].attributes["gen_ai.conversation.id"]), spans[0]
    made: list[TurnShown] = []
    for n, turn in enumerate((turn for turn in turns_of(told) if turn.acted), 1):
        until_ms = made[-1].at_ms + made[-1].ms if made else 0
        made.append(_turn(n, turn, agent_span(key, turn), spans, results, until_ms))
    placed = tuple(_placed_in(turn, root) for turn in made)
    slowest = max(placed, key=lambda turn: turn.ms)
    kinds = tuple(dict.fromkeys(each.step.kind for turn in placed for each in turn.steps))
    return Shown(placed, _sum([turn.amounts for turn in placed]), kinds, root.start_ms, root.ms, slowest.n if slowest.ms else 0)  # fmt: skip


def _turn(
    n: int, turn: Turn, agent: str, spans: Sequence[Span], results: Sequence[Evaluation], until_ms: int
) -> TurnShown:
    own = [span for span in spans if span.parent == agent]
    judged = [each for each in results if each.span in {agent, *(span.id for span in own)}]
    steps = steps_of(turn, own, judged)
    start_ms = min(step.at_ms for step in steps)
    ms = max(step.until_ms for step in steps) - start_ms
    wrong = next((step.wrong for step in steps if step.wrong), "")
    return TurnShown(
        n, turn.position, start_ms, ms, max(0, start_ms - until_ms) if until_ms else 0, tuple(_placed(step, start_ms, ms) for step in steps),
        _amounts(own), wrong,
    )  # fmt: skip


def _placed(step: Step, start_ms: int, ms: int) -> Placed:
    begins, wide = _on_axis(step.at_ms - start_ms, step.ms or 0, ms)
    return Placed(step, begins, wide if step.ms is not None else 0)


def _placed_in(turn: TurnShown, root: Span) -> TurnShown:
    begins, wide = _on_axis(turn.at_ms - root.start_ms, turn.ms, root.ms)
    return msgspec.structs.replace(turn, begins=begins, wide=wide)


def _on_axis(from_ms: int, ms: int, whole_ms: int) -> tuple[int, int]:
    """Where something begins and how wide it is, in thousandths, so that it can be seen and ends on the axis."""
    whole = max(1, whole_ms)
    wide = min(WHOLE, max(LEAST, WHOLE * ms // whole))
    return min(WHOLE - wide, max(0, WHOLE * from_ms // whole)), wide


def _amounts(spans: Sequence[Span]) -> Amounts:
    chats = [span for span in spans if span.attributes["gen_ai.operation.name"] == "chat"]
    tools = [span for span in spans if span.attributes["gen_ai.operation.name"] == "execute_tool"]
    return {
        "calls": len(chats), "input": sum(_tokens(chats, "input")), "output": sum(_tokens(chats, "output")),
        "cost_micros": sum(span.cost_micros for span in chats), "tools": len(tools), "failed": sum(bool(span.error) for span in tools),
    }  # fmt: skip


def _tokens(chats: Sequence[Span], kind: str) -> Iterator[int]:
    for span in chats:
        told = span.attributes.get(f"gen_ai.usage.{kind}_tokens", 0)
        yield told if isinstance(told, int) else 0


def _sum(every: Sequence[Amounts]) -> Amounts:
    none: Amounts = {"calls": 0, "input": 0, "output": 0, "cost_micros": 0, "tools": 0, "failed": 0}
    return {name: sum(each[name] for each in every) for name in none}
