"""Read models of orchestration."""

from baton.capabilities.orchestration.events import IntentCorrected
from baton.capabilities.orchestration.tables import LABELS
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables, Value


def corrected(event: IntentCorrected, stream: Stream, tables: Tables) -> None:
    """What somebody said the customer wants."""
    key: dict[str, Value] = {"conversation": stream.key, "position": event.position}
    tables.put(LABELS, key, label=event.label, was=event.was, staff=event.staff, at_ms=stream.now_ms)
