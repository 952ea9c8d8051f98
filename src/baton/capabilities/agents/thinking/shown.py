"""Shown: what a model is shown of a conversation. Texts of people and of records are marked personal: the engine hides them."""

from collections.abc import Iterator
from typing import Final

from baton.capabilities.agents.events import Agent, Idea
from baton.capabilities.agents.procedures.wording import asking
from baton.capabilities.agents.thinking.amounts import Spent, left
from baton.capabilities.agents.thinking.answers import INSTRUCTIONS, Answer
from baton.capabilities.agents.thinking.brief import brief_of
from baton.capabilities.agents.thinking.choices import Choices, asked_slot, choices_of
from baton.capabilities.agents.thinking.so_far import so_far
from baton.kernel.conversation import Turn
from baton.kernel.minds import Prompt, Shown
from baton.kernel.stream import Stream

TURNS: Final = 16
"""The newest turns of a conversation that are shown."""
TURN_CHARACTERS: Final = 1_500
PASSAGE_CHARACTERS: Final = 3_000
FOUND_CHARACTERS: Final = 2_000
WHO: Final = {
    "customer": "customer",
    "machine": "customer's agent",
    "rep": "person",
    "agent": "assistant",
    "system": "notice",
}


def prompt_of(stream: Stream, agent: Agent, position: int) -> Prompt:
    """What the agent's model is asked about the turn at `position`."""
    idea, choices = stream.facts.get(Idea), choices_of(stream, agent)
    shown = (
        *_open(choices),
        *(Shown(f"Found by {name}", text[:FOUND_CHARACTERS]) for name, text in choices.found.items()),
        *_under_way(choices),
        *map(_turn, stream.turns[-TURNS:]),
    )
    return Prompt(
        INSTRUCTIONS, shown, Answer, left(agent.budget, idea.spent if idea else Spent(), position), agent.model,
        so_far=lambda partial: so_far(partial, stream, agent, choices), brief=brief_of(stream, choices),
    )  # fmt: skip


def _open(choices: Choices) -> Iterator[Shown]:
    """What is public: articles, procedures, tools."""
    for cite, text in choices.passages.items():
        yield Shown(f"Passage {cite}", text[:PASSAGE_CHARACTERS], personal=False)
    procedures = "\n".join(f"- {p.id}: {p.title}. {p.summary}" for p in choices.procedures)
    yield Shown("Procedures", procedures or "none", personal=False)
    tools = "\n".join(f"- {name}({', '.join(args)})" for name, args in choices.tools.items())
    yield Shown("Tools that only read", tools or "none", personal=False)


def _under_way(choices: Choices) -> Iterator[Shown]:
    state, asks = choices.state, asked_slot(choices.state)
    if state is None or state.step is None:
        return
    slots = ", ".join(f"{slot.id} ({slot.kind})" for slot in state.procedure.slots)
    words = asking(state.procedure, state.step, state.underway, state.known)
    now = f"{asks} is asked for" if asks else "nothing is asked for that you may fill"
    yield Shown("Procedure under way", f"{state.procedure.id}; slots: {slots}; {now}: {words}")


def _turn(turn: Turn) -> Shown:
    return Shown(f"Said by the {WHO[turn.role]}", turn.text[:TURN_CHARACTERS])
