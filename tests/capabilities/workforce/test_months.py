"""Eighteen months by hand: growth that history shows, people who leave, begin and learn, and what AI leaves for people."""

from math import exp

import numpy as np
import pytest

from baton.capabilities.workforce.events import Planning
from baton.capabilities.workforce.months.needing import Today, left_for_people, needs, people_for
from baton.capabilities.workforce.months.people import MONTHS, Team, attrition, months, ramp, shared
from baton.capabilities.workforce.months.shown import teams
from baton.capabilities.workforce.months.volume import WEEKS_A_MONTH, volume
from baton.capabilities.workforce.staffing.needed import Aim
from baton.capabilities.workforce.staffing.pace import Pace

pytestmark = pytest.mark.unit

RULES = Planning(hire_weeks=10, ramp_weeks=12, start_permille=400)
PACE = Pace(300.0, 600.0, 100, 100)
DAY_MS = 86_400_000


def test_growth_is_believed_as_far_as_history_shows_it() -> None:
    weeks = np.arange(104) / WEEKS_A_MONTH
    clear = volume(1000 * np.exp(0.02 * weeks) * np.exp(np.random.default_rng(1).normal(0, 0.02, 104)))
    assert clear.growth == pytest.approx(0.02, abs=0.002)
    assert clear.scale(6)[0] == pytest.approx(exp(6 * clear.growth))
    low, high = clear.scale(6)[1:]
    assert low < clear.scale(6)[0] < high
    short = volume(np.array([900.0, 1000.0, 1200.0]))
    assert (short.growth, short.growth_error) == (0.0, 0.01), (
        "three weeks tell no trend: none, within a percent a month"
    )
    noisy = volume(1000 * np.exp(np.random.default_rng(2).normal(0, 0.4, 12)))
    assert abs(noisy.growth) < 0.02
    assert volume(np.zeros(3)).scale(18)[0] == 1.0


def test_who_begins_learns_along_a_line() -> None:
    assert [ramp(weeks, RULES) for weeks in (0, 6, 12, 20)] == pytest.approx([0.4, 0.7, 1.0, 1.0])


def test_small_teams_are_drawn_towards_all() -> None:
    told = attrition([Team("big", 40, (), 12, 40.0), Team("small", 2, (), 0, 2.0)])
    of_all = (12 + 0.3 * 10) / (42 + 10)
    assert told["big"] == pytest.approx((12 + of_all * 10) / 50)
    assert told["small"] == pytest.approx((of_all * 10) / 12)
    assert 0 < told["small"] < told["big"]


def test_people_leave_month_by_month_and_whoever_is_short_begins_after_the_lead_time() -> None:
    told = months(Team("lisbon", 20), 0.3, [(20.0, 18.0, 22.0)] * MONTHS, RULES)
    assert told[11].there[0] == pytest.approx(20 * 0.7)
    # Ten weeks are two months and a bit: nobody begins before the fourth.
    assert [m.hired for m in told[:3]] == [0, 0, 0]
    assert told[3].hired == round(20 - 20 * 0.7 ** (4 / 12))
    assert sum(m.hired for m in told) == pytest.approx(20 * (1 - 0.7**1.5), abs=4)
    assert told[-1].with_hired == pytest.approx(20, abs=1.5)
    none = months(Team("lisbon", 20), 0.0, [(18.0, 17.0, 19.0)] * MONTHS, RULES)
    assert sum(m.hired for m in none) == 0
    learning = months(Team("lisbon", 20, (0.0,)), 0.0, [(20.0, 20.0, 20.0)] * MONTHS, RULES)
    assert learning[0].with_hired == pytest.approx(19 + ramp(WEEKS_A_MONTH, RULES))


def test_ai_keeps_the_easy_ones_first_and_work_gets_harder() -> None:
    levels = {"low": 50.0, "medium": 30.0, "high": 20.0}
    # AI keeps 100 of 200; at 65 % it keeps 130, thirty more: all easy ones.
    assert left_for_people(levels, 100, 0.65) == {"low": 20.0, "medium": 30.0, "high": 20.0}
    assert left_for_people(levels, 100, 0.8) == {"low": 0.0, "medium": 20.0, "high": 20.0}
    assert left_for_people(levels, 100, 0.4)["low"] == 70.0, "what AI gives back is easy"
    paces = {
        level: Pace(seconds, 600.0, 50, 50) for level, seconds in (("low", 200.0), ("medium", 300.0), ("high", 600.0))
    }
    week = np.full((5, 16), 20.0)
    usual = Today(week, 30, levels, paces, PACE, 100.0, Aim(away=0.3))
    told = needs(usual, volume(np.full(20, 1000.0)), 0.65, 2400)
    assert told[-1].ai_share == pytest.approx(0.65)
    assert told[-1].handle_s > told[0].handle_s > PACE.handle_s
    assert told[-1].people[0] < told[0].people[0]
    assert told[0].people[1] <= told[0].people[0] <= told[0].people[2]


def test_full_time_people_hold_what_a_week_needs() -> None:
    from baton.capabilities.workforce.staffing.needed import needed

    week = np.full((5, 16), 20.0)
    at_once = float(needed(week, 30, PACE, Aim(away=0.3)).people[0, 0])
    # Eight hours on five days are one contract of 40 hours for each who is needed at once.
    assert people_for(week, 30, PACE, Aim(away=0.3), 2400) == pytest.approx(at_once)


def test_teams_are_read_from_hr_and_share_what_all_need() -> None:
    now = 1000 * DAY_MS
    rows: list[dict[str, object]] = [
        {"rep": "a", "team": "L", "hired_ms": 0, "left_ms": 0},
        {"rep": "b", "team": "L", "hired_ms": now - 14 * DAY_MS, "left_ms": 0},
        {"rep": "c", "team": "L", "hired_ms": 0, "left_ms": now - 100 * DAY_MS},
        {"rep": "d", "team": "M", "hired_ms": 0, "left_ms": now - 700 * DAY_MS},
    ]
    lisbon, _ = teams(rows, now, RULES)
    assert (lisbon.people, lisbon.leavers, lisbon.learning_weeks) == (2, 1, (2.0,))
    assert lisbon.years == pytest.approx((365 + 14 + 265) / 365)
    told = shared([(9.0, 6.0, 12.0)], [Team("a", 2), Team("b", 1)])
    assert told["a"] == [(6.0, 4.0, 8.0)]
