"""The ledger as it is read: the nine states, who came back about what, and people and AI at equal mix."""

import asyncio
from collections.abc import Mapping

import msgspec
from sqlalchemy import func, select

from baton.capabilities.lake.tables import CONVERSATIONS, LABELS
from baton.capabilities.performance.ai_use.days import DAY_MS
from baton.capabilities.performance.registry.counted import Counted
from baton.capabilities.performance.registry.definitions import AI_PATHS, JUDGED_MET, METRICS
from baton.capabilities.performance.registry.definitions.outcomes import MET
from baton.capabilities.performance.registry.grains import NEED, K, N
from baton.capabilities.performance.registry.metric import figures_of
from baton.capabilities.performance.registry.rows import Frame, Row, whole
from baton.capabilities.performance.registry.scope import ONE, C, Scope, amount, flag
from baton.capabilities.performance.registry.seen import Figure, Filters
from baton.capabilities.resolution.events import STATES
from baton.capabilities.resolution.tables import CHANGES, CONTACTS
from baton.kernel.log import Store
from baton.kernel.stats import Comparison, Estimate, Stratum, clustered_share, conclusion, standardise

CONTACT = ("conversation", "channel", "source", "path", "contained", "verdict", "started_ms", "ended_ms", "queue")
STATES_OF = Counted(NEED, amount(C.simulated))
MET_BY = Counted(NEED, flag(N.state.in_(MET)), keep=N.state != "open")


class Share(msgspec.Struct, frozen=True):
    """A state of the ledger: how many needs, and their share in permille (all nine sum to 1000)."""

    state: str
    needs: int
    permille: int


class Ledger(msgspec.Struct, frozen=True):
    """The headline: every need in one of nine states, and containment beside it. Permille; `simulated` counts needs."""

    needs: int
    shares: tuple[Share, ...]
    contained: Figure
    resolved_in_contained: Figure
    verified: Figure
    simulated: int


class Contact(msgspec.Struct, frozen=True):
    """One contact of a pair: enough to set two side by side."""

    conversation: str
    channel: str
    source: str
    path: str
    contained: bool
    verdict: str
    started_ms: int
    ended_ms: int
    queue: str
    rep: str


class Pair(msgspec.Struct, frozen=True):
    """A contact, and the one in which the customer came back about the same issue: who rang on Thursday about Tuesday's chat."""

    issue: str
    customer: str
    gap_ms: int
    first: Contact
    then: Contact


class Pairs(msgspec.Struct, frozen=True):
    """Pairs, the latest return first; how many there are in all, and in how many the customer changed the channel."""

    shown: list[Pair]
    total: int
    other_channel: int


class Stated(msgspec.Struct, frozen=True):
    """Outcomes that a simulation states, and beside them what Baton would have judged alone. Clusters are tasks."""

    conversations: int
    simulated: bool
    contained: Estimate
    resolved: Estimate
    resolved_in_contained: Estimate
    judged: Estimate
    judged_in_contained: Estimate
    counts: dict[str, int]


class EqualMix(msgspec.Struct, frozen=True):
    """People and AI at equal mix of intent, complexity and channel, with the one sentence that may be concluded."""

    comparison: Comparison
    sentence: str


async def ledger(store: Store, filters: Filters | None = None) -> Ledger:
    """The ledger bar."""
    frame = Frame(store, filters)
    names = ("containment", "resolved_in_contained", "verified_resolution")
    states, figures = await asyncio.gather(
        frame.sums([STATES_OF], ["state"]), figures_of(frame, [METRICS[name] for name in names])
    )
    counts: dict[str, int] = dict.fromkeys(STATES, 0)
    counts |= {state: sums[0].n for (state,), sums in states.items()}
    simulated = sum(round(sums[0].y) for sums in states.values())
    contained, confirmed, verified = (figures[name][0] for name in names)
    return Ledger(sum(counts.values()), shares_of(counts), contained, confirmed, verified, simulated)


