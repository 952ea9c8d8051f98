"""`baton eval staffing`: what Erlang-A foresees of a service level, beside the twin, over a grid of sizes, loads and patience.

The twin runs each cell for many stretches after a warm-up; what its contacts by chance were more than expected, or took longer, is taken out by
regression (control variates, Lavenberg and Welch 1981). With exponential handle times Erlang-A is exact, so what is left is the twin's own
error; with lognormal ones it is what the assumption costs. Erlang-C, which knows no abandonment, is the baseline.
"""

from collections.abc import Callable
from itertools import product
from typing import NamedTuple

import numpy as np

from baton.engines.twin import simulate
from baton.kernel.queueing import (
    FIFO,
    SERVED,
    ContactClass,
    Exponential,
    Law,
    Lognormal,
    RepGroup,
    Run,
    World,
    erlang_a,
    erlang_c,
    staffed,
)

Say = Callable[[str], None]
Figures = dict[str, object]
HOUR_S, TARGET_S, HANDLE_S = 3600.0, 20.0, 300.0
SIZES, LOADS, PATIENCES_S = (8, 30, 120), (0.8, 0.95, 1.1), (60.0, 240.0)
CV = 1.2
"""Of handle times: near what call centres report (Brown et al. 2005)."""
CONTACTS = 2_000_000
"""In each cell, in stretches of half a day: a standard error of at most .3 points."""
STRETCH_HOURS = 12


class Cell(NamedTuple):
    """One cell: service levels, by Erlang-A, by Erlang-C, of the twin with exponential and with lognormal handle times."""

    reps: int
    load: float
    patience_s: float
    foreseen: float
    without_patience: float
    seen: float
    seen_lognormal: float


def staffing(seed: int, contacts: int, say: Say) -> Figures:
    """The largest differences over the grid, as shares from 0 to 1 (.01 is one point)."""
    cells = []
    for n, (reps, load, patience_s) in enumerate(product(SIZES, LOADS, PATIENCES_S)):
        cells.append(_cell(reps, load, patience_s, 100 * seed + n, contacts))
        say(
            f"{reps} reps, load {load}, patience {patience_s:.0f} s: {cells[-1].foreseen:.4f}, {cells[-1].seen:.4f} in the twin"
        )
    return {
        "service_level_error": round(max(abs(c.foreseen - c.seen) for c in cells), 4),
        "service_level_error_lognormal": round(max(abs(c.foreseen - c.seen_lognormal) for c in cells), 4),
        "baseline_service_level_error": round(max(abs(c.without_patience - c.seen) for c in cells), 4),
        "cells": len(cells),
    }


def _cell(reps: int, load: float, patience_s: float, seed: int, contacts: int) -> Cell:
    per_s = load * reps / HANDLE_S
    seen = [
        _service_level(reps, per_s, law, patience_s, seed, contacts)
        for law in (Exponential(HANDLE_S), Lognormal(HANDLE_S, CV))
    ]
    return Cell(
        reps, load, patience_s, erlang_a(per_s, HANDLE_S, patience_s, reps, TARGET_S).service_level,
        erlang_c(per_s, HANDLE_S, reps, TARGET_S).service_level, *seen,
    )  # fmt: skip


def _service_level(reps: int, per_s: float, law: Law, patience_s: float, seed: int, contacts: int) -> float:
    hours = STRETCH_HOURS + 2
    kind = ContactClass("calls", "phone", law, Exponential(patience_s), (per_s * HOUR_S,) * hours, target_s=TARGET_S)
    world = World(
        (kind,), (RepGroup("phones", {"phone": 1}),), staffed("phones", reps, 0, (hours + 1) * HOUR_S), HOUR_S
    )
    stretches = max(20, round(contacts / (per_s * HOUR_S * STRETCH_HOURS)))
    runs = simulate(world, FIFO, range(seed * 100_000, seed * 100_000 + stretches))
    told = np.array([_told(run, per_s * HOUR_S * STRETCH_HOURS) for run in runs])
    by_chance = np.column_stack([np.ones(len(told)), told[:, 1:]])
    return float(np.linalg.lstsq(by_chance, told[:, 0], rcond=None)[0][0])


def _told(run: Run, expected: float) -> tuple[float, float, float]:
    """Of those who came after the first hour and before the last: answered within the target, and how many more came and longer it took."""
    settled = (run.arrived_s > HOUR_S) & (run.arrived_s < (STRETCH_HOURS + 1) * HOUR_S)
    served = settled & (run.state == SERVED)
    took_s = (run.ended_s - run.started_s)[served].mean()
    within = (served & (run.wait_s <= TARGET_S)).sum() / settled.sum()
    return float(within), float(settled.sum() / expected - 1), float(took_s / HANDLE_S - 1)
