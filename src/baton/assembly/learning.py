"""Learning in a running Baton: now and then, beside everything else."""

import asyncio

from baton.engines.pool import InlinePool, ProcessPool, RayPool
from baton.kernel.capability import Crafts
from baton.kernel.committer import Committer
from baton.kernel.learning import Learner
from baton.settings import Settings

FIRST_S = 60
"""Time for a process to get going before it looks back."""


def choose_pool(settings: Settings) -> InlinePool | ProcessPool | RayPool:
    """Where heavy work runs: here, in processes of this machine, or on Ray."""
    if settings.pool == "inline":
        return InlinePool()
    return ProcessPool() if settings.pool == "processes" else RayPool()


async def learn(committer: Committer, crafts: Crafts, settings: Settings) -> list[str]:
    """Learn once; the names of the policies that were revised."""
    pool = choose_pool(settings)
    try:
        return await Learner(committer, crafts, pool).once()
    finally:
        await asyncio.to_thread(pool.close)


async def learn_now_and_then(committer: Committer, crafts: Crafts, settings: Settings) -> None:
    """Learn a minute after the start and every `learn_every_s` from then on, until cancelled."""
    await asyncio.sleep(FIRST_S)
    while True:
        await learn(committer, crafts, settings)
        await asyncio.sleep(settings.learn_every_s)
