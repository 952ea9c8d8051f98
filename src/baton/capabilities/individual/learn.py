"""What individual learns: how long conversations take by queue, what foretells a wait, and how far promises must reach to be kept."""

import asyncio

import msgspec
from sqlalchemy import select

from baton.capabilities.individual.events import Learned
from baton.capabilities.individual.quoting.pooled import Waited
from baton.capabilities.individual.tables import QUOTES
from baton.capabilities.individual.waiting.learning import Handled, NamedWait, Seen, learned, named_of, waited_of
from baton.capabilities.lake.tables import SEGMENTS
from baton.kernel.conversation import PolicyRevised
from baton.kernel.learning import Reads
from baton.kernel.ports import Pool

AT_MOST = 20_000
"""Waits and conversations looked at: the latest ones."""


async def quotes(tables: Reads, pool: Pool) -> list[PolicyRevised]:
    """The policy `individual.Learned`, once there are handle times enough to tell."""
    seen = Seen(await _handled(tables), *await _waits(tables))
    found = (await asyncio.to_thread(pool.map, learned, [seen]))[0]
    if found == Learned():
        return []
    why = f"{found.waits} waits and {len(seen.handled)} handle times"
    return [PolicyRevised("individual.Learned", msgspec.Raw(msgspec.json.encode(found)), "baton", why)]


async def _handled(tables: Reads) -> list[Handled]:
    took = (SEGMENTS.c.ended_ms - SEGMENTS.c.answered_ms + SEGMENTS.c.wrap_ms).label("took_ms")
    query = (
        select(SEGMENTS.c.queue, took)
        .where(SEGMENTS.c.rep != "", SEGMENTS.c.answered_ms > 0, SEGMENTS.c.ended_ms > SEGMENTS.c.answered_ms)
        .order_by(SEGMENTS.c.ended_ms.desc(), SEGMENTS.c.conversation)
        .limit(AT_MOST)
    )
    return [(str(row["queue"] or ""), int(str(row["took_ms"]))) for row in reversed(await tables.survey(query))]


async def _waits(tables: Reads) -> tuple[list[Waited], list[NamedWait]]:
    query = (
        select(
            QUOTES.c.whom,
            QUOTES.c.queue,
            QUOTES.c.hour,
            QUOTES.c.found,
            QUOTES.c.took_ms,
            QUOTES.c.answered,
            QUOTES.c.kept,
        )
        .where(QUOTES.c.took_ms.is_not(None))
        .order_by(QUOTES.c.at_ms.desc(), QUOTES.c.conversation)
        .limit(AT_MOST)
    )
    rows = list(reversed(await tables.survey(query)))
    waits = [waited_of(row) for row in rows if row["whom"] == "anyone"]
    named = [named_of(row) for row in rows if row["whom"] == "rep" and row["kept"] is not None]
    return [each for each in waits if each is not None], named
