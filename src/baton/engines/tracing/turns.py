"""Turns: what each turn of the customer led to, until the next, with the agent that served then. Read from the log."""

from collections.abc import Iterator, Sequence
from typing import Final

import msgspec

from baton.capabilities.agents.events import Attempts, Drawn, Thought
from baton.capabilities.governance.events import Disclosed
from baton.kernel.conversation import ActionDone, Decided, TurnSaid
from baton.kernel.events import Event
from baton.kernel.explain import Explained

ASKS: Final = frozenset({"customer", "machine"})
"""Who an agent answers."""


class Turn(msgspec.Struct):
    """What one turn of the customer led to, until the next: inputs in order."""

    inputs: list[Explained]
    agent: str = ""
    version: str = ""

    @property
    def position(self) -> int:
        """Where it begins in the log."""
        return self.inputs[0].position

    @property
    def acted(self) -> bool:
        """Whether an agent thought, decided or spoke in it."""
        return any(_acts(event) for each in self.inputs for event in events_of(each))

    @property
    def until_ms(self) -> int:
        """When the agent was done with it: the last input that it decided on, spoke after, or whose tool answered."""
        acted = [each.at_ms for each in self.inputs if any(_last(event) for event in events_of(each))]
        return max([self.inputs[0].at_ms, *acted])


def turns_of(told: Sequence[Explained]) -> Iterator[Turn]:
    """Inputs by the customer's turn they followed, with the agent that served then."""
    now, agent, version = Turn([]), "", ""
    for each in told:
        if isinstance(each.event, TurnSaid) and each.event.role in ASKS and now.inputs:
            yield now
            now = Turn([], agent, version)
        now.inputs.append(each)
        for event in events_of(each):
            agent, version = _serving(event, agent, version)
        now.agent, now.version = agent or now.agent, version or now.version
    if now.inputs:
        yield now


def events_of(each: Explained) -> Iterator[Event]:
    """What an input was and caused."""
    yield each.event
    yield from (fact for _, fact in each.facts)
    if each.decided is not None:
        yield each.decided
    yield from (event for _, event in each.caused)


def _serving(event: Event, agent: str, version: str) -> tuple[str, str]:
    if isinstance(event, Drawn | Disclosed) or (isinstance(event, Thought) and event.agent):
        return event.agent, event.version
    if isinstance(event, Attempts) and event.agent:
        return event.agent, version if event.agent == agent else ""
    return agent, version


def _acts(event: Event) -> bool:
    spoke = isinstance(event, TurnSaid) and event.role == "agent"
    return spoke or isinstance(event, Thought) or (isinstance(event, Decided) and event.by == "agents")


def _last(event: Event) -> bool:
    return isinstance(event, Decided | ActionDone) or (isinstance(event, TurnSaid) and event.role == "agent")
