"""Price: what it costs in service level that some reps are away for a while, by Erlang-A.

The queues they serve are taken as one: Poisson arrivals at the pace of the last half hour, exponential handle times and patience, as
many servers as the reps at work have places. The price is the service level with everybody less that without those who rest, of the
customers who come meanwhile (Palm 1957; Garnett, Mandelbaum and Reiman 2002), times how far the queue gets towards that in the time:
it settles like exp(-t / handle time), as an infinite-server queue does exactly (Eick, Massey and Whitt 1993), so on average over a rest
of x handle times by 1 - (1 - exp(-x)) / x.
"""

from dataclasses import dataclass
from math import exp

from baton.kernel.queueing import erlang_a

PATIENCE_S = 600.0
"""Mean patience where none is fitted: an assumption, the same as that of quoted waits."""


@dataclass(frozen=True)
class Work:
    """What comes to the queues of a rep: contacts a second, handle time, the strictest target; places at work and of one rep."""

    per_s: float
    handle_s: float
    target_s: float
    places: int
    each: int


@dataclass(frozen=True)
class Price:
    """Permille more customers answered late, of thousandths of customers expected while it lasts."""

    late_permille: int
    milli_contacts: int


def price(work: Work, rest_s: float, away: int = 1) -> Price:
    """The price of `away` reps resting at once for `rest_s`; nothing where nobody comes or nobody is at work."""
    milli_contacts = round(1000 * work.per_s * rest_s)
    if work.per_s <= 0 or work.places <= 0:
        return Price(0, milli_contacts)
    with_all, without = _level(work, work.places), _level(work, work.places - away * work.each)
    return Price(max(0, round(1000 * (with_all - without) * settled(rest_s / work.handle_s))), milli_contacts)


def settled(handle_times: float) -> float:
    """How far a queue gets towards its new long run, on average over a stretch of so many handle times; 1 for a very long one."""
    return 1 - (1 - exp(-handle_times)) / handle_times if handle_times > 0 else 0.0


def _level(work: Work, places: int) -> float:
    if places <= 0:
        return 0.0
    return erlang_a(work.per_s, work.handle_s, PATIENCE_S, places, work.target_s).service_level
