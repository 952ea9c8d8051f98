"""Today by hand: the level learned from what came, what is to come, what if, and the price of help; shrinkage as a distribution."""

from math import exp

import numpy as np
import pytest

from baton.capabilities.workforce.adherence.measuring import Spell
from baton.capabilities.workforce.adherence.shrinkage import shares, shrinkage
from baton.capabilities.workforce.events import Planning, ShiftPlanned
from baton.capabilities.workforce.reading.together import Together, fitted
from baton.capabilities.workforce.staffing.needed import Aim, kept_share
from baton.capabilities.workforce.staffing.pace import Pace
from baton.capabilities.workforce.today.updating import Z_80, level, passed, variance_of
from baton.capabilities.workforce.today.what_if import Floor, If, Slot, helps

pytestmark = pytest.mark.unit

PACE = Pace(300.0, 240.0, 500, 50)
HOUR_MS = 3_600_000


def test_what_came_scales_what_is_to_come() -> None:
    # Levels vary by 10 % (variance .01, so shape 100); 240 came where 200 were expected: (100 + 240) / (100 + 200).
    told = level(240, 200, 0.01)
    assert told.mean == pytest.approx(340 / 300)
    middle, low, high = told.of(150)
    assert middle == pytest.approx(170)
    # Negative binomial: variance = mean + mean^2 / shape = 170 + 170^2 / 340 = 255, so 80 % lie within about 1.28 * 16.
    assert (low, high) == pytest.approx((170 - 1.2816 * 255**0.5, 170 + 1.2816 * 255**0.5), abs=2)
    assert told.of(0) == (0.0, 0.0, 0.0)
    assert level(0, 0, 0.01).mean == 1.0


def test_the_interval_of_the_rest_of_the_day_holds_as_often_as_it_says() -> None:
    chance, inside = np.random.default_rng(2), 0
    for _ in range(2000):
        true = chance.gamma(50, 1 / 50)
        came, rest = chance.poisson(true * 120), chance.poisson(true * 200)
        _, low, high = level(float(came), 120, 1 / 50).of(200)
        inside += low <= rest <= high
    assert 0.78 < inside / 2000 < 0.84


def test_the_variance_of_levels_leaves_counting_out() -> None:
    spread = (0.01 + 1 / 400) ** 0.5
    assert variance_of(400, 400 * exp(-Z_80 * spread), 400 * exp(Z_80 * spread)) == pytest.approx(0.01)
    assert variance_of(0, 0, 0) == pytest.approx(1e-4)


def test_a_slot_is_over_by_the_part_that_passed() -> None:
    assert passed(np.array([540, 570, 600]), 30, 585).tolist() == [1.0, 0.5, 0.0]


@pytest.fixture
def floor() -> Floor:
    slots = [Slot(540 + 30 * n, 30.0 if n < 4 else 12.0, 6) for n in range(8)]
    return Floor(slots, 30, PACE, Aim(away=0.0), Planning())


def test_what_if_moves_the_service_level_as_erlang_a_does(floor: Floor) -> None:
    busy, calm = (kept_share(contacts, 30, PACE, Aim(away=0.0), 6) for contacts in (30.0, 12.0))
    assert floor.level() == pytest.approx((4 * 30 * busy + 4 * 12 * calm) / (4 * 30 + 4 * 12))
    assert floor.supposing(If(contacts=120)).level() < floor.level()
    assert floor.supposing(If(handle=80)).level() > floor.level()
    assert floor.supposing(If(away=6)).level() == 0.0
    assert floor.supposing(If()).level() == floor.level()


def test_help_costs_what_it_says_where_it_is_worth_most(floor: Floor) -> None:
    overtime, partner, off = helps(floor)
    seven, six = (kept_share(30.0, 30, PACE, Aim(away=0.0), reps) for reps in (7, 6))
    assert (overtime.minute, overtime.cents) == (540, round(2 * 2800 * 1.5))
    assert overtime.in_time == pytest.approx(4 * 30 * (seven - six))
    # A fifth of 4 * 30 contacts at 6.00 each.
    assert (partner.minute, partner.cents) == (540, 24 * 600)
    assert (off.minute, off.cents) == (660, -5600)
    assert -3 < off.in_time < 0
    assert helps(Floor(floor.slots[:3], 30, PACE, Aim(), Planning())) == []


def test_shrinkage_is_a_day_that_is_rarely_worse() -> None:
    eight = ShiftPlanned("ana", "2026-03-09", 9 * HOUR_MS, 17 * HOUR_MS)
    seen = [Spell(9 * HOUR_MS, 15 * HOUR_MS, "available"), Spell(15 * HOUR_MS, 17 * HOUR_MS, "break", "training")]
    assert shares([eight], {"ana": seen}) == [0.25]
    assert shares([eight], {}) == [], "a day on which nobody was seen tells nothing"
    assert shrinkage([0.2] * 9, 0.3).planned == 0.3
    # Twenty days, of which 80 % are at most .24: half its weight is policy's.
    told = shrinkage([0.2] * 16 + [0.4] * 4, 0.3)
    assert told.median == pytest.approx(0.2)
    assert told.planned == pytest.approx((told.quantile + 0.3) / 2)


def test_conversations_at_once_are_time_in_hand_over_time_busy() -> None:
    # Two of ten minutes that overlap by five, then one alone: thirty minutes in hand, twenty-five busy.
    spans = [(0, 600_000), (300_000, 900_000), (1_200_000, 1_800_000)]
    told = fitted({f"rep{n}": spans for n in range(20)})
    assert told.at_once == pytest.approx(30 / 25)
    assert told.count == 60
    assert told.slower == 0.0, "all took ten minutes"
    longer = fitted({f"rep{n}": [(0, 600_000), (300_000, 1_020_000)] for n in range(30)})
    # Alone ten minutes, beside one other twelve: a fifth more.
    assert longer.slower == pytest.approx(0.2)
    assert fitted({"rep": spans}) == Together()
