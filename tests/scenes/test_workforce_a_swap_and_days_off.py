"""Scene: Kim sees her week, gives a shift to Bo and takes one of his, asks for days off; a supervisor sees what each costs and decides."""

from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from urllib.parse import urlencode

import pytest

from baton.capabilities.routing.events import RepReady
from baton.capabilities.workforce.events import QueueNeed, ShiftPlanned, WeekPlanned, schedule_stream
from baton.capabilities.workforce.own.calendar import fingerprint
from baton.capabilities.workforce.scheduling.clocks import at_ms, planned
from baton.capabilities.workforce.scheduling.people import Shift
from baton.capabilities.workforce.tables import FEEDS, LEAVES, METADATA, PRESENCE, SWAPS
from baton.capabilities.workforce.weeks.standing import shifts_between
from baton.kernel.rebuild import rebuild
from baton.web.staff import Staff
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import Site, site

pytestmark = pytest.mark.scene

MONDAY = date(2026, 3, 9)
DAYS = [f"2026-03-{9 + n:02}" for n in range(7)]
FORM = "application/x-www-form-urlencoded"
MORNING, LATE = (540, 1050, 780), (840, 1350, 1080)


@dataclass
class Floor:
    """The room, its site, and who asks by name."""

    room: Room
    site: Site

    async def send(self, path: str, who: str, **told: str) -> int:
        """Send a form; the status."""
        return (await self.site.post(path, urlencode(told).encode(), FORM, who)).status_code

    async def refusal(self, path: str, who: str, **told: str) -> str:
        """Send what is refused; its code."""
        return str((await self.site.post(path, urlencode(told).encode(), FORM, who)).json()["code"])

    async def works(self, rep: str) -> dict[str, int]:
        """A rep's days and the hour each shift begins."""
        return {
            s.day: s.start_ms // 3_600_000 % 24 for s in await shifts_between(self.room.store, DAYS[0], DAYS[6], rep)
        }


@pytest.fixture
async def floor(tmp_path: Path) -> AsyncIterator[Floor]:
    async with room(tmp_path) as made:
        made.clock.forward(at_ms(MONDAY, 0, "UTC") / 1000 - made.clock.now_ms() / 1000)
        async with site(made) as asked:
            for rep in ("kim", "bo", "cy"):
                skills = ("bags",) if rep == "cy" else ("refunds",)
                asked.app.accounts.add(Staff(rep, f"{rep}@halcyon.example", rep.title(), "rep", skills), "")
                asked.tokens[rep] = asked.app.accounts.make_token(rep, "test")
            await made.append(schedule_stream(DAYS[0]), *week(), by="system")
            yield Floor(made, asked)


def week() -> list[ShiftPlanned | WeekPlanned]:
    """Kim works Monday to Wednesday in the morning, Bo late on Wednesday to Friday; one is needed from nine to five on weekdays."""
    shifts = [planned(Shift("kim", day, *MORNING), MONDAY, "UTC") for day in (0, 1, 2)]
    shifts += [planned(Shift("bo", day, *LATE), MONDAY, "UTC") for day in (2, 3, 4)]
    needed = tuple(int(18 <= slot < 34) for slot in range(48))
    needs = tuple(QueueNeed("refunds", day, needed) for day in DAYS[:5])
    return [*shifts, WeekPlanned(DAYS[0], 2, needs, 0, 5)]


async def everything(here: Room) -> dict[str, list[str]]:
    return {table.name: sorted(map(str, await here.rows(table))) for table in METADATA.sorted_tables}


async def swap_of(floor: Floor) -> str:
    return str((await floor.room.rows(SWAPS))[-1]["swap"])


async def test_a_swap_is_asked_accepted_and_approved_with_its_cost_in_sight(floor: Floor) -> None:
    page = (await floor.site.get("/schedule", "kim")).text
    assert "09:00 to 17:30" in page
    assert "Bo for theirs of Thu 12 Mar" in page
    assert "Cy" not in page, "who serves none of her queues is not offered"
    assert await floor.refusal("/schedule/swaps", "kim", day=DAYS[1], to="cy|") == "refused_skills"
    # Bo is late until 22:30 on Wednesday, and has Friday from 14:00: Kim's Tuesday for his Wednesday is fine for him; she would work twice on Wednesday.
    assert await floor.refusal("/schedule/swaps", "kim", day=DAYS[1], to=f"bo|{DAYS[2]}") == "refused_no_shift"
    assert await floor.send("/schedule/swaps", "kim", day=DAYS[1], to=f"bo|{DAYS[3]}") == 303
    swap = await swap_of(floor)
    assert await floor.send(f"/schedule/swaps/{swap}", "kim", say="accepted") == 404, "only the colleague accepts"
    assert await floor.refusal(f"/planning/asked/swap/{swap}", "supervisor", say="approved") == "answered_already"
    assert await floor.send(f"/schedule/swaps/{swap}", "bo", say="accepted") == 303

    asked = (await floor.site.get("/planning/asked", "supervisor")).text
    assert "Kim gives Tue 10 Mar to Bo for Thu 12 Mar" in asked
    # Same hours, other names: nothing more is missing.
    assert "Would leave nothing more missing." in asked
    assert "Approve" not in (await floor.site.get("/planning/asked", "analyst")).text
    assert await floor.send(f"/planning/asked/swap/{swap}", "analyst", say="approved") == 403
    assert await floor.send(f"/planning/asked/swap/{swap}", "supervisor", say="approved") == 303
    assert await floor.works("kim") == {DAYS[0]: 9, DAYS[2]: 9, DAYS[3]: 14}
    assert await floor.works("bo") == {DAYS[1]: 9, DAYS[2]: 14, DAYS[4]: 14}
    await floor.site.post("/schedule/feed", b"", FORM, "kim")
    await floor.send("/schedule/leave", "bo", first=DAYS[6])
    live = await everything(floor.room)
    assert live["workforce_swaps"]
    await rebuild(floor.room.store, floor.room.committer.codec, floor.room.committer.crafts, METADATA.sorted_tables)
    assert await everything(floor.room) == live
    assert "today 09:00 to 17:30, meal 13:00" in (await floor.site.get("/desk", "kim")).text


