"""Arrivals: when invented customers come, by the same process that the queue's twin runs on.

A Poisson process whose rate follows the day's profile (`demand.toml`) and varies by half hour as real arrivals do: gamma-Poisson.
"""

from collections.abc import Iterator
from datetime import UTC, datetime
from itertools import count
from zoneinfo import ZoneInfo

from baton.demo.halcyon.company import company
from baton.demo.halcyon.demand import hour_shares
from baton.engines.twin.coming import coming
from baton.kernel.queueing.laws import Exponential
from baton.kernel.queueing.policy import FIFO
from baton.kernel.queueing.world import ContactClass, World

HALF_HOUR_S = 1800.0
HALF_HOURS = 48
QUIETEST = 0.6
"""Of the mean rate: somebody who looks at night wants to see something too."""
VARIES = 0.15


def gaps_s(seed: int, at_ms: int, per_hour: float) -> Iterator[float]:
    """Seconds from each customer to the next, without end; `per_hour` come in the mean of a day."""
    local = datetime.fromtimestamp(at_ms / 1000, UTC).astimezone(ZoneInfo(company().time_zone))
    last_s, began = 0.0, 2 * local.hour + local.minute // 30
    for day in count():
        for arrive_s in coming(_day(began, per_hour), FIFO, seed + day).arrive_s.tolist():
            at_s = day * HALF_HOURS * HALF_HOUR_S + arrive_s
            yield at_s - last_s
            last_s = at_s


def _day(began: int, per_hour: float) -> World:
    """A day from half hour `began` on, of one class: only its arrivals matter here."""
    profile = [max(QUIETEST, 24 * share) for share in hour_shares()]
    scale = 24 / sum(profile) * per_hour / 2
    expected = tuple(scale * profile[(began + n) // 2 % 24] for n in range(HALF_HOURS))
    customers = ContactClass("customers", "any", Exponential(1.0), None, expected, interval_cv=VARIES)
    return World((customers,), (), (), HALF_HOUR_S)
