"""The twin: nobody is lost, nobody is served twice, policies do what they say, and a single queue agrees with Erlang-A."""

import sys
from dataclasses import replace
from importlib import import_module
from math import inf
from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as some

from baton.engines.twin import simulate
from baton.kernel.errors import BatonError
from baton.kernel.queueing import (
    ABANDONED,
    BALKED,
    CALLED_BACK,
    FIFO,
    RESOLVED_BY_AI,
    SERVED,
    WAITING,
    Agent,
    Breathers,
    ContactClass,
    Empirical,
    Exponential,
    Lognormal,
    Policy,
    Rep,
    RepGroup,
    Run,
    World,
    erlang_a,
    staffed,
    summarise,
)

pytestmark = pytest.mark.unit

DAY_S = 10 * 3600.0
EASY = ContactClass("easy", "basics", Exponential(200), Exponential(150), expected=(30.0,) * 20)
HARD = ContactClass(
    "hard", "claims", Lognormal(500, 1.2), Exponential(300), expected=(12.0,) * 20, level=2, complexity="high"
)
JUNIORS = RepGroup("juniors", {"basics": 2})
SENIORS = RepGroup("seniors", {"basics": 1, "claims": 2}, {"easy": 900})
FLOOR = World((EASY, HARD), (JUNIORS, SENIORS), (*staffed("juniors", 2, 0, DAY_S), *staffed("seniors", 4, 0, DAY_S)))
ONE = RepGroup("ones", {"phone": 1})


def calls(*arrivals_s: float, **more: Any) -> ContactClass:
    """Contacts that come at these seconds, take a minute each and wait for ever."""
    kind = ContactClass("calls", "phone", Empirical((60.0,)), None, arrivals_s=arrivals_s)
    return replace(kind, **more)


def alone(*kinds: ContactClass, duty_s: tuple[tuple[float, float], ...] = ((0, 3600),), **more: Any) -> World:
    """One rep, who serves every class."""
    return replace(World(kinds, (ONE,), (Rep("jo", "ones", duty_s),)), **more)


def test_first_come_first_served_by_hand() -> None:
    """Three calls at 0, 10 and 20 s, a minute each, one rep: 0, 50 and 100 s of waiting."""
    (run,) = simulate(alone(calls(0, 10, 20)), FIFO, [1])
    assert run.started_s.tolist() == [0, 60, 120]
    assert run.wait_s.tolist() == [0, 50, 100]
    assert (run.busy_s.tolist(), run.until_s) == ([180], 3600)


def test_who_runs_out_of_patience_leaves_when_they_do() -> None:
    (run,) = simulate(alone(calls(0, 10, 20, patience=Empirical((30.0,)))), FIFO, [1])
    assert run.state.tolist() == [SERVED, ABANDONED, ABANDONED]
    assert run.ended_s.tolist() == [60, 40, 50]
    assert run.wait_s.tolist() == [0, 30, 30]


def test_a_summary_by_hand() -> None:
    """Calls at 0, 10 and 70 s with a patience of 30 s; target 20 s. One leaves after 30 s, two are answered at once."""
    world = alone(calls(0, 10, 70, patience=Empirical((30.0,))), interval_s=60)
    told = summarise(world, simulate(world, FIFO, [1]))
    assert (told.everybody.offered, told.everybody.served, told.everybody.abandoned) == (3, 2, 1)
    assert (told.everybody.service_level, told.everybody.abandonment) == pytest.approx((2 / 3, 1 / 3))
    assert (told.everybody.asa_s, told.everybody.mean_wait_s) == (0, 10)
    assert [line.offered for line in told.by_interval] == [2, 1]
    assert told.by_class[0] == replace(told.everybody, name="calls")
    assert told.occupancy == pytest.approx(120 / 3600)


def test_a_break_begins_when_the_conversation_is_over_and_the_line_waits() -> None:
    (run,) = simulate(alone(calls(50, 55), duty_s=((0, 60), (300, 900))), FIFO, [1])
    assert run.started_s.tolist() == [50, 300]


def test_who_is_left_when_everybody_went_home_still_waits() -> None:
    (run,) = simulate(alone(calls(10, 20, 30), duty_s=((0, 60),)), FIFO, [1])
    assert run.state.tolist() == [SERVED, WAITING, WAITING]
    assert summarise(alone(calls(10, 20, 30)), [run]).everybody.waiting == 2


def test_the_longest_idle_rep_is_next() -> None:
    world = alone(calls(0, 10, 200), reps=staffed("ones", 2, 0, 3600))
    assert simulate(world, FIFO, [1])[0].rep.tolist() == [0, 1, 0]


