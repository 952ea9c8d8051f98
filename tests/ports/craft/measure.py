"""How the craft counts."""

from baton.kernel.conversation import Decided
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables
from tests.ports.craft.events import Asked, Heard
from tests.ports.craft.tables import KINDS, STREAMS


def heard(event: Heard, stream: Stream, tables: Tables) -> None:
    """The stream's own row."""
    at = {"stream": stream.id}
    tables.put(STREAMS, at, count=event.count, last_position=stream.entry.position)


def asked(event: Asked, stream: Stream, tables: Tables) -> None:
    """What was asked last, and how often anything was."""
    tables.put(STREAMS, {"stream": stream.id}, last_what=event.what)
    tables.add(STREAMS, {"stream": stream.id}, asked=1)
    tables.add(KINDS, {"kind": event.what}, n=1 if event.what != "huge" else 2**70)


def decided(event: Decided, stream: Stream, tables: Tables) -> None:
    """Sums that every lane adds to."""
    tables.add(KINDS, {"kind": f"decided {event.action}"}, n=1)
    tables.add(KINDS, {"kind": "decided"}, n=1)