def shares_of(counts: Mapping[str, int]) -> tuple[Share, ...]:
    """Counts as shares in permille that sum to exactly 1000 (largest remainders), or all 0 where there is no need."""
    total = sum(counts.values())
    if not total:
        return tuple(Share(state, 0, 0) for state in counts)
    floors = {state: count * 1000 // total for state, count in counts.items()}
    short = 1000 - sum(floors.values())
    by_rest = sorted(counts, key=lambda s: (-(counts[s] * 1000 % total), list(counts).index(s)))
    more = set(by_rest[:short])
    return tuple(Share(state, counts[state], floors[state] + (state in more)) for state in counts)


async def recontact_pairs(
    store: Store, filters: Filters | None = None, days: int = 7, contained_only: bool = True, limit: int = 100
) -> Pairs:
    """What "contained" customers did next: each such contact with the next about the same issue, latest return first."""
    scope = Scope(filters or Filters())
    then, after, before = CONTACTS.alias("then"), CONVERSATIONS.alias("after"), CONVERSATIONS
    joined = before.join(CONTACTS, K.conversation == C.conversation).join(then, then.c.conversation == K.next)
    source = scope.joined(joined.join(after, after.c.conversation == then.c.conversation))
    conditions = [
        *scope.conditions(),
        amount(K.gap_ms) <= days * DAY_MS,
        *([amount(K.contained) == ONE] if contained_only else []),
    ]
    told = [then.c[name].label(f"then_{name}") for name in CONTACT]
    query = (
        select(K.intent, K.queue, K.customer, K.gap_ms, *(K[name] for name in CONTACT if name != "queue"), C.rep, *told,
               after.c.rep.label("then_rep"))
        .select_from(source).where(*conditions).order_by(then.c.started_ms.desc(), K.conversation).limit(limit)
    )  # fmt: skip
    counting = select(func.count().label("n"), func.sum(flag(K.channel != then.c.channel)).label("moved"))
    rows, (counted,) = await asyncio.gather(
        store.survey(query), store.survey(counting.select_from(source).where(*conditions))
    )
    return Pairs([_pair(row) for row in rows], whole(counted["n"]), int(str(counted["moved"] or 0)))


async def stated_outcomes(store: Store, filters: Filters | None = None) -> Stated | None:
    """What a simulation's own outcome says of AI conversations, or None where there are none with one."""
    scope = Scope(filters or Filters(), tasks=True)
    no_change = select(LABELS.c.value).where(LABELS.c.conversation == C.conversation, LABELS.c.label == "no_change")
    reward = LABELS.alias("reward")
    joined = CONVERSATIONS.join(CONTACTS, K.conversation == C.conversation).join(
        reward, reward.c.conversation == C.conversation
    )
    query = select(
        K.conversation, K.contained, K.judged, K.simulated, reward.c.value, scope.cluster.label("cluster"),
        flag(no_change.correlate(CONVERSATIONS).exists()).label("no_change"),
    ).select_from(scope.joined(joined)).where(*scope.conditions(), reward.c.what == "reward")  # fmt: skip
    rows = await store.survey(query)
    told = [
        _Told(
            str(r["conversation"]),
            str(r["cluster"]),
            bool(r["contained"]),
            bool(r["value"]),
            str(r["judged"]) in JUDGED_MET,
        )
        for r in rows
    ]
    if not told:
        return None
    no_changes = {str(row["conversation"]) for row in rows if row["no_change"]}
    return _stated(told, all(bool(row["simulated"]) for row in rows), no_changes)


async def equal_mix(store: Store, filters: Filters | None = None) -> EqualMix:
    """Needs by who had them first, AI or people, standardised over intent, complexity and channel of the first contact.

    Met = confirmed, provisional or correctly refused; a need that an AI had first stays the AI's, whoever finished it.
    """
    sides: tuple[dict[str, Stratum], dict[str, Stratum]] = ({}, {})
    compared = await Frame(store, filters).sums([MET_BY], ["intent", "complexity", "channel", "first_path"])
    for (intent, complexity, channel, path), (sums,) in compared.items():
        if path not in {*AI_PATHS, "rep"} or not sums.n:
            continue
        stratum = f"{intent or 'unknown'} · {complexity or 'ungraded'} · {channel}"
        side = sides[0] if path in AI_PATHS else sides[1]
        had = side.get(stratum, Stratum(0, 0))
        side[stratum] = Stratum(had.met + round(sums.y), had.n + sums.n)
    told = standardise(*sides)
    return EqualMix(told, conclusion(told, "AI agents", "people"))


async def changes(store: Store, limit: int = 200, need: str = "") -> list[Row]:
    """Every change of a need's state with its evidence, latest first."""
    query = select(CHANGES).order_by(CHANGES.c.at_ms.desc(), CHANGES.c.position.desc()).limit(limit)
    return list(await store.rows(query.where(CHANGES.c.need == need) if need else query))


class _Told(msgspec.Struct, frozen=True):
    id: str
    cluster: str
    contained: bool
    resolved: bool
    judged: bool


def _over(told: list[_Told], what: str) -> Estimate:
    groups: dict[str, tuple[int, int]] = {}
    for each in told:
        y, n = groups.get(each.cluster, (0, 0))
        groups[each.cluster] = (y + int(getattr(each, what)), n + 1)
    return clustered_share(groups)


def _stated(told: list[_Told], simulated: bool, no_change: set[str]) -> Stated:
    resolved, kept = [t for t in told if t.resolved], [t for t in told if t.contained]
    return Stated(
        len(told), simulated,
        _over(told, "contained"), _over(told, "resolved"), _over(kept, "resolved"), _over(told, "judged"), _over(kept, "judged"),
        {
            "contained": len(kept), "resolved": len(resolved), "resolved_in_contained": sum(t.resolved for t in kept),
            "resolved_by_transfer": sum(not t.contained for t in resolved),
            "resolved_without_change": sum(t.id in no_change for t in resolved),
            "judged": sum(t.judged for t in told), "judged_in_contained": sum(t.judged for t in kept),
            "judged_rightly": sum(t.judged == t.resolved for t in told),
        },
    )  # fmt: skip


def _pair(row: Row) -> Pair:
    issue, customer = str(row["intent"] or row["queue"] or ""), str(row["customer"])
    return Pair(issue, customer, whole(row["gap_ms"]), _contact(row, ""), _contact(row, "then_"))


def _contact(row: Row, side: str) -> Contact:
    told = {name: row[f"{side}{name}"] for name in (*CONTACT, "rep")}
    return Contact(
        str(told["conversation"]), str(told["channel"]), str(told["source"]), str(told["path"]), bool(told["contained"]),
        str(told["verdict"]), whole(told["started_ms"]), whole(told["ended_ms"]), str(told["queue"] or ""), str(told["rep"] or ""),
    )  # fmt: skip
