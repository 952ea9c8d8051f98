"""Named: how long until one rep is there. What they hold and how long it has lasted, who wants them before, their breaks and their end.

Nothing is averaged: the ways it may go are drawn at fixed parts of each law, so that the same state gives the same quote. What is told to
be kept is the quantile of them.
"""

from collections.abc import Sequence
from functools import cache
from typing import Final

import msgspec
import numpy as np

from baton.capabilities.individual.quoting.laws import Floats, Law, fresh_ms, remaining_ms
from baton.capabilities.individual.quoting.quote import Quote, quote_of

DRAWS: Final = 256
"""Ways it may go that are looked at: the quantile's own error is about 2 %."""
NEVER: Final = 1e15
NOT_TODAY: Final = 0.2
"""Where more of the ways end after the rep has gone home than this, nothing is promised: the named choice is not offered."""
Span = tuple[int, int]


class Busy(msgspec.Struct, frozen=True, gc=False):
    """A rep's desk as the customer finds it, times in milliseconds from now.

    `held` are conversations in hand, each its law and how long it has lasted; `places` how many the rep holds at once; `ahead` the laws of
    those who want this rep and come first; `away` breaks to come (from, until), and `ends_ms` when they go home, if that is known.
    """

    held: tuple[tuple[Law, int], ...]
    places: int = 1
    ahead: tuple[Law, ...] = ()
    away: tuple[Span, ...] = ()
    ends_ms: int | None = None


def named(desk: Busy, level_permille: int = 800) -> Quote | None:
    """What to tell who would wait for this rep; None where they will probably not come to it before they go home.

    `level_permille` is the quantile that is promised: the policy's share, or what calibration found to be kept that often.
    """
    ways = ways_ms(desk)
    if float((ways >= NEVER).mean()) > NOT_TODAY:
        return None
    middle, late = np.quantile(ways, [0.5, level_permille / 1000], method="higher")
    return quote_of(float(middle), float(late))


def level(desk: Busy, wait_ms: int | None) -> float:
    """The share of the ways that were shorter than what came (1 where the rep went home): the level that would just have kept it.

    Calibrating this level makes promises kept as often as they say whatever the laws miss (distributional conformal prediction:
    Chernozhukov, Wuethrich and Zhu 2021).
    """
    return 1.0 if wait_ms is None else float((ways_ms(desk) < wait_ms).mean())


def ways_ms(desk: Busy) -> Floats:
    """When the rep could take the customer, in each of the ways it may go; `NEVER` where they have gone home."""
    free = np.zeros((max(desk.places, len(desk.held)), DRAWS))
    for n, (law, elapsed_ms) in enumerate(desk.held):
        free[n] = remaining_ms(law, elapsed_ms, _parts(n))
    free = np.sort(free, axis=0)[len(free) - max(1, desk.places) :] if len(free) > desk.places else free
    every = np.arange(DRAWS)
    for n, law in enumerate(desk.ahead):
        first = free.argmin(axis=0)
        begin = _at_work(free[first, every], desk)
        free[first, every] = np.minimum(NEVER, begin + fresh_ms(law, _parts(len(desk.held) + n)))
    return _at_work(free.min(axis=0), desk)


def _at_work(at_ms: Floats, desk: Busy) -> Floats:
    """The first time from each on at which the rep serves: who is busy when a break begins ends that first; after the end nobody."""
    for begins, ends in sorted(desk.away):
        at_ms = np.where((at_ms >= begins) & (at_ms < ends), ends, at_ms)
    return at_ms if desk.ends_ms is None else np.where(at_ms >= desk.ends_ms, NEVER, at_ms)


@cache
def _parts(n: int) -> Floats:
    """The middles of `DRAWS` equal parts, in an order of their own for each conversation (a low-discrepancy sequence)."""
    turn = (0.754877666 + 0.15885389 * n) % 1.0
    order = np.argsort((np.arange(DRAWS) * turn + 0.5 * n) % 1.0, kind="stable")
    return (order.argsort() + 0.5) / DRAWS if n else (np.arange(DRAWS) + 0.5) / DRAWS


def by_hand(held: Sequence[tuple[Law, int]], mean_ms: int, ahead: int) -> int:
    """The usual way, to measure against: mean handle time less what has passed, and a mean for each ahead; milliseconds."""
    left = min((max(0, mean_ms - elapsed_ms) for _, elapsed_ms in held), default=0)
    return left + ahead * mean_ms
