"""Rehearsing: a procedure beside past conversations of its intents. How many would have started it, and what customers gave unasked."""

from collections import Counter
from typing import Final

import msgspec
from sqlalchemy import select

from baton.capabilities.agents.events import Procedure, Slot, Underway
from baton.capabilities.agents.procedures.slots import CARRIED, STRICT, find
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.kernel.stats import wilson
from baton.kernel.stream import Stream
from baton.web.app import App

MOST: Final = 200
DAY_MS: Final = 86_400_000
DAYS: Final = 30


class Given(msgspec.Struct, frozen=True):
    """A slot: in how many conversations it stood in the customer's words; None where only asking could tell."""

    slot: str
    given: int | None
    unasked: bool


class Rehearsed(msgspec.Struct, frozen=True):
    """What was looked at: conversations of the last days, how many of the intents, and of those the newest that were read."""

    days: int
    conversations: int
    starts: int
    read: int
    slots: tuple[Given, ...] = ()
    became: tuple[tuple[str, int], ...] = ()

    @property
    def permille(self) -> int:
        """The share that would have started it."""
        return round(1000 * self.starts / self.conversations) if self.conversations else 0

    @property
    def within(self) -> tuple[int, int]:
        """Its 95 % interval (Wilson), permille."""
        share = wilson(self.starts, self.conversations) if self.conversations else None
        return (round(1000 * share.low), round(1000 * share.high)) if share else (0, 0)


async def rehearsed(app: App, made: Procedure) -> Rehearsed:
    """Look at the conversations of the last thirty days; the newest two hundred of its intents are read."""
    c = CONVERSATIONS.c
    since = app.clock.now_ms() - DAYS * DAY_MS
    rows = await app.store.rows(
        select(c.conversation, c.intent).where(c.started_ms >= since).order_by(c.started_ms.desc())
    )
    mine = [str(row["conversation"]) for row in rows if row["intent"] in made.intents]
    streams = [stream for key in mine[:MOST] if (stream := await app.reader.stream(f"conversation/{key}")) is not None]
    slots = tuple(_given(slot, streams) for slot in made.slots)
    became = Counter(_result(stream) for stream in streams)
    return Rehearsed(DAYS, len(rows), len(mine), len(streams), slots, tuple(became.most_common()))


def _given(slot: Slot, streams: list[Stream]) -> Given:
    unasked = slot.kind in CARRIED
    if not (slot.kind in STRICT or unasked or slot.pattern):
        return Given(slot.id, None, unasked)
    return Given(slot.id, sum(_says(slot, stream) for stream in streams), unasked)


def _says(slot: Slot, stream: Stream) -> bool:
    return any(find(slot, turn.text) is not None for turn in stream.said("customer", "machine"))


def _result(stream: Stream) -> str:
    underway = stream.facts.get(Underway)
    if underway is None:
        return "no procedure"
    return (underway.result or "done") if underway.done else "given up" if underway.step == "give_up" else "left open"
