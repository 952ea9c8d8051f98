"""Jack again: a customer is told how long it takes until he is free, by what he holds and for how long, not by an average."""

from math import exp

import pytest

from baton.capabilities.individual.quoting.laws import POINTS
from baton.capabilities.individual.quoting.named import Busy, by_hand, named

pytestmark = pytest.mark.scene
MINUTE = 60_000
CALLS = tuple(round(4 * MINUTE * exp(0.9 * z)) for z in POINTS)
"""Half of Jack's calls are over after 4 minutes, one in ten takes more than 12."""


def test_jack_has_been_busy_for_six_minutes_and_more_is_left_than_the_average_says() -> None:
    told = named(Busy(((CALLS, 6 * MINUTE),)))
    assert told is not None
    assert by_hand([(CALLS, 6 * MINUTE)], 6 * MINUTE, 0) == 0
    assert told.wait_ms > 2 * MINUTE
    assert told.within_ms > 6 * MINUTE
