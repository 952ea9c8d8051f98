"""Shown: the plan of eighteen months, read from history, HR and policy."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any, Final

import numpy as np
from sqlalchemy import select

from baton.capabilities.ai_use.tables import PEOPLE
from baton.capabilities.workforce.events import Planning
from baton.capabilities.workforce.months.needing import Need, Today, needs
from baton.capabilities.workforce.months.people import MONTHS, Month, Team, attrition, months, shared
from baton.capabilities.workforce.months.volume import Volume, volume
from baton.capabilities.workforce.reading.plan import plan
from baton.capabilities.workforce.reading.workload import Offered, local, workload
from baton.capabilities.workforce.screen.shown import DAY_MS, HISTORY_DAYS, MIX_DAYS
from baton.capabilities.workforce.screen.tabs import tabs
from baton.capabilities.workforce.staffing.mixing import levels_of
from baton.capabilities.workforce.staffing.needed import Aim
from baton.capabilities.workforce.staffing.pace import by_level, pace
from baton.capabilities.workforce.weeks.aims import aim_now
from baton.capabilities.workforce.weeks.who import today
from baton.web.app import App

HERE: Final = "/planning/months"
SHARES: Final = (0, 10, 20, 30, 40)
YEAR_MS: Final = 365 * DAY_MS


@dataclass(frozen=True)
class Plan:
    """The plan: months, what all need, each team's months and attrition a year, and what it rests on."""

    labels: tuple[str, ...]
    needs: tuple[Need, ...]
    teams: Mapping[str, list[Month]]
    attrition: Mapping[str, float]
    people: Mapping[str, Team]
    volume: Volume
    today: Today
    horizon: float


async def page(app: App, more: int, team: str) -> dict[str, Any]:
    """Everything the page shows; `more` is how many points more AI keeps at the end."""
    told = await planned(app, more)
    common = {
        "tabs": tabs(HERE),
        "here": HERE,
        "more": more,
        "shares": SHARES,
        "plan": told,
        "invented": app.organisation.invented,
    }
    if told is None:
        return common
    return common | {
        "chosen": team if team in told.teams else "",
        "shown": _of(told, team),
        "rules": app.policy(Planning),
        "away": told.today.aim.away,
    }


async def planned(app: App, more: int) -> Plan | None:
    """The plan; None where the history is too short or HR told of nobody."""
    now_ms, rules = app.clock.now_ms(), app.policy(Planning)
    found = await workload(app.store, now_ms - HISTORY_DAYS * DAY_MS, now_ms)
    people = teams(await app.store.rows(select(*PEOPLE.c)), now_ms, rules)
    aim = await aim_now(app)
    return await asyncio.to_thread(_planned, found, people, app.organisation.zone, today(app), aim, rules, more)


def teams(rows: Sequence[Mapping[str, object]], now_ms: int, rules: Planning) -> list[Team]:
    """Teams by what HR told: people, learners, and leavers and person-years of the last year."""
    found: dict[str, list[tuple[int, int]]] = {}
    for row in rows:
        hired, left = (int(str(row[name] or 0)) for name in ("hired_ms", "left_ms"))
        found.setdefault(str(row["team"] or ""), []).append((hired, left))
    return [_team(name, spans, now_ms, rules) for name, spans in sorted(found.items())]


def rows_of(told: Plan) -> tuple[list[dict[str, object]], list[str]]:
    """The plan as rows to keep: one a month and team."""
    rows: list[dict[str, object]] = []
    for team, all_months in told.teams.items():
        for label, need, m in zip(told.labels, told.needs, all_months, strict=True):
            ends = {
                f"{name}_{end}": round(value, 1)
                for name, three in (("needed", m.needed), ("there", m.there))
                for end, value in zip(("", "low", "high"), three, strict=True)
            }
            rows.append({"month": label, "team": team, "contacts_a_week": round(need.contacts[0]), "ai_share": round(need.ai_share, 3), **ends, "begin": m.hired, "with_hired": round(m.with_hired, 1)})  # fmt: skip
    names = ["needed_", "needed_low", "needed_high", "there_", "there_low", "there_high"]
    return rows, ["month", "team", "contacts_a_week", "ai_share", *names, "begin", "with_hired"]


def _team(name: str, spans: Sequence[tuple[int, int]], now_ms: int, rules: Planning) -> Team:
    here = [hired for hired, left in spans if hired <= now_ms and (not left or left > now_ms)]
    weeks = [(now_ms - hired) / (7 * DAY_MS) for hired in here]
    leavers = sum(now_ms - YEAR_MS <= left <= now_ms for _, left in spans if left)
    ends = [(max(hired, now_ms - YEAR_MS), min(left or now_ms, now_ms)) for hired, left in spans]
    years = sum(max(0, end - start) for start, end in ends) / YEAR_MS
    return Team(name, len(here), tuple(w for w in weeks if w < rules.ramp_weeks), leavers, years)


def _planned(
    found: Sequence[Offered], people: Sequence[Team], zone: str, now: date, aim: Aim, rules: Planning, more: int
) -> Plan | None:  # fmt: skip
    told = plan(found, zone, now, 7, aim)
    staffed = [team for team in people if team.people]
    if told is None or not staffed:
        return None
    recent = [r for r in found if local(r.at_ms, zone).date() >= now - timedelta(days=MIX_DAYS)]
    offered = [r for r in recent if not r.kept]
    kept = float(sum(r.contacts for r in recent if r.kept))
    usual = Today(told.expected.middle, told.step_min, levels_of(offered), by_level(offered), pace(offered), kept, aim)
    horizon = (
        rules.horizon_ai_permille / 1000
        if rules.horizon_ai_permille >= 0 and not more
        else min(1.0, usual.ai_share + more / 100)
    )
    trend = volume(weekly(found, zone, now))
    need = needs(usual, trend, horizon, rules.week_min)
    by_team, leaves = shared([n.people for n in need], staffed), attrition(staffed)
    return Plan(
        _labels(now), tuple(need), {t.name: months(t, leaves[t.name], by_team[t.name], rules) for t in staffed}, leaves,
        {t.name: t for t in staffed}, trend, usual, horizon,
    )  # fmt: skip


def weekly(found: Sequence[Offered], zone: str, now: date) -> np.ndarray[tuple[int, ...], np.dtype[np.float64]]:
    """Contacts of all, AI's included, in each whole week before today, the oldest first."""
    counts: dict[int, float] = {}
    for row in found:
        week = (now - local(row.at_ms, zone).date() - timedelta(days=1)).days // 7
        if week >= 0:
            counts[week] = counts.get(week, 0.0) + row.contacts
    first = max(counts, default=-1)
    return np.array([counts.get(week, 0.0) for week in range(first - 1, -1, -1)] if first > 0 else [], dtype=np.float64)


def _of(told: Plan, team: str) -> list[Month]:
    """A team's months, or all of them together."""
    if team in told.teams:
        return told.teams[team]
    return [_together(all_of) for all_of in zip(*told.teams.values(), strict=True)]


def _together(all_of: Sequence[Month]) -> Month:
    def three(name: str) -> tuple[float, float, float]:
        low, middle, high = (sum(getattr(m, name)[n] for m in all_of) for n in (1, 0, 2))
        return middle, low, high

    return Month(three("needed"), three("there"), sum(m.hired for m in all_of), sum(m.with_hired for m in all_of))


def _labels(now: date) -> tuple[str, ...]:
    months_on = [now.year * 12 + now.month - 1 + n for n in range(1, MONTHS + 1)]
    return tuple(f"{datetime.combine(date(m // 12, m % 12 + 1, 1), time(), UTC):%b %Y}" for m in months_on)
