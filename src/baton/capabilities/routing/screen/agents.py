"""AI agents: version, what they hold now, the share of needs met, and whether they escalate more than usual."""

from collections.abc import Iterable

import msgspec

from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.routing.screen.floor import Handed
from baton.capabilities.routing.screen.level import Share, share
from baton.capabilities.routing.screen.seen import Seen


class Card(msgspec.Struct, frozen=True):
    """An agent. `state`: running, stopped (kill switch), off (in the register), or waiting for approval. `serves`: it is first somewhere, not on stand-by."""

    id: str
    name: str
    version: str
    state: str
    serves: bool
    live: int
    met: Share
    handed_hour: Share
    usual: Share

    @property
    def above(self) -> bool:
        """Whether it escalates clearly more than usual: the two intervals do not meet."""
        return bool(self.handed_hour.is_enough and self.usual.is_enough and self.handed_hour.low > self.usual.high)


class Fleet(msgspec.Struct, frozen=True):
    """Every agent, and all of them together."""

    agents: tuple[Card, ...]
    met: Share
    handed_hour: Share
    usual: Share
    all_stopped: bool = False


def fleet(seen: Seen) -> Fleet:
    """The part."""
    cards = tuple(_card(agent, seen) for agent in seen.agents)
    ours = [v for v in seen.floor.verdicts if seen.about(v.intent, v.channel)]
    handed = [h for h in seen.floor.handed if seen.about(h.intent, h.channel)]
    met = share(sum(v.n for v in ours if v.verdict == "met"), sum(v.n for v in ours))
    return Fleet(cards, met, *_handed(handed), "*" in seen.stopped)


def _card(agent: Agent, seen: Seen) -> Card:
    ours = [v for v in seen.floor.verdicts if v.agent == agent.id and seen.about(v.intent, v.channel)]
    handed = [h for h in seen.floor.handed if h.agent == agent.id and seen.about(h.intent, h.channel)]
    met = share(sum(v.n for v in ours if v.verdict == "met"), sum(v.n for v in ours))
    live = sum(t.who == agent.id for t in seen.with_ai)
    return Card(
        agent.id, agent.name, agent.version, _state(agent, seen), _serves(agent, seen), live, met, *_handed(handed)
    )


def _serves(agent: Agent, seen: Seen) -> bool:
    """Whether it takes new conversations of any queue it names, or where no queue is said if it names none."""
    known, places = Agents(tuple(seen.agents)), agent.queues or ("",)
    first = (known.serving(seen.stopped, lambda a: a.approved, came_in=place) for place in places)
    return any(a is not None and a.id == agent.id for a in first)


def _state(agent: Agent, seen: Seen) -> str:
    if {"*", agent.id} & set(seen.stopped):
        return "stopped"
    if not agent.approved:
        return "not approved"
    return "running" if agent.on else "off"


def _handed(rows: Iterable[Handed]) -> tuple[Share, Share]:
    """The share handed over in the last hour, and in the seven days before it."""
    told = list(rows)
    n, handed = sum(h.n for h in told), sum(h.handed for h in told)
    n_hour, handed_hour = sum(h.n_hour for h in told), sum(h.handed_hour for h in told)
    return share(handed_hour, n_hour), share(handed - handed_hour, n - n_hour)
