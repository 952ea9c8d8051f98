"""Steps: what happened in one turn, one line each, in plain words: labels and numbers, never a word of what was said."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Final, Literal

import msgspec

from baton.capabilities.agents.events import Heard
from baton.capabilities.complexity.events import Complexity
from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.sentiment.events import Mood
from baton.engines.tracing import Evaluation, Span
from baton.engines.tracing.evaluating import EVENT
from baton.engines.tracing.spans import Attribute
from baton.engines.tracing.turns import ASKS, Turn, events_of
from baton.kernel.conversation import ActionDone, Decided, TurnSaid
from baton.kernel.events import Event
from baton.kernel.explain import Explained
from baton.web.asked import in_words

Kind = Literal["turn", "understood", "search", "model", "judged", "refused", "decided", "gate", "tool", "said"]
"""In the order in which they come where the log knows one time for all of them."""
ORDER: Final[tuple[Kind, ...]] = (
    "turn", "understood", "search", "model", "judged", "refused", "decided", "gate", "tool", "said",
)  # fmt: skip
BAD: Final = frozenset({"failed", "reversed", "given_up", "ungrounded", "refused"})
"""Results that are bad news."""


GROUNDS: Final = ("risk", "confirmed", "approved", "untrusted", "cents", "limit_cents", "owner", "evidence")
"""Grounds of the gate that are shown."""


class Step(msgspec.Struct, frozen=True):
    """One line: of what kind, what it was, more about it, when and where in the log it began, how long it took (None: in no time of its own).

    `wrong` is what went wrong, `verdict` what came of a check (`good` or not), `told` more on demand.
    """

    kind: Kind
    title: str
    says: str
    at_ms: int
    position: int
    ms: int | None = None
    input_tokens: int = 0
    output_tokens: int = 0
    cost_micros: int = 0
    wrong: str = ""
    verdict: str = ""
    good: bool = True
    told: tuple[tuple[str, str], ...] = ()

    @property
    def until_ms(self) -> int:
        """When it ended."""
        return self.at_ms + (self.ms or 0)


def steps_of(turn: Turn, spans: Sequence[Span], results: Sequence[Evaluation]) -> list[Step]:
    """The steps of a turn as they came; `spans` are those below the agent's, `results` what was judged of it or of them."""
    found = [step for each in turn.inputs for step in _steps(each)]
    own = {span.id: span for span in spans}
    outcomes = {event.key: event for each in turn.inputs for event in events_of(each) if isinstance(event, ActionDone)}
    found += [step for span in spans for step in _of_span(span, outcomes)]
    found += [_judged(each, own[each.span].end_ms, own[each.span].position) for each in results if each.span in own]
    last = [_judged(each, turn.until_ms, turn.position) for each in results if each.span not in own]
    return sorted(found, key=lambda step: (step.at_ms, step.position, ORDER.index(step.kind))) + last


def _steps(each: Explained) -> Iterator[Step]:
    at = (each.at_ms, each.position)
    if isinstance(each.event, TurnSaid) and each.event.role in ASKS:
        yield Step("turn", f"The {each.event.role} wrote", "", *at)
    understood = [words for _, fact in each.facts if (words := _words(fact))]
    if understood:
        yield Step("understood", "Understood", ", ".join(understood), *at)
    if each.decided is not None:
        yield from _decided(each.decided, *at)
    for event in events_of(each):
        if isinstance(event, TurnSaid) and event.role == "agent":
            yield Step("said", "The agent answered", f"from {', '.join(event.cites)}" if event.cites else "", *at)


def _decided(decided: Decided, at_ms: int, position: int) -> Iterator[Step]:
    for veto in decided.vetoed:
        title, why = f"Not allowed: {in_words(veto.action).lower()}", _plain(veto.why)
        yield Step("refused", title, why, at_ms, position, verdict="refused", good=False)
    beat = ", ".join(dict.fromkeys(in_words(other.action).lower() for other in decided.over))
    chance = f"{decided.chance_permille / 1000:.3f}" if decided.chance_permille < 1000 else ""
    told = (
        ("because", _plain(decided.why)), ("worth", f"{decided.value / 1000:.2f} of a met need"), ("it beat", beat or "nothing else was proposed"),
        ("chosen with probability", chance), *((in_words(name).lower(), _plain(str(value))) for name, value in decided.args.items()),
    )  # fmt: skip
    title, over = f"Decided: {in_words(decided.action).lower()}", f"over {beat}" if beat else ""
    yield Step("decided", title, over, at_ms, position, told=tuple(pair for pair in told if pair[1]))


