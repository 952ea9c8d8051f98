"""What complexity learns: the usual handle time by intent and rep, and what the signs before the work foretell."""

import asyncio
from collections.abc import Mapping

import msgspec
from sqlalchemy import select

from baton.capabilities.complexity.foresight.weighed import Turned, weighed
from baton.capabilities.complexity.hindsight.usual import LEAST, Stretch, usual
from baton.capabilities.complexity.tables import CONVERSATIONS as GRADED
from baton.capabilities.lake.tables import CONVERSATIONS, SEGMENTS
from baton.kernel.conversation import PolicyRevised
from baton.kernel.learning import Reads
from baton.kernel.ports import Pool

AT_MOST = 200_000
"""Stretches or conversations looked at: the latest ones."""
PLACE = {"low": 0, "medium": 1, "high": 2}
SAID = {"low": 100, "medium": 350, "high": 750}
"""Permille that a level stands for where a rep said it: the middle of what `Afterwards` gives that level."""


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
    return (
        _revised("complexity.Usual", found, f"handle times of {found.stretches} stretches") if found.stretches else []
    )


async def foresight(tables: Reads, pool: Pool) -> list[PolicyRevised]:
    """The policy `complexity.Foreseeing`, once enough conversations were graded before and after; what a rep said counts first."""
    query = (
        select(CONVERSATIONS.c.intent, GRADED.c.before_signs, GRADED.c.after, GRADED.c.after_score, GRADED.c.overridden)
        .join(CONVERSATIONS, CONVERSATIONS.c.conversation == GRADED.c.conversation)
        .where(GRADED.c.before_signs.is_not(None), GRADED.c.after.is_not(None))
        .order_by(CONVERSATIONS.c.started_ms.desc(), GRADED.c.conversation)
        .limit(AT_MOST)
    )
    turned = [_turned(row) for row in await tables.survey(query)]
    found = (await asyncio.to_thread(pool.map, weighed, [turned]))[0]
    why = f"{found.conversations} conversations graded before and after"
    return _revised("complexity.Foreseeing", found, why) if found.conversations else []


def _turned(row: Mapping[str, object]) -> Turned:
    signs = dict(pair.split(":") for pair in str(row["before_signs"]).split(",") if pair)
    level, said = str(row["after"]), bool(row["overridden"])
    score = SAID[level] if said else int(str(row["after_score"]))
    return Turned(str(row["intent"] or ""), {s: int(n) for s, n in signs.items()}, score, PLACE[level], said)


def _revised(name: str, found: msgspec.Struct, why: str) -> list[PolicyRevised]:
    return [PolicyRevised(name, msgspec.Raw(msgspec.json.encode(found)), "baton", why)]
