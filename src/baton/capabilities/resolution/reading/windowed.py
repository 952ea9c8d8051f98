"""Windowed: the nine states for W = 1, 3, 7, 14 or 30 days, told anew from the contacts of each customer.

A chain of contacts about one issue is kept as `next`; what a window makes of it is the same pure function that the log's own ledger (W = 7) comes from.
"""

import asyncio
from collections.abc import Iterator, Mapping, Sequence
from itertools import groupby
from typing import Any

import msgspec
from sqlalchemy import ColumnElement, Select, and_, case, func, or_, select

from baton.capabilities.lake.tables import CONVERSATIONS, LABELS
from baton.capabilities.resolution.events import STATES, Contact
from baton.capabilities.resolution.judging.needs import WINDOWS_DAYS, needs
from baton.capabilities.resolution.tables import CONTACTS, KNOWN, PROMISES
from baton.kernel.log import Store
from baton.kernel.stats import ClusterSums, Estimate, share_of_sums
from baton.web.asked import SIDES, Asked
from baton.web.charts import whole_permille

C, K = CONVERSATIONS.c, CONTACTS.c
INTENT = func.coalesce(func.nullif(C.stated_intent, ""), C.intent, "")
Row = Mapping[str, object]


class Need(msgspec.Struct, frozen=True):
    """A need as a window of W days leaves it. `cluster` is what it is not independent of: its task, else its customer."""

    need: str
    state: str
    cluster: str
    conversations: tuple[str, ...]
    evidence: tuple[str, ...] = ()
    first_ms: int = 0
    since_ms: int = 0
    intent: str = ""
    channel: str = ""
    simulated: bool = False


class Chain(msgspec.Struct, frozen=True):
    """Contacts of one customer about one issue, by time, how far they are known, and which of them count if a need begins with them."""

    contacts: list[Contact]
    known_ms: int
    counts: frozenset[str]
    cluster: str


class Window(msgspec.Struct, frozen=True):
    """The ledger for W = `days`: needs by state, and the share of each with its interval. `permille` are the shares as shown: they sum to 1000."""

    days: int
    needs: int
    counts: dict[str, int]
    shares: dict[str, Estimate]

    @property
    def permille(self) -> dict[str, int]:
        """Shares that sum to exactly 1000 where there is a need (largest remainders)."""
        return dict(zip(self.counts, whole_permille([*self.counts.values()]), strict=True))


async def told(store: Store, asked: Asked, days: int, now_ms: int) -> list[Need]:
    """Every need that began in what is asked for, as W = `days` leaves it."""
    chains, under_way = await _read(store, asked, now_ms)
    return await asyncio.to_thread(_needs, chains, under_way, days)


async def windows(store: Store, asked: Asked, now_ms: int) -> tuple[dict[int, Window], dict[int, list[Need]]]:
    """The ledger for every W, and the needs behind it."""
    chains, under_way = await _read(store, asked, now_ms)
    return await asyncio.to_thread(_windows, chains, under_way)


def window_of(days: int, found: Sequence[Need]) -> Window:
    """Needs as shares. Customers count as independent, needs of one customer do not (Cochran 1977, section 6.3)."""
    size: dict[str, int] = {}
    by_state: dict[str, dict[str, int]] = {state: {} for state in STATES}
    for need in found:
        size[need.cluster] = size.get(need.cluster, 0) + 1
        of = by_state[need.state]
        of[need.cluster] = of.get(need.cluster, 0) + 1
    shares = {state: share_of_sums(_sums(of, size)) for state, of in by_state.items()}
    return Window(days, len(found), {state: sum(of.values()) for state, of in by_state.items()}, shares)


def chained(rows: Sequence[Row], now_ms: int) -> Iterator[Chain]:
    """The chains of contacts among rows by customer and time. Live history is known to `now_ms`, an import as far as it reached."""
    for _, of_one in groupby(rows, key=lambda row: row["customer"]):
        own = {str(row["conversation"]): row for row in of_one}
        followed = {str(row["next"]) for row in own.values() if row["next"]}
        for head in (key for key in own if key not in followed):
            chain = list(_followed(own, head))
            yield Chain(
                [_contact(row) for row in chain], max(_known_ms(row, now_ms) for row in chain),
                frozenset(str(row["conversation"]) for row in chain if row["counts"]), str(chain[0]["task"] or chain[0]["customer"]),
            )  # fmt: skip


def _sums(of: Mapping[str, int], size: Mapping[str, int]) -> ClusterSums:
    x, xx = sum(size.values()), sum(n * n for n in size.values())
    xy, yy = sum(y * size[c] for c, y in of.items()), sum(y * y for y in of.values())
    return ClusterSums(x, len(size), sum(of.values()), x, yy, xy, xx)


