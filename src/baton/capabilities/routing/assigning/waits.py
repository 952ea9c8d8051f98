"""Waits: place in line, and what a customer is told about the time.

With s servers, mean service m and mean patience p, the customer behind q others waits for q + 1 departures; while k are
still ahead they come at the rate s/m + k/p, since those ahead also give up: mean = sum over k = 0..q of 1/(s/m + k/p)
(Ibrahim and Whitt 2009, "QL_a"). The departures are independent, so variances add, and mean + 0.84 standard deviations
holds in about 80 % of cases.
"""

from collections.abc import Iterable, Sequence
from math import isqrt

import msgspec

from baton.capabilities.routing.assigning.fitting import at_work, is_able
from baton.capabilities.routing.assigning.matching import turn
from baton.capabilities.routing.assigning.room import is_free, room
from baton.capabilities.routing.events import Pace, Place, Post

SERVICE_MS = 360_000
"""How long a rep is busy with one conversation where nothing is known yet: six minutes."""
PATIENCE_MS = 600_000
"""How long customers wait before half of them have left, roughly: ten minutes, an assumption until it is fitted."""
ANSWER_MS = 10_000
"""Until a free rep takes an offer."""
Z80_PERMILLE = 842


class Quote(msgspec.Struct, frozen=True, gc=False):
    """Place in line (1 is next), the likely wait, and one that holds in 80 % of cases."""

    place: int
    wait_ms: int
    within_ms: int


def place_in_line(place: Place, places: Iterable[Place]) -> int:
    """1 for who is next in their queue: one more than wait there before them."""
    mine = turn(place)
    return 1 + sum(p.queue == place.queue and p.state == "waiting" and turn(p) < mine for p in places)


def quote(place: Place, places: Iterable[Place], posts: Sequence[Post], pace: Pace | None) -> Quote | None:
    """What to tell who waits at `place`, or None where nobody at work could take it."""
    able = [post for post in at_work(posts) if is_able(post, place, posts)]
    servers = sum(post.capacity for post in able if post.presence in {"available", "wrap_up"})
    if not servers:
        servers = sum(post.capacity for post in able)
    if not servers:
        return None
    at = place_in_line(place, places)
    if at <= sum(room(post) for post in able if is_free(post)):
        return Quote(at, ANSWER_MS, 2 * ANSWER_MS)
    wait, spread = expected_ms(at - 1, servers, pace.mean_ms if pace else SERVICE_MS)
    return Quote(at, wait, wait + Z80_PERMILLE * spread // 1000)


def expected_ms(ahead: int, servers: int, service_ms: int, patience_ms: int = PATIENCE_MS) -> tuple[int, int]:
    """Mean and standard deviation of the wait behind `ahead` others, in milliseconds, in whole numbers."""
    mean = variance = 0
    for k in range(ahead + 1):
        gap_ms = service_ms * patience_ms // (servers * patience_ms + k * service_ms)
        mean += gap_ms
        variance += gap_ms * gap_ms
    return mean, isqrt(variance)
