"""Understanding: which agents are stopped in a conversation, once the kill switch has reached it."""

from collections.abc import Iterator

from baton.capabilities.governance.events import AgentStarted, AgentStopped, Halted, HoldEnded, HoldPlaced, stopped_here
from baton.kernel.conversation import To
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream


def stopped(event: AgentStopped, stream: Stream, facts: Facts) -> Iterator[Halted]:
    """The agent is stopped here from now on."""
    now = stopped_here(stream)
    yield Halted(agents=now if event.agent in now else (*now, event.agent))


def started(event: AgentStarted, stream: Stream, facts: Facts) -> Iterator[Halted]:
    """The agent may speak here again."""
    yield Halted(agents=tuple(a for a in stopped_here(stream) if a != event.agent))


def hold_ends(event: HoldPlaced, stream: Stream, facts: Facts) -> Iterator[To]:
    """A hold ends by itself: its stream is told when its time has come."""
    yield To(stream.id, HoldEnded(), at_ms=event.until_ms)
