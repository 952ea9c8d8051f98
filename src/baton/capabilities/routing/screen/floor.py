"""The floor: everything the screen is made of, read at one moment from the board and the read models. No text of anybody."""

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from baton.capabilities.ai_use.tables import PEOPLE
from baton.capabilities.complexity.tables import CONVERSATIONS as GRADED
from baton.capabilities.empathy.tables import NEEDS
from baton.capabilities.governance.tables import OPEN
from baton.capabilities.lake.tables import CONVERSATIONS as LAKE
from baton.capabilities.lake.tables import SEGMENTS
from baton.capabilities.resolution.tables import CONTACTS
from baton.capabilities.routing.events import Pace, Place, Post
from baton.capabilities.routing.screen.led import Led, led
from baton.capabilities.routing.tables import CONVERSATIONS as ROUTED
from baton.capabilities.routing.tables import OFFERS, PROMISES, TAKEOVERS
from baton.capabilities.sentiment.tables import CONVERSATIONS as MOODS
from baton.capabilities.wellbeing.tables import BREATHERS
from baton.kernel.log import Store
from baton.web.board import Board

MINUTE_MS = 60_000
HOUR_MS = 60 * MINUTE_MS
DAY_MS = 24 * HOUR_MS
LOOK_BACK_MS = 3 * HOUR_MS
USUAL_DAYS = 7
MOST = 2000
R = TypeVar("R", bound=msgspec.Struct)


class Talk(msgspec.Struct, frozen=True):
    """A live conversation that is not over: who has it, since when, what it is about, how the customer feels."""

    key: str
    holder: str | None
    who: str | None
    since_ms: int | None
    waits_in: str | None
    asked_ms: int | None
    channel: str | None
    intent: str | None
    started_ms: int | None
    last_ms: int | None
    first: int | None
    last: int | None
    reasons: str | None
    halted: str | None
    level: str | None = None


class Need(msgspec.Struct, frozen=True):
    """That a person was needed in a conversation: the latest stay with the AI counts."""

    conversation: str
    epoch: int
    reason: str | None
    needed_ms: int | None
    queued_ms: int | None
    reached: int | None
    reached_ms: int | None
    declined: int | None
    triggers: int | None


class Waited(msgspec.Struct, frozen=True):
    """A conversation's latest wait for a person, counted from the moment one was needed or asked for."""

    conversation: str
    queue: str
    channel: str | None
    asked_ms: int
    answered_ms: int | None
    left: str | None
    ended_ms: int | None
    within_ms: int | None

    @property
    def waited_ms(self) -> int | None:
        """How long until a person answered; None where nobody did (an answer before this wait is of an earlier one)."""
        return self.answered_ms - self.asked_ms if self.answered_ms and self.answered_ms >= self.asked_ms else None


class Stretch(msgspec.Struct, frozen=True):
    """A stretch with people, from being offered until it ended."""

    conversation: str
    queue: str | None
    channel: str | None
    offered_ms: int
    answered_ms: int | None
    ended_ms: int | None


class Served(msgspec.Struct, frozen=True):
    """A conversation that began lately, and the agent that spoke in it."""

    conversation: str
    agent: str | None
    channel: str | None
    intent: str | None
    started_ms: int
    last_ms: int | None
    ended_ms: int | None


class Verdicts(msgspec.Struct, frozen=True):
    """Conversations of an agent that ended in the last day, by what their evidence shows."""

    agent: str
    channel: str | None
    intent: str | None
    verdict: str | None
    n: int


class Handed(msgspec.Struct, frozen=True):
    """Conversations of an agent that ended in seven days, and how many it handed over: in all, and in the last hour."""

    agent: str
    channel: str | None
    intent: str | None
    n: int
    handed: int
    n_hour: int
    handed_hour: int


class Promise(msgspec.Struct, frozen=True):
    """What a rep promised."""

    conversation: str
    queue: str | None
    channel: str | None
    rep: str
    made_ms: int
    due_ms: int


