"""Keeping: the read models of the register: whether an AI's first words said so, and incidents that are open."""

from baton.capabilities.agents.events import Attempts
from baton.capabilities.governance.events import Disclosed, IncidentAnswered, IncidentOpened
from baton.capabilities.governance.tables import DISCLOSURES, INCIDENTS
from baton.kernel.conversation import TurnSaid
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables


def told(event: Disclosed, stream: Stream, tables: Tables) -> None:
    """The customer knows that an AI speaks."""
    if stream.live:
        row = {"agent": event.agent, "version": event.version, "language": event.language}
        tables.put(DISCLOSURES, {"conversation": stream.key}, **row, shown=1, at_ms=stream.now_ms)


def spoke(event: TurnSaid, stream: Stream, tables: Tables) -> None:
    """An AI spoke and nothing shows that the customer was told."""
    attempts = stream.facts.get(Attempts)
    untold = stream.facts.get(Disclosed) is None and not (attempts and attempts.disclosed)
    if event.role == "agent" and stream.live and untold and stream.id.startswith("conversation/"):
        row = {"agent": event.who, "version": "", "language": ""}
        tables.put(DISCLOSURES, {"conversation": stream.key}, **row, shown=0, at_ms=stream.now_ms)


def opened(event: IncidentOpened, stream: Stream, tables: Tables) -> None:
    """An incident was opened."""
    row = {
        "kind": event.kind,
        "severity": event.severity,
        "owner": event.owner,
        "due_on": event.due_on,
        "conversation": event.conversation,
    }
    tables.put(INCIDENTS, {"incident": event.incident}, system=stream.key, **row, opened_ms=stream.now_ms, closed_ms=0)


def answered(event: IncidentAnswered, stream: Stream, tables: Tables) -> None:
    """One was closed."""
    if event.closed:
        tables.put(INCIDENTS, {"incident": event.incident}, closed_ms=stream.now_ms)
