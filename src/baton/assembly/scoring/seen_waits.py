"""Seen waits: what each customer of a run found on joining, walked through event by event, and how long they then waited."""

from collections.abc import Iterator
from typing import NamedTuple

from baton.assembly.scoring.airline import GROUPS, QUEUES
from baton.capabilities.individual.quoting.line import Line
from baton.capabilities.individual.quoting.pooled import Waited
from baton.kernel.queueing import SERVED, Rep, Run

ABLE = tuple(frozenset(n for n, group in enumerate(GROUPS) if queue in group.skills) for queue in QUEUES)
SHARED = tuple(tuple(q for q in range(len(QUEUES)) if q != own and ABLE[q] & ABLE[own]) for own in range(len(QUEUES)))
DUTY_BEGINS, DUTY_ENDS, LEAVES, JOINS = 1, 2, 3, 4
SMOOTH = 0.15
"""How much the newest gap between two who were served counts."""
LONGEST_GAP_MS = 600_000.0


class Seen(NamedTuple):
    """One wait, and whether its customer never gives up, so that it is the whole truth."""

    waited: Waited
    steady: bool


class _Queue:
    """One queue as it goes."""

    def __init__(self) -> None:
        self.waiting: dict[int, float] = {}
        self.last_s = self.at_s = 0.0
        self.gap_ms = 60_000.0

    def served(self, at_s: float, wait_s: float) -> None:
        gap_ms = min(LONGEST_GAP_MS, 1000 * (at_s - self.at_s))
        self.gap_ms += SMOOTH * (gap_ms - self.gap_ms)
        self.last_s, self.at_s = wait_s, at_s


def waits_of(run: Run, reps: tuple[Rep, ...], handle_ms: list[int], patience_ms: list[int]) -> Iterator[Seen]:
    """Every wait of a day: those who found somebody free did not wait and are told nothing."""
    queues = [_Queue() for _ in QUEUES]
    on = [0] * len(GROUPS)
    kinds, states, joined = run.kind.tolist(), run.state.tolist(), run.joined_s.tolist()
    waits = run.wait_s.tolist()
    for at_s, what, who in _happened(reps, joined, waits):
        if what in {DUTY_BEGINS, DUTY_ENDS}:
            on[who] += 1 if what == DUTY_BEGINS else -1
            continue
        own, waited = kinds[who] // 2, waits[who] > 1e-6
        if what == JOINS and waited:
            line = _line(own, at_s, queues, on, handle_ms[own], patience_ms[own])
            answered = states[who] == SERVED
            yield Seen(
                Waited(QUEUES[own], int(at_s // 3600), line, round(1000 * waits[who]), answered), kinds[who] % 2 == 1
            )
            queues[own].waiting[who] = at_s
        elif what == LEAVES or not waited:
            queues[own].waiting.pop(who, None)
            if states[who] == SERVED and (what == LEAVES) == waited:
                queues[own].served(at_s, waits[who])


def _happened(reps: tuple[Rep, ...], joined: list[float], waits: list[float]) -> list[tuple[float, int, int]]:
    number = {group.name: n for n, group in enumerate(GROUPS)}
    told = [(at, JOINS, who) for who, at in enumerate(joined)]
    told += [(at + waits[who], LEAVES, who) for who, at in enumerate(joined) if waits[who] > 1e-6]
    told += [(begins, DUTY_BEGINS, number[rep.group]) for rep in reps for begins, _ in rep.duty_s]
    told += [(ends, DUTY_ENDS, number[rep.group]) for rep in reps for _, ends in rep.duty_s]
    return sorted(told)


def _line(own: int, at_s: float, queues: list[_Queue], on: list[int], handle_ms: int, patience_ms: int) -> Line:
    mine = queues[own]
    head_s = next(iter(mine.waiting.values()), at_s)
    return Line(
        ahead=len(mine.waiting), others=sum(len(queues[q].waiting) for q in SHARED[own]),
        servers=sum(on[n] for n in ABLE[own]), handle_ms=handle_ms, patience_ms=patience_ms,
        head_ms=round(1000 * (at_s - head_s)), last_ms=round(1000 * mine.last_s), gap_ms=round(mine.gap_ms),
    )  # fmt: skip
