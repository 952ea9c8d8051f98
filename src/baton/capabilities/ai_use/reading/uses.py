"""Uses: what reps did with AI drafts, with the need each conversation was about, as far as the filters let it through."""

from collections.abc import Iterable, Mapping
from dataclasses import replace

import msgspec
from sqlalchemy import select

from baton.capabilities.ai_use.reading.drafts import COUNTS
from baton.capabilities.ai_use.tables import DRAFTS, PEOPLE
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.kernel.log import Store
from baton.kernel.stats import Estimate, clustered_ratio, clustered_share
from baton.web.asked import Asked

Row = Mapping[str, object]
MET = frozenset({"confirmed", "provisional", "correctly_refused"})
DAY_MS = 86_400_000
NO_TEAM = ""
FEWEST = 5
"""Fewer cases than this say nothing of a share."""


class Use(msgspec.Struct, frozen=True, gc=False):
    """What one rep did with drafts of one tool in one conversation. `met` is None while the need is open, or not known."""

    rep: str
    team: str
    tool: str
    conversation: str
    at_ms: int
    stratum: str
    level: str
    counts: Mapping[str, int]
    met: bool | None

    def __getitem__(self, name: str) -> int:
        return self.counts[name]


class Step(msgspec.Struct, frozen=True):
    """A step of the funnel: how many, of how many at the step before, and that share over reps; None where too few to say."""

    id: str
    n: int
    of: int
    share: Estimate | None


async def read(store: Store, asked: Asked, tool: str = "") -> list[Use]:
    """Every use in a period, latest first: by when its conversation began, or where that is not known, by its own day."""
    known = {str(row["conversation"]): row for row in await store.rows(select(CONVERSATIONS))}
    met, teams = await outcomes(store), await teams_of(store)
    found = [_use(row, known.get(str(row["conversation"])), met, teams) for row in await store.rows(select(DRAFTS))]
    kept = [u for u in found if _fits(u, asked, known.get(u.conversation)) and (not tool or u.tool == tool)]
    return sorted(kept, key=lambda u: (-u.at_ms, u.conversation, u.rep, u.tool))


async def outcomes(store: Store) -> dict[str, bool]:
    """Whether the need of each ended conversation was met; open ones are left out."""
    joined = select(CONTACTS.c.conversation, NEEDS.c.state).select_from(
        CONTACTS.join(NEEDS, NEEDS.c.need == CONTACTS.c.need)
    )
    rows = await store.rows(joined)
    return {str(row["conversation"]): row["state"] in MET for row in rows if row["state"] != "open"}


async def teams_of(store: Store) -> dict[str, str]:
    """The team of each rep an HR file told of."""
    return {str(row["rep"]): str(row["team"]) for row in await store.rows(select(PEOPLE))}


def funnel(uses: Iterable[Use]) -> list[Step]:
    """Shown, inserted, sent: drafts. Resolved: conversations in which one was sent, of those whose need is no longer open."""
    told = list(uses)
    steps = [Step("shown", _sum(told, "shown"), 0, None)]
    for before, name in (("shown", "inserted"), ("inserted", "sent"), ("sent", "edited"), ("sent", "reworked")):
        steps.append(Step(name, _sum(told, name), _sum(told, before), share(told, name, before)))
    with_one = {u.conversation: u for u in told if u["sent"] and u.met is not None}
    by_rep = len({u.rep for u in with_one.values()}) > 1
    met = [(u.rep if by_rep else u.conversation, int(bool(u.met)), 1) for u in with_one.values()]
    steps.append(Step("resolved", sum(m for _, m, _ in met), len(met), _estimate(met)))
    return steps


def share(uses: Iterable[Use], part: str, whole: str) -> Estimate | None:
    """Drafts of one step that came to the next, where those of one rep are not independent; of one rep's own, those of one conversation."""
    told = list(uses)
    by_rep = len({u.rep for u in told}) > 1
    return _estimate(
        [(u.rep if by_rep else u.conversation or str(u.at_ms), min(u[part], u[whole]), u[whole]) for u in told]
    )


def change(uses: Iterable[Use]) -> Estimate | None:
    """How much of an edited draft was changed on average, as a share of its text, over reps as in `share`; None where too few to say."""
    told = [u for u in uses if u["edited"]]
    by_rep = len({u.rep for u in told}) > 1
    groups: dict[str, tuple[float, float]] = {}
    for use in told:
        cluster = use.rep if by_rep else use.conversation or str(use.at_ms)
        y, x = groups.get(cluster, (0.0, 0.0))
        groups[cluster] = (y + use["changed"] / 1000, x + use["edited"])
    if _sum(told, "edited") < FEWEST or len(groups) < 2:
        return None
    found = clustered_ratio(groups)
    return replace(found, low=max(0.0, found.low), high=min(1.0, found.high))


def sizes(uses: Iterable[Use]) -> dict[str, int]:
    """Drafts sent by how much of them was changed: as they were, under 5 %, under 20 %, from there on; and those replaced."""
    told = list(uses)
    as_it_was = _sum(told, "sent") - _sum(told, "edited")
    parts = {name: _sum(told, name) for name in ("light", "medium", "heavy")}
    return {"as_it_was": as_it_was, **parts, "not_sent": max(0, _sum(told, "inserted") - _sum(told, "sent"))}


def sums(uses: Iterable[Use]) -> dict[str, int]:
    """Every count."""
    told = list(uses)
    return {name: _sum(told, name) for name in COUNTS}


def _sum(uses: Iterable[Use], name: str) -> int:
    return sum(u[name] for u in uses)


def _estimate(told: Iterable[tuple[str, int, int]]) -> Estimate | None:
    groups: dict[str, tuple[int, int]] = {}
    for cluster, y, n in told:
        if n:
            had = groups.get(cluster, (0, 0))
            groups[cluster] = (had[0] + y, had[1] + n)
    return clustered_share(groups) if sum(n for _, n in groups.values()) >= FEWEST else None


def _use(row: Row, of: Row | None, met: Mapping[str, bool], teams: Mapping[str, str]) -> Use:
    rep, key = str(row["rep"]), str(row["conversation"])
    level = str(of["complexity"] or "ungraded") if of else "ungraded"
    intent = str(of["stated_intent"] or of["intent"] or "unknown") if of else "unknown"
    at_ms = of["started_ms"] if of else None
    return Use(
        rep, teams.get(rep, NO_TEAM), str(row["tool"]), key, at_ms if isinstance(at_ms, int) else whole(row["day"]) * DAY_MS,
        f"{intent} · {level} · {of['channel'] if of else ''}", level, {name: whole(row[name]) for name in COUNTS}, met.get(key),
    )  # fmt: skip


def _fits(use: Use, asked: Asked, of: Row | None) -> bool:
    if use.at_ms < asked.from_ms or (asked.until_ms and use.at_ms >= asked.until_ms):
        return False
    told = {} if of is None else {**of, "intent": of["stated_intent"] or of["intent"]}
    return all(told.get(name) == value for name, value in asked.where.items())


def whole(value: object) -> int:
    """An integer cell; 0 where it is empty."""
    return value if isinstance(value, int) else 0
