"""Scoring of queues: staffing by formula beside the twin, policies tuned on some days and scored on others, peers on one model."""

from dataclasses import replace
from pathlib import Path

import pytest

from baton.assembly.scoring.floor import GROUPS, KINDS, days_of, floor_of, rostered
from baton.assembly.scoring.routing import routing, wellbeing
from baton.assembly.scoring.staffing import staffing
from baton.assembly.scoring.tuning import START, Aim, Days, tuned
from baton.kernel.queueing import FIFO, check, summarise
from bench.peers import with_ciw, with_simpy
from bench.simulate import MODEL, bench_simulate, erlang_a_z

pytestmark = pytest.mark.unit


def quiet(line: str) -> None:
    assert line


@pytest.fixture(scope="module")
def days() -> Days:
    told, _ = days_of(Path("nowhere"), 1, 4)
    reps = rostered(told)
    return Days(tuple(floor_of(day, reps) for day in told), (1, 2, 3, 4))


def test_erlang_a_foresees_what_the_twin_does(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("baton.assembly.scoring.staffing.SIZES", (8, 20))
    monkeypatch.setattr("baton.assembly.scoring.staffing.LOADS", (0.95,))
    figures = staffing(3, 30_000, quiet)
    assert float(str(figures["service_level_error"])) < 0.02
    assert float(str(figures["baseline_service_level_error"])) > 0.3


def test_abandonment_is_within_three_standard_errors_of_erlang_a() -> None:
    assert abs(erlang_a_z(stretches=12)) < 3


def test_the_peers_simulate_the_same_model() -> None:
    figures = bench_simulate(40_000, 1, quiet)
    assert figures["customers_per_cpu_s"] > figures["simpy_per_cpu_s"] > 0
    day = MODEL._replace(hours=24)
    assert with_simpy(day, 1)[1] == pytest.approx(figures["abandoned"], abs=0.04)
    assert with_ciw(day._replace(hours=8), 1)[1] == pytest.approx(figures["abandoned"], abs=0.05)


def test_without_the_data_days_are_invented_and_said_to_be() -> None:
    told, source = days_of(Path("nowhere"), 1, 3)
    assert (len(told), source) == (3, "invented")
    assert all(count >= 0 for day in told for count in day)


def test_the_roster_puts_reps_where_the_work_is(days: Days) -> None:
    world = days.worlds[0]
    check(world, FIFO)
    assert {rep.group for rep in world.reps} == {group.name for group in GROUPS}
    assert max(rep.duty_s[-1][1] for rep in world.reps) <= 169 * 300
    assert sum(kind[1] for kind in KINDS) == pytest.approx(1)


def test_tuning_keeps_the_best_it_saw_and_gives_the_same_twice(days: Days) -> None:
    aim, begin = Aim(days.told(FIFO)), START
    found = tuned(days, aim, begin, 12, 5, quiet)
    assert aim.loss(days.told(found)) <= aim.loss(days.told(begin))
    assert found == tuned(days, aim, begin, 12, 5, quiet)


def test_a_policy_that_leaves_one_class_behind_loses_more_than_it_gains(days: Days) -> None:
    aim, begin = Aim(days.told(FIFO)), START
    unkind = replace(begin, delay_cost={**begin.delay_cost, "loan": 0.001}, starving_after_s=9000)
    assert aim.loss(days.told(unkind)) > aim.loss(days.told(begin))


def test_fairness_evens_the_hard_share(days: Days) -> None:
    begin = START
    plain, fair = (
        summarise(days.worlds[0], days.under(replace(begin, fairness_permille=weight))) for weight in (0, 1500)
    )
    assert fair.hard_gini < plain.hard_gini


def test_figures_of_routing_and_wellbeing_say_what_they_compare() -> None:
    told = routing(Path("nowhere"), 2, 1, quiet)
    assert told["arrivals"] == "invented"
    assert 0.5 < float(str(told["wait_ratio"])) < 1.5
    even = wellbeing(Path("nowhere"), 2, 1, quiet)
    assert float(str(even["hard_gini"])) < float(str(even["unshared_hard_gini"]))
    assert float(str(even["breathers_per_rep_and_day"])) > 0
