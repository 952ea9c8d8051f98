"""Who: the reps a week is made for, by contract, skills and leave."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import select

from baton.capabilities.ai_use.tables import PEOPLE
from baton.capabilities.workforce.events import Planning
from baton.capabilities.workforce.scheduling.people import Person
from baton.capabilities.workforce.tables import CONTRACTS, LEAVES
from baton.web.app import App

Row = Mapping[str, object]


async def people_of(app: App, monday: date) -> list[Person]:
    """Everybody who may work in the week of this Monday: reps who serve a queue and are neither gone nor on leave for all of it."""
    sunday = (monday + timedelta(days=6)).isoformat()
    contracts = {str(row["rep"]): row for row in await app.store.rows(select(*CONTRACTS.c))}
    leaves = select(*LEAVES.c).where(
        LEAVES.c.state == "approved", LEAVES.c.last >= monday.isoformat(), LEAVES.c.first <= sunday
    )
    away = days_off(monday, await app.store.rows(leaves))
    gone = await _gone(app, monday)
    rules = app.policy(Planning)
    reps = [each for each in app.accounts.everyone() if each.role == "rep" and each.skills and each.id not in gone]
    people = [
        _person(each.id, each.skills, contracts.get(each.id), away.get(each.id, frozenset()), rules) for each in reps
    ]
    return [person for person in people if person.days_at_work]


async def serves_of(app: App) -> dict[str, frozenset[str]]:
    """The queues of every rep."""
    return {each.id: queues_of(each.skills) for each in app.accounts.everyone() if each.role == "rep"}


def today(app: App) -> date:
    """Today by the organisation's clock."""
    return datetime.fromtimestamp(app.clock.now_ms() / 1000, UTC).astimezone(ZoneInfo(app.organisation.zone)).date()


def queues_of(skills: Iterable[str]) -> frozenset[str]:
    """Queues by skills, which may carry a level."""
    return frozenset(skill.partition(":")[0] for skill in skills)


def days_off(monday: date, leaves: Sequence[Row]) -> dict[str, frozenset[int]]:
    """Weekdays of a week on which each rep is on leave."""
    days = [(monday + timedelta(days=n)).isoformat() for n in range(7)]
    found: dict[str, set[int]] = {}
    for row in leaves:
        at = {n for n, day in enumerate(days) if str(row["first"]) <= day <= str(row["last"])}
        found.setdefault(str(row["rep"]), set()).update(at)
    return {rep: frozenset(at) for rep, at in found.items()}


async def _gone(app: App, monday: date) -> set[str]:
    ms = int(datetime.combine(monday, time(), UTC).timestamp() * 1000)
    rows = await app.store.rows(select(PEOPLE.c.rep).where(PEOPLE.c.left_ms > 0, PEOPLE.c.left_ms < ms))
    return {str(row["rep"]) for row in rows}


def _person(rep: str, skills: Iterable[str], row: Row | None, away: frozenset[int], rules: Planning) -> Person:
    if row is None:
        return Person(rep, queues_of(skills), rules.week_min, rules.days_on, away, rules.earliest_min, rules.latest_min)
    off = frozenset(int(day) for day in str(row["off"] or "").split(",") if day)
    told = {name: int(str(row[name])) for name in ("week_min", "days_on", "earliest_min", "latest_min")}
    return Person(rep, queues_of(skills), off=off | away, **told)
