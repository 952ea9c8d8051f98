"""Comparing: both worlds run with the same seeds, so that differences are of the change and not of chance; and how true the first one is.

Each figure is taken from each run. A difference is the mean over seeds of (with the change less as it was), with Student's interval; the
customers of a seed are the same in both. The interval tells how far chance moves the simulation, not how far the model is from the world:
that is what the line of what happened is for.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from math import isfinite
from typing import Literal

import numpy as np

from baton.capabilities.orchestration.events import Figure, Line
from baton.capabilities.orchestration.replaying.traffic import Traffic, queue_of
from baton.capabilities.orchestration.replaying.worlds import Key, Pair, Side
from baton.capabilities.routing.events import Routing
from baton.kernel.queueing import ABANDONED, BALKED, CALLED_BACK, RESOLVED_BY_AI, SERVED, Run, Twin, gini
from baton.kernel.stats import mean

SEEDS = 20
FEWEST_SEEDS = 6
NEAR_PERMILLE = 30
"""A simulated service level so near to the logged one counts as reproduced."""
CONTACTS = 2_000_000
"""Contacts simulated on one side at most, unless fewer seeds than `FEWEST_SEEDS` would be left."""
Values = dict[tuple[str, str], float]
"""By (queue, figure); queue "" is all of them."""
Unit = Literal["permille", "ms", "count"]
TITLES: Mapping[str, tuple[str, Unit]] = {
    "service_level": ("Answered within target", "permille"), "abandoned": ("Left before an answer", "permille"),
    "mean_wait": ("Mean wait", "ms"), "occupancy": ("Occupancy", "permille"), "kept_by_ai": ("Kept by AI", "permille"),
    "hard_gini": ("Unevenness of the hard share (Gini)", "permille"),
    "met_closed": ("Met closed hours", "count"), "offers_taken": ("Offers taken", "permille"),
}  # fmt: skip
SCALE = {"permille": 1000.0, "ms": 1000.0, "count": 1.0}


def seeds_for(contacts: int, seed: int) -> range:
    """Seeds of a replay: fewer where many contacts came."""
    return range(1000 * seed, 1000 * seed + max(FEWEST_SEEDS, min(SEEDS, CONTACTS // max(1, contacts))))


def compared(pair: Pair, traffic: Traffic, now: Routing, twin: Twin, seeds: Sequence[int]) -> tuple[Line, ...]:
    """The lines of a replay, of all queues and of each."""
    before = [_figures(run, pair.before, pair.keys) for run in twin(pair.before.world, pair.before.policy, seeds)]
    after = [_figures(run, pair.after, pair.keys) for run in twin(pair.after.world, pair.after.policy, seeds)]
    return (*_lines(before, after, happened(traffic, now, pair)), *_closed(pair))


def happened(traffic: Traffic, now: Routing, pair: Pair) -> Values:
    """The same figures of what was logged: of those who met open hours and waited for somebody of a queue that was served."""
    told: Values = {}
    for queue in ("", *sorted({c.queue for c in pair.live})):
        some = [c for c in pair.live if queue in {"", c.queue}]
        waits = [((c.answered_ms or c.ended_ms) - c.offered_ms) / 1000 for c in some if c.answered_ms or c.left]
        within = sum(
            bool(c.answered_ms) and c.answered_ms - c.offered_ms <= 1000 * queue_of(now, c.queue).target_s for c in some
        )  # fmt: skip
        told[queue, "service_level"] = within / len(some)
        told[queue, "abandoned"] = sum(c.left for c in some) / len(some)
        told[queue, "mean_wait"] = sum(waits) / len(waits) if waits else 0.0
    everybody = len(traffic.kept) + len(traffic.contacts)
    told["", "kept_by_ai"] = len(traffic.kept) / everybody
    return told


def _figures(run: Run, side: Side, keys: Sequence[Key]) -> Values:
    live = np.array([key.kind != "work" for key in keys])[run.kind] & (run.state != RESOLVED_BY_AI)
    queues = sorted({key.queue for key in keys})
    of = np.array([queues.index(key.queue) for key in keys])[run.kind]
    target_s = np.array([kind.target_s for kind in side.world.classes])[run.kind]
    answered = (run.state == SERVED) | (run.state == CALLED_BACK)
    left = (run.state == ABANDONED) | (run.state == BALKED)
    told: Values = {}
    for n, queue in enumerate(("", *queues)):
        some = live if not queue else live & (of == n - 1)
        count = int(some.sum())
        if count:
            told[queue, "service_level"] = float((some & answered & (run.wait_s <= target_s)).sum()) / count
            told[queue, "abandoned"] = float((some & left).sum()) / count
            over = some & (answered | left)
            told[queue, "mean_wait"] = float(run.wait_s[over].mean()) if over.any() else 0.0
    on_s, resolved = float(run.on_duty_s.sum()), int((run.state == RESOLVED_BY_AI).sum())
    told["", "occupancy"] = float(run.busy_s.sum()) / on_s if on_s else 0.0
    told["", "kept_by_ai"] = (resolved + side.kept) / max(1, len(run.state) + side.kept)
    if run.hard.sum():
        told["", "hard_gini"] = gini(run.hard[run.handled > 0] / run.handled[run.handled > 0])
    return told


def _lines(before: Sequence[Values], after: Sequence[Values], real: Values) -> Iterator[Line]:
    there = {at for run in (*before, *after) for at in run}
    order = list(TITLES)
    for queue, name in sorted(there, key=lambda at: (at[0], order.index(at[1]))):
        unit, key = TITLES[name][1], (queue, name)
        scale = SCALE[unit]
        pairs = [(a[key], b[key]) for a, b in zip(before, after, strict=True) if key in a and key in b]
        if not pairs:
            continue
        yield Line(
            name, queue, unit, "simulated", round(scale * real[key]) if key in real else None,
            figure_of([a for a, _ in pairs], scale), figure_of([b for _, b in pairs], scale),
            figure_of([b - a for a, b in pairs], scale), min(round(scale * a) for a, _ in pairs), max(round(scale * a) for a, _ in pairs),
        )  # fmt: skip


def figure_of(values: Sequence[float], scale: float) -> Figure:
    """A mean over seeds with its interval, as whole numbers; the value itself where the interval has no bounds."""
    told = mean([scale * value for value in values])
    low, high = (round(edge) if isfinite(edge) else round(told.value) for edge in (told.low, told.high))
    return Figure(round(told.value), low, high, told.n)


def calibration(lines: Iterable[Line]) -> list[Line]:
    """Figures of all queues that were logged too: what happened beside the simulation of it as it was."""
    return [line for line in lines if line.method == "simulated" and not line.queue and line.happened is not None]


def reproduced(lines: Iterable[Line]) -> str:
    """In words, how well the simulation without the change gives back what happened, by the share answered within target."""
    level = next((line for line in calibration(lines) if line.name == "service_level"), None)
    if level is None or level.happened is None:
        return "Nobody waited for a person in open hours, so nothing shows how true the simulation is."
    told = f"Answered within target: {level.happened / 10:.1f} % happened, {level.before.value / 10:.1f} % simulated as it was"
    if abs(level.happened - level.before.value) <= NEAR_PERMILLE:
        return f"{told}. The simulation reproduces the period to {NEAR_PERMILLE // 10} points."
    return f"{told}. The simulation does not reproduce the period to {NEAR_PERMILLE // 10} points: take a difference for its direction, not for its size."


def _closed(pair: Pair) -> Iterator[Line]:
    """Who met closed hours: counted from the log, so without chance."""
    was, would = pair.before.closed, pair.after.closed
    if was or would:
        before, after, more = (Figure(count, count, count, 1) for count in (was, would, would - was))
        yield Line("met_closed", "", "count", "counted", was, before, after, more, was, was)
