"""Scheduling: a week within contracts, as close to what is needed as can be, with fair shares of what nobody likes."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from baton.capabilities.workforce.scheduling.people import HALF_HOUR_MIN, Person, alike
from baton.capabilities.workforce.scheduling.placing import short_rests
from baton.capabilities.workforce.scheduling.schedule import Schedule, schedule, unpopular_of
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.unit

CHAT = frozenset({"chat"})
BOTH = frozenset({"chat", "voice"})


def needing(days: range, start: int, end: int, reps: int) -> NDArray[np.int64]:
    """So many reps from hour `start` to hour `end` on these days of the week."""
    slots = np.zeros((7, 48), dtype=np.int64)
    slots[days.start : days.stop, 2 * start : 2 * end] = reps
    return slots


def kept(made: Schedule, people: list[Person]) -> None:
    """Contracts, days off, hours and meals are kept."""
    for person in people:
        own = [s for s in made.shifts if s.rep == person.rep]
        assert len(own) == person.days_at_work
        assert len({s.day for s in own}) == len(own)
        assert not {s.day for s in own} & person.off
        for shift in own:
            assert person.earliest_min <= shift.start_min < shift.end_min <= person.latest_min
            worked = sum(shift.works_at(m) for m in range(0, 1440, HALF_HOUR_MIN)) * HALF_HOUR_MIN
            assert worked == person.shift_min
            assert (shift.meal_min >= 0) == (person.shift_min >= 360)


def test_two_reps_cover_a_queue_that_opens_ten_hours() -> None:
    # Eight hours and half an hour for a meal each: one from 8:00 to 16:30, one from 9:30 to 18:00, and meals at different times.
    people = [Person(name, CHAT, 2400) for name in ("ana", "bo")]
    made = schedule(people, {"chat": needing(range(5), 8, 18, 1)}, seconds=10)
    kept(made, people)
    assert (made.missing_half_hours, made.short_rests) == (0, ())
    assert made.gap <= 0.02


def test_what_cannot_be_covered_is_counted() -> None:
    # Three are needed for eight hours on five days, and there are two with a meal each: 16 half hours miss one, and a meal misses one more.
    people = [Person(name, CHAT, 2400, off=frozenset({5, 6})) for name in ("ana", "bo")]
    made = schedule(people, {"chat": needing(range(5), 9, 17, 3)}, seconds=10)
    kept(made, people)
    # Each is at work for 16 of their 17 half hours; 15 or 16 of them fall into the 16 that are open.
    assert made.missing_half_hours == 5 * (3 * 16 - 2 * 15)


def test_whoever_serves_two_queues_is_counted_for_one_at_a_time() -> None:
    people = [Person("ana", BOTH, 1200, off=frozenset({5, 6}), earliest_min=540, latest_min=780)]
    slots = needing(range(5), 9, 13, 1)
    made = schedule(people, {"chat": slots, "voice": slots}, seconds=10)
    assert made.missing_half_hours == 5 * 8


def test_evenings_are_shared_and_those_of_last_week_count() -> None:
    people = [Person(name, CHAT, 1200, off=frozenset({5, 6}), latest_min=1260) for name in ("ana", "bo")]
    need = {"chat": needing(range(4), 9, 13, 1) + needing(range(4), 17, 21, 1)}
    made = schedule(people, need, seconds=10)
    assert made.missing_half_hours == 0
    shared = unpopular_of(made.shifts).values()
    assert max(shared) - min(shared) <= 1
    after = schedule(people, need, {"ana": 4}, seconds=10)
    evenings = unpopular_of(after.shifts)
    assert evenings["bo"] > evenings["ana"]
    assert not after.short_rests


def test_a_queue_nobody_serves_is_refused_by_name() -> None:
    with pytest.raises(BatonError, match="Nobody serves voice"):
        schedule([Person("ana", CHAT, 2400)], {"voice": needing(range(5), 9, 10, 1)})


@pytest.mark.parametrize(
    ("person", "code"),
    [
        (Person("ana", CHAT, 2400, days_on=0), "bad_contract"),
        (Person("ana", CHAT, 2450), "bad_contract"),
        (Person("ana", CHAT, 2400, earliest_min=540, latest_min=720), "bad_hours"),
    ],
)
def test_a_contract_that_cannot_be_kept_is_refused(person: Person, code: str) -> None:
    with pytest.raises(BatonError) as refused:
        schedule([person], {"chat": needing(range(5), 9, 10, 1)})
    assert refused.value.code == code


def test_leave_takes_its_days_away_and_makes_a_class_of_its_own() -> None:
    away = Person("bo", CHAT, 2400, off=frozenset({1, 2, 5, 6}))
    people = [Person("ana", CHAT, 2400), away, Person("cy", CHAT, 2400)]
    assert sorted(map(len, alike(people).values())) == [1, 2]
    assert away.days_at_work == 3
    kept(schedule(people, {"chat": needing(range(7), 9, 17, 1)}, seconds=10), people)


@settings(max_examples=8, deadline=None)
@given(
    st.lists(st.sampled_from([(2400, 5), (1440, 3), (1200, 5), (960, 2)]), min_size=1, max_size=5), st.integers(0, 5)
)
def test_any_team_gets_a_week_within_its_contracts(contracts: list[tuple[int, int]], reps: int) -> None:
    people = [
        Person(f"rep{n}", BOTH if n % 2 else CHAT, minutes, days, earliest_min=420, latest_min=1320)
        for n, (minutes, days) in enumerate(contracts)
    ]
    made = schedule(people, {"chat": needing(range(7), 7, 22, reps)}, seconds=2)
    kept(made, people)
    assert Counter(s.rep for s in made.shifts) == {p.rep: p.days_at_work for p in people}
    assert len(short_rests(made.shifts)) == len(made.short_rests)
