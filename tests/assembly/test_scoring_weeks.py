"""Scoring of schedules: invented teams get weeks within two percent of the solver's bound."""

import pytest

from baton.assembly.scoring.staffing_weeks import invented, weeks

pytestmark = pytest.mark.unit


def test_an_invented_team_needs_about_what_it_can_work_and_is_the_same_twice() -> None:
    people, need = invented(12, 3)
    again, same = invented(12, 3)
    assert people == again
    assert all((need[queue] == same[queue]).all() for queue in need)
    half_hours = sum(person.days_at_work * person.shift_min // 30 for person in people)
    assert sum(int(slots.sum()) for slots in need.values()) == pytest.approx(0.8 * half_hours, rel=0.1)


def test_the_gap_is_told_for_every_team(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baton.assembly.scoring.staffing_weeks.SIZES", (6,))
    said: list[str] = []
    figures = weeks(1, 1, said.append, seconds=10)
    assert float(str(figures["schedule_gap"])) <= 0.02
    assert figures["teams"] == len(said) == 1