def test_a_callback_keeps_its_place_and_does_not_run_out_of_patience() -> None:
    kind = calls(0, 1, 2, 70, patience=Empirical((65.0,)), callback_permille=1000)
    (run,) = simulate(alone(kind), Policy(callback_over_s=0.5), [1])
    assert run.state.tolist() == [SERVED, SERVED, CALLED_BACK, CALLED_BACK]
    assert run.started_s.tolist() == [0, 60, 120, 180]


def test_priority_goes_before_and_order_of_arrival_within() -> None:
    world = alone(calls(0, 10, 30), calls(20, name="urgent", priority=-1))
    (run,) = simulate(world, Policy("priority"), [1])
    assert run.started_s.tolist() == [0, 120, 60, 180]


def test_urgency_grows_with_the_wait_over_the_target() -> None:
    """At 60 s one has waited 50 s of 100, the other 40 s of 20: cost (w / target)^2, so the second goes first."""
    world = alone(calls(0, 10, target_s=100), calls(20, name="strict", target_s=20))
    assert simulate(world, Policy("index"), [1])[0].started_s.tolist() == [0, 120, 60]
    dear = Policy("index", delay_cost={"calls": 100})
    assert simulate(world, dear, [1])[0].started_s.tolist() == [0, 60, 120]


def test_who_starves_goes_first_whatever_the_urgency() -> None:
    world = alone(calls(0, 10, target_s=1000), calls(20, name="strict", target_s=20))
    bound = Policy("index", starving_after_s=45)
    assert simulate(world, bound, [1])[0].started_s.tolist() == [0, 60, 120]


def test_a_reserved_rep_is_kept_for_their_own_until_somebody_starves() -> None:
    """The only senior is kept for claims: basics wait a minute for them, and not for ever."""
    two = (RepGroup("juniors", {"phone": 1}), RepGroup("seniors", {"phone": 1, "claims": 1}))
    reps = (Rep("jo", "juniors", ((0, 3600),)), Rep("su", "seniors", ((0, 3600),)))
    claims = calls(1000, name="claims", skill="claims")
    world = World((calls(0, 5, service=Empirical((600.0,))), claims), two, reps)
    kept = Policy("index", match_permille={("calls", "seniors"): -100}, reserved={"seniors": 1}, starving_after_s=60)
    (run,) = simulate(world, kept, [1])
    assert run.started_s.tolist() == [0, 65, 1000]
    assert run.rep.tolist() == [0, 1, 1]
    assert simulate(world, replace(kept, starving_after_s=inf), [1])[0].started_s.tolist() == [0, 600, 1000]


def test_hard_contacts_are_shared_where_fairness_counts() -> None:
    many = replace(FLOOR, reps=(*staffed("juniors", 4, 0, DAY_S), *staffed("seniors", 16, 0, DAY_S)))
    even = simulate(many, Policy("index", fairness_permille=2000), [5])
    plain = simulate(many, FIFO, [5])
    assert summarise(many, even).hard_gini < 0.7 * summarise(many, plain).hard_gini


def test_a_breather_pauses_or_gives_an_easy_one() -> None:
    """Ten minutes of high complexity are a load of 20; five minutes of pause follow, or an easy one first."""
    hard = calls(0, 1, name="hard", complexity="high", service=Empirical((600.0,)))
    easy = calls(400, service=Empirical((60.0,)))
    paused = simulate(alone(hard, easy), Policy(breathers=Breathers("pause", 20, 300)), [1])[0]
    assert paused.started_s.tolist() == [0, 900, 1800]
    eased = simulate(alone(hard, easy), Policy(breathers=Breathers("easy", 20, 300)), [1])[0]
    assert eased.started_s.tolist() == [0, 660, 600]
    assert (paused.breathers.tolist(), eased.breathers.tolist()) == ([2], [2])
    assert (paused.hard.tolist(), paused.longest_run.tolist()) == ([2], [2])


def test_chats_share_a_rep_up_to_their_capacity_and_slow_one_another() -> None:
    group = RepGroup("ones", {"phone": 1}, capacity=2)
    world = alone(calls(0, 10, 20, slowdown_permille=500), groups=(group,))
    (run,) = simulate(world, FIFO, [1])
    assert run.started_s.tolist() == [0, 10, 60]
    assert run.ended_s.tolist() == [60, 100, 150]
    assert run.busy_s.tolist() == [(60 + 90 + 90) / 2]


