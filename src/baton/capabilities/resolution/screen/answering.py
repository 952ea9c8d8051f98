"""Answering the draw: somebody reads what was said, and nothing else, and says whether the need was met."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import Literal

import msgspec
from sqlalchemy import select

from baton.capabilities.governance.events import Looked
from baton.capabilities.resolution.events import ProbeAnswered
from baton.capabilities.resolution.reading.corrected import Drawn
from baton.capabilities.resolution.tables import CONTACTS
from baton.kernel.conversation import Turn
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

Met = Literal["yes", "no", "cannot_tell"]
LOOK_MS = 600_000
DAY_MS = 86_400_000
MOST_NOTE = 1000


class Heard(msgspec.Struct, frozen=True):
    """One conversation of a drawn need: how it came and what was said. Nothing that Baton judged of it."""

    conversation: str
    channel: str
    started_ms: int
    turns: tuple[Turn, ...]


def in_turn(drawn: Sequence[Drawn]) -> list[Drawn]:
    """The draw in a random order that is always the same, so that the answers so far are a random part of it."""
    return sorted(drawn, key=lambda each: blake2b(f"turn\0{each.need}".encode(), digest_size=8).digest())


async def heard(app: App, staff: Staff, need: str) -> list[Heard]:
    """Every conversation about the need, by time, as it was said. That somebody read it is kept."""
    rows = await app.store.rows(
        select(CONTACTS.c.conversation, CONTACTS.c.started_ms)
        .where(CONTACTS.c.need == need)
        .order_by(CONTACTS.c.started_ms)
    )
    found, now_ms = [], app.clock.now_ms()
    for row in rows:
        stream = await app.conversation(staff, str(row["conversation"]))
        once = f"{staff.id}:{stream.key}:{now_ms // LOOK_MS}"
        looked = Looked(staff.id, stream.key)
        await app.committer.append(f"access/{now_ms // DAY_MS}", looked, by=f"staff/{staff.id}", once=once)
        channel = stream.started.channel if stream.started else "chat"
        started_ms = row["started_ms"] if isinstance(row["started_ms"], int) else 0
        found.append(Heard(stream.key, channel, started_ms, tuple(stream.turns)))
    return found


async def answer(app: App, staff: Staff, drawn: Drawn | None, met: Met, note: str) -> None:
    """Keep an answer about a drawn need; the newest counts. Raises 404 where the need was not drawn."""
    if drawn is None:
        raise not_found()
    if len(note) > MOST_NOTE:
        raise BatonError(
            "note_too_long", 422, f"The note has {len(note)} characters. Keep it to {MOST_NOTE}; nothing was saved."
        )
    event = ProbeAnswered(met, "reviewer", staff.id, app.cover(note.strip()))
    await app.committer.append(f"conversation/{drawn.need}", event, by=f"staff/{staff.id}")
