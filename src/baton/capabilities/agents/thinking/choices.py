"""Choices: all that a model may choose from in a conversation now: passages, procedures, slots that are asked for, tools that only read."""

from collections.abc import Iterator, Mapping
from typing import NamedTuple

from baton.capabilities.agents.events import Agent, Attempts, Heard, Idea, Procedure, Procedures, Step
from baton.capabilities.agents.procedures.dates import plain_day, plain_time
from baton.capabilities.agents.procedures.state import State, state_of
from baton.capabilities.agents.procedures.values import PLACE
from baton.capabilities.agents.procedures.wording import money
from baton.capabilities.knowledge.events import Articles, Found
from baton.kernel.conversation import Args
from baton.kernel.stream import Stream

Gave = Mapping[str, Args]


class Choices(NamedTuple):
    """`passages` by citation; `found` is what tools gave, as passages by `tool:NAME`; `tools` are names with their arguments."""

    passages: Mapping[str, str]
    found: Mapping[str, str]
    procedures: tuple[Procedure, ...]
    state: State | None
    tools: Mapping[str, tuple[str, ...]]

    @property
    def sources(self) -> dict[str, str]:
        """Everything a sentence may cite."""
        return {**self.passages, **self.found}


def choices_of(stream: Stream, agent: Agent) -> Choices:
    """What this agent's model may choose from."""
    state = state_of(stream)
    under_way = state if state is not None and not state.underway.done else None
    allowed = tuple(p for p in stream.policy(Procedures).procedures if agent.may(p.id))
    found = {name: told(name, gave) for name, gave in found_of(stream.facts.get(Idea)).items()}
    return Choices(dict(_passages(stream)), found, allowed, under_way, _tools(allowed))


def asked_slot(state: State | None) -> str:
    """The slot that the procedure under way asks for now; empty where it asks for none."""
    return state.step.slot if state is not None and state.step is not None and state.step.kind == "ask" else ""


def found_of(idea: Idea | None) -> Gave:
    """What tools gave; nothing once it was erased."""
    return idea.found if idea is not None and isinstance(idea.found, dict) else {}


def told(name: str, gave: Args) -> str:
    """What a tool gave, in words: amounts and times as people read them."""
    return f"{_plain(name.partition(':')[2])}: " + "; ".join(_value(field, value) for field, value in gave.items())


def _passages(stream: Stream) -> Iterator[tuple[str, str]]:
    found, attempts, articles = stream.facts.get(Found), stream.facts.get(Attempts), stream.policy(Articles)
    heard = stream.facts.get(Heard)
    cites = [hit.cite for hit in found.hits] if found else []
    cites += heard.near if heard else ()
    cites += [attempts.last_cite] if attempts and attempts.last_cite else []
    for cite in dict.fromkeys(cites):
        passage = articles.passage(cite)
        if passage is not None:
            yield cite, f"{passage.article.title}. {passage.section.title}\n{passage.section.text}"


def _tools(procedures: tuple[Procedure, ...]) -> dict[str, tuple[str, ...]]:
    """Tools that only read, with their arguments. One that checks a secret is left to the procedure, which counts the tries."""
    found: dict[str, tuple[str, ...]] = {}
    for procedure in procedures:
        for step in procedure.steps:
            if step.kind == "tool" and step.risk == "read" and not _checks_a_secret(procedure, step):
                found.setdefault(step.tool, tuple(step.args))
    return found


def _checks_a_secret(procedure: Procedure, step: Step) -> bool:
    named = {place[1] for template in step.args.values() for place in PLACE.finditer(template)}
    return any(slot.kind == "code" and slot.id in named for slot in procedure.slots)


def _value(field: str, value: str | int | bool) -> str:
    if isinstance(value, bool):
        return f"{_plain(field)}: {'yes' if value else 'no'}"
    if isinstance(value, int) and field.endswith("cents"):
        return f"{_plain(field.removesuffix('cents')) or 'amount'}: {money(value)}"
    if isinstance(value, int) and field.endswith("_at_ms"):
        return f"{_plain(field.removesuffix('_at_ms'))}: {plain_day(value)}, {plain_time(value)}"
    return f"{_plain(field)}: {value}"


def _plain(name: str) -> str:
    return name.replace("_", " ").strip()