def _windows(chains: list[Chain], under_way: list[Need]) -> tuple[dict[int, Window], dict[int, list[Need]]]:
    found = {days: _needs(chains, under_way, days) for days in WINDOWS_DAYS}
    return {days: window_of(days, each) for days, each in found.items()}, found


def _needs(chains: list[Chain], under_way: list[Need], days: int) -> list[Need]:
    return [*(need for chain in chains for need in _of(chain, days)), *under_way]


def _of(chain: Chain, days: int) -> Iterator[Need]:
    for need in needs(chain.contacts, chain.known_ms, "", days):
        if need.need in chain.counts:
            yield Need(
                need.need, need.state, chain.cluster, need.conversations, need.evidence, need.first_ms, need.since_ms, need.intent,
                need.channel, any(c.simulated for c in chain.contacts),
            )  # fmt: skip


async def _read(store: Store, asked: Asked, now_ms: int) -> tuple[list[Chain], list[Need]]:
    rows, open_ = await asyncio.gather(store.survey(_contacts(asked)), store.survey(_under_way(asked)))
    under_way = [
        Need(str(row["conversation"]), "open", str(row["customer"] or row["conversation"]), (str(row["conversation"]),),
             first_ms=_whole(row["started_ms"]), since_ms=_whole(row["started_ms"]), intent=str(row["intent"]), channel=str(row["channel"]))
        for row in open_
    ]  # fmt: skip
    return await asyncio.to_thread(lambda: list(chained(rows, now_ms))), under_way


def _contacts(asked: Asked) -> Select[Any]:
    """Every contact of each customer who made one in the time that is asked for."""
    settled = select(func.max(PROMISES.c.since_ms)).where(
        PROMISES.c.conversation == K.conversation, PROMISES.c.state == "kept"
    )
    task = select(func.max(LABELS.c.cluster)).where(LABELS.c.conversation == K.conversation, LABELS.c.what == "reward")
    joined = CONTACTS.join(CONVERSATIONS, C.conversation == K.conversation).outerjoin(
        KNOWN, KNOWN.c.customer == K.customer
    )
    query = select(
        K.conversation, K.customer, K.intent, K.channel, K.started_ms, K.ended_ms, K.path, K.verdict, K.evidence, K.contained, K.simulated,
        K.origin, K.next, KNOWN.c.until_ms, settled.scalar_subquery().label("settled_ms"), task.scalar_subquery().label("task"),
        case((and_(*_conditions(asked)), 1), else_=0).label("counts"),
    ).select_from(joined)  # fmt: skip
    if asked.from_ms:
        query = query.where(K.customer.in_(select(K.customer).where(K.started_ms >= asked.from_ms)))
    return query.order_by(K.customer, K.started_ms, K.conversation)


def _under_way(asked: Asked) -> Select[Any]:
    ended = select(K.conversation).where(K.conversation == C.conversation).exists()
    return select(C.conversation, C.customer, C.channel, C.started_ms, INTENT.label("intent")).where(
        ~ended, *_conditions(asked)
    )


def _conditions(asked: Asked) -> list[ColumnElement[bool]]:
    met: list[ColumnElement[bool]] = [C.started_ms >= asked.from_ms]
    met += [C.started_ms < asked.until_ms] if asked.until_ms else []
    for name, column in (("source", C.source), ("queue", C.queue), ("channel", C.channel), ("intent", INTENT)):
        met += [column == getattr(asked, name)] if getattr(asked, name) else []
    if asked.took in SIDES:
        people = and_(func.coalesce(C.turns_rep, 0) > 0, func.coalesce(C.turns_agent, 0) == 0)
        now = {"people": people, "ai": ~people}.get(asked.took)
        held = C.path.in_(SIDES[asked.took])
        met.append(held if now is None else or_(held, and_(C.path.is_(None), now)))
    return met


def _followed(own: Mapping[str, Row], head: str) -> Iterator[Row]:
    while head in own:
        yield own[head]
        head = str(own[head]["next"] or "")


def _known_ms(row: Row, now_ms: int) -> int:
    return max(_whole(row["until_ms"]), now_ms if row["origin"] != "imported" else 0)


def _contact(row: Row) -> Contact:
    evidence = tuple(label for label in str(row["evidence"] or "").split(",") if label)
    settled_ms = _whole(row["settled_ms"]) if "promise_kept" in evidence else 0
    return Contact(
        str(row["conversation"]), str(row["intent"]), str(row["channel"]), _whole(row["started_ms"]), _whole(row["ended_ms"]), str(row["path"]),
        str(row["verdict"]), evidence, contained=bool(row["contained"]), simulated=bool(row["simulated"]), settled_ms=settled_ms,
    )  # fmt: skip


def _whole(value: object) -> int:
    return value if isinstance(value, int) else 0
