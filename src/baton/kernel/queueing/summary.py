"""Summaries of runs: service level, ASA, abandonment, occupancy, how evenly the hard contacts fell; by class and interval."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np

from baton.kernel.queueing.outcome import (
    ABANDONED,
    BALKED,
    CALLED_BACK,
    RESOLVED_BY_AI,
    SERVED,
    WAITING,
    Chosen,
    Floats,
    Marks,
    Run,
    Whole,
)
from baton.kernel.queueing.world import World, able


@dataclass(frozen=True)
class Line:
    """Of some contacts that needed a person: shares from 0 to 1, seconds, and 0 where nobody is behind a figure.

    `service_level` is answered within their class's target, of all; `abandonment` left or balked, of all; `mean_wait_s` is over
    all but callbacks, who do not hold the line; `asa_s` over who was answered.
    """

    name: str
    offered: int
    served: int
    abandoned: int
    called_back: int
    waiting: int
    service_level: float
    asa_s: float
    mean_wait_s: float
    abandonment: float


@dataclass(frozen=True)
class Summary:
    """All contacts, then by class and by interval of joining. `resolved_by_ai` are in no line: nobody was needed.

    `occupancy` is handle time over time on duty, in shares of capacity. `hard_gini` is the Gini coefficient of each rep's share of
    hard contacts among who may serve hard ones and handled at least one (0 all alike).
    """

    everybody: Line
    by_class: tuple[Line, ...]
    by_interval: tuple[Line, ...]
    occupancy: float
    hard_gini: float
    resolved_by_ai: int
    breathers: int


def summarise(world: World, runs: Sequence[Run]) -> Summary:
    """Of one run or several of the same world: contacts are put together, and each rep's counts added up."""
    state = np.concatenate([run.state for run in runs])
    needed = state != RESOLVED_BY_AI
    kind, wait_s, joined_s = (
        np.concatenate([getattr(run, name) for run in runs])[needed] for name in ("kind", "wait_s", "joined_s")
    )
    within = wait_s <= np.array([each.target_s for each in world.classes])[kind]
    interval = (joined_s // world.interval_s).astype(np.int64)
    names = [each.name for each in world.classes]
    people = _People(state[needed], wait_s, within)
    return Summary(
        everybody=_line("all", people), by_class=_lines(people, kind, names),
        by_interval=_lines(people, interval, [str(n) for n in range(int(interval.max(initial=-1)) + 1)]),
        occupancy=float(sum(run.busy_s.sum() for run in runs) / sum(run.on_duty_s.sum() for run in runs)),
        hard_gini=_hard_gini(world, runs), resolved_by_ai=int((~needed).sum()),
        breathers=int(sum(run.breathers.sum() for run in runs)),
    )  # fmt: skip


def gini(values: Floats) -> float:
    """The Gini coefficient of values of 0 or more: 0 where all are alike, (n - 1) / n where one has everything.

    The mean absolute difference over twice the mean, by ranks: sum((2 i - n - 1) x_i) / (n sum(x)), x ascending.
    """
    total = float(values.sum())
    if total <= 0:
        return 0.0
    ranks = 2 * np.arange(1, len(values) + 1) - len(values) - 1
    return float((ranks * np.sort(values)).sum() / (len(values) * total))


def _hard_gini(world: World, runs: Sequence[Run]) -> float:
    hard = [kind for kind in world.classes if kind.complexity == "high"]
    groups = {group.name for group in world.groups if any(able(group, kind) for kind in hard)}
    may = np.array([rep.group in groups for rep in world.reps])
    handled = np.sum([run.handled for run in runs], axis=0)
    counted = may & (handled > 0)
    return gini(np.sum([run.hard for run in runs], axis=0)[counted] / handled[counted])


class _People(NamedTuple):
    """By contact that needed a person: what became of it, how long it waited, and whether that is within its target."""

    state: Marks
    wait_s: Floats
    within: Chosen


def _lines(people: _People, key: Whole, names: Sequence[str]) -> tuple[Line, ...]:
    """A line for each key from 0 on."""
    order = np.argsort(key, kind="stable")
    ends = np.searchsorted(key[order], np.arange(len(names) + 1))
    parts = (order[begin:end] for begin, end in pairwise(ends))
    return tuple(
        _line(name, _People(people.state[part], people.wait_s[part], people.within[part]))
        for name, part in zip(names, parts, strict=True)
    )


def _line(name: str, people: _People) -> Line:
    state, wait_s, within = people
    answered = (state == SERVED) | (state == CALLED_BACK)
    left = (state == ABANDONED) | (state == BALKED)
    return Line(
        name, len(state), int((state == SERVED).sum()), int(left.sum()), int((state == CALLED_BACK).sum()),
        int((state == WAITING).sum()), _mean(answered & within), _mean(wait_s[state == SERVED]),
        _mean(wait_s[(state == SERVED) | left]), _mean(left),
    )  # fmt: skip


def _mean(values: Floats | Chosen) -> float:
    return float(values.mean()) if len(values) else 0.0