class Offered(msgspec.Struct, frozen=True):
    """What became of offers of one class, all reps together."""

    level: str
    offered: int
    taken: int
    passed: int
    unanswered: int


class Taken(msgspec.Struct, frozen=True):
    """A conversation a supervisor took."""

    position: int
    conversation: str
    rep: str
    name: str
    at_ms: int


class Breathers(msgspec.Struct, frozen=True):
    """Breathers of a team that wait for approval, the most that one of them was last priced at, and how many people the team has."""

    team: str
    people: int
    waiting: int
    late_permille: int


class Floor(msgspec.Struct, frozen=True):
    """The floor at `now_ms`."""

    now_ms: int
    places: tuple[Place, ...] = ()
    posts: tuple[Post, ...] = ()
    talks: list[Talk] = []
    needs: list[Need] = []
    waits: list[Waited] = []
    stretches: list[Stretch] = []
    served: list[Served] = []
    verdicts: list[Verdicts] = []
    handed: list[Handed] = []
    promises: list[Promise] = []
    offers: list[Offered] = []
    taken: list[Taken] = []
    breathers: list[Breathers] = []
    led: Led = Led()
    paces: tuple[Pace, ...] = ()


async def look(store: Store, board: Board, now_ms: int, until_ms: int) -> Floor:
    """The floor now; promises are those due until `until_ms`, the end of today."""
    hour, day = now_ms - HOUR_MS, now_ms - DAY_MS
    return Floor(
        now_ms,
        tuple(board.places.values()),
        tuple(sorted(board.posts.values(), key=lambda p: (p.name, p.rep))),
        await _rows(store, _talks(), Talk),
        await _rows(store, _needs(hour), Need),
        await _rows(store, _waits(hour), Waited),
        await _rows(store, _stretches(now_ms - LOOK_BACK_MS), Stretch),
        await _rows(store, _served(now_ms - LOOK_BACK_MS), Served),
        await _rows(store, _verdicts(day), Verdicts),
        await _rows(store, _handed(now_ms - USUAL_DAYS * DAY_MS, hour), Handed),
        await _rows(store, _promises(until_ms), Promise),
        await _rows(store, _offers(), Offered),
        await _rows(store, select(TAKEOVERS).where(TAKEOVERS.c.at_ms >= hour), Taken),
        await _rows(store, _breathers(), Breathers),
        await led(store, now_ms),
        tuple(board.paces.values()),
    )


async def _rows(store: Store, query: Select[Any], kind: type[R]) -> list[R]:
    found: Sequence[Mapping[str, object]] = await store.rows(query)
    return [msgspec.convert(row, kind, strict=False) for row in found]


def _talks() -> Select[Any]:
    conversation = OPEN.c.conversation
    joined = (
        OPEN.outerjoin(ROUTED, ROUTED.c.conversation == conversation)
        .outerjoin(LAKE, LAKE.c.conversation == conversation)
        .outerjoin(MOODS, MOODS.c.conversation == conversation)
        .outerjoin(GRADED, GRADED.c.conversation == conversation)
    )
    columns: tuple[ColumnElement[Any], ...] = (
        conversation.label("key"), ROUTED.c.holder, ROUTED.c.who, ROUTED.c.since_ms, ROUTED.c.queue.label("waits_in"),
        ROUTED.c.asked_ms, LAKE.c.channel, LAKE.c.intent, LAKE.c.started_ms, LAKE.c.last_ms, MOODS.c.first, MOODS.c.last,
        GRADED.c.reasons, OPEN.c.halted, GRADED.c.level,
    )  # fmt: skip
    return select(*columns).select_from(joined).where(OPEN.c.state == "open").limit(MOST)


def _needs(since_ms: int) -> Select[Any]:
    """Needs of the last hour, and those of open conversations that nobody has met yet."""
    still = and_(NEEDS.c.reached == 0, NEEDS.c.declined == 0, OPEN.c.state == "open")
    joined = NEEDS.outerjoin(OPEN, OPEN.c.conversation == NEEDS.c.conversation)
    columns = [c for c in NEEDS.c if c.name != "position"]
    return select(*columns).select_from(joined).where(or_(NEEDS.c.needed_ms >= since_ms, still)).limit(MOST)


