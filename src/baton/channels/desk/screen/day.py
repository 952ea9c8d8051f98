"""Your day: a rep's own figures since midnight UTC. Never anybody else's, and never beside anybody else's."""

from dataclasses import dataclass
from math import sqrt
from statistics import median
from typing import Final

from sqlalchemy import func, select

from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.performance.tables import OFFERS
from baton.capabilities.resolution.tables import CONTACTS, PROMISES
from baton.capabilities.routing.tables import MATCHES
from baton.channels.desk.screen.shift import next_shift
from baton.kernel.stats import wilson
from baton.web.app import App
from baton.web.formats import duration, interval, iso
from baton.web.staff import Staff

DAY_MS: Final = 86_400_000
NORMAL: Final = 1.96
FEWEST: Final = 5


@dataclass(frozen=True)
class Day:
    """Conversations this rep closed, and what their own evidence shows of the need; their promises that are not over; offers.

    `waits` is how long customers had waited when this rep took them, as a median with its interval; empty before the first.
    `shift` is the one they are in or have next, empty where none is planned.
    """

    closed: int = 0
    met: int = 0
    unknown: int = 0
    promised: int = 0
    late: int = 0
    taken: int = 0
    passed: int = 0
    waits: str = ""
    shift: str = ""

    @property
    def needs_met(self) -> str:
        """`14 of 17, 59 to 94 % (2 not known yet)`; of few only the counts."""
        if not self.closed:
            return "none closed yet"
        found = wilson(self.met, self.closed)
        ends = f", {interval(round(1000 * found.low), round(1000 * found.high), 0)} %" if self.closed >= FEWEST else ""
        return f"{self.met} of {self.closed}{ends}" + (f", {self.unknown} not known yet" if self.unknown else "")


async def day_of(app: App, staff: Staff) -> Day:
    """The figures of one rep."""
    now = app.clock.now_ms()
    since = now - now % DAY_MS
    of_mine = (
        select(CONTACTS.c.verdict)
        .join(CONVERSATIONS, CONVERSATIONS.c.conversation == CONTACTS.c.conversation)
        .where(CONVERSATIONS.c.rep == staff.id, CONVERSATIONS.c.ended_ms >= since)
    )
    verdicts = [row["verdict"] for row in await app.store.rows(of_mine)]
    offers = select(func.sum(OFFERS.c.taken).label("taken"), func.sum(OFFERS.c.passed).label("passed")).where(
        OFFERS.c.rep == staff.id, OFFERS.c.day == iso(now)[:10]
    )
    sums = (await app.store.rows(offers))[0]
    waiting = select(PROMISES.c.due_ms).where(
        PROMISES.c.made_by == "rep", PROMISES.c.who == staff.id, PROMISES.c.state.in_(("open", "due"))
    )
    due = [int(str(row["due_ms"])) for row in await app.store.rows(waiting)]
    return Day(
        len(verdicts), verdicts.count("met"), verdicts.count("silent"),
        len(due), sum(at_ms <= now for at_ms in due), int(str(sums["taken"] or 0)), int(str(sums["passed"] or 0)),
        middle(await _waits(app, staff, since)), await next_shift(app, staff),
    )  # fmt: skip


async def _waits(app: App, staff: Staff, since: int) -> list[int]:
    m = MATCHES.c
    query = select(m.offered_ms, m.waited_ms, m.taken_ms).where(m.rep == staff.id, m.taken_ms >= since)
    rows = await app.store.rows(query)
    return sorted(int(str(r["waited_ms"])) + int(str(r["taken_ms"])) - int(str(r["offered_ms"])) for r in rows)


def middle(waits_ms: list[int]) -> str:
    """The median of sorted waits with its 95 % interval by ranks (Campbell and Gardner 1988), and of how many: `0:50, 0:20 to 1:20, of 9`."""
    if not waits_ms:
        return ""
    n, spread = len(waits_ms), NORMAL * sqrt(len(waits_ms))
    low, high = round((n - spread) / 2), round(1 + (n + spread) / 2)
    ends = f"{duration(waits_ms[low - 1])} to {duration(waits_ms[high - 1])}" if low >= 1 else "too few for an interval"
    return f"{duration(round(median(waits_ms)))}, {ends}, of {n}"
