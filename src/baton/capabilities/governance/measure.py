"""Read models of governance."""

import msgspec

from baton.capabilities.governance.events import Halted, Looked, SignedIn, Stop, stopped_here
from baton.capabilities.governance.tables import ACCESS, OPEN, SWITCHES, VETOES
from baton.kernel.conversation import Decided, Ended, Holder, PolicyRevised, Started
from baton.kernel.stream import Stream, policy_name
from baton.kernel.tables import Tables

DAY_MS = 86_400_000
STOP = policy_name(Stop)


def begun(event: Started, stream: Stream, tables: Tables) -> None:
    """A live conversation is the agent's until the baton changes hands."""
    if event.origin == "live" and stream.id.startswith("conversation/"):
        halted = ",".join(stopped_here(stream))
        tables.put(
            OPEN, {"conversation": stream.key}, state="open", holder="agent", halted=halted, started_ms=stream.now_ms
        )


def held(event: Holder, stream: Stream, tables: Tables) -> None:
    """Who holds it now."""
    if stream.live:
        tables.put(OPEN, {"conversation": stream.key}, holder=event.kind)


def halted(event: Halted, stream: Stream, tables: Tables) -> None:
    """The switch has reached it."""
    tables.put(OPEN, {"conversation": stream.key}, halted=",".join(event.agents))


def over(event: Ended, stream: Stream, tables: Tables) -> None:
    """Nothing is to be stopped there any more."""
    if stream.live:
        tables.put(OPEN, {"conversation": stream.key}, state="ended")


def looked(event: Looked, stream: Stream, tables: Tables) -> None:
    """A conversation's text was opened."""
    row = {"staff": event.staff, "act": "looked", "conversation": event.conversation, "role": ""}
    tables.put(ACCESS, {"position": stream.entry.position}, **row, at_ms=stream.now_ms)


def signed_in(event: SignedIn, stream: Stream, tables: Tables) -> None:
    """A member of staff signed in."""
    row = {"staff": event.staff, "act": "signed_in", "conversation": "", "role": event.role}
    tables.put(ACCESS, {"position": stream.entry.position}, **row, at_ms=stream.now_ms)


def vetoed(event: Decided, stream: Stream, tables: Tables) -> None:
    """What governance refused on the way to a decision."""
    for veto in event.vetoed:
        tables.add(VETOES, {"action": veto.action, "why": veto.why, "day": stream.now_ms // DAY_MS}, vetoed=1)


def switched(event: PolicyRevised, stream: Stream, tables: Tables) -> None:
    """The kill switch was turned."""
    if event.policy == STOP:
        agents = ",".join(msgspec.json.decode(event.body, type=Stop).agents)
        row = {"agents": agents, "staff": event.author, "why": event.why}
        tables.put(SWITCHES, {"position": stream.entry.position}, **row, at_ms=stream.now_ms)
