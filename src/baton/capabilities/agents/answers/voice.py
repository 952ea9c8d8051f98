"""Voice: whether an agent may speak here now, and which."""

from baton.capabilities.agents.events import Agent
from baton.capabilities.governance.events import serving
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
