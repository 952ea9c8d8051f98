"""What complexity learns: the usual handle time by intent and rep, from every answered stretch."""

import asyncio

import msgspec
from sqlalchemy import select

from baton.capabilities.complexity.hindsight.usual import LEAST, Stretch, usual
from baton.capabilities.lake.tables import CONVERSATIONS, SEGMENTS
from baton.kernel.conversation import PolicyRevised
from baton.kernel.learning import Reads
from baton.kernel.ports import Pool

AT_MOST = 200_000
"""Stretches looked at: the latest ones."""


async def usual_times(tables: Reads, pool: Pool) -> list[PolicyRevised]:
    """The policy `complexity.Usual`, once there are stretches enough to tell."""
    handled = SEGMENTS.c.ended_ms - SEGMENTS.c.answered_ms + SEGMENTS.c.wrap_ms
    query = (
        select(CONVERSATIONS.c.intent, SEGMENTS.c.rep, handled.label("handled_ms"))
        .join(CONVERSATIONS, CONVERSATIONS.c.conversation == SEGMENTS.c.conversation)
        .where(SEGMENTS.c.rep != "", SEGMENTS.c.answered_ms > 0, SEGMENTS.c.ended_ms > SEGMENTS.c.answered_ms)
        .order_by(SEGMENTS.c.ended_ms.desc(), SEGMENTS.c.conversation)
        .limit(AT_MOST)
    )
    rows = await tables.survey(query)
    if len(rows) < LEAST:
        return []
    stretches: list[Stretch] = [
        (str(row["intent"] or ""), str(row["rep"]), int(str(row["handled_ms"]))) for row in rows
    ]
    found = (await asyncio.to_thread(pool.map, usual, [stretches]))[0]
    if not found.stretches:
        return []
    why = f"handle times of {found.stretches} stretches"
    return [PolicyRevised("complexity.Usual", msgspec.Raw(msgspec.json.encode(found)), "baton", why)]
