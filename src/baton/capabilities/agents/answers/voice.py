"""Voice: whether an agent may speak here now, which, and what its first turn begins with."""

from baton.capabilities.agents.events import Agent, Attempts, Heard
from baton.capabilities.governance.events import Disclosed, disclosure, serving
from baton.kernel.conversation import Holder
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream


def holds(facts: Facts) -> bool:
    """Whether the agent holds the baton: from the start, and again after a hand-back."""
    holder = facts.get(Holder)
    return holder is None or holder.kind == "agent"


def voice(stream: Stream) -> Agent | None:
    """The agent that may speak in this conversation now; None where the register or the kill switch forbids it."""
    return serving(stream)


def first_words(stream: Stream, agent: Agent) -> tuple[str, Disclosed | None]:
    """The disclosure that the agent's next turn begins with, and its evidence; nothing once the customer was told."""
    attempts = stream.facts.get(Attempts)
    return ("", None) if attempts is not None and attempts.disclosed else disclosure(stream, agent, spoken_in(stream))


def spoken_in(stream: Stream) -> str:
    """The language of the conversation: as it began, or as it was heard; empty where nobody knows."""
    heard = stream.facts.get(Heard)
    return (stream.started.language if stream.started else "") or (heard.language if heard else "")
