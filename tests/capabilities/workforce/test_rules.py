"""Rules of swaps, adherence by hand, clocks on days of 23 and 25 hours, and a calendar that shows what the wall shows."""

from datetime import UTC, date, datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from icalendar import Calendar

from baton.capabilities.workforce.adherence.measuring import Kept, Spell, kept, spells
from baton.capabilities.workforce.events import Answer, ShiftPlanned, Swap, SwapAnswered, SwapState, week_of
from baton.capabilities.workforce.own.calendar import calendar, fingerprint
from baton.capabilities.workforce.scheduling.clocks import at_ms, minute_of, planned, shift_of
from baton.capabilities.workforce.scheduling.people import Person, Shift
from baton.capabilities.workforce.scheduling.rules import Around, against_leave, against_swap
from baton.capabilities.workforce.scheduling.swapping import answered, exchanged

pytestmark = pytest.mark.unit

LISBON = "Europe/Lisbon"
MONDAY = date(2026, 3, 9)
MIN_MS = 60_000
CHAT = frozenset({"chat"})


def shift(rep: str, day: int, start: int = 540, end: int = 1050, meal: int = 780) -> ShiftPlanned:
    return planned(Shift(rep, day, start, end, meal), MONDAY, LISBON)


def around(*shifts: ShiftPlanned, **people: Person) -> Around:
    usual = {rep: Person(rep, CHAT, 2400) for rep in ("ana", "bo")}
    return Around(shifts, usual | people, LISBON, at_ms(MONDAY, 0, LISBON))


def test_a_swap_changes_both_shifts_or_none() -> None:
    given, back = shift("ana", 0), shift("bo", 2, 600, 1110)
    swap = Swap("s", "ana", given.day, "bo", back.day)
    after = exchanged(swap, [given, back])
    assert after is not None
    at = {(s.rep, s.day): s for s in after}
    assert at["bo", given.day].start_ms == given.start_ms
    assert at["ana", back.day].start_ms == back.start_ms
    assert at["ana", given.day].over
    assert at["bo", back.day].over
    assert exchanged(swap, [given]) is None, "the other shift is gone"
    assert exchanged(swap, [given, back, shift("bo", 0)]) is None, "nobody works twice on a day"


def test_two_who_work_on_one_day_may_change_hours() -> None:
    early, late = shift("ana", 0, 420, 930), shift("bo", 0, 720, 1230)
    after = exchanged(Swap("s", "ana", early.day, "bo", late.day), [early, late])
    assert after is not None
    assert {s.rep: s.start_ms for s in after} == {"bo": early.start_ms, "ana": late.start_ms}


@pytest.mark.parametrize(
    ("state", "answer", "then"),
    [
        ("asked", "accepted", "accepted"),
        ("asked", "approved", None),
        ("accepted", "approved", "approved"),
        ("accepted", "declined", None),
        ("accepted", "withdrawn", "withdrawn"),
        ("approved", "refused", None),
    ],
)
def test_a_swap_takes_the_answers_that_fit(state: SwapState, answer: Answer, then: str | None) -> None:
    asked = Swap("s", "ana", "2026-03-09", "bo", state=state)
    told = answered(asked, SwapAnswered("s", answer, "x"))
    assert (told.state if told else None) == then


def test_rules_name_what_stands_against_a_swap() -> None:
    given = shift("ana", 1)
    swap = Swap("s", "ana", given.day, "bo")
    assert against_swap(swap, around(given)) == []
    assert against_swap(swap, around()) == ["no_shift"]
    assert against_swap(swap, around(given, bo=Person("bo", frozenset({"bags"}), 2400))) == ["skills"]
    # Until 23:00 on Monday, from 9:00 on Tuesday: ten hours.
    assert against_swap(swap, around(given, shift("bo", 0, 870, 1380, 1110))) == ["rest"]
    assert against_swap(swap, around(given, bo=Person("bo", CHAT, 2400, off=frozenset({1})))) == ["hours"]
    # Five days of eight hours and one more are 48; with a seventh they are 56.
    six = [shift("bo", day) for day in (0, 2, 3, 4, 5, 6)]
    assert against_swap(swap, around(given, *six[:5])) == []
    assert against_swap(swap, around(given, *six)) == ["week"]
    assert against_swap(Swap("s", "ana", given.day, "bo", "2026-03-17"), around(given)) == ["other_week"]
    late = around(given)
    assert against_swap(swap, Around(late.shifts, late.people, LISBON, given.start_ms)) == ["over"]
    assert against_leave("2026-03-09", "2026-03-08", MONDAY) == ["over"]
    assert against_leave("2026-03-09", "2026-03-09", MONDAY) == []


