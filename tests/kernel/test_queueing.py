"""Queues as values: formulas by hand, what is refused, hours over a change of clocks, figures of a run."""

from dataclasses import replace
from datetime import UTC, datetime
from math import exp, inf, nan
from zoneinfo import ZoneInfo

import numpy as np
import pytest

from baton.kernel.errors import BatonError
from baton.kernel.queueing import (
    FIFO,
    Agent,
    Breathers,
    ContactClass,
    Empirical,
    Exponential,
    Lognormal,
    Policy,
    Rep,
    RepGroup,
    World,
    check,
    erlang_a,
    erlang_c,
    fewest_reps,
    gini,
    seconds_since,
    staffed,
)

pytestmark = pytest.mark.unit

CALLS = ContactClass("calls", "phone", Exponential(300.0), Exponential(120.0), expected=(60.0, 60.0))
WORLD = World((CALLS,), (RepGroup("phones", {"phone": 1}),), staffed("phones", 12, 0, 3600))


def test_erlang_c_of_two_reps_with_the_work_of_one() -> None:
    """A = 1, n = 2: P(wait) = (1/2 * 2) / (1 + 1 + 1/2 * 2) = 1/3; half of a unit of rate is left, so the mean wait is 2/3 of a unit / 2."""
    found = erlang_c(per_s=1 / 60, handle_s=60, reps=2, target_s=60)
    assert found.waited == pytest.approx(1 / 3)
    assert found.mean_wait_s == pytest.approx(20)
    assert found.service_level == pytest.approx(1 - exp(-1) / 3)
    assert found.occupancy == 0.5


def test_erlang_c_as_in_the_tables() -> None:
    """100 calls of 180 s in half an hour are 10 erlangs; 14 reps answer .888 within 20 s, and .174 wait."""
    found = erlang_c(100 / 1800, 180, 14, 20)
    assert found.waited == pytest.approx(0.1741, abs=5e-4)
    assert found.service_level == pytest.approx(0.8883, abs=5e-4)


def test_erlang_a_of_one_rep_who_is_as_quick_as_patience_is_short() -> None:
    """With theta = mu the number in the system is Poisson of A = 1: P(wait) = 1 - 1/e, E[queue] = 1/e, so 1/e abandon."""
    found = erlang_a(per_s=1 / 60, handle_s=60, patience_s=60, reps=1, target_s=1e6)
    assert found.waited == pytest.approx(1 - exp(-1))
    assert found.abandoned == pytest.approx(exp(-1))
    assert found.mean_wait_s == pytest.approx(60 * exp(-1))
    assert found.service_level == pytest.approx(1 - found.abandoned)
    assert found.occupancy == pytest.approx(1 - found.abandoned)


def test_erlang_a_within_a_target_agrees_with_waiting_alone() -> None:
    """One ahead in service and nobody in line: answered within T is mu / (mu + theta) (1 - exp(-(mu + theta) T)).

    With so few arrivals that two are never in line, P(wait) is A to the first order.
    """
    few = 1e-9
    found = erlang_a(per_s=few, handle_s=60, patience_s=120, reps=1, target_s=30)
    missed = few * 60 * (1 - 120 / 180 * (1 - exp(-30 * 3 / 120)))
    assert 1 - found.service_level == pytest.approx(missed, rel=1e-5)


def test_erlang_a_of_the_endlessly_patient_is_erlang_c() -> None:
    assert erlang_a(0.3, 300, inf, 100, 20) == erlang_c(0.3, 300, 100, 20)
    close = erlang_a(0.3, 300, 1e9, 100, 20)
    assert close.service_level == pytest.approx(erlang_c(0.3, 300, 100, 20).service_level, abs=1e-5)


def test_erlang_a_holds_at_2000_reps_and_three_times_the_load() -> None:
    """Overloaded, the fluid limit: 1 - 1/3 abandon, and waits are near 2/3 of the mean patience."""
    found = erlang_a(3 * 2000 / 300, 300, 180, 2000, 20)
    assert found.abandoned == pytest.approx(2 / 3, abs=1e-6)
    assert found.mean_wait_s == pytest.approx(120, abs=1e-3)
    assert found.service_level == pytest.approx(0, abs=1e-9)
    assert erlang_a(0.5 * 2000 / 300, 300, 180, 2000, 20).service_level == 1.0


def test_without_patience_and_too_much_work_the_queue_never_ends() -> None:
    assert erlang_c(1, 300, 299, 20).mean_wait_s == inf


def test_fewest_reps_reach_the_level_and_one_less_does_not() -> None:
    reps = fewest_reps(100 / 300, 300, 120, 20, 0.8)
    assert erlang_a(100 / 300, 300, 120, reps, 20).service_level >= 0.8
    assert erlang_a(100 / 300, 300, 120, reps - 1, 20).service_level < 0.8
    assert fewest_reps(1e-6, 60, 60, 20, 0.5) == 1


