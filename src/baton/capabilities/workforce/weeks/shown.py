"""Shown: what the page of a week is given: people by day, cover by half hour, and how the week was made."""

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final
from zoneinfo import ZoneInfo

import msgspec
from sqlalchemy import select

from baton.capabilities.ai_use.tables import PEOPLE
from baton.capabilities.workforce.events import ShiftPlanned
from baton.capabilities.workforce.scheduling.people import HALF_HOUR_MIN, WEEK_DAYS
from baton.capabilities.workforce.screen.shown import clock, day_words
from baton.capabilities.workforce.screen.tabs import tabs
from baton.capabilities.workforce.weeks.standing import Week, days_of, week
from baton.capabilities.workforce.weeks.who import serves_of, today
from baton.web.app import App
from baton.web.staff import Staff

Context = dict[str, Any]
STEPS: Final = {
    "": "Waiting for its turn",
    "expecting": "1 of 3: what is to be expected",
    "counting": "2 of 3: how many begin when",
    "naming": "3 of 3: who begins when",
}


class Cell(msgspec.Struct, frozen=True):
    """A shift as people read it: from, to, and the meal."""

    start: str
    end: str
    meal: str


class Line(msgspec.Struct, frozen=True):
    """A rep's week: seven cells, None where there is no shift; paid hours, and whether a rest is too short."""

    rep: str
    name: str
    cells: tuple[Cell | None, ...]
    hours: float
    short: bool


class Team(msgspec.Struct, frozen=True):
    """A team's lines."""

    name: str
    lines: tuple[Line, ...]


async def page(app: App, staff: Staff, monday: date, day: int) -> Context:
    """Everything the page of a week shows; `day` is the one whose half hours are listed."""
    found = await week(app.store, monday, app.organisation.zone, await serves_of(app))
    names = {each.id: each.name for each in app.accounts.everyone()}
    days = [monday + timedelta(days=n) for n in range(WEEK_DAYS)]
    return {
        "tabs": tabs("/planning/week"), "week": found, "days": days, "heads": [day_words(d) for d in days], "day_words": day_words, "at": day, "step_words": STEPS,
        "teams": teams(found, names, await teams_of(app), app.organisation.zone), "slots": [c for c in found.cover if c.day == day],
        "by_day": by_day(found), "clock": clock, "half_hour": HALF_HOUR_MIN, "may_make": app.may(staff, "change", "planning") and days[-1] >= today(app),
        "before": monday - timedelta(days=7), "after": monday + timedelta(days=7),
        "may_export": app.may(staff, "export", "planning"), "invented": app.organisation.invented, "names": names, "zone": app.organisation.zone,
    }  # fmt: skip


def teams(found: Week, names: Mapping[str, str], team_of: Mapping[str, str], zone: str) -> list[Team]:
    """Whoever works in the week, team by team, by name."""
    short = {shift.rep for pair in found.short_rests for shift in pair}
    lines: dict[str, list[Line]] = {}
    for rep in sorted({s.rep for s in found.kept}, key=lambda rep: names.get(rep, rep)):
        lines.setdefault(team_of.get(rep, ""), []).append(_line(rep, names.get(rep, rep), found, rep in short, zone))
    return [Team(team, tuple(found_lines)) for team, found_lines in sorted(lines.items())]


def by_day(found: Week) -> list[tuple[int, int, int, int]]:
    """Of each day: people, needed, at work and missing, the last three in rep half hours."""
    told = []
    for day in range(WEEK_DAYS):
        here = [each for each in found.cover if each.day == day]
        people = len({s.rep for s in found.shifts if s.day == day})
        told.append((people, sum(c.needed for c in here), sum(c.at_work for c in here), sum(c.missing for c in here)))
    return told


async def teams_of(app: App) -> dict[str, str]:
    """Each rep's team, as HR told."""
    rows = await app.store.rows(select(PEOPLE.c.rep, PEOPLE.c.team))
    return {str(row["rep"]): str(row["team"] or "") for row in rows}


def rows_of(found: Week, names: Mapping[str, str], zone: str) -> tuple[list[dict[str, object]], list[str]]:
    """The shifts as rows to keep."""
    rows: list[dict[str, object]] = [
        {"day": s.day, "rep": s.rep, "name": names.get(s.rep, s.rep), **msgspec.structs.asdict(cell_of(s, zone))} for s in found.kept
    ]  # fmt: skip
    return rows, ["day", "rep", "name", "start", "end", "meal"]


def cell_of(shift: ShiftPlanned, zone: str) -> Cell:
    """A shift by the clock on the wall."""
    return Cell(*(_wall(at, zone) if at else "" for at in (shift.start_ms, shift.end_ms, shift.meal_ms)))


def paid_h(shifts: Sequence[ShiftPlanned]) -> float:
    """Paid hours: without meals."""
    return sum(s.end_ms - s.start_ms - (1_800_000 if s.meal_ms else 0) for s in shifts) / 3_600_000


def next_monday(app: App) -> date:
    """The Monday to come."""
    now = today(app)
    return now + timedelta(days=7 - now.weekday())


def _line(rep: str, name: str, found: Week, short: bool, zone: str) -> Line:
    own = {s.day: s for s in found.of(rep)}
    cells = tuple(cell_of(own[day], zone) if day in own else None for day in days_of(found.monday))
    return Line(rep, name, cells, paid_h(list(own.values())), short)


def _wall(at: int, zone: str) -> str:
    return f"{datetime.fromtimestamp(at / 1000, UTC).astimezone(ZoneInfo(zone)):%H:%M}"