async def test_a_swap_that_leaves_too_little_rest_is_refused_and_a_refusal_has_a_reason(floor: Floor) -> None:
    # Kim's Wednesday from nine to Bo, who is late on Wednesday himself; his Thursday for hers of Wednesday: he would have nothing on Thursday.
    assert await floor.send("/schedule/swaps", "kim", day=DAYS[0], to="bo|") == 303
    swap = await swap_of(floor)
    assert await floor.send(f"/schedule/swaps/{swap}", "bo", say="accepted") == 303
    assert await floor.refusal(f"/planning/asked/swap/{swap}", "supervisor", say="refused", why="mood") == "no_reason"
    assert await floor.send(f"/planning/asked/swap/{swap}", "supervisor", say="refused", why="cover") == 303
    assert "refused: too few would be there" in (await floor.site.get("/schedule", "kim")).text
    assert await floor.works("kim") == dict.fromkeys(DAYS[:3], 9)
    late = planned(Shift("bo", 1, *LATE), MONDAY, "UTC")
    await floor.room.append(schedule_stream(DAYS[0]), late)
    assert await floor.refusal("/schedule/swaps", "bo", day=DAYS[3], to=f"kim|{DAYS[2]}") == "refused_no_shift"
    assert await floor.refusal("/schedule/swaps", "bo", day=DAYS[1], to=f"kim|{DAYS[1]}") == "refused_rest"


async def test_days_off_cost_what_they_leave_missing(floor: Floor) -> None:
    assert await floor.refusal("/schedule/leave", "kim", first="2026-03-08", last="2026-03-09") == "refused_over"
    assert await floor.refusal("/schedule/leave", "kim", first="soon") == "no_day"
    assert await floor.send("/schedule/leave", "kim", first=DAYS[1], last=DAYS[2]) == 303
    leave = str((await floor.room.rows(LEAVES))[0]["leave"])
    asked = (await floor.site.get("/planning/asked", "planner")).text
    # Tuesday: from nine to five without her meal, 15 half hours. Wednesday: Bo comes at two, so ten half hours until then less the meal; 9 + 15.
    assert "Kim: Tue 10 Mar to Wed 11 Mar" in asked
    assert "Would leave 12.0 rep hours more missing." in asked
    assert await floor.send(f"/planning/asked/leave/{leave}", "planner", say="approved") == 303
    await floor.room.committer.settle()
    assert await floor.works("kim") == {DAYS[0]: 9}
    assert await floor.refusal(f"/planning/asked/leave/{leave}", "planner", say="approved") == "answered_already"
    assert await floor.send(f"/schedule/leave/{leave}/withdraw", "bo") == 404


async def test_a_calendar_address_is_secret_and_can_be_taken_back(floor: Floor) -> None:
    page = (await floor.site.post("/schedule/feed", b"", FORM, "kim")).text
    address = page.partition('id="feed-address">')[2].partition("<")[0]
    secret = address.rpartition("/")[2].removesuffix(".ics")
    assert (await floor.room.rows(FEEDS))[0]["fingerprint"] == fingerprint(secret)
    told = await floor.site.client.get(address)
    assert told.headers["content-type"] == "text/calendar; charset=utf-8"
    assert told.text.count("BEGIN:VEVENT") == 3
    assert (await floor.site.client.get(address.replace(secret, secret[:-1] + "x"))).status_code == 404
    await floor.site.post("/schedule/feed", b"take_back=yes", FORM, "kim")
    assert (await floor.site.client.get(address)).status_code == 404


async def test_presence_is_kept_and_a_rep_sees_their_own_adherence(floor: Floor) -> None:
    for minute, what, why in (
        (0, "available", ""),
        (90, "break", "breather"),
        (100, "available", ""),
        (500, "offline", ""),
    ):
        floor.room.clock.forward(at_ms(MONDAY, 540 + minute, "UTC") / 1000 - floor.room.clock.now_ms() / 1000)
        await floor.room.append("assignment/main", RepReady("kim", what, reason=why))  # type: ignore[arg-type]
    floor.room.clock.forward(3600 * 9)
    assert [row["presence"] for row in await floor.room.rows(PRESENCE)] == [
        "available",
        "break",
        "available",
        "offline",
    ]
    page = (await floor.site.get("/schedule", "kim")).text
    # 510 minutes less 10 of breather count; at work 480 - 10 - 10 early, and the meal at 13:00 was worked through.
    assert "92.0" in page
