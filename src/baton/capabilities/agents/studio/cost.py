"""Cost: what a resolved need costs where an agent had it first: models, the AI's turns, the platform, calls, and a rep's minutes after a handover.

Only conversations that ended a window ago count: before, what is met is not confirmed yet, and a new version would look dear. Prices are those of `performance.Costs`; what calls to models cost is what was measured of each (`agents.Thought`). Cents.
"""

from collections.abc import Mapping
from typing import Any, Final

import msgspec
from sqlalchemy import FromClause, Select, and_, func, literal_column, select

from baton.capabilities.agents.studio.tallies import KINDS, NONE, C, Expr, N, S, counted, flag, over, served
from baton.capabilities.agents.tables import SPENT
from baton.capabilities.lake.tables import CONVERSATIONS, SEGMENTS
from baton.capabilities.performance.tables import COSTS
from baton.capabilities.resolution.tables import NEEDS
from baton.kernel.log import Store
from baton.kernel.stats import ClusterSums, MeanComparison, ratio_of_sums, standardise_means
from baton.kernel.stats.estimates import Estimate

THOUSANDTHS: Final = 1000
WINDOW_MS: Final = 7 * 86_400_000
"""The ledger's window, after which a need that was met and did not come back is confirmed."""
G = SEGMENTS.c
_HANDLED = (
    select(G.conversation, func.sum(G.ended_ms - G.answered_ms + func.coalesce(G.wrap_ms, NONE)).label("ms"))
    .where(func.coalesce(G.answered_ms, NONE) > NONE, func.coalesce(G.ended_ms, NONE) > NONE).group_by(G.conversation)
).subquery("handled")  # fmt: skip
PEOPLE: Final[Expr] = func.coalesce(_HANDLED.c.ms, NONE) * COSTS.c.rep_hour / literal_column("3600000")
CALLS: Final[Expr] = (
    flag(C.channel == "voice") * func.coalesce(C.ended_ms - C.started_ms, NONE) * COSTS.c.voice_minute
) / literal_column("60000")
TURNS: Final[Expr] = func.coalesce(C.turns_agent, NONE) * COSTS.c.ai_turn
MODELS: Final[Expr] = func.coalesce(SPENT.c.cost_micros, NONE) / literal_column("10")
"""A thousandth of a cent is ten micro-units of the currency."""
WHOLE: Final[Expr] = PEOPLE + CALLS + TURNS + MODELS + COSTS.c.conversation
RESOLVED: Final[Expr] = flag(N.state == "confirmed")
CUSTOMER: Final[Expr] = func.coalesce(func.nullif(C.customer, ""), C.conversation)


class Cost(msgspec.Struct, frozen=True):
    """Cents a resolved need with its interval (customers are the clusters), and the sum by part in cents."""

    each: Estimate
    resolved: int
    conversations: int
    parts: dict[str, float]


def priced(source: FromClause, *, outer: bool = False) -> FromClause:
    """Conversations beside prices, handling and spending; none where no costs are set, but for an `outer` join."""
    joined = source.join(COSTS, COSTS.c.id == literal_column("'now'"), isouter=outer)
    joined = joined.outerjoin(_HANDLED, _HANDLED.c.conversation == C.conversation)
    return joined.outerjoin(SPENT, SPENT.c.conversation == C.conversation)


def closed(now_ms: int) -> Expr:
    """Whether a conversation ended a window before now."""
    return and_(over(), C.ended_ms <= now_ms - WINDOW_MS)


async def costs(store: Store, agent: str, since_ms: int, now_ms: int) -> dict[str, Cost]:
    """By version of an agent, and of all of them under the empty name."""
    source, where = priced(served()), (*counted(agent, since_ms), closed(now_ms))
    by_version = await _clustered(store, source, where, S.version)
    whole = await _clustered(store, source, where, literal_column("''"))
    return {**by_version, **whole}


async def beside_people(store: Store, agent: str, since_ms: int, now_ms: int) -> MeanComparison | None:
    """Cents a resolved need at equal mix, weighed by resolved needs: the agent's conversations beside those people had first. None without costs."""
    ours = await _by_kind(store, priced(served()), (*counted(agent, since_ms), closed(now_ms)))
    people = (C.path == "rep", func.coalesce(C.simulated, NONE) == NONE, C.started_ms >= since_ms, closed(now_ms))
    needs = and_(N.need == C.conversation, func.coalesce(N.merged_into, "") == "")
    theirs = await _by_kind(store, priced(CONVERSATIONS.outerjoin(NEEDS, needs)), people)
    return standardise_means(ours, theirs) if ours and theirs else None


async def _clustered(store: Store, source: FromClause, where: tuple[Expr, ...], by: Expr) -> dict[str, Cost]:
    parts = {"people": PEOPLE, "calls": CALLS, "turns": TURNS, "models": MODELS, "platform": COSTS.c.conversation}
    inner = (
        select(by.label("name"), CUSTOMER.label("who"), func.sum(WHOLE).label("y"), func.sum(RESOLVED).label("x"), func.count().label("n"),
               *(func.sum(part).label(name) for name, part in parts.items()))
        .select_from(source).where(*where).group_by(by, CUSTOMER)
    ).subquery("clusters")  # fmt: skip
    c = inner.c
    query = select(
        c.name, func.count().label("k"), func.sum(c.n).label("n"), func.sum(c.y).label("y"), func.sum(c.x).label("x"),
        func.sum(c.y * c.y).label("yy"), func.sum(c.x * c.y).label("xy"), func.sum(c.x * c.x).label("xx"),
        *(func.sum(c[name]).label(name) for name in parts),
    ).group_by(c.name)  # fmt: skip
    return {str(row["name"]): _cost(row, tuple(parts)) for row in await store.survey(query)}


def _cost(row: Mapping[str, object], parts: tuple[str, ...]) -> Cost:
    y, x, yy, xy, xx = (_number(row[name]) for name in ("y", "x", "yy", "xy", "xx"))
    t = THOUSANDTHS
    sums = ClusterSums(_whole(row["n"]), _whole(row["k"]), y / t, x, yy / t / t, xy / t, xx)
    return Cost(
        ratio_of_sums(sums), round(x), _whole(row["n"]), {name: _number(row[name]) / THOUSANDTHS for name in parts}
    )


async def _by_kind(
    store: Store, source: FromClause, where: tuple[Expr, ...]
) -> dict[str, dict[str, tuple[float, float]]]:
    query: Select[Any] = (
        select(*(k.label(f"k{n}") for n, k in enumerate(KINDS)), CUSTOMER.label("who"), func.sum(WHOLE).label("y"), func.sum(RESOLVED).label("x"))
        .select_from(source).where(*where).group_by(*KINDS, CUSTOMER)
    )  # fmt: skip
    found: dict[str, dict[str, tuple[float, float]]] = {}
    for row in await store.survey(query):
        kind = f"{row['k0']} · {row['k1']} · {row['k2']}"
        found.setdefault(kind, {})[str(row["who"])] = (_number(row["y"]) / THOUSANDTHS, _number(row["x"]))
    return {kind: groups for kind, groups in found.items() if sum(x for _, x in groups.values()) > 0}


def _number(value: object) -> float:
    return float(str(value or 0))


def _whole(value: object) -> int:
    return int(str(value or 0))
