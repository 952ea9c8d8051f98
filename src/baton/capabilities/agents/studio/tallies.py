"""Tallies: what came of the conversations of each version, added up by the database. Simulated conversations are left out."""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import ColumnElement, FromClause, Integer, and_, case, func, literal_column, select

from baton.capabilities.agents.tables import SERVED
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.resolution.tables import NEEDS
from baton.kernel.log import Store
from baton.kernel.stats import Moments

MET: Final = ("confirmed", "provisional", "correctly_refused")
"""States of the ledger in which a need counts as met, as performance counts them."""
Expr = ColumnElement[Any]
ONE: Final[Expr] = literal_column("1", Integer)
NONE: Final[Expr] = literal_column("0", Integer)
C, S, N = CONVERSATIONS.c, SERVED.c, NEEDS.c
KINDS: Final[tuple[Expr, ...]] = (
    func.coalesce(func.nullif(C.stated_intent, ""), C.intent, ""),
    func.coalesce(C.complexity, ""),
    C.channel,
)
"""What is fixed before anybody serves: intent, complexity, channel."""
Pair = tuple[str, int, str]
"""A version, the chance (permille) by which it was drawn, and the version that it was drawn against."""


class Tally(msgspec.Struct, frozen=True):
    """Conversations of one version: how many, how many ended, went to a person; and of the needs that began in them, how many are decided and met."""

    conversations: int = 0
    ended: int = 0
    handed: int = 0
    needs: int = 0
    met: int = 0

    def __add__(self, other: "Tally") -> "Tally":
        """Of both together."""
        both = zip(msgspec.structs.astuple(self), msgspec.structs.astuple(other), strict=True)
        return Tally(*(a + b for a, b in both))

    @property
    def needs_met(self) -> Moments:
        """Needs as values of 0 and 1."""
        return Moments(self.needs, self.met, self.met)

    @property
    def handovers(self) -> Moments:
        """Ended conversations as values of 0 and 1: whether they went to a person."""
        return Moments(self.ended, self.handed, self.handed)


def flag(told: Expr) -> Expr:
    """1 where it holds, else 0."""
    return case((told, ONE), else_=NONE)


def served() -> FromClause:
    """Conversations of versions, beside the need that began in each."""
    joined = SERVED.join(CONVERSATIONS, C.conversation == S.conversation)
    return joined.outerjoin(NEEDS, and_(N.need == S.conversation, func.coalesce(N.merged_into, "") == ""))


def counted(agent: str, since_ms: int = 0) -> tuple[Expr, ...]:
    """Which conversations count: of this agent, real, in which a customer said something."""
    said = func.coalesce(C.turns_customer, NONE) + func.coalesce(C.turns_machine, NONE) > NONE
    return (S.agent == agent, func.coalesce(C.simulated, NONE) == NONE, said, C.started_ms >= since_ms)


def over() -> Expr:
    """Whether it has ended."""
    return func.coalesce(C.ended_ms, NONE) > NONE


SUMS: Final = (
    func.count().label("conversations"),
    func.sum(flag(over())).label("ended"),
    func.sum(flag(and_(over(), func.coalesce(C.handed_over, NONE) > NONE))).label("handed"),
    func.sum(flag(and_(N.state.is_not(None), N.state != "open"))).label("needs"),
    func.sum(flag(N.state.in_(MET))).label("met"),
)


async def tallies(store: Store, agent: str, since_ms: int = 0) -> dict[Pair, Tally]:
    """By version, chance and rival."""
    keys = (S.version, func.coalesce(S.permille, NONE).label("permille"), func.coalesce(S.against, "").label("against"))
    query = select(*keys, *SUMS).select_from(served()).where(*counted(agent, since_ms)).group_by(*keys)
    rows = await store.survey(query)
    return {(str(r["version"]), _whole(r["permille"]), str(r["against"])): _tally(r) for r in rows}


async def by_kind(store: Store, agent: str, since_ms: int = 0) -> dict[str, dict[str, Tally]]:
    """By version and kind of case: `intent · complexity · channel`."""
    keys = (S.version, *(k.label(f"k{n}") for n, k in enumerate(KINDS)))
    query = select(*keys, *SUMS).select_from(served()).where(*counted(agent, since_ms)).group_by(S.version, *KINDS)
    found: dict[str, dict[str, Tally]] = {}
    for row in await store.survey(query):
        kind = f"{row['k0'] or 'unknown'} · {row['k1'] or 'ungraded'} · {row['k2']}"
        found.setdefault(str(row["version"]), {})[kind] = _tally(row)
    return found


def by_version(told: Mapping[Pair, Tally]) -> dict[str, Tally]:
    """All conversations of each version together."""
    found: dict[str, Tally] = {}
    for (version, _, _), tally in told.items():
        found[version] = found.get(version, Tally()) + tally
    return found


def _tally(row: Mapping[str, object]) -> Tally:
    return Tally(*(_whole(row[name]) for name in Tally.__struct_fields__))


def _whole(value: object) -> int:
    return int(str(value or 0))
