"""Proposing: an idea as a proposal like any other, with its value. Pure."""

from typing import Final

import msgspec

from baton.capabilities.agents.events import Agent, Heard, Idea, Underway
from baton.capabilities.agents.thinking.amounts import Spent, used_up
from baton.kernel.conversation import Args, Holder, Proposed
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

UNSURE: Final = 640
"""Permille of one met need. A section that answers as well as this needs no model, and a second look by the slow tier comes first."""
FIRST: Final = 1550
"""The same for an agent that prefers to think: above a procedure that words alone would begin."""
ASIDE: Final = 1650
"""In a procedure, where its step did not understand the turn: above asking again."""
ASKS: Final = 600
LOOKS_UP: Final = 1450
PREFERS: Final = 1000
"""What the ideas of an agent that prefers to think are worth more than what words alone would do."""
WORTH_THINKING: Final = frozenset({"says", "unsolved"})


def may_think(heard: Heard, agent: Agent) -> bool:
    """Whether the agent has a mind and this turn is worth it."""
    return bool(agent.model) and heard.act in WORTH_THINKING


def answered(stream: Stream, position: int) -> bool:
    """Whether an agent has spoken since the turn at `position`."""
    return any(turn.role == "agent" and turn.position >= position for turn in stream.turns)


def spent_of(agent: Agent, facts: Facts, position: int, tool: bool = False) -> str:
    """Which budget is used up for the turn at `position`; empty where none is."""
    idea = facts.get(Idea)
    return used_up(agent.budget, idea.spent if idea else Spent(), position, tool)


def think(facts: Facts, position: int, value: int, why: str, again: bool = False) -> Proposed:
    """Ask the agent's model about the turn at `position`."""
    holder, idea = facts.get(Holder), facts.get(Idea)
    rounds = idea.round if idea and idea.position == position else 0
    args: Args = {
        "position": position, "epoch": holder.epoch if holder else 0, "round": rounds + 1, "again": again, "risk": "read",
    }  # fmt: skip
    return Proposed("think", args, value, why)


def first_thought(heard: Heard, agent: Agent, facts: Facts, aside: bool = False) -> Proposed:
    """The first thought about a turn, at the value that the agent's way of thinking gives it."""
    value = ASIDE if aside else FIRST if agent.thinks == "first" else UNSURE
    why = "the agent prefers to think" if value == FIRST else "the words alone do not decide what helps"
    return think(facts, heard.position, value, why)


def preferred(proposal: Proposed, agent: Agent) -> Proposed:
    """A proposal of the model at what it is worth to this agent."""
    more = PREFERS if agent.thinks == "first" else 0
    return msgspec.structs.replace(proposal, value=proposal.value + more) if more else proposal


def of_answer(idea: Idea, facts: Facts) -> Proposed:
    """Say what rests on the passages: worth at least what it was worth to ask for it, else it was asked for nothing."""
    cites = ",".join(idea.cites)
    args: Args = {"position": idea.position, "cites": cites, "dropped": idea.dropped}
    underway = facts.get(Underway)
    value = max(idea.grounded, ASIDE if underway is not None and not underway.done else UNSURE)
    return Proposed("reply", args, value, f"the model's sentences rest on {cites or 'the record'}")


def of_passage(idea: Idea, value: int) -> Proposed:
    """Say what a section itself says."""
    return Proposed("answer", {"cite": idea.cites[0]}, value, "the model's words did not rest on it, its own do")


def of_question(idea: Idea) -> Proposed:
    """Ask the model's question."""
    return Proposed("reply", {"position": idea.position, "asks": True}, ASKS, "the model asks back")


def of_slots(idea: Idea, value: int) -> Proposed:
    """Take over what the customer has given."""
    args: Args = {"position": idea.position, "procedure": idea.procedure, "slots": ",".join(sorted(idea.slots))}
    return Proposed("fill_slots", args, value, "the model finds it in what the customer said")


def another_thought(idea: Idea, facts: Facts) -> Proposed:
    """Ask again: with what a tool gave, or with the turn that came meanwhile."""
    again = idea.why == "again"
    why = "the customer said more meanwhile" if again else "a tool has answered the model"
    return think(facts, idea.position, FIRST, why, again)


def of_look_up(idea: Idea, facts: Facts) -> Proposed:
    """Read with a tool, for the model."""
    holder = facts.get(Holder)
    args: Args = {
        "position": idea.position, "epoch": holder.epoch if holder else 0, "round": idea.round, "tool": idea.tool, "risk": "read",
        "print": idea.spent.last,
    }  # fmt: skip
    return Proposed("look_up", args, LOOKS_UP, f"the model wants to read with {idea.tool}")
