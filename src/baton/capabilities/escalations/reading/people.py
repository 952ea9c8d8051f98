"""People: what came of each need for a person, in parts that sum to all needs."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import select

from baton.capabilities.empathy.tables import NEEDS
from baton.capabilities.escalations.reading.parts import Read, Row, whole
from baton.capabilities.escalations.reading.slices import share_of
from baton.kernel.log import Store
from baton.kernel.stats import Estimate

FATES: Mapping[str, tuple[str, str]] = {
    "reached": ("Reached a person", "a person came"),
    "declined": ("Declined", "a person was offered and the customer would rather stay with the AI"),
    "callback": ("Callback booked", "a callback was asked for, or booked for a customer in distress, and nobody came before"),
    "waited": ("In the queue, nobody came", "the queue had it; the customer left, or still waits"),
    "refused": ("Refused", "a hand-over was proposed and something else was decided; neither queue nor person had it"),
    "missed": ("Missed", "it ended with the AI; nobody proposed a person, although one was needed"),
    "open": ("Still with the AI", "the conversation goes on"),
}  # fmt: skip
"""What came of a need, in words, and when that is said; the first that fits, in this order."""


class Need(msgspec.Struct, frozen=True):
    """One need for a person: why, when, and what came of it."""

    conversation: str
    reason: str
    needed_ms: int
    fate: str
    cluster: str


class Fate(msgspec.Struct, frozen=True):
    """How many needs came to this, and their share."""

    id: str
    name: str
    meaning: str
    needs: int
    share: Estimate


async def needs(store: Store, read: Read) -> list[Need]:
    """The needs for a person of what was read, latest first."""
    clusters = {part.conversation: part.cluster for part in read.parts}
    rows = await store.rows(select(NEEDS).where(NEEDS.c.needed_ms.is_not(None)))
    found = [_need(row, clusters[str(row["conversation"])]) for row in rows if str(row["conversation"]) in clusters]
    return sorted(found, key=lambda need: (-need.needed_ms, need.conversation))


def fates(found: list[Need]) -> list[Fate]:
    """What came of them, in the order of FATES."""
    return [
        Fate(
            fate,
            name,
            meaning,
            sum(n.fate == fate for n in found),
            share_of((n.cluster, n.fate == fate) for n in found),
        )
        for fate, (name, meaning) in FATES.items()
    ]


def fate_of(row: Row) -> str:
    """What came of one need."""
    tests = {
        "reached": whole(row["reached"]),
        "declined": whole(row["declined"]),
        "callback": whole(row["callback_ms"]),
        "waited": whole(row["queued_ms"]),
        "refused": whole(row["refused"]),
        "missed": whole(row["missed"]),
    }
    return next((fate for fate, holds in tests.items() if holds), "open")


def _need(row: Row, cluster: str) -> Need:
    return Need(
        str(row["conversation"]), str(row["reason"] or "unknown"), whole(row["needed_ms"]), fate_of(row), cluster
    )
