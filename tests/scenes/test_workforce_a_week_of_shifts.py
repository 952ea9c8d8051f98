"""Scene: a planner asks for a week; it is made beside everything else, stands in the log, and shows who works when and what is missing."""

from collections.abc import AsyncIterator, Iterator
from datetime import date, timedelta
from pathlib import Path

import pytest

from baton.capabilities.workforce.events import Contract, LeaveAnswered, LeaveAsked
from baton.capabilities.workforce.weeks.making import Making
from baton.capabilities.workforce.weeks.standing import Week, week
from baton.capabilities.workforce.weeks.who import serves_of
from baton.web.staff import Staff
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import Site, site
from tests.scenes.test_workforce_a_month_of_calls import FIRST, HEAD

pytestmark = pytest.mark.scene

MONDAY = date(2026, 3, 9)
FORM = "application/x-www-form-urlencoded"
REPS = ("ana", "bo", "cy", "dee", "eva", "fay", "gus")


def few(days: int) -> Iterator[str]:
    """Two calls in each hour of a weekday, and four on Mondays: a load for about two reps."""
    for day in (FIRST + timedelta(days=n) for n in range(days)):
        for hour in range(9, 17) if day.weekday() < 5 else ():
            for n in range(4 if day.weekday() == 0 else 2):
                at = day + timedelta(hours=hour, minutes=10 * n)
                answered, ended = at + timedelta(seconds=20), at + timedelta(seconds=620)
                yield f"{at:%d%H%M},c{at:%d%H%M},voice,refunds,{at:%F %T},{answered:%F %T},{ended:%F %T},,kim\n"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path) as made:
        await made.imported("contacts", HEAD + "".join(few(28)), "calls.contacts.csv")
        made.clock.forward((FIRST + timedelta(days=28)).timestamp() - made.clock.now_ms() / 1000)
        yield made


@pytest.fixture
async def asked(here: Room) -> AsyncIterator[Site]:
    async with site(here) as made:
        for rep in REPS:
            made.app.accounts.add(Staff(rep, f"{rep}@halcyon.example", rep.title(), "rep", ("refunds",)), "")
            told = Contract(rep, 1200 if rep == "gus" else 2400, 5, (5, 6), 480, 1080)
            await here.committer.append(f"rep/{rep}", told, by="import/hr")
        yield made


async def standing(asked: Site) -> Week:
    return await week(asked.app.store, MONDAY, "UTC", await serves_of(asked.app))


async def test_a_week_is_asked_for_made_and_shown_and_leave_is_kept_free(here: Room, asked: Site) -> None:
    leave = LeaveAsked("l1", "ana", "2026-03-12", "2026-03-13")
    await here.committer.append("rep/ana", leave, LeaveAnswered("l1", "approved", "planner"), by="rep/ana")
    empty = await asked.get(f"/planning/week?week={MONDAY}", "planner")
    assert "Nobody is planned for this week" in empty.text

    answer = await asked.post("/planning/week", f"week={MONDAY}".encode(), FORM, "planner")
    assert answer.status_code == 303
    assert "Waiting for its turn" in (await asked.get(f"/planning/week?week={MONDAY}", "planner")).text
    assert (await asked.post("/planning/week", f"week={MONDAY}".encode(), FORM, "planner")).status_code == 409

    await Making(asked.app).make(MONDAY)
    made = await standing(asked)
    assert made.state == "made"
    assert {s.rep for s in made.kept} == set(REPS), "kim has no skill, so nobody plans with her"
    assert [s.day for s in made.of("ana")] == ["2026-03-09", "2026-03-10", "2026-03-11"]
    for shift in made.kept:
        assert shift.start_ms % 86_400_000 >= 8 * 3_600_000
        # Eight hours and half an hour for a meal; four hours without one.
        paid_min = (shift.end_ms - shift.start_ms) / 60_000 - (30 if shift.meal_ms else 0)
        assert paid_min == (240 if shift.rep == "gus" else 480)
    monday = [each for each in made.cover if each.day == 0]
    assert sum(each.needed for each in monday) > sum(each.needed for each in made.cover if each.day == 1)
    assert all(each.missing == max(0, each.needed - each.at_work) for each in made.cover), (
        "one queue: whoever is there can fill it"
    )
    assert made.missing == int(str(made.told["missing"] if made.told else -1))

    page = (await asked.get(f"/planning/week?week={MONDAY}", "planner")).text
    assert "Shifts of those without a team" in page
    assert "Make it again" in page
    assert "Make it again" not in (await asked.get(f"/planning/week?week={MONDAY}", "analyst")).text
    file = await asked.get(f"/planning/week.csv?week={MONDAY}", "planner")
    assert len(file.text.splitlines()) == 1 + len(made.kept)
    for path in ("/planning/week", "/planning/week/progress", "/planning/week.csv"):
        assert (await asked.get(path, "rep")).status_code == 403
    assert (await asked.post("/planning/week", f"week={MONDAY}".encode(), FORM, "analyst")).status_code == 403

    leave = LeaveAsked("l2", "bo", "2026-03-09", "2026-03-15")
    await here.committer.append("rep/bo", leave, LeaveAnswered("l2", "approved", "planner"), by="rep/bo")
    await here.settled(here.committer.append("rep/bo", LeaveAnswered("l2", "refused", "planner"), by="rep/bo"))
    assert not (await standing(asked)).of("bo"), "approved leave takes shifts away at once; the first answer counts"
    await Making(asked.app).make(MONDAY)
    after = await standing(asked)
    assert not after.of("bo")
    assert len(after.kept) == len(made.kept) - 5


async def test_what_cannot_be_planned_says_why(tmp_path: Path) -> None:
    async with room(tmp_path) as made, site(made) as asked:
        await made.append("rep/x", LeaveAsked("l1", "x", "2026-03-12", "2026-03-13"))
        await refused(asked)


async def refused(asked: Site) -> None:
    past = await asked.post("/planning/week", b"week=2026-02-02", FORM, "planner")
    assert (past.status_code, past.json()["code"]) == (422, "past_week")
    asked.app.accounts.add(Staff("ana", "ana@halcyon.example", "Ana", "rep", ("bags",)), "")
    await Making(asked.app).make(MONDAY)
    assert (await standing(asked)).state == "failed"
    assert "Nothing is expected in this week" in (await asked.get(f"/planning/week?week={MONDAY}", "planner")).text


async def test_a_contract_is_told_read_and_refused_where_it_cannot_be_kept(tmp_path: Path) -> None:
    async with room(tmp_path) as made, site(made) as asked:
        told = {"rep": "kim", "week_min": 1920, "days_on": 4, "off": [6, 5], "earliest_min": 480, "latest_min": 1080}

        async def put(role: str, **changed: object) -> tuple[int, str]:
            headers = {"authorization": f"Bearer {asked.tokens[role]}"}
            answer = await asked.client.put("/api/planning/contracts", json=told | changed, headers=headers)
            return answer.status_code, str(answer.json().get("code", ""))

        assert await put("planner") == (202, "")
        kept = (await asked.told("/api/planning/contracts", "planner"))["contracts"]
        assert kept == [told | {"off": [5, 6]}]
        assert await put("rep") == (403, "not_allowed")
        assert await put("planner", rep="nobody") == (404, "no_rep")
        assert await put("planner", week_min=1900) == (422, "bad_contract")
        assert await put("planner", latest_min=600) == (422, "bad_hours")
        assert await put("planner", off=[7]) == (422, "invalid")