def test_an_ai_agent_resolves_some_and_escalates_the_rest_to_the_people() -> None:
    agent = Agent("ava", Empirical((30.0,)), {"easy": 400})
    half = Policy(ai_share_permille={"easy": 500})
    (run,) = simulate(replace(FLOOR, agent=agent), half, [3])
    (without,) = simulate(FLOOR, FIFO, [3])
    asked = (run.kind == 0) & (run.joined_s > run.arrived_s)
    resolved = run.state == RESOLVED_BY_AI
    assert len(run.kind) == len(without.kind)
    assert np.allclose(run.joined_s[asked] - run.arrived_s[asked], 30)
    assert 0.1 < resolved.sum() / (run.kind == 0).sum() < 0.3
    assert summarise(FLOOR, [run]).everybody.offered == len(run.kind) - resolved.sum()


def test_an_agent_at_its_capacity_leaves_contacts_to_the_people() -> None:
    agent = Agent("ava", Empirical((30.0,)), {"calls": 1000}, capacity=1)
    world = alone(calls(0, 10, 40), agent=agent)
    (run,) = simulate(world, Policy(ai_share_permille={"calls": 1000}), [1])
    assert run.state.tolist() == [SERVED, RESOLVED_BY_AI, RESOLVED_BY_AI]
    assert run.joined_s.tolist() == [10, 0, 40]


def test_who_balks_leaves_at_once_only_where_nobody_is_free() -> None:
    (run,) = simulate(alone(calls(0, 10, 70, balk_permille=1000)), FIFO, [1])
    assert run.state.tolist() == [SERVED, BALKED, SERVED]


def test_two_policies_meet_the_same_customers() -> None:
    first, second = simulate(FLOOR, FIFO, [7])[0], simulate(FLOOR, Policy("index", fairness_permille=500), [7])[0]
    assert np.array_equal(first.arrived_s, second.arrived_s)
    both = (first.state == SERVED) & (second.state == SERVED) & (first.kind == 1)
    assert np.allclose((first.ended_s - first.started_s)[both], (second.ended_s - second.started_s)[both])


def test_one_seed_gives_one_run_exactly_and_another_seed_another() -> None:
    runs = simulate(FLOOR, Policy("index", fairness_permille=500), [7, 7, 8])
    assert all(
        np.array_equal(a, b, equal_nan=True)
        for a, b in zip(vars(runs[0]).values(), vars(runs[1]).values(), strict=True)
    )
    assert not np.array_equal(runs[0].arrived_s[:50], runs[2].arrived_s[:50])


def test_more_contacts_expected_are_the_same_ones_and_more() -> None:
    more = replace(FLOOR, classes=(replace(EASY, expected=(60.0,) * 20), HARD))
    first, second = simulate(FLOOR, FIFO, [7])[0], simulate(more, FIFO, [7])[0]
    assert np.array_equal(first.arrived_s[first.kind == 1], second.arrived_s[second.kind == 1])
    few = first.arrived_s[first.kind == 0]
    assert np.allclose(few[:50] / 2, second.arrived_s[second.kind == 0][:50])


def test_counts_vary_as_gamma_poisson_says() -> None:
    """Of mean 600 and a factor of cv .3: variance 600 + (.3 * 600)^2 = 33,000; without it 600."""
    steady = replace(FLOOR, classes=(replace(EASY, expected=(600.0,)),))
    shaken = replace(steady, day_cv=0.3)
    counts = [np.array([len(r.kind) for r in simulate(w, FIFO, range(300))]) for w in (steady, shaken)]
    assert [c.mean() for c in counts] == pytest.approx([600, 600], rel=0.06)
    assert [c.var() for c in counts] == pytest.approx([600, 33_000], rel=0.25)


@pytest.mark.parametrize("reps", [90, 100, 115])
def test_a_single_queue_agrees_with_erlang_a(reps: int) -> None:
    """Within three standard errors over 20 independent stretches, each after its warm-up."""
    kind = ContactClass("calls", "phone", Exponential(300), Exponential(120), expected=(1200.0,) * 13)
    world = World((kind,), (ONE,), staffed("ones", reps, 0, 14 * 3600), interval_s=3600)
    exact = erlang_a(1 / 3, 300, 120, reps, 20)
    runs = [settled(run) for run in simulate(world, FIFO, range(20))]
    left = np.array([(state == ABANDONED).mean() for state, _ in runs])
    within = np.array([((state == SERVED) & (wait_s <= 20)).mean() for state, wait_s in runs])
    for seen, value in ((left, exact.abandoned), (within, exact.service_level)):
        assert abs(seen.mean() - value) < 3 * seen.std(ddof=1) / np.sqrt(len(seen))


