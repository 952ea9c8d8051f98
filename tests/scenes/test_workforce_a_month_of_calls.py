"""Scene: four weeks of calls are imported; the planner sees what to expect on Monday and how many people it needs."""

from collections.abc import AsyncIterator, Iterator
from datetime import datetime, timedelta
from pathlib import Path
from random import Random

import pytest

from baton.capabilities.workforce.reading.workload import local, where, workload
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import site

pytestmark = pytest.mark.scene

FIRST = datetime.fromisoformat("2026-02-02T00:00")
HEAD = "contact,customer,channel,queue,offered_at,answered_at,ended_at,abandoned,rep\n"
HANDLE_S = 300


def calls(days: int) -> Iterator[str]:
    """Weekdays from nine to five, six an hour and twice as many on Mondays; one in twenty leaves after a minute, the rest talk for five."""
    chance = Random(4)
    number = 0
    for day in (FIRST + timedelta(days=n) for n in range(days)):
        for hour in range(9, 17) if day.weekday() < 5 else ():
            for _ in range(12 if day.weekday() == 0 else 6):
                at, number = day + timedelta(hours=hour, seconds=chance.randrange(3600)), number + 1
                answered = at + timedelta(seconds=20)
                ended = answered + timedelta(seconds=HANDLE_S)
                left = number % 20 == 0
                seen = (
                    f"{at:%F %T},,{at + timedelta(seconds=60):%F %T},1,"
                    if left
                    else f"{at:%F %T},{answered:%F %T},{ended:%F %T},,kim"
                )
                yield f"{number},c{number},voice,refunds,{seen}\n"


@pytest.fixture
async def here(tmp_path: Path) -> AsyncIterator[Room]:
    async with room(tmp_path) as made:
        await made.imported("contacts", HEAD + "".join(calls(28)), "calls.contacts.csv")
        made.clock.forward((FIRST + timedelta(days=28)).timestamp() - made.clock.now_ms() / 1000)
        yield made


async def test_monday_has_twice_the_calls_and_the_people_for_them_and_an_empty_queue_says_what_it_needs(
    here: Room,
) -> None:
    async with site(here) as asked:
        plan = await asked.told("/api/planning/forecast?queue=refunds&days=7", "planner")
        days = {day["day"]: day for day in plan["days"]}
        monday, tuesday = days["2026-03-02"], days["2026-03-03"]
        assert 70 < monday["low"] < monday["expected"] < monday["high"] < 125
        assert monday["expected"] == pytest.approx(2 * tuesday["expected"], rel=0.2)
        assert "2026-03-07" not in days, "nothing ever came on a Saturday"
        ten = next(slot for slot in monday["slots"] if slot["at"] == "10:00")
        # Six in half an hour of five minutes each is a load of one: two reps keep 80 % in 20 s at most barely, three or four do.
        assert ten["expected"] == pytest.approx(6, abs=2)
        assert ten["reps"] in {3, 4}
        assert ten["people"] == -(-ten["reps"] * 10 // 7)
        assert plan["handle_s"] == pytest.approx(HANDLE_S, abs=1)
        # 19 of 20 were answered after 20 s, one left after 60 s: 440 s of waiting for each who left.
        assert plan["patience_s"] == pytest.approx(440, rel=0.02)

        page = await asked.get("/planning?queue=refunds", "planner")
        assert page.status_code == 200
        assert "Mon 2 Mar" in page.text
        found = await workload(here.store, 0, here.clock.now_ms())
        assert sum(row.contacts for row in found) == sum(row.contacts for row in where(found, "refunds", kept=False))
        assert sum(row.contacts for row in found) == len(list(calls(28)))
        file = await asked.get("/planning/forecast.csv?queue=refunds", "planner")
        assert file.text.splitlines()[0] == "day,at,expected,low,high,reps,people"

        answer = await asked.get("/api/planning/forecast?queue=nobody", "planner")
        assert (answer.status_code, answer.json()["code"]) == (409, "short_history")
        assert "Too little history" in (await asked.get("/planning?queue=nobody", "planner")).text
        assert (await asked.get("/planning", "rep")).status_code == 403


def test_the_hour_that_clocks_repeat_is_counted_into_one() -> None:
    # In Lisbon clocks go back at 2:00 on 25 October 2026: 00:30 and 01:30 UTC both read half past one.
    before, after = (int(datetime.fromisoformat(f"2026-10-25T0{h}:30+00:00").timestamp() * 1000) for h in (0, 1))
    assert local(before, "Europe/Lisbon") == local(after, "Europe/Lisbon") == datetime.fromisoformat("2026-10-25T01:30")
