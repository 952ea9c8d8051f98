"""Complexity by conversation: the level that counts, and what the score said."""

from baton.capabilities.complexity.events import Complexity, Foresight, Hindsight
from baton.capabilities.complexity.tables import CONVERSATIONS
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables


def levels(found: Complexity, stream: Stream, tables: Tables) -> None:
    """The conversation's row as it stands."""
    tables.put(
        CONVERSATIONS, {"conversation": stream.key},
        level=found.level, graded=found.graded, score=found.score, reasons=",".join(found.reasons),
        overridden=int(found.overridden), contacts=found.contacts, transfers=found.transfers,
    )  # fmt: skip


def hindsight(found: Hindsight, stream: Stream, tables: Tables) -> None:
    """How hard it turned out to be."""
    tables.put(
        CONVERSATIONS, {"conversation": stream.key},
        after=found.level, after_score=found.score, after_reasons=",".join(found.reasons), beyond=found.beyond,
    )  # fmt: skip


def foresight(found: Foresight, stream: Stream, tables: Tables) -> None:
    """How hard it looked before the work began."""
    signs = ",".join(f"{sign}:{points}" for sign, points in sorted(found.signs.items()))
    tables.put(
        CONVERSATIONS, {"conversation": stream.key}, before=found.level, before_score=found.score, before_signs=signs
    )