def settled(run: Run) -> tuple[np.ndarray, np.ndarray]:
    chosen = (run.arrived_s > 3600) & (run.arrived_s < 12 * 3600)
    return run.state[chosen], run.wait_s[chosen]


def test_three_times_the_load_ends_with_everybody_accounted_for() -> None:
    """The line holds no more than came: memory is what contacts take."""
    crush = replace(FLOOR, classes=(replace(EASY, expected=(900.0,) * 20, patience=None), HARD))
    (run,) = simulate(crush, FIFO, [1])
    told = summarise(crush, [run]).everybody
    assert told.offered == told.served + told.abandoned + told.called_back + told.waiting
    assert told.waiting > told.served


def test_without_numba_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "numba", None)
    monkeypatch.delitem(sys.modules, "baton.engines.twin.compiling", raising=False)
    with pytest.raises(BatonError, match=r"baton-cx\[plan\]"):
        import_module("baton.engines.twin.compiling")


policies = some.builds(
    Policy,
    order=some.sampled_from(["fifo", "priority", "index"]),
    power=some.sampled_from([1.0, 2.0, 3.0]),
    match_permille=some.dictionaries(
        some.tuples(some.sampled_from(["easy", "hard"]), some.sampled_from(["juniors", "seniors"])),
        some.integers(-500, 500),
    ),
    reserved=some.dictionaries(some.sampled_from(["juniors", "seniors"]), some.integers(0, 3)),
    starving_after_s=some.sampled_from([30.0, 300.0, inf]),
    fairness_permille=some.sampled_from([0, 700]),
    breathers=some.sampled_from([None, Breathers("pause", 15, 240), Breathers("easy", 10, 400)]),
    callback_over_s=some.sampled_from([20.0, inf]),
)


@settings(max_examples=60, deadline=None)
@given(policy=policies, load=some.floats(0.2, 3), seed=some.integers(0, 2**40), capacity=some.integers(1, 3))
def test_whatever_the_policy_nobody_is_lost_and_no_rep_has_too_many(policy, load, seed, capacity) -> None:
    classes = (
        replace(EASY, expected=tuple(load * n for n in EASY.expected), callback_permille=300, balk_permille=50),
        replace(HARD, load=capacity, interval_cv=0.3),
    )
    groups = (JUNIORS, replace(SENIORS, capacity=capacity))
    world = replace(FLOOR, classes=classes, groups=groups)
    (run,) = simulate(world, policy, [seed])
    conserved(run)
    within_capacity(world, run)
    on_duty_when_taken(world, run)
    little(run)


def conserved(run: Run) -> None:
    served = np.isin(run.state, (SERVED, CALLED_BACK))
    assert np.array_equal(served, ~np.isnan(run.started_s))
    assert np.array_equal(served, run.rep >= 0)
    assert np.isnan(run.ended_s[run.state == WAITING]).all()
    assert (run.ended_s[run.state == BALKED] == run.joined_s[run.state == BALKED]).all()
    assert (run.wait_s >= 0).all()
    assert run.handled.sum() == served.sum()


def within_capacity(world: World, run: Run) -> None:
    capacity = {group.name: group.capacity for group in world.groups}
    load = np.array([kind.load for kind in world.classes])
    for number, rep in enumerate(world.reps):
        mine = run.rep == number
        at_s = np.concatenate([run.ended_s[mine], run.started_s[mine]])
        change = np.concatenate([-load[run.kind[mine]], load[run.kind[mine]]])
        held = np.cumsum(change[np.lexsort((change, at_s))])
        assert not len(held) or held.max() <= capacity[rep.group]


def on_duty_when_taken(world: World, run: Run) -> None:
    taken = ~np.isnan(run.started_s)
    ends = np.array([rep.duty_s[-1][1] for rep in world.reps])
    assert (run.started_s[taken] <= ends[run.rep[taken]]).all()


def little(run: Run) -> None:
    """L = lambda W over the run: the area under the line's length is the sum of the waits."""
    left_s = run.joined_s + run.wait_s
    at_s = np.concatenate([run.joined_s, left_s])
    order = np.argsort(at_s, kind="stable")
    length = np.cumsum(np.concatenate([np.ones(len(left_s)), -np.ones(len(left_s))])[order])
    area = float((length[:-1] * np.diff(at_s[order])).sum())
    assert area == pytest.approx(float(run.wait_s.sum()), rel=1e-9, abs=1e-3)
