"""`baton bench routing`: assigning waiting conversations to reps, beside a dense assignment of the same board where that fits.

A board is invented: twelve queues, four languages, three levels of complexity, waits that bunch as they do in a surge, one
conversation in ten served before; reps in 24 teams of one to four skills, three levels, up to three languages, one free place.
`ms` is from the places and posts as deciding has them to the pairs, on one core, median of `repeats`.
"""

import asyncio
import random
import statistics
import time
from collections.abc import Callable
from typing import Any

from baton.capabilities.routing.assigning.able import Floor
from baton.capabilities.routing.assigning.grouping import Grouped, grouped
from baton.capabilities.routing.assigning.solving.problem import worth
from baton.capabilities.routing.assigning.solving.solver import best_pairings
from baton.capabilities.routing.events import Pace, Place, Post, Queue, Routing
from bench.offering import bench_offering

NOW_MS = 1_767_604_500_000
QUEUES, TEAMS, LANGUAGES, LEVELS = 12, 24, ("en", "es", "de", "fr"), ("low", "medium", "high")
DENSE_MOST = 2_000
"""Up to so many a side a dense assignment is solved too: beyond, its table alone is larger than the machine's memory is kind to."""
Figures = dict[str, Any]


def bench_routing(sizes: list[tuple[int, int]], repeats: int, offers: bool, say: Callable[[str], None]) -> Figures:
    """Per size `ms`, `pairs`, `optimal` and `dense_ms` (both None where no dense assignment was solved); and offers, through the log."""
    found: Figures = {"sizes": {f"{waiting}x{reps}": _measured(waiting, reps, repeats, say) for waiting, reps in sizes}}
    if offers:
        say("offers through the log: few wait, then 2000")
        found["offers"] = asyncio.run(bench_offering())
    return found


def _measured(waiting: int, reps: int, repeats: int, say: Callable[[str], None]) -> Figures:
    floor = invented(waiting, reps)
    spent: list[float] = []
    for _ in range(repeats):
        began = time.process_time()
        board = grouped(floor)
        pairs = best_pairings(board.problem)
        spent.append(1000 * (time.process_time() - began))
    value = worth(board.problem, pairs)
    say(f"{waiting} waiting, {reps} reps: {len(pairs)} pairs in {statistics.median(spent):.0f} ms")
    figures: Figures = {
        "ms": round(statistics.median(spent), 1),
        "pairs": len(pairs),
        "classes": len(board.waiting),
        "rep_classes": len(board.reps),
        "optimal": None,
        "dense_ms": None,
    }
    if max(waiting, reps) <= DENSE_MOST:
        most, figures["dense_ms"] = _dense(board)
        figures["optimal"] = most == value
    return figures


def _dense(board: Grouped) -> tuple[int, float]:
    """The value of a dense assignment of the same classes and values, every conversation beside every place, and its time."""
    import numpy as np
    from scipy.optimize import linear_sum_assignment

    problem = board.problem
    rows = [(c, k) for c, of in enumerate(problem.urgencies) for k in range(len(of))]
    seats = [(r, m, load) for r, of in enumerate(problem.loads) for m, rep in enumerate(of) for load in rep]
    classes = np.zeros((len(problem.urgencies), len(problem.loads)), dtype=np.int64)
    for (c, r), fit in problem.fits.items():
        classes[c, r] = fit
    began = time.process_time()
    fits = classes[np.ix_([c for c, _ in rows], [r for r, _, _ in seats])]
    urgencies = np.array([problem.urgencies[c][k] for c, k in rows])
    values = np.where(fits > 0, fits + urgencies[:, None] - np.array([load for _, _, load in seats]), 0)
    column = {(r, m): n for n, (r, m, _) in enumerate(seats)}
    line = {row: n for n, row in enumerate(rows)}
    for (conversation, rep), bonus in problem.bonuses.items():
        if (conversation[0], rep[0]) in problem.fits:
            values[line[conversation], column[rep]] += bonus
    total = int(values[linear_sum_assignment(values, maximize=True)].sum())
    return total, round(1000 * (time.process_time() - began), 1)


def invented(waiting: int, reps: int, seed: int = 1) -> Floor:
    """A board by chance, the same for the same seed."""
    source = random.Random(seed)
    queues = tuple(
        Queue(f"q{n}", f"Queue {n}", skill=f"q{n}", target_s=source.choice((20, 30, 60))) for n in range(QUEUES)
    )
    teams = [_team(source) for _ in range(TEAMS)]
    posts = [_post(source, n, teams) for n in range(reps)]
    places = [_place(source, n, queues, reps) for n in range(waiting)]
    paces = [Pace(queue.id, source.randrange(180_000, 600_000)) for queue in queues]
    return Floor(places, posts, Routing(queues), paces, NOW_MS)


def _team(source: random.Random) -> tuple[str, ...]:
    return tuple(sorted(f"q{s}" for s in source.sample(range(QUEUES), source.choice((1, 2, 2, 3, 4)))))


def _post(source: random.Random, n: int, teams: list[tuple[str, ...]]) -> Post:
    skills = source.choice(teams)
    languages = source.choice((("en",), ("en",), ("en", "es"), ("de", "en"), ("de", "en", "fr")))
    idle_ms = NOW_MS - source.randrange(300_000)
    return Post(
        f"r{n:05d}", "available", idle_ms, skills=skills, languages=languages, capacity=1, idle_since_ms=idle_ms,
        levels=(source.choice((2, 3, 4)),) * len(skills), served=20, hard=source.randrange(3, 7),
    )  # fmt: skip


def _place(source: random.Random, n: int, queues: tuple[Queue, ...], reps: int) -> Place:
    queue = source.choice(queues)
    return Place(
        f"conversation/{n:06d}", "waiting", queue.id, NOW_MS - int(1000 * source.expovariate(1 / 240)), skill=queue.skill,
        language=source.choices(LANGUAGES, (70, 15, 10, 5))[0], level=source.choices(LEVELS, (6, 3, 1))[0],
        priority=100 if source.random() < 0.01 else 0, last_rep=f"r{source.randrange(reps):05d}" if source.random() < 0.1 else "",
    )  # fmt: skip
