"""Urgency: whom a second more of waiting costs most, by the generalised c-mu rule, in whole numbers.

A conversation of a queue costs c(w) = weight x (w / target) ** power after waiting w; serving the highest c'(w) x mu first, mu
being the pace of the queue, is asymptotically optimal for convex costs (van Mieghem 1995; Mandelbaum and Stolyar 2004). 1000 is
the urgency of a conversation of weight 1 and power 2 that waited its target in a queue of 20 s at six minutes each.
"""

from collections.abc import Iterable
from math import isqrt

from baton.capabilities.routing.events import Queue

TARGET_S = 20
PACE_MS = 360_000
SHORTEST_MS, LONGEST_MS = 60_000, 3_600_000
"""A pace is taken to be between these, so that a queue of odd short contacts never takes everybody."""
FLOOR_S = 5
"""A wait counts as at least this long: who has just come is not worth nothing."""
MOST = 500_000
PRIORITY = 60_000
"""What one point of priority is worth: from 9 on it goes before any wait, at 100 (grief, distress) before who starves."""
STARVING, STEP, BLOCKS = 5_000_000, 5_000, 200
"""Beyond the bound first come is first served: blocks of those who starve, oldest first, each further above the next than a match is worth."""


def urgency(queue: Queue, wait_s: int, pace_ms: int = PACE_MS) -> int:
    """c'(w) x mu of a conversation that has waited `wait_s`, at most `MOST`."""
    wait_s, target_s = max(FLOOR_S, wait_s), max(1, queue.target_s)
    pace_ms = min(LONGEST_MS, max(SHORTEST_MS, pace_ms))
    rules = queue.urgency
    slope = rules.weight_permille * rules.power_permille * _raised(wait_s, target_s, rules.power_permille) // 2_000_000
    return max(1, min(MOST, slope * TARGET_S * PACE_MS // (target_s * pace_ms)))


def _raised(wait_s: int, target_s: int, power_permille: int) -> int:
    """(wait / target) ** (power - 1) in permille; the power in halves, so that a whole root gives it exactly."""
    halves = min(4, max(0, (power_permille - 1000) // 500))
    ratio = 1000 * wait_s // target_s
    whole: int = ratio ** (halves // 2) * 1000 // 1000 ** (halves // 2)
    return whole * isqrt(1000 * ratio) // 1000 if halves % 2 else whole


def starving(since_ms: Iterable[int]) -> dict[int, int]:
    """The urgency of every arrival time that is past the bound: the earlier, the more."""
    waits = sorted(since_ms)
    size = -(-len(waits) // BLOCKS) if waits else 1
    return {since: STARVING + STEP * (BLOCKS - n // size) for n, since in enumerate(waits)}