@pytest.mark.parametrize(
    "figures",
    [(0, 300, 120, 10, 20), (1, -1, 120, 10, 20), (1, 300, 0, 10, 20), (1, 300, nan, 10, 20), (1, 300, 120, 0, 20), (1, 300, 120, 10, -1), (9, 3000, 1e9, 10, 1)],
)  # fmt: skip
def test_figures_that_cannot_be_are_refused(figures) -> None:
    with pytest.raises(BatonError):
        erlang_a(*figures)


def test_gini_by_hand() -> None:
    """Of 1, 1, 2: ((2 - 4) 1 + (4 - 4) 1 + (6 - 4) 2) / (3 * 4) = 1/6."""
    assert gini(np.array([1.0, 2.0, 1.0])) == pytest.approx(1 / 6)
    assert gini(np.array([5.0, 5.0])) == 0
    assert gini(np.array([0.0, 0.0, 3.0])) == pytest.approx(2 / 3)
    assert gini(np.zeros(3)) == 0


@pytest.mark.parametrize(
    ("world", "code"),
    [
        (replace(WORLD, classes=(replace(CALLS, skill="chat"),)), "skill_nobody_has"),
        (replace(WORLD, classes=(replace(CALLS, level=2),)), "skill_nobody_has"),
        (replace(WORLD, classes=(replace(CALLS, load=2),)), "skill_nobody_has"),
        (replace(WORLD, classes=(replace(CALLS, patience=Exponential(0)),)), "not_positive"),
        (replace(WORLD, classes=(replace(CALLS, patience=Exponential(-5)),)), "not_positive"),
        (replace(WORLD, classes=(replace(CALLS, patience=Empirical((30.0, nan))),)), "not_positive"),
        (replace(WORLD, classes=(replace(CALLS, service=Lognormal(300, 0)),)), "not_positive"),
        (replace(WORLD, classes=(replace(CALLS, expected=(5.0, -1.0)),)), "negative_rate"),
        (replace(WORLD, classes=(replace(CALLS, expected=()),)), "no_arrivals"),
        (replace(WORLD, classes=(replace(CALLS, expected=(3e7,)),)), "too_many"),
        (replace(WORLD, classes=(replace(CALLS, arrivals_s=(5.0, 4.0)),)), "not_in_order"),
        (replace(WORLD, classes=(CALLS, CALLS)), "not_unique"),
        (replace(WORLD, reps=(Rep("jo", "phones", ()),)), "no_open_hours"),
        (replace(WORLD, reps=(Rep("jo", "phones", ((0, 60), (30, 90))),)), "signed_in_twice"),
        (replace(WORLD, reps=(Rep("jo", "phones", ((0, 60),)), Rep("jo", "phones", ((90, 120),)))), "not_unique"),
        (replace(WORLD, reps=(Rep("jo", "phones", ((60, 30),)),)), "no_duty"),
        (replace(WORLD, reps=(Rep("jo", "mail", ((0, 60),)),)), "unknown_group"),
        (replace(WORLD, agent=Agent("ava", Exponential(60), {"calls": 1200})), "bad_share"),
    ],
)
def test_a_world_that_cannot_be_is_refused_in_words(world, code) -> None:
    with pytest.raises(BatonError) as refused:
        check(world, FIFO)
    assert (refused.value.code, refused.value.status) == (code, 422)


@pytest.mark.parametrize(
    ("policy", "code"),
    [
        (Policy(delay_cost={"letters": 1}), "unknown_name"),
        (Policy(reserved={"letters": 1}), "unknown_name"),
        (Policy(power=4), "bad_policy"),
        (Policy(starving_after_s=0), "bad_policy"),
        (Policy(ai_share_permille={"calls": 200}), "no_agent"),
        (Policy(breathers=Breathers("pause", 10, -1)), "bad_policy"),
    ],
)
def test_a_policy_that_cannot_be_is_refused_in_words(policy, code) -> None:
    with pytest.raises(BatonError) as refused:
        check(WORLD, policy)
    assert refused.value.code == code


def test_opening_hours_over_a_change_of_clocks() -> None:
    """Berlin, 29 March 2026: from midnight to 9:00 are 8 hours; 25 October: 10 hours, and 2:30 comes twice."""
    berlin = ZoneInfo("Europe/Berlin")
    spring, autumn = datetime(2026, 3, 28, 23, tzinfo=UTC), datetime(2026, 10, 24, 22, tzinfo=UTC)
    assert seconds_since(spring, datetime.fromisoformat("2026-03-29T09:00"), berlin) == 8 * 3600
    assert seconds_since(autumn, datetime.fromisoformat("2026-10-25T09:00"), berlin) == 10 * 3600
    assert seconds_since(autumn, datetime.fromisoformat("2026-10-25T02:30"), berlin) == 2.5 * 3600
    assert seconds_since(autumn, datetime.fromisoformat("2026-10-25T02:30").replace(fold=1), berlin) == 3.5 * 3600
    with pytest.raises(BatonError, match="skips"):
        seconds_since(spring, datetime.fromisoformat("2026-03-29T02:30"), berlin)