def test_adherence_by_hand() -> None:
    # Planned: 9:00 to 17:30 with a meal at 13:00, 8 h at work. Came at 9:10; coffee 10:00 to 10:40; breather 11:00 to 11:10; meal 13:00 to
    # 13:40; left at 17:20.
    day = shift("ana", 0)
    nine = day.start_ms
    at = [
        (10, "available", ""), (60, "break", "coffee"), (100, "available", ""), (120, "break", "breather"), (130, "available", ""),
        (240, "break", "meal"), (280, "available", ""), (500, "offline", ""),
    ]  # fmt: skip
    present = spells([(nine + m * MIN_MS, what, why) for m, what, why in at], day.end_ms + 60 * MIN_MS)
    told = kept([day], present, 30 * MIN_MS, day.end_ms + 60 * MIN_MS)
    # Counts: 510 minutes less the breather of 10 = 500. As planned: 500 less 10 late, 10 of coffee beyond 30 and 10 early; the meal beyond its
    # half hour (10 minutes) is a break too, so 20 of breaks are beyond 30.
    assert told.counted_ms == 500 * MIN_MS
    assert told.kept_ms == (500 - 10 - 20 - 10) * MIN_MS
    assert told.permille == 920
    assert told.breather_ms == 10 * MIN_MS
    assert told.absent_ms == 20 * MIN_MS


def test_a_meal_worked_through_is_not_as_planned_and_the_future_does_not_count() -> None:
    day = shift("ana", 0)
    present = [Spell(day.start_ms, day.end_ms, "available")]
    assert kept([day], present, 0, day.end_ms).permille == round(1000 * 480 / 510)
    assert kept([day], present, 0, day.start_ms + 60 * MIN_MS) == Kept(60 * MIN_MS, 60 * MIN_MS)
    assert kept([day], [], 0, day.start_ms).permille is None


@pytest.mark.parametrize(("day", "hours"), [(date(2026, 3, 29), 23), (date(2026, 10, 25), 25), (date(2026, 6, 1), 24)])
def test_nine_is_nine_on_days_of_23_and_25_hours(day: date, hours: int) -> None:
    assert at_ms(day, 1440, LISBON) - at_ms(day, 0, LISBON) == hours * 60 * MIN_MS
    nine = at_ms(day, 540, LISBON)
    assert datetime.fromtimestamp(nine / 1000, ZoneInfo(LISBON)).hour == 9
    assert minute_of(nine, day, LISBON) == 540
    monday = date.fromisoformat(week_of(day.isoformat()))
    made = Shift("ana", day.weekday(), 540, 1050, 780)
    assert shift_of(planned(made, monday, LISBON), LISBON) == made


def test_a_calendar_shows_what_the_clock_on_the_wall_shows() -> None:
    winter, summer = (
        planned(Shift("ana", 4, 540, 1050, 780), day, LISBON) for day in (date(2026, 3, 23), date(2026, 3, 30))
    )
    told: Any = Calendar.from_ical(calendar([winter, summer], LISBON, "Shifts", winter.start_ms))
    first, then = told.walk("VEVENT")
    assert first["dtstart"].params["TZID"] == LISBON
    assert [e["dtstart"].dt.hour for e in (first, then)] == [9, 9]
    # Clocks went forward in between: nine in Lisbon is nine UTC, then eight.
    assert [e["dtstart"].dt.astimezone(UTC).hour for e in (first, then)] == [9, 8]
    assert [str(zone["tzid"]) for zone in told.walk("VTIMEZONE")] == [LISBON]
    assert first["uid"] != then["uid"]
    assert "13:00" in str(first["description"])
    assert len(fingerprint("secret")) == 64
