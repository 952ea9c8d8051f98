"""What came of a run: arrays by contact and by rep, and what is counted of them."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

import numpy as np
import numpy.typing as npt

from baton.kernel.queueing.policy import Policy
from baton.kernel.queueing.world import World

Floats = npt.NDArray[np.float64]
Whole = npt.NDArray[np.int64]
Marks = npt.NDArray[np.int8]
Chosen = npt.NDArray[np.bool_]

WAITING: Final = 0
SERVED: Final = 1
ABANDONED: Final = 2
CALLED_BACK: Final = 3
BALKED: Final = 4
RESOLVED_BY_AI: Final = 5


@dataclass(frozen=True)
class Run:
    """One run. By contact, in order of joining the people's queue (who the AI resolved, by arrival, at the end):

    `kind` index of the class, `arrived_s`, `joined_s` (when a person was needed), `started_s` and `ended_s` (NaN where it did not
    happen; of who left, `ended_s` is when), `wait_s` from joining to being answered or leaving, `rep` index or -1, `state` one
    of the constants here. By rep: `busy_s` in shares of capacity, `on_duty_s`, `handled`, `hard` (high complexity),
    `longest_run` of hard ones, `breathers`. `until_s` is when the last rep is done.
    """

    kind: Whole
    arrived_s: Floats
    joined_s: Floats
    started_s: Floats
    ended_s: Floats
    wait_s: Floats
    rep: Whole
    state: Marks
    busy_s: Floats
    on_duty_s: Floats
    handled: Whole
    hard: Whole
    longest_run: Whole
    breathers: Whole
    until_s: float


class Twin(Protocol):
    """What simulates a queue."""

    def __call__(self, world: World, policy: Policy, seeds: Sequence[int]) -> tuple[Run, ...]:
        """One run per seed. The same seed gives the same customers under every policy, and the same run each time."""
        ...
