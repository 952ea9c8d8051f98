"""Service level, counted from the moment a person was needed or asked for; quotes kept; how long it took to reach a person."""

from collections.abc import Iterable, Mapping, Sequence
from math import sqrt
from statistics import median

import msgspec

from baton.capabilities.routing.events import Queue
from baton.capabilities.routing.screen.floor import Need, Waited
from baton.capabilities.routing.screen.led import Span
from baton.kernel.stats import wilson
from baton.web.formats import duration, interval, permille

NORMAL = 1.96
FEWEST = 5
"""Of fewer cases than this no share is told, only the counts, and nothing is called below its limit."""


class Share(msgspec.Struct, frozen=True):
    """A share of counted cases in permille with Wilson's 95 % interval; `n` 0 where nothing was counted."""

    permille: int = 0
    low: int = 0
    high: int = 1000
    met: int = 0
    n: int = 0

    @property
    def words(self) -> str:
        """Both ends of the interval: "76.1 to 80.6"."""
        return interval(self.low, self.high, 0) if self.n else ""

    @property
    def told(self) -> str:
        """The share in percent; of few cases the counts: "1 of 2"."""
        return permille(self.permille, 0) if self.n >= FEWEST else f"{self.met} of {self.n}"

    @property
    def beside(self) -> str:
        """The interval and the number of cases under a share: "76 to 81, of 40"; of few cases that no more can be said."""
        return f"{self.words}, of {self.n}" if self.is_enough else "too few to say" if self.n else ""

    @property
    def is_enough(self) -> bool:
        """Whether there are cases enough to judge by."""
        return self.n >= FEWEST


def share(met: int, n: int) -> Share:
    """A share with its interval."""
    found = wilson(met, n)
    return Share(round(1000 * found.value), round(1000 * found.low), round(1000 * found.high), met, n)


def in_target(
    waits: Iterable[Waited], queues: Mapping[str, Queue], now_ms: int, outages: Sequence[Span] = ()
) -> list[tuple[int, bool]]:
    """When each wait began and whether a person answered inside the queue's target.

    Who went back to the AI is left out, as are waits that began in an outage; who waits still inside the target is not judged yet.
    """
    judged = []
    for wait in waits:
        if in_outage(wait, outages):
            continue
        target_ms = 1000 * (queues[wait.queue].target_s if wait.queue in queues else Queue("", "").target_s)
        waited = wait.waited_ms
        over = waited is not None or bool(wait.left) or wait.ended_ms is not None
        if wait.left == "agent" or (not over and now_ms - wait.asked_ms <= target_ms):
            continue
        judged.append((wait.asked_ms, waited is not None and waited <= target_ms))
    return judged


def in_outage(wait: Waited, outages: Iterable[Span]) -> bool:
    """Whether a wait began in an outage that its queue is part of."""
    return any(outage.covers(wait.queue, wait.asked_ms) for outage in outages)


def level(judged: Sequence[tuple[int, bool]]) -> Share:
    """The share of waits answered inside their target."""
    return share(sum(good for _, good in judged), len(judged))


def kept(waits: Iterable[Waited]) -> Share:
    """Of those who were told how long it would take and reached a person: how many within that time."""
    told = [w for w in waits if w.within_ms and w.waited_ms is not None]
    return share(sum((w.waited_ms or 0) <= (w.within_ms or 0) for w in told), len(told))


def asks(needs: Iterable[Need]) -> int:
    """How often a customer had to ask for a person, in the middle: one tap is what the widget asks for."""
    counted = [need.triggers or 1 for need in needs if need.reason == "asked"]
    return round(median(counted)) if counted else 1


def middle(waits: Sequence[Waited]) -> str:
    """The median wait in words with its 95 % interval by ranks (Campbell and Gardner 1988), and of how many."""
    found = sorted(w.waited_ms for w in waits if w.waited_ms is not None)
    if not found:
        return ""
    room = NORMAL * sqrt(len(found))
    low, high = round((len(found) - room) / 2), round(1 + (len(found) + room) / 2)
    ends = f"{duration(found[low - 1])} to {duration(found[high - 1])}" if low >= 1 else "too few for an interval"
    return f"{duration(round(median(found)))} median, {ends}, of {len(found)}"