def _of_span(span: Span, outcomes: Mapping[str, ActionDone]) -> Iterator[Step]:
    operation, at, told = span.attributes["gen_ai.operation.name"], (span.start_ms, span.position), _told(span)
    if operation == "chat":
        ended = ", ".join(_many(span.attributes, "gen_ai.response.finish_reasons"))
        read, wrote = (_number(span.attributes, f"gen_ai.usage.{kind}_tokens") for kind in ("input", "output"))
        yield Step(
            "model", f"Model {span.attributes['gen_ai.request.model']}", f"ended with {ended}" if ended else "", *at, span.ms, read, wrote,
            span.cost_micros, wrong=_plain(span.error), told=told,
        )  # fmt: skip
    elif operation == "embeddings":
        model = str(span.attributes["gen_ai.request.model"])
        yield Step(
            "model", "Second look at what is meant", f"by {model}", *at, span.ms, wrong=_plain(span.error), told=told
        )
    elif operation == "execute_tool":
        name = span.attributes["gen_ai.tool.name"]
        yield from _gate(span, outcomes.get(str(span.attributes["gen_ai.tool.call.id"])), *at)
        says = "" if span.error else "done"
        yield Step("tool", f"Tool {name}", says, *at, span.ms, wrong=_plain(span.error), told=told)
    else:
        found = ", ".join(_many(span.attributes, "baton.retrieval.sections"))
        yield Step("search", "Searched knowledge", found or "nothing good enough", *at, told=told)


def _gate(span: Span, done: ActionDone | None, at_ms: int, position: int) -> Iterator[Step]:
    verdict = str(span.attributes.get("baton.gate.verdict", ""))
    if verdict and done is not None:
        grounds = ((name, done.grounds.get(name, "")) for name in GROUNDS)
        told = tuple((_plain(name), _said(value)) for name, value in grounds if value or isinstance(value, bool))
        title, by = f"Gate: {span.attributes['gen_ai.tool.name']}", f"by {', '.join(done.rules)}"
        yield Step("gate", title, by, at_ms, position, verdict=verdict, good=verdict == "allowed", told=told)


def _judged(each: Evaluation, at_ms: int, position: int) -> Step:
    score = "" if each.permille is None else f" {each.permille / 1000:.2f}"
    told = (("event", EVENT), *((name, str(value)) for name, value in each.attributes.items()))
    return Step(
        "judged", f"Judged: {_plain(each.name)}{score}", each.explanation, at_ms, position, verdict=_plain(each.label), good=each.label not in BAD,
        told=told,
    )  # fmt: skip


def _words(fact: Event) -> str:
    """What was understood, in a few words; empty where it is not for the reader."""
    if isinstance(fact, Intent):
        sure = f"({fact.confidence / 10:.0f} %)"
        return f"intent {in_words(fact.label).lower()} {sure}" if fact.label else "intent not understood"
    if isinstance(fact, Mood):
        score = round(fact.score / 1000, 2)
        return f"mood {'+' if score > 0 else '−' if score < 0 else ''}{abs(score):.2f}"
    if isinstance(fact, Complexity):
        return f"complexity {fact.level}"
    if isinstance(fact, PersonNeeded):
        return f"a person is needed: {in_words(fact.reason).lower()}"
    return {"yes": "a yes", "no": "a no"}.get(fact.act, "") if isinstance(fact, Heard) else ""


def _told(span: Span) -> tuple[tuple[str, str], ...]:
    shown = {name: ", ".join(v) if isinstance(v, tuple) else str(v) for name, v in span.attributes.items()}
    return (*((name, value) for name, value in shown.items() if name != "gen_ai.conversation.id"), ("span", span.id))


def _said(value: str | int | bool) -> str:
    return ("yes" if value else "no") if isinstance(value, bool) else str(value)


def _number(told: Mapping[str, Attribute], name: str) -> int:
    value = told.get(name, 0)
    return value if isinstance(value, int) else 0


def _many(told: Mapping[str, Attribute], name: str) -> tuple[str, ...]:
    value = told.get(name, ())
    return value if isinstance(value, tuple) else ()


def _plain(words: str) -> str:
    return words.replace("_", " ")
