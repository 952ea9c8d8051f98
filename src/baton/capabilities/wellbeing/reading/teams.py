"""Teams: how many breathers a team needs and what they cost, how evenly the hard share falls. Teams of fewer than eight are not told."""

from collections import defaultdict
from dataclasses import dataclass
from itertools import combinations
from math import pi, sqrt

import numpy as np
from sqlalchemy import select

from baton.capabilities.ai_use.tables import PEOPLE
from baton.capabilities.lake.tables import CONVERSATIONS
from baton.capabilities.wellbeing.breathers.price import Price
from baton.capabilities.wellbeing.breathers.pricing import cost
from baton.capabilities.wellbeing.events import Wellbeing
from baton.capabilities.wellbeing.tables import BREATHERS
from baton.kernel.queueing import gini
from baton.kernel.stats import Estimate
from baton.web.app import App

SMALLEST = 8
DAY_MS = 86_400_000
SHARE_DAYS = 28
FEWEST_SERVED = 20
"""Whoever served fewer conversations says little about how the hard ones fall."""
Z95 = 1.96


@dataclass(frozen=True)
class Evenness:
    """The Gini coefficient of the hard shares of a team's people (0: all alike), and what chance alone would make of equal shares."""

    gini: Estimate
    by_chance: float


@dataclass(frozen=True)
class Team:
    """A team of at least eight: breathers that wait and what all of them at once would cost; of today those granted and taken."""

    name: str
    people: int
    waiting: int
    price: Price
    granted_s: int
    budget_s: int
    taken: int
    hard: Evenness | None


@dataclass(frozen=True)
class Teams:
    """Every team that may be told of, and how many may not."""

    teams: tuple[Team, ...]
    small: int


async def teams(app: App) -> Teams:
    """The teams as they stand."""
    members = await members_of(app)
    big = {team: reps for team, reps in members.items() if len(reps) >= SMALLEST}
    found = [await _team(app, name, reps) for name, reps in sorted(big.items())]
    return Teams(tuple(found), len(members) - len(big))


async def members_of(app: App) -> dict[str, set[str]]:
    """Who is in which team, as HR told; who left is in none."""
    found: dict[str, set[str]] = defaultdict(set)
    p = PEOPLE.c
    for row in await app.store.rows(select(p.rep, p.team).where(p.left_ms == 0, p.team != "")):
        found[str(row["team"])].add(str(row["rep"]))
    return found


async def _team(app: App, name: str, reps: set[str]) -> Team:
    now_ms, b, rules = app.clock.now_ms(), BREATHERS.c, app.policy(Wellbeing)
    since_ms = now_ms - now_ms % DAY_MS
    rows = await app.store.rows(select(BREATHERS).where(b.team == name, b.asked_ms >= since_ms - DAY_MS))
    waits = [row for row in rows if row["state"] == "waiting"]
    skills = {skill for row in waits for skill in str(row["skills"] or "").split(",") if skill}
    today = [row for row in rows if int(str(row["asked_ms"])) >= since_ms and row["kind"] == "break"]
    used = [row for row in today if row["state"] in {"granted", "taken"}]
    hard = await _hard(app, reps, now_ms - SHARE_DAYS * DAY_MS)
    return Team(
        name, len(reps), len(waits), await cost(app, skills, rules.break_s, len(waits)), sum(int(str(row["rest_s"])) for row in used),
        60 * rules.budget_min, sum(row["state"] == "taken" for row in today), hard,
    )  # fmt: skip


async def _hard(app: App, reps: set[str], since_ms: int) -> Evenness | None:
    c = CONVERSATIONS.c
    asked = select(c.rep, c.complexity).where(c.rep.in_(sorted(reps)), c.ended_ms >= since_ms)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in await app.store.rows(asked):
        of = counts[str(row["rep"])]
        of[0] += 1
        of[1] += row["complexity"] == "high"
    return evenness([(hard, served) for served, hard in counts.values() if served >= FEWEST_SERVED])


def evenness(counts: list[tuple[int, int]]) -> Evenness | None:
    """How evenly hard conversations fall, of (hard, served) of each of at least eight reps; None for fewer, or where none was hard.

    The interval is the jackknife's, which leaves out one rep at a time (Karagiannis and Kovacevic 2000). By chance alone, with one
    share p for all, two reps differ by sqrt(2 (v + w) / pi) on average, v and w being p (1 - p) / n of each (normal approximation).
    """
    n, hard, served = len(counts), sum(h for h, _ in counts), sum(s for _, s in counts)
    if n < SMALLEST or not hard:
        return None
    shares, p = np.array([h / s for h, s in counts]), hard / served
    whole = gini(shares)
    without = np.array([gini(np.delete(shares, at)) for at in range(n)])
    half = Z95 * sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))
    spread = [p * (1 - p) / s for _, s in counts]
    apart = sum(sqrt(2 * (v + w) / pi) for v, w in combinations(spread, 2))
    return Evenness(Estimate(whole, max(0.0, whole - half), min(1.0, whole + half), n), apart / n**2 / p)
