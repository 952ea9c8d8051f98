"""`baton eval breathers`: what a breather is said to cost, beside the queue's twin with one rep away for as long, the same customers.

The twin tells of those who come while the rep is away, and of those in the half hour after it too. Handle times there are lognormal, and who
is busy finishes first, as at a desk; the price knows neither. The long-run difference by Erlang-A alone is the baseline.
"""

from collections.abc import Callable, Sequence
from itertools import product
from typing import NamedTuple

import numpy as np

from baton.capabilities.wellbeing.breathers.price import PATIENCE_S, Work, price, settled
from baton.engines.twin import simulate
from baton.kernel.queueing import (
    FIFO,
    SERVED,
    ContactClass,
    Exponential,
    Lognormal,
    Rep,
    RepGroup,
    Run,
    World,
    staffed,
)

Say = Callable[[str], None]
Figures = dict[str, object]
SIZES, LOADS, HANDLES_S = (8, 30), (0.75, 0.9), (180.0, 300.0, 600.0)
CV, TARGET_S, REST_S = 1.2, 20.0, 300.0
FROM_S, AFTER_S, HOURS = 5400.0, 1800.0, 3
STANDING = 0.01
"""What the default policy grants by itself: one point of customers answered late."""


class Cell(NamedTuple):
    """One floor, in shares: the price, the long-run difference, and what the twin lost while the rep was away, and with the half hour after."""

    price: float
    long_run: float
    meanwhile: float
    with_after: float


def breathers(seed: int, runs: int, say: Say) -> Figures:
    """How far the price is from what came, as shares (.01 is one point), and how often policy would have granted too dear a breather."""
    cells = []
    for n, (reps, load, handle_s) in enumerate(product(SIZES, LOADS, HANDLES_S)):
        first = 1_000_000 * seed + 10_000 * n
        cells.append(_cell(reps, load, handle_s, range(first, first + runs)))
        say(
            f"{reps} reps, load {load}, {handle_s:.0f} s each: {cells[-1].price:.4f} foreseen, {cells[-1].meanwhile:.4f} came"
        )
    return {
        "mean_error": round(float(np.mean([abs(c.price - c.meanwhile) for c in cells])), 4),
        "largest_underestimate": round(max(c.meanwhile - c.price for c in cells), 4),
        "baseline_mean_error": round(float(np.mean([abs(c.long_run - c.meanwhile) for c in cells])), 4),
        "wrongly_granted": sum(c.price <= STANDING < c.meanwhile for c in cells), "cells": len(cells),
        "foreseen": [round(c.price, 4) for c in cells], "seen": [round(c.meanwhile, 4) for c in cells],
        "seen_with_half_hour_after": [round(c.with_after, 4) for c in cells],
    }  # fmt: skip


def _cell(reps: int, load: float, handle_s: float, seeds: Sequence[int]) -> Cell:
    per_s = load * reps / handle_s
    work = Work(per_s, handle_s, TARGET_S, reps, 1)
    end_s = 3600.0 * HOURS
    everybody = staffed("phones", reps, 0, end_s)
    away = (*everybody[1:], Rep("phones-0", "phones", ((0.0, FROM_S), (FROM_S + REST_S, end_s))))
    told = [simulate(_world(work, who), FIFO, seeds) for who in (everybody, away)]
    meanwhile, with_after = (
        _late(told[1], FROM_S, FROM_S + until_s) - _late(told[0], FROM_S, FROM_S + until_s)
        for until_s in (REST_S, REST_S + AFTER_S)
    )
    asked = price(work, REST_S).late_permille / 1000
    return Cell(asked, asked / settled(REST_S / handle_s), meanwhile, with_after)


def _world(work: Work, reps: tuple[Rep, ...]) -> World:
    kind = ContactClass(
        "calls", "phone", Lognormal(work.handle_s, CV), Exponential(PATIENCE_S), (work.per_s * 3600,) * HOURS, target_s=TARGET_S
    )  # fmt: skip
    return World((kind,), (RepGroup("phones", {"phone": 1}),), reps, 3600.0)


def _late(runs: Sequence[Run], from_s: float, to_s: float) -> float:
    """The share of those who came in a stretch that nobody answered in time."""
    late = came = 0
    for run in runs:
        here = (run.arrived_s >= from_s) & (run.arrived_s < to_s)
        came += int(here.sum())
        late += int((here & ~((run.state == SERVED) & (run.wait_s <= TARGET_S))).sum())
    return late / came if came else float(np.nan)