def _waits(since_ms: int) -> Select[Any]:
    joined = ROUTED.outerjoin(LAKE, LAKE.c.conversation == ROUTED.c.conversation)
    columns: tuple[ColumnElement[Any], ...] = (
        ROUTED.c.conversation, ROUTED.c.queue, LAKE.c.channel, ROUTED.c.asked_ms, ROUTED.c.answered_ms, ROUTED.c.left,
        ROUTED.c.ended_ms, ROUTED.c.within_ms,
    )  # fmt: skip
    return select(*columns).select_from(joined).where(ROUTED.c.asked_ms >= since_ms).limit(MOST)


def _stretches(since_ms: int) -> Select[Any]:
    s = SEGMENTS.c
    return select(s.conversation, s.queue, LAKE.c.channel, s.offered_ms, s.answered_ms, s.ended_ms).select_from(
        SEGMENTS.outerjoin(LAKE, LAKE.c.conversation == s.conversation)
    ).where(s.offered_ms >= since_ms).limit(MOST)  # fmt: skip


def _served(since_ms: int) -> Select[Any]:
    c = LAKE.c
    return select(c.conversation, c.agent, c.channel, c.intent, c.started_ms, c.last_ms, c.ended_ms).where(
        c.started_ms >= since_ms
    ).limit(MOST)  # fmt: skip


def _verdicts(since_ms: int) -> Select[Any]:
    joined = CONTACTS.join(LAKE, LAKE.c.conversation == CONTACTS.c.conversation)
    by: tuple[ColumnElement[Any], ...] = (LAKE.c.agent, LAKE.c.channel, LAKE.c.intent, CONTACTS.c.verdict)
    return (
        select(*by, func.count().label("n")).select_from(joined)
        .where(CONTACTS.c.ended_ms >= since_ms, LAKE.c.agent.is_not(None), LAKE.c.turns_agent > 0).group_by(*by)
    )  # fmt: skip


def _handed(since_ms: int, hour_ms: int) -> Select[Any]:
    c = LAKE.c
    late = case((c.ended_ms >= hour_ms, 1), else_=0)
    sums: tuple[ColumnElement[Any], ...] = (
        func.count().label("n"), func.sum(func.coalesce(c.handed_over, 0)).label("handed"), func.sum(late).label("n_hour"),
        func.sum(late * func.coalesce(c.handed_over, 0)).label("handed_hour"),
    )  # fmt: skip
    by = (c.agent, c.channel, c.intent)
    had = (c.ended_ms >= since_ms, c.agent.is_not(None), c.turns_agent > 0)
    return select(*by, *sums).where(*had).group_by(*by)


def _promises(until_ms: int) -> Select[Any]:
    p = PROMISES.c
    return select(p.conversation, p.queue, LAKE.c.channel, p.rep, p.made_ms, p.due_ms).select_from(
        PROMISES.outerjoin(LAKE, LAKE.c.conversation == p.conversation)
    ).where(p.due_ms >= until_ms - DAY_MS, p.due_ms < until_ms).limit(MOST)  # fmt: skip


def _offers() -> Select[Any]:
    o = OFFERS.c
    sums = [func.sum(column).label(column.name) for column in (o.offered, o.taken, o.passed, o.unanswered)]
    return select(o.level, *sums).group_by(o.level)


def _breathers() -> Select[Any]:
    """Of teams, never of a person: the read model knows no rep."""
    b, p = BREATHERS.c, PEOPLE.c
    size = select(func.count()).where(p.team == b.team, p.left_ms == 0).scalar_subquery()
    sums = (func.count().label("waiting"), func.max(b.late_permille).label("late_permille"))
    return (
        select(b.team, size.label("people"), *sums).where(b.state == "waiting", b.late_permille >= 0).group_by(b.team)
    )
