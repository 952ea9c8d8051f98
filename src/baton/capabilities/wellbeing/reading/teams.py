"""Teams: how many breathers a team needs and what they cost, how evenly the hard share falls. Teams of fewer than eight are not told."""

from collections import defaultdict
from dataclasses import dataclass
from math import sqrt

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
SHARE_DAYS = 7
FEWEST_SERVED = 20
"""Whoever served fewer conversations says little about how the hard ones fall."""
Z95 = 1.96


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
    hard: Estimate | None
    served_by: int


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
    hard, served_by = await _hard(app, reps, now_ms - SHARE_DAYS * DAY_MS)
    return Team(
        name, len(reps), len(waits), await cost(app, skills, rules.break_s, len(waits)), sum(int(str(row["rest_s"])) for row in used),
        60 * rules.budget_min, sum(row["state"] == "taken" for row in today), hard, served_by,
    )  # fmt: skip


async def _hard(app: App, reps: set[str], since_ms: int) -> tuple[Estimate | None, int]:
    c = CONVERSATIONS.c
    asked = select(c.rep, c.complexity).where(c.rep.in_(sorted(reps)), c.ended_ms >= since_ms)
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0])
    for row in await app.store.rows(asked):
        of = counts[str(row["rep"])]
        of[0] += 1
        of[1] += row["complexity"] == "high"
    shares = [hard / served for served, hard in counts.values() if served >= FEWEST_SERVED]
    return evenness(shares), len(shares)


def evenness(shares: list[float]) -> Estimate | None:
    """The Gini coefficient of the hard shares of at least eight reps (0: all alike), with a 95 % interval by the jackknife.

    The jackknife leaves out one rep at a time (Karagiannis and Kovacevic 2000 for the Gini coefficient). None for fewer reps.
    """
    n = len(shares)
    if n < SMALLEST:
        return None
    values = np.array(shares)
    whole = gini(values)
    without = np.array([gini(np.delete(values, at)) for at in range(n)])
    half = Z95 * sqrt((n - 1) / n * float(((without - without.mean()) ** 2).sum()))
    return Estimate(whole, max(0.0, whole - half), min(1.0, whole + half), n)
