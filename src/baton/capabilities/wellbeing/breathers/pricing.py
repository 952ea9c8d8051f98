"""Pricing: as long as the application serves, breathers that wait are priced on what the floor is like, and again each minute."""

import asyncio
import logging
from collections.abc import Collection

from sqlalchemy import func, or_, select

from baton.capabilities.routing.events import Post, Queue, Routing
from baton.capabilities.routing.tables import QUEUE_MINUTES
from baton.capabilities.wellbeing.breathers.price import Price, Work, price
from baton.capabilities.wellbeing.events import BreatherPriced, team_stream
from baton.capabilities.wellbeing.tables import BREATHERS
from baton.kernel.errors import BatonError
from baton.web.app import App

EVERY_S = 2.0
MINUTE_MS = 60_000
LATELY_MIN = 30
USUAL_S = 360.0
"""How long a conversation keeps a rep where nothing was measured yet."""
AT_WORK = ("available", "wrap_up")
log = logging.getLogger(__name__)


class Pricing:
    """Tells teams' streams what their breathers cost."""

    def __init__(self, app: App) -> None:
        self._app = app

    async def run(self) -> None:
        """Look every two seconds, as long as the application serves."""
        while True:
            await asyncio.sleep(EVERY_S)
            try:
                await self.look()
            except BatonError:
                log.exception("breathers could not be priced; it is tried again")

    async def look(self) -> None:
        """Price what waits and was not priced within the last minute."""
        now_ms, b = self._app.clock.now_ms(), BREATHERS.c
        stale = or_(b.priced_ms.is_(None), b.priced_ms <= now_ms - MINUTE_MS)
        for row in await self._app.store.rows(select(BREATHERS).where(b.state == "waiting", stale)):
            ref, skills = str(row["ref"]), str(row["skills"] or "")
            told = await cost(self._app, skills.split(",") if skills else (), int(str(row["rest_s"])))
            priced = BreatherPriced(ref, told.late_permille, told.milli_contacts)
            once = f"priced:{ref}:{now_ms // MINUTE_MS}"
            await self._app.committer.append(team_stream(str(row["team"])), priced, by="system", once=once)


async def cost(app: App, skills: Collection[str], rest_s: int, away: int = 1) -> Price:
    """What it costs that `away` reps with these skills rest for `rest_s` seconds from now."""
    queues = [q for q in app.policy(Routing).queues if not q.skill or q.skill in skills]
    return price(await _work(app, queues), rest_s, away)


async def _work(app: App, queues: list[Queue]) -> Work:
    """The work of some queues and the places of those who serve them."""
    counts = await _offered(app, {q.id for q in queues})
    total = sum(counts.values())
    posts = [p for p in app.board.posts.values() if p.presence in AT_WORK and _serves(p, queues)]
    busy_s = sum(
        n * (app.board.paces[q].mean_ms / 1000 if q in app.board.paces else USUAL_S) for q, n in counts.items()
    )
    places = sum(p.capacity for p in posts)
    return Work(
        total / (60 * LATELY_MIN), max(1.0, busy_s / total) if total else USUAL_S, min((q.target_s for q in queues), default=20),
        places, max(1, round(places / len(posts))) if posts else 1,
    )  # fmt: skip


async def _offered(app: App, queues: Collection[str]) -> dict[str, int]:
    m = QUEUE_MINUTES.c
    since = app.clock.now_ms() // MINUTE_MS - LATELY_MIN
    asked = (
        select(m.queue, func.sum(m.offered - m.to_agent).label("n"))
        .where(m.minute > since, m.queue.in_(queues))
        .group_by(m.queue)
    )
    return {str(row["queue"]): int(str(row["n"])) for row in await app.store.rows(asked)}


def _serves(post: Post, queues: list[Queue]) -> bool:
    return any(not q.skill or q.skill in post.skills for q in queues)
