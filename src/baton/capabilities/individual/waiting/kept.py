"""Kept: how often what customers were told came true, by whom they waited for, by queue and by hour, and how far off it was."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from math import inf
from typing import Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import Select, select

from baton.capabilities.individual.tables import QUOTES
from baton.kernel.learning import Reads
from baton.kernel.stats import Estimate, mean, share_by

AT_MOST: Final = 50_000
Row = Mapping[str, object]


class Kept(msgspec.Struct, frozen=True):
    """Quotes of one group: how many, the share kept, how many were left before it could be known, and the mean error of the likely wait in seconds."""

    label: str
    quotes: int
    kept: Estimate
    unknown: int
    error: Estimate | None


async def quotes(tables: Reads, from_ms: int, until_ms: int = 0, queue: str = "") -> list[Row]:
    """Quotes whose wait is over, the latest first."""
    query: Select[tuple[object, ...]] = select(QUOTES).where(QUOTES.c.took_ms.is_not(None), QUOTES.c.at_ms >= from_ms)
    if until_ms:
        query = query.where(QUOTES.c.at_ms < until_ms)
    if queue:
        query = query.where(QUOTES.c.queue == queue)
    return await tables.survey(query.order_by(QUOTES.c.at_ms.desc(), QUOTES.c.conversation).limit(AT_MOST))


def of(label: str, rows: Sequence[Row]) -> Kept:
    """What became of these. Who left early is lost from sight, not left out: they would sooner have been told wrongly than not."""
    errors = [abs(whole(r["took_ms"]) - whole(r["wait_ms"])) / 1000 for r in rows if r["answered"]]
    return Kept(
        label, len(rows), share_by([_case(row) for row in rows], 1.0), sum(row["kept"] is None for row in rows),
        mean(errors) if len(errors) > 1 else None,
    )  # fmt: skip


def by(rows: Sequence[Row], key: Callable[[Row], str]) -> list[Kept]:
    """The same by group, in the order of their names."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(key(row), []).append(row)
    return [of(name, groups[name]) for name in sorted(groups)]


def hour_in(zone: str) -> Callable[[Row], str]:
    """The hour of the day in which a quote was told, as clocks in `zone` show it."""
    place = ZoneInfo(zone)
    return lambda row: f"{datetime.fromtimestamp(whole(row['at_ms']) / 1000, UTC).astimezone(place).hour:02d}:00"


def whole(value: object) -> int:
    """A column as a whole number."""
    return int(str(value or 0))


def _case(row: Row) -> tuple[float, bool]:
    """How long it took in parts of what was promised; a rep who went home never comes."""
    took = whole(row["took_ms"]) / max(1, whole(row["within_ms"]))
    if row["answered"]:
        return took, True
    return (inf if row["kept"] is not None else took), False
