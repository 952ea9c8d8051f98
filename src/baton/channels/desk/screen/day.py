"""Your day: a rep's own figures since midnight UTC. Never anybody else's."""

from dataclasses import dataclass
from typing import Final

from sqlalchemy import func, select

from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.performance.tables import OFFERS
from baton.capabilities.resolution.tables import CONTACTS, PROMISES
from baton.web.app import App
from baton.web.formats import iso
from baton.web.staff import Staff

DAY_MS: Final = 86_400_000


@dataclass(frozen=True)
class Day:
    """Conversations this rep closed, and what their own evidence shows of the need; their promises that are not over; offers."""

    closed: int = 0
    met: int = 0
    unknown: int = 0
    promised: int = 0
    late: int = 0
    taken: int = 0
    passed: int = 0


async def day_of(app: App, staff: Staff) -> Day:
    """The figures of one rep."""
    now = app.clock.now_ms()
    since = now - now % DAY_MS
    of_mine = (
        select(CONTACTS.c.verdict)
        .join(CONVERSATIONS, CONVERSATIONS.c.conversation == CONTACTS.c.conversation)
        .where(CONVERSATIONS.c.rep == staff.id, CONVERSATIONS.c.ended_ms >= since)
    )
    closed = await app.store.rows(of_mine)
    offers = select(func.sum(OFFERS.c.taken).label("taken"), func.sum(OFFERS.c.passed).label("passed")).where(
        OFFERS.c.rep == staff.id, OFFERS.c.day == iso(now)[:10]
    )
    sums = (await app.store.rows(offers))[0]
    waiting = select(PROMISES.c.due_ms).where(
        PROMISES.c.made_by == "rep", PROMISES.c.who == staff.id, PROMISES.c.state.in_(("open", "due"))
    )
    due = [int(str(row["due_ms"])) for row in await app.store.rows(waiting)]
    verdicts = [row["verdict"] for row in closed]
    return Day(
        len(closed), verdicts.count("met"), verdicts.count("silent"),
        len(due), sum(at_ms <= now for at_ms in due), int(str(sums["taken"] or 0)), int(str(sums["passed"] or 0)),
    )  # fmt: skip
