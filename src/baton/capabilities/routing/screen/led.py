"""Led: what whoever leads the floor has decided or was asked, read beside the floor. No text of anybody."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import Select, or_, select

from baton.capabilities.floor.tables import ALERTS, COVERS, HELP, JOINS, OUTAGES
from baton.capabilities.routing.tables import LOANS
from baton.kernel.log import Store

HOUR_MS = 3_600_000
R = TypeVar("R", bound=msgspec.Struct)


class Owned(msgspec.Struct, frozen=True):
    """What was last said of an alert: who took it or was done with it, and up to when that is meant."""

    alert: str
    state: str
    staff: str
    name: str
    at_ms: int
    until_ms: int


class Help(msgspec.Struct, frozen=True):
    """A rep asks for help with a conversation."""

    conversation: str
    rep: str
    asked_ms: int


class Cover(msgspec.Struct, frozen=True):
    """Cover that was bought in the last hour, or that still holds."""

    cover: str
    queue: str
    kind: str
    minutes: int
    staff: str
    name: str
    at_ms: int
    until_ms: int
    position: int = 0


class Span(msgspec.Struct, frozen=True):
    """An outage: which queues (none: all), from when until when (0: it goes on), how many conversations were told."""

    outage: str
    queues: str
    began_ms: int
    ended_ms: int
    told: int | None = 0
    began_by: str | None = ""
    ended_by: str | None = ""

    def covers(self, queue: str, at_ms: int) -> bool:
        """Whether a wait that began then in that queue is of this outage."""
        about = not self.queues or queue in self.queues.split(",")
        return about and self.began_ms <= at_ms and (not self.ended_ms or at_ms < self.ended_ms)


class Third(msgspec.Struct, frozen=True):
    """Somebody joined a conversation as a third."""

    position: int
    conversation: str
    staff: str
    name: str
    at_ms: int


class Lending(msgspec.Struct, frozen=True):
    """A rep who is lent, or came back: by skill, commas between."""

    rep: str
    skills: str
    until_ms: int
    by: str
    at_ms: int
    position: int = 0


class Led(msgspec.Struct, frozen=True):
    """All of it."""

    owned: list[Owned] = []
    helps: list[Help] = []
    covers: list[Cover] = []
    outages: list[Span] = []
    thirds: list[Third] = []
    loans: list[Lending] = []


async def led(store: Store, now_ms: int) -> Led:
    """What holds now, and what was decided in the last hour."""
    hour = now_ms - HOUR_MS
    helps = select(HELP.c.conversation, HELP.c.rep, HELP.c.asked_ms).where(HELP.c.state == "asked")
    covers = select(COVERS).where(or_(COVERS.c.at_ms > hour, COVERS.c.until_ms > now_ms))
    outages = select(OUTAGES).where(or_(OUTAGES.c.ended_ms == 0, OUTAGES.c.ended_ms > hour))
    return Led(
        await _rows(store, select(ALERTS), Owned), await _rows(store, helps, Help), await _rows(store, covers, Cover),
        await _rows(store, outages, Span), await _rows(store, select(JOINS).where(JOINS.c.at_ms > hour), Third),
        await _rows(store, select(LOANS).where(or_(LOANS.c.until_ms > now_ms, LOANS.c.at_ms > hour)), Lending),
    )  # fmt: skip


async def _rows(store: Store, query: Select[Any], kind: type[R]) -> list[R]:
    found: Sequence[Mapping[str, object]] = await store.rows(query)
    return [msgspec.convert(row, kind, strict=False) for row in found]
