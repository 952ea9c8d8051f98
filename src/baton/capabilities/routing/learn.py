"""What routing learns: which teams meet which needs more often, from who was asked and what came of it."""

import asyncio

import msgspec
from sqlalchemy import select

from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.capabilities.routing.effects.learned import Row, learned
from baton.capabilities.routing.tables import MATCHES
from baton.kernel.conversation import PolicyRevised
from baton.kernel.learning import Reads
from baton.kernel.ports import Pool

AT_MOST = 200_000
"""Conversations looked at: the latest ones."""
MET, UNMET = ("provisional", "confirmed", "correctly_refused"), ("failed", "given_up", "reversed")
"""States of a need that tell; what is open or went elsewhere tells nothing of who served."""


async def match_effects(tables: Reads, pool: Pool) -> list[PolicyRevised]:
    """The policy `routing.Effects`, once a difference between teams is known."""
    query = (
        select(CONTACTS.c.intent, MATCHES.c.level, MATCHES.c.team, NEEDS.c.state, MATCHES.c.chance_permille)
        .join(CONTACTS, CONTACTS.c.conversation == MATCHES.c.conversation)
        .join(NEEDS, NEEDS.c.need == CONTACTS.c.need)
        .where(MATCHES.c.taken_ms.is_not(None), NEEDS.c.state.in_((*MET, *UNMET)), CONTACTS.c.intent != "")
        .order_by(MATCHES.c.offered_ms.desc(), MATCHES.c.conversation)
        .limit(AT_MOST)
    )
    rows: list[Row] = [
        (
            str(r["intent"]),
            str(r["level"]),
            str(r["team"] or ""),
            int(r["state"] in MET),
            int(str(r["chance_permille"])),
        )
        for r in await tables.survey(query)
    ]
    found = (await asyncio.to_thread(pool.map, learned, [rows]))[0]
    if not found.effects:
        return []
    why = f"{len(found.effects)} differences known from {len(rows)} conversations"
    return [PolicyRevised("routing.Effects", msgspec.Raw(msgspec.json.encode(found)), "baton", why)]
