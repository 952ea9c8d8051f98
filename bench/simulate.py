"""`baton bench simulate`: contacts a CPU-second of the twin, of SimPy and of Ciw on one model, and the twin beside exact Erlang-A.

The model has three skills, 100 reps with one or with all, and impatient contacts. The single queue of `erlang_a_z` is 100 reps at as much work
as reps: the mean share that abandons over independent stretches, less the exact share, in standard errors.
"""

import time
from collections.abc import Callable
from functools import partial
from math import sqrt
from statistics import mean, stdev
from typing import Any

from baton.engines.twin import simulate
from baton.kernel.queueing import (
    ABANDONED,
    FIFO,
    ContactClass,
    Exponential,
    RepGroup,
    World,
    erlang_a,
    staffed,
)
from bench.peers import Model, with_ciw, with_simpy

HOUR_S = 3600.0
MODEL = Model(
    rates=(140 / 3600, 140 / 3600, 110 / 3600), handle_s=900.0, patience_s=300.0,
    groups=(((0,), 28), ((1,), 28), ((2,), 18), ((0, 1, 2), 26)), hours=0.0,
)  # fmt: skip
RUNS = 20
STRETCHES = 40
Figures = dict[str, Any]


def bench_simulate(contacts: int, repeats: int, say: Callable[[str], None]) -> Figures:
    """The best of `repeats` each, since others may use the machine; the peers simulate a 20th and an 80th of the contacts."""
    per_hour = sum(MODEL.rates) * HOUR_S
    world = _world(MODEL._replace(hours=contacts / RUNS / per_hour))
    simulate(_world(MODEL._replace(hours=1)), FIFO, [0])  # compiles, or reads what was compiled before
    say("compiled")
    own = [_spent(partial(_with_twin, world, n)) for n in range(repeats)]
    say(f"Baton: {_best(own):,.0f} contacts a CPU-second")
    simpy = [_spent(partial(with_simpy, MODEL._replace(hours=contacts / 20 / per_hour), n)) for n in range(repeats)]
    say(f"SimPy: {_best(simpy):,.0f}")
    ciw = [_spent(partial(with_ciw, MODEL._replace(hours=contacts / 80 / per_hour), n)) for n in range(repeats)]
    say(f"Ciw: {_best(ciw):,.0f}")
    return {
        "customers_per_cpu_s": round(_best(own)), "simpy_per_cpu_s": round(_best(simpy)), "ciw_per_cpu_s": round(_best(ciw)),
        "times_simpy": round(_best(own) / _best(simpy), 1), "times_ciw": round(_best(own) / _best(ciw), 1),
        "abandoned": round(mean(each[2] for each in own), 4), "simpy_abandoned": round(mean(each[2] for each in simpy), 4),
        "ciw_abandoned": round(mean(each[2] for each in ciw), 4),
        "erlang_a_z": round(erlang_a_z(STRETCHES), 2),
    }  # fmt: skip


def erlang_a_z(stretches: int, reps: int = 100, hours: int = 12) -> float:
    """How many standard errors the twin's abandonment is from Erlang-A's, over stretches that begin after an hour of warm-up."""
    kind = ContactClass("calls", "phone", Exponential(300), Exponential(120), expected=(12.0 * reps,) * (hours + 2))
    world = World(
        (kind,), (RepGroup("phones", {"phone": 1}),), staffed("phones", reps, 0, (hours + 3) * HOUR_S), HOUR_S
    )
    shares = []
    for run in simulate(world, FIFO, range(stretches)):
        counted = (run.arrived_s > HOUR_S) & (run.arrived_s < (hours + 1) * HOUR_S)
        shares.append(float((run.state[counted] == ABANDONED).mean()))
    exact = erlang_a(reps / 300, 300, 120, reps, 20).abandoned
    return (mean(shares) - exact) / (stdev(shares) / sqrt(stretches))


def _world(model: Model) -> World:
    hours = max(1, round(model.hours))
    skills = [str(kind) for kind in range(len(model.rates))]
    groups = tuple(RepGroup(str(n), {skills[k]: 1 for k in able}) for n, (able, _) in enumerate(model.groups))
    return World(
        classes=tuple(
            ContactClass(skill, skill, Exponential(model.handle_s), Exponential(model.patience_s), (rate * HOUR_S,) * hours)
            for skill, rate in zip(skills, model.rates, strict=True)
        ),
        groups=groups,
        reps=tuple(rep for n, (_, count) in enumerate(model.groups) for rep in staffed(str(n), count, 0, hours * HOUR_S)),
        interval_s=HOUR_S,
    )  # fmt: skip


def _with_twin(world: World, seed: int) -> tuple[int, float]:
    runs = simulate(world, FIFO, range(seed * RUNS, (seed + 1) * RUNS))
    came = sum(len(run.kind) for run in runs)
    return came, sum(int((run.state == ABANDONED).sum()) for run in runs) / came


def _spent(work: Callable[[], tuple[int, float]]) -> tuple[float, int, float]:
    began = time.process_time()
    came, left = work()
    return time.process_time() - began, came, left


def _best(measured: list[tuple[float, int, float]]) -> float:
    return max(came / spent_s for spent_s, came, _ in measured)
