"""Parts: what the AI had of each conversation, with its escalations, as far as the filters let them through."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, func, select

from baton.capabilities.escalations.tables import ESCALATIONS, PARTS, STEPS
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.kernel.log import Store
from baton.web.asked import Asked

Row = Mapping[str, object]


class Escalation(msgspec.Struct, frozen=True, gc=False):
    """One passing from AI to a person."""

    epoch: int
    at_ms: int
    reason: str
    queue: str
    intent: str
    turn: int
    procedure: str
    step: str
    field: str


class Step(msgspec.Struct, frozen=True, gc=False):
    """A step of a procedure that the conversation reached."""

    procedure: str
    step: str
    field: str


class Part(msgspec.Struct, frozen=True, gc=False):
    """What the AI had of a conversation. `cluster` is what it is not independent of: its customer, else itself."""

    conversation: str
    began_ms: int
    cluster: str
    intent: str
    channel: str
    queue: str
    source: str
    version: str
    turns: int
    escalations: tuple[Escalation, ...] = ()
    steps: tuple[Step, ...] = ()


class Read(msgspec.Struct, frozen=True):
    """The parts in a period, oldest first, and the zone that days are counted in."""

    parts: tuple[Part, ...]
    zone: str

    def day(self, part: Part) -> date:
        """The day it began."""
        return self._local(part).date()

    def hour(self, part: Part) -> int:
        """The hour of the day it began."""
        return self._local(part).hour

    def _local(self, part: Part) -> datetime:
        return datetime.fromtimestamp(part.began_ms / 1000, UTC).astimezone(ZoneInfo(self.zone))


async def read(store: Store, asked: Asked, zone: str) -> Read:
    """The AI's parts of the conversations that were asked for."""
    of: dict[str, list[Escalation]] = defaultdict(list)
    for row in await store.rows(_among(select(ESCALATIONS), ESCALATIONS.c.conversation, asked)):
        of[str(row["conversation"])].append(_escalation(row))
    steps: dict[str, list[Step]] = defaultdict(list)
    for row in await store.rows(_among(select(STEPS), STEPS.c.conversation, asked)):
        steps[str(row["conversation"])].append(Step(_text(row["procedure"]), _text(row["step"]), _text(row["field"])))
    query: Select[tuple[object, ...]] = select(
        *CONVERSATIONS.c, PARTS.c.agent.label("served"), PARTS.c.version, PARTS.c.turns
    )
    rows = await store.rows(_among(query, PARTS.c.conversation, asked).where(PARTS.c.over_ms.is_not(None)))
    parts = (_part(row, of[str(row["conversation"])], steps[str(row["conversation"])]) for row in rows)
    return Read(tuple(sorted((p for p in parts if _fits(p, asked)), key=lambda p: (p.began_ms, p.conversation))), zone)


async def reach(store: Store) -> tuple[int, int]:
    """When the first and the last conversation began in which an AI had a part; 0 where there is none."""
    began = CONVERSATIONS.c.started_ms
    ends: Select[tuple[object, ...]] = select(func.min(began).label("first"), func.max(began).label("last"))
    joined = ends.select_from(PARTS.join(CONVERSATIONS, CONVERSATIONS.c.conversation == PARTS.c.conversation))
    found = (await store.rows(joined))[0]
    return whole(found["first"]), whole(found["last"])


def whole(value: object) -> int:
    """An integer cell; 0 where it is empty."""
    return value if isinstance(value, int) else 0


def periods(days: Iterable[date], weekly: bool) -> list[date]:
    """Every day (or Monday of a week) from the first to the last of these, none left out."""
    known = [monday(day) if weekly else day for day in days]
    if not known:
        return []
    first, last, length = min(known), max(known), 7 if weekly else 1
    return [first + timedelta(days=n * length) for n in range((last - first).days // length + 1)]


def monday(day: date) -> date:
    """The Monday of its week."""
    return day - timedelta(days=day.weekday())


def _among(query: Select[tuple[object, ...]], conversation: object, asked: Asked) -> Select[tuple[object, ...]]:
    query = query.where(CONVERSATIONS.c.conversation == conversation)
    query = query.where(CONVERSATIONS.c.started_ms >= asked.from_ms) if asked.from_ms else query
    return query.where(CONVERSATIONS.c.started_ms < asked.until_ms) if asked.until_ms else query


def _fits(part: Part, asked: Asked) -> bool:
    return all(getattr(part, name) == value for name, value in asked.where.items())


def _part(row: Row, escalations: list[Escalation], steps: list[Step]) -> Part:
    key, agent, version = str(row["conversation"]), _text(row["served"]), _text(row["version"])
    return Part(
        key, whole(row["started_ms"]), _text(row["customer"]) or key, _text(row["stated_intent"]) or _text(row["intent"]),
        _text(row["channel"]), _text(row["queue"]), _text(row["source"]), f"{agent} {version}".strip(), whole(row["turns"]),
        tuple(sorted(escalations, key=lambda e: e.epoch)), tuple(steps),
    )  # fmt: skip


def _escalation(row: Row) -> Escalation:
    return Escalation(
        whole(row["epoch"]), whole(row["at_ms"]), _text(row["reason"]), _text(row["queue"]), _text(row["intent"]),
        whole(row["turn"]), _text(row["procedure"]), _text(row["step"]), _text(row["field"]),
    )  # fmt: skip


def _text(value: object) -> str:
    return str(value or "")
