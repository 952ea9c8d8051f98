"""The ledger as it is read: the nine states, who came back about what, and people and AI at equal mix."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import select

from baton.capabilities.lake.tables import LABELS
from baton.capabilities.performance.ai_use.days import DAY_MS
from baton.capabilities.performance.registry.definitions import AI_PATHS, JUDGED_MET, METRICS
from baton.capabilities.performance.registry.metric import figure
from baton.capabilities.performance.registry.rows import Dimensioned, Frame, Row, whole
from baton.capabilities.performance.registry.seen import Figure, Filters
from baton.capabilities.resolution.events import STATES
from baton.capabilities.resolution.tables import CHANGES
from baton.kernel.log import Store
from baton.kernel.stats import Comparison, Estimate, Stratum, clustered_share, conclusion, standardise

MET_STATES = {"confirmed", "provisional", "correctly_refused"}


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
    found, among = await frame.needs(), await frame.conversations()
    counts: dict[str, int] = dict.fromkeys(STATES, 0)
    for row in found:
        counts[str(row["state"])] += 1
    simulated = sum(bool(among[str(row["need"])]["simulated"]) for row in found)
    figures = [
        figure(METRICS[name], await METRICS[name].rows(frame), {})
        for name in ("containment", "resolved_in_contained", "verified_resolution")
    ]
    return Ledger(len(found), shares_of(counts), figures[0], figures[1], figures[2], simulated)


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
) -> list[Pair]:
    """What "contained" customers did next: each such contact with the next about the same issue, latest return first."""
    everyone, asked = Frame(store), Frame(store, filters)
    lake = await everyone.conversations()
    everything = {str(row["conversation"]): row for row in await everyone.contacts()}
    firsts = [row for row in await asked.contacts() if row["next"] and (row["contained"] or not contained_only)]
    near = [row for row in firsts if whole(row["gap_ms"]) <= days * DAY_MS and str(row["next"]) in everything]
    near.sort(key=lambda row: -whole(everything[str(row["next"])]["started_ms"]))
    return [_pair(row, everything[str(row["next"])], lake) for row in near[:limit]]


async def stated_outcomes(store: Store, filters: Filters | None = None) -> Stated | None:
    """What a simulation's own outcome says of AI conversations, or None where there are none with one."""
    frame = Frame(store, filters)
    among = await frame.conversations()
    rewards = {str(row["conversation"]): bool(row["value"]) for row in await frame.rewards()}
    found = [row for row in await frame.contacts() if str(row["conversation"]) in rewards]
    if not found:
        return None
    no_change = {str(r["conversation"]) for r in await store.rows(select(LABELS).where(LABELS.c.label == "no_change"))}
    ids = [(str(row["conversation"]), row) for row in found]
    told = [
        _Told(key, among.cluster(key), bool(row["contained"]), rewards[key], str(row["judged"]) in JUDGED_MET)
        for key, row in ids
    ]
    resolved = [t for t in told if t.resolved]
    kept = [t for t in told if t.contained]
    return Stated(
        len(told), all(bool(row["simulated"]) for row in found),
        _over(told, "contained"), _over(told, "resolved"), _over(kept, "resolved"), _over(told, "judged"), _over(kept, "judged"),
        {
            "contained": len(kept), "resolved": len(resolved), "resolved_in_contained": sum(t.resolved for t in kept),
            "resolved_by_transfer": sum(not t.contained for t in resolved),
            "resolved_without_change": sum(t.id in no_change for t in resolved),
            "judged": sum(t.judged for t in told), "judged_in_contained": sum(t.judged for t in kept),
            "judged_rightly": sum(t.judged == t.resolved for t in told),
        },
    )  # fmt: skip


async def equal_mix(store: Store, filters: Filters | None = None) -> EqualMix:
    """Needs by who had them first, AI or people, standardised over intent, complexity and channel of the first contact.

    Met = confirmed, provisional or correctly refused; a need that an AI had first stays the AI's, whoever finished it.
    """
    sides: tuple[dict[str, Stratum], dict[str, Stratum]] = ({}, {})
    frame = Frame(store, filters)
    among = await frame.conversations()
    for row in await frame.needs():
        if row["first_path"] not in {*AI_PATHS, "rep"} or row["state"] == "open":
            continue
        of = among.of(str(row["need"]))
        stratum = f"{of['intent'] or 'unknown'} · {of['complexity'] or 'ungraded'} · {of['channel']}"
        side = sides[0] if row["first_path"] in AI_PATHS else sides[1]
        had = side.get(stratum, Stratum(0, 0))
        side[stratum] = Stratum(had.met + (row["state"] in MET_STATES), had.n + 1)
    compared = standardise(*sides)
    return EqualMix(compared, conclusion(compared, "AI agents", "people"))


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


def _pair(row: Row, then: Row, lake: Dimensioned) -> Pair:
    issue, customer = str(row["intent"] or row["queue"] or ""), str(row["customer"])
    return Pair(issue, customer, whole(row["gap_ms"]), _contact(row, lake), _contact(then, lake))


def _contact(row: Row, lake: Dimensioned) -> Contact:
    key = str(row["conversation"])
    return Contact(
        key, str(row["channel"]), str(row["source"]), str(row["path"]), bool(row["contained"]), str(row["verdict"]),
        whole(row["started_ms"]), whole(row["ended_ms"]), str(row["queue"] or ""), str(lake[key]["rep"] or ""),
    )  # fmt: skip
