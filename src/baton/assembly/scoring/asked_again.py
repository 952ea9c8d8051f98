"""Asked again: customers who want the rep of last time, laid over a run, and how long each then waited for that rep.

A rep serves whoever wants them before the next contact of the line; contacts of the line that are late by that wait for the rep. Who is
busy when a break begins ends that first; who waits when the rep goes home was told wrongly.
"""

from collections import deque
from collections.abc import Iterator
from random import Random
from typing import NamedTuple

import numpy as np

from baton.assembly.scoring.airline import GROUPS, KINDS, QUEUES
from baton.capabilities.individual.quoting.laws import Law
from baton.capabilities.individual.quoting.named import Busy
from baton.kernel.queueing import SERVED, Lognormal, Rep, Run

PER_HOUR = 0.6
"""Customers an hour who want one rep back."""


class Asked(NamedTuple):
    """One who asked: the queue, the hour, the rep's desk as they found it, and the wait in milliseconds (none where the rep went home)."""

    queue: str
    hour: int
    desk: Busy
    wait_ms: int | None


class _Want(NamedTuple):
    at_s: float
    kind: int
    work_s: float


def asked_of(run: Run, reps: tuple[Rep, ...], laws: dict[str, Law], seed: int) -> Iterator[Asked]:
    """All of a day who found their rep busy with somebody; when a break ends is known, so whoever finds one is told no guess."""
    skills = {group.name: [QUEUES.index(skill) for skill in group.skills] for group in GROUPS}
    for number, rep in enumerate(reps):
        served = np.flatnonzero((run.rep == number) & (run.state == SERVED))
        work = [
            _Want(float(run.started_s[n]), int(run.kind[n]) // 2, float(run.ended_s[n] - run.started_s[n]))
            for n in served[np.argsort(run.started_s[served])]
        ]
        chance = Random(f"asked/{seed}/{rep.name}")
        told = _one(rep, deque(work), deque(_wants(rep, skills[rep.group], chance)), laws)
        yield from (asked for asked in told if asked.desk.held)


def _wants(rep: Rep, able: list[int], chance: Random) -> Iterator[_Want]:
    at_s, until_s = rep.duty_s[0][0], rep.duty_s[-1][1]
    while (at_s := at_s + chance.expovariate(PER_HOUR / 3600)) < until_s:
        kind = chance.choice(able)
        law = KINDS[kind][2]
        yield _Want(at_s, kind, _drawn(law, chance))


def _drawn(law: Lognormal, chance: Random) -> float:
    spread = float(np.sqrt(np.log1p(law.cv**2)))
    return chance.lognormvariate(float(np.log(law.mean_s)) - spread**2 / 2, spread)


def _one(rep: Rep, work: deque[_Want], wants: deque[_Want], laws: dict[str, Law]) -> Iterator[Asked]:
    """One rep's day: `free_s` is when they are done with what they hold, `held` since when and of which kind."""
    free_s, held = rep.duty_s[0][0], (0.0, 0)
    waiting: list[tuple[_Want, Busy]] = []
    while work or wants or waiting:
        ready_s = _at_work(free_s, rep)
        late_s = max(ready_s, work[0].at_s) if work else float("inf")
        next_s = ready_s if waiting else late_s
        if wants and wants[0].at_s < next_s:
            want = wants.popleft()
            if want.at_s >= ready_s and not waiting:
                free_s, held = want.at_s + want.work_s, (want.at_s, want.kind)
            else:
                waiting.append((want, _found(want.at_s, rep, free_s, held, waiting, laws)))
        elif next_s == float("inf"):
            yield from (_told(want, desk, None) for want, desk in waiting)
            return
        elif waiting:
            want, desk = waiting.pop(0)
            yield _told(want, desk, round(1000 * (ready_s - want.at_s)))
            free_s, held = ready_s + want.work_s, (ready_s, want.kind)
        else:
            item = work.popleft()
            free_s, held = late_s + item.work_s, (late_s, item.kind)


def _told(want: _Want, desk: Busy, wait_ms: int | None) -> Asked:
    return Asked(QUEUES[want.kind], int(want.at_s // 3600), desk, wait_ms)


def _at_work(at_s: float, rep: Rep) -> float:
    return next((max(at_s, begins) for begins, ends in rep.duty_s if at_s < ends), float("inf"))


def _found(
    at_s: float, rep: Rep, free_s: float, held: tuple[float, int], waiting: list[tuple[_Want, Busy]], laws: dict[str, Law]
) -> Busy:  # fmt: skip
    since_s, kind = held
    in_hand = ((laws[QUEUES[kind]], round(1000 * (at_s - since_s))),) if free_s > at_s else ()
    gaps = [
        (round(1000 * (a[1] - at_s)), round(1000 * (b[0] - at_s)))
        for a, b in zip(rep.duty_s, rep.duty_s[1:], strict=False)
    ]
    away = tuple(gap for gap in gaps if gap[1] > 0)
    ahead = tuple(laws[QUEUES[want.kind]] for want, _ in waiting)
    return Busy(in_hand, 1, ahead, away, round(1000 * (rep.duty_s[-1][1] - at_s)))
