"""Workload: contacts offered to people and contacts AI kept, in quarters of an hour, by queue, channel and complexity."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from functools import lru_cache
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, case, func, select

from baton.capabilities.lake.tables import CONVERSATIONS, SEGMENTS
from baton.capabilities.workforce.forecasting.series import Series, gathered
from baton.kernel.learning import Reads

QUARTER_MS = 900_000
LEVELS = ("low", "medium", "high")
Row = Mapping[str, object]


class Offered(msgspec.Struct, frozen=True, gc=False):
    """Contacts that came in one quarter of an hour. `kept` are those AI served to their end; the rest was offered to people.

    `handle_ms` adds conversation, hold and wrap-up of the answered; `waited_ms` the waits of those who were answered.
    """

    at_ms: int
    queue: str
    channel: str
    level: str
    contacts: int
    kept: bool = False
    answered: int = 0
    abandoned: int = 0
    handle_ms: int = 0
    waited_ms: int = 0
    gave_up_ms: int = 0


async def workload(reads: Reads, since_ms: int, until_ms: int) -> list[Offered]:
    """Everything that came in a period."""
    people = await reads.survey(_to_people(since_ms, until_ms))
    agents = await reads.survey(_kept_by_ai(since_ms, until_ms))
    return [_offered(row) for row in people] + [_offered(row, kept=True) for row in agents]


def series_of(found: Iterable[Offered], zone: str, step_min: int = 30) -> Series:
    """The contacts as a series of local time."""
    rows = list(found)
    return gathered([local(row.at_ms, zone) for row in rows], [float(row.contacts) for row in rows], step_min)


def queues_of(found: Iterable[Offered]) -> list[str]:
    """The queues to which anything was offered, busiest first."""
    counts: dict[str, int] = {}
    for row in found:
        if not row.kept and row.queue:
            counts[row.queue] = counts.get(row.queue, 0) + row.contacts
    return sorted(counts, key=lambda queue: (-counts[queue], queue))


@lru_cache(maxsize=65_536)
def local(at_ms: int, zone: str) -> datetime:
    """What the clock on the wall shows; the hour that a change of clocks repeats is counted into one."""
    return datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(zone)).replace(tzinfo=None)


def _to_people(since_ms: int, until_ms: int) -> Select[tuple[object, ...]]:
    at = SEGMENTS.c.offered_ms
    answered = SEGMENTS.c.answered_ms > 0
    handled = SEGMENTS.c.ended_ms - SEGMENTS.c.answered_ms + func.coalesce(SEGMENTS.c.wrap_ms, 0)
    left = func.coalesce(SEGMENTS.c.abandoned, 0)
    query: Select[tuple[object, ...]] = select(
        (at - at % QUARTER_MS).label("at_ms"), SEGMENTS.c.queue, SEGMENTS.c.channel, CONVERSATIONS.c.complexity.label("level"),
        func.count().label("contacts"), func.sum(case((answered, 1), else_=0)).label("answered"), func.sum(left).label("abandoned"),
        func.sum(case((answered & (SEGMENTS.c.ended_ms > 0), handled), else_=0)).label("handle_ms"),
        func.sum(case((answered, SEGMENTS.c.answered_ms - at), else_=0)).label("waited_ms"),
        func.sum(case((left == 1, SEGMENTS.c.ended_ms - at), else_=0)).label("gave_up_ms"),
    )  # fmt: skip
    joined = query.select_from(SEGMENTS.join(CONVERSATIONS, CONVERSATIONS.c.conversation == SEGMENTS.c.conversation))
    return joined.where(at >= since_ms, at < until_ms).group_by("at_ms", SEGMENTS.c.queue, SEGMENTS.c.channel, "level")


def _kept_by_ai(since_ms: int, until_ms: int) -> Select[tuple[object, ...]]:
    at, c = CONVERSATIONS.c.started_ms, CONVERSATIONS.c
    query: Select[tuple[object, ...]] = select(
        (at - at % QUARTER_MS).label("at_ms"), c.queue, c.channel, c.complexity.label("level"), func.count().label("contacts"),
    )  # fmt: skip
    return query.where(at >= since_ms, at < until_ms, c.path == "agent", c.contained == 1).group_by(
        "at_ms", c.queue, c.channel, "level"
    )


def _offered(row: Row, kept: bool = False) -> Offered:
    told = {name: _whole(row.get(name)) for name in ("answered", "abandoned", "handle_ms", "waited_ms", "gave_up_ms")}
    return Offered(
        _whole(row["at_ms"]), str(row["queue"] or ""), str(row["channel"] or ""), str(row["level"] or ""),
        _whole(row["contacts"]), kept, **told,
    )  # fmt: skip


def _whole(value: object) -> int:
    return int(str(value)) if value is not None else 0


def where(
    found: Sequence[Offered], queue: str = "", channel: str = "", kept: bool | None = None, level: str = ""
) -> list[Offered]:  # fmt: skip
    """The rows of a queue, channel and complexity; `kept` True for those AI kept, False for those offered to people, None for both."""
    return [
        row for row in found
        if (not queue or row.queue == queue) and (not channel or row.channel == channel) and kept in {None, row.kept}
        and (not level or row.level == level)
    ]  # fmt: skip
