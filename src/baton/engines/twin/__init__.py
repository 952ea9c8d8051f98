"""The twin: a queue that runs a thousand days in a second, with the same customers under every policy.

A discrete-event simulation with a compiled core (numba, of the extra `plan`, imported at the first run).
"""

from collections.abc import Sequence

from baton.kernel.queueing.checks import check
from baton.kernel.queueing.outcome import Run
from baton.kernel.queueing.policy import Policy
from baton.kernel.queueing.world import World


def simulate(world: World, policy: Policy, seeds: Sequence[int]) -> tuple[Run, ...]:
    """One run per seed: the same seed gives the same customers under every policy, and the same run each time.

    Raises BatonError 422 on a world or a policy that cannot be, and `no_numba` where the extra `plan` is not installed.
    """
    check(world, policy)
    from baton.engines.twin.simulating import run_once

    return tuple(run_once(world, policy, seed) for seed in seeds)
