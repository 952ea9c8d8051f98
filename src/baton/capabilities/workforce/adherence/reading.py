"""Reading: adherence of reps over a period, from their shifts and presence."""

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Final

from sqlalchemy import select

from baton.capabilities.workforce.adherence.measuring import Kept, kept, spells
from baton.capabilities.workforce.adherence.shrinkage import Shrinkage, shares, shrinkage
from baton.capabilities.workforce.events import Planning, ShiftPlanned
from baton.capabilities.workforce.tables import PRESENCE
from baton.capabilities.workforce.weeks.standing import shifts_between
from baton.web.app import App

SMALLEST: Final = 8
"""Of smaller teams nothing is shown: one person's adherence could be told from it."""
DAY_MS: Final = 86_400_000
LOOKED_BACK_DAYS: Final = 90


async def adherence(app: App, first: date, last: date, rep: str = "") -> dict[str, Kept]:
    """Of every rep with a shift from the first day to the last; of one, where one is named."""
    now_ms, break_ms = app.clock.now_ms(), app.policy(Planning).break_min * 60_000
    shifts: dict[str, list[ShiftPlanned]] = {}
    for shift in await shifts_between(app.store, first.isoformat(), last.isoformat(), rep):
        shifts.setdefault(shift.rep, []).append(shift)
    there = await _present(app, _ms(first) - 2 * DAY_MS, _ms(last) + 2 * DAY_MS, rep)
    return {who: kept(own, spells(there.get(who, []), now_ms), break_ms, now_ms) for who, own in shifts.items()}


async def planned_away(app: App, until: date) -> Shrinkage:
    """What to plan to be away, from the days before one."""
    first = until - timedelta(days=LOOKED_BACK_DAYS)
    shifts = await shifts_between(app.store, first.isoformat(), (until - timedelta(days=1)).isoformat())
    there = await _present(app, _ms(first) - DAY_MS, _ms(until) + DAY_MS, "")
    seen = {rep: spells(rows, app.clock.now_ms()) for rep, rows in there.items()}
    return shrinkage(shares(shifts, seen), app.policy(Planning).away_permille / 1000)


def by_team(
    told: Mapping[str, Kept], team_of: Mapping[str, str], smallest: int = SMALLEST
) -> list[tuple[str, int, Kept | None]]:
    """Teams with how many reps and their sum; None where a team is too small to be shown."""
    teams: dict[str, list[Kept]] = {}
    for rep, each in told.items():
        teams.setdefault(team_of.get(rep, ""), []).append(each)
    return [
        (team, len(all_of), _sum(all_of) if len(all_of) >= smallest else None) for team, all_of in sorted(teams.items())
    ]


def _sum(told: Iterable[Kept]) -> Kept:
    return sum(told, Kept())


async def _present(app: App, since_ms: int, until_ms: int, rep: str) -> dict[str, list[tuple[int, str, str]]]:
    query = select(*PRESENCE.c).where(PRESENCE.c.since_ms >= since_ms, PRESENCE.c.since_ms < until_ms)
    found = await app.store.survey((query.where(PRESENCE.c.rep == rep) if rep else query).order_by(PRESENCE.c.since_ms))
    found_of: dict[str, list[tuple[int, str, str]]] = {}
    for row in found:
        told = int(str(row["since_ms"])), str(row["presence"]), str(row["reason"] or "")
        found_of.setdefault(str(row["rep"]), []).append(told)
    return found_of


def _ms(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, tzinfo=UTC).timestamp() * 1000)
