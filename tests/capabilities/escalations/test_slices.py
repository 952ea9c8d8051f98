"""Escalations cut by what led to them: shares worked by hand."""

from datetime import UTC, date, datetime

import pytest

from baton.capabilities.escalations.reading.parts import Escalation, Part, Read, Step, monday, periods
from baton.capabilities.escalations.reading.people import FATES, Need, fate_of, fates
from baton.capabilities.escalations.reading.slices import groups, matching, overall, series, within
from baton.capabilities.escalations.screen.drawn import drawn, labelled, named

pytestmark = pytest.mark.unit


def at(day: int, hour: int = 12) -> int:
    return int(datetime(2026, 3, day, hour, tzinfo=UTC).timestamp() * 1000)


def passed(reason: str = "asked", turn: int = 1, step: str = "", field: str = "", epoch: int = 0) -> Escalation:
    return Escalation(
        epoch, at(2), reason, "refunds", "refund_status", turn, "refund_status" if step else "", step, field
    )


def part(
    id: str, *escalations: Escalation, day: int = 2, hour: int = 12, turns: int = 3, intent: str = "refund_status",
    steps: tuple[Step, ...] = (), version: str = "assistant 41",
) -> Part:  # fmt: skip
    return Part(id, at(day, hour), id, intent, "chat", "refunds", "", version, turns, escalations, steps)


ASKED = Step("refund_status", "ask_code", "code")
NAMED = Step("refund_status", "ask_name", "last_name")
FOUR = Read(
    (
        part("a", passed("asked", 1), turns=1),
        part("b", passed("failed_attempts", 3, "ask_code", "code"), turns=3, steps=(ASKED,), hour=9),
        part("c", turns=2, steps=(ASKED, NAMED)),
        part("d", turns=4, intent="seat_change", version="assistant 40"),
    ),
    "UTC",
)


def told(read: Read, by: str) -> dict[str, tuple[int, int]]:
    return {g.value: (g.conversations, g.of) for g in groups(read, by)}


def test_overall_two_of_four_went_to_a_person() -> None:
    assert (overall(FOUR).value, overall(FOUR).n) == (0.5, 4)


def test_a_reason_is_a_share_of_all_an_intent_of_its_own() -> None:
    assert told(FOUR, "reason") == {"asked": (1, 4), "failed_attempts": (1, 4)}
    assert told(FOUR, "intent") == {"refund_status": (2, 3), "seat_change": (0, 1)}
    assert told(FOUR, "version") == {"assistant 41": (2, 3), "assistant 40": (0, 1)}
    assert told(FOUR, "hour") == {"9": (1, 1), "12": (1, 3)}


def test_a_turn_is_a_share_of_those_that_came_so_far() -> None:
    # Four heard turn 1 and one left there; three heard turn 2; two heard turn 3 and one left; one heard turn 4.
    assert told(FOUR, "turn") == {"1": (1, 4), "2": (0, 3), "3": (1, 2), "4": (0, 1)}


def test_a_step_and_a_field_are_shares_of_those_who_were_asked() -> None:
    assert told(FOUR, "step") == {"refund_status / ask_code": (1, 2), "refund_status / ask_name": (0, 1)}
    assert told(FOUR, "field") == {"refund_status / code": (1, 2), "refund_status / last_name": (0, 1)}


def test_one_conversation_may_escalate_twice_and_counts_once_as_a_share() -> None:
    twice = Read((part("a", passed("asked"), passed("asked", 5, epoch=3), turns=5), part("b")), "UTC")
    assert series(twice, kind="p").chart.points[0].value == 0.5
    assert series(twice, kind="u").chart.points[0].value == 1.0
    (group,) = groups(twice, "reason")
    assert (group.conversations, group.escalations, group.of) == (1, 2, 2)


def test_days_without_a_conversation_stay_in_the_series_and_weeks_begin_on_monday() -> None:
    read = Read((part("a", passed(), day=2), part("b", day=4), part("c", day=9)), "UTC")
    daily, weekly = series(read), series(read, weekly=True)
    assert [start.day for start in daily.starts] == list(range(2, 10))
    assert [p.n for p in daily.chart.points] == [1, 0, 1, 0, 0, 0, 0, 1]
    assert [(start.day, p.x, p.n) for start, p in zip(weekly.starts, weekly.chart.points, strict=True)] == [
        (2, 1, 2),
        (9, 0, 1),
    ]
    assert monday(date(2026, 3, 8)) == date(2026, 3, 2)
    assert periods([], True) == []


def test_every_number_opens_as_many_rows() -> None:
    for by in ("reason", "intent", "version", "turn", "step", "hour", "field"):
        for group in groups(FOUR, by):
            assert len({p.conversation for p, _ in matching(FOUR, by, group.value)}) == group.conversations, (
                by,
                group.value,
            )
    assert len(matching(FOUR)) == 2
    assert matching(within(FOUR, date(2026, 3, 3), False)) == []


def test_days_are_those_of_the_organisation() -> None:
    late = Read((part("a", hour=23),), "Europe/Helsinki")
    assert (late.day(late.parts[0]), late.hour(late.parts[0])) == (date(2026, 3, 3), 1)


NOTHING: dict[str, object] = dict.fromkeys(("reached", "callback_ms", "queued_ms", "declined", "refused", "missed"))


@pytest.mark.parametrize(
    ("row", "fate"),
    [
        ({"reached": 1, "queued_ms": 5, "refused": 1}, "reached"), ({"callback_ms": 9, "queued_ms": 5}, "callback"),
        ({"queued_ms": 5}, "waited"), ({"declined": 1, "missed": 1}, "declined"), ({"refused": 1, "missed": 1}, "refused"),
        ({"missed": 1}, "missed"), ({}, "open"),
    ],
)  # fmt: skip
def test_each_need_came_to_one_thing(row: dict[str, object], fate: str) -> None:
    assert fate_of({**NOTHING, **row}) == fate


def test_what_came_of_needs_sums_to_all_of_them() -> None:
    found = [Need(str(n), "asked", 0, fate, str(n)) for n, fate in enumerate(["reached", "reached", "missed", "open"])]
    assert sum(f.needs for f in fates(found)) == 4
    assert [f.id for f in fates(found)] == list(FATES)
    assert next(f for f in fates(found) if f.id == "reached").share.value == 0.5


def test_words_for_values_and_periods() -> None:
    assert named("step", "refund_status / ask_code") == "Refund status: ask code"
    assert (named("turn", "10"), named("hour", "7"), named("version", "bag-tracer 7")) == (
        "turn 10 or later",
        "07:00",
        "bag tracer 7",
    )
    assert (labelled(date(2026, 3, 2), False), labelled(date(2026, 3, 30), True)) == ("2 Mar", "30 Mar to 5 Apr")


def test_a_single_day_can_be_drawn() -> None:
    drawing = drawn(series(FOUR), False)
    assert [(d.x, d.point.x, d.says) for d in drawing.dots] == [(0.0, 2, "")]
