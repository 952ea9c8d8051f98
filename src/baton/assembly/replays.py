"""Replays in a running Baton: those asked for on the screen are run one after another, beside everything else.

What is asked for stands in the log, so it is run after a restart too. The simulation has a process of its own at a low priority; decisions are taken
again here, a conversation at a time.
"""

import asyncio
import time
from collections.abc import Callable
from typing import Final

from baton.assembly.errands import Errands
from baton.assembly.ruling import rules_of
from baton.capabilities.orchestration.events import ReplayAsked, ReplayDone, ReplayFailed
from baton.capabilities.orchestration.replaying.change import parse_change
from baton.capabilities.orchestration.replaying.deciding import Loop
from baton.capabilities.orchestration.replaying.running import (
    Asked,
    Prepared,
    Told,
    answered,
    of_decisions,
    prepared,
    simulated,
)
from baton.capabilities.orchestration.tables import REPLAYS
from baton.engines.twin import simulate
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError
from baton.kernel.ports import Models, Pool

DECISIONS: Final = 500
"""Conversations decided again: fewer than from the command line, since turns go first."""
NOTHING: Final = Told((), {}, 0)
Skills = Callable[[], dict[str, tuple[str, ...]]]


class Replays:
    """Runs the replays whose streams this process works."""

    def __init__(self, committer: Committer, models: Models, pool: Pool, skills: Skills) -> None:
        self._committer, self._pool, self._skills = committer, pool, skills
        self._loop = Loop(committer.store, committer.codec, committer.crafts, models)
        self.errands = Errands(
            committer, pool, ReplayAsked, "replay", REPLAYS.c.replay, REPLAYS.c.asked_ms, self._answer, ReplayFailed
        )

    async def _answer(self, stream: str) -> ReplayDone:
        began = time.monotonic()
        rows = await self._committer.store.history(stream)
        question = self._committer.codec.decode(stream, rows[0].entry.body)
        if not isinstance(question, ReplayAsked):
            raise BatonError("no_replay", 404, "Nobody asked for this replay. Ask for one on Planning, Replays.")
        change = parse_change(question.change)
        asked = Asked(change, question.since_ms, question.until_ms, question.seed, DECISIONS)
        rules = rules_of(await asyncio.to_thread(self._skills), self._committer.clock.now_ms())
        ready = await prepared(self._loop, asked, self._committer.memory.policies, rules)
        told = await self._simulated(ready)
        return answered(ready, told, await of_decisions(self._loop, ready), time.monotonic() - began)

    async def _simulated(self, ready: Prepared) -> Told:
        """The simulation, or nothing where nothing was to be served: rules can be made before anybody came."""
        try:
            return (await asyncio.to_thread(self._pool.map, simulated, [ready.simulation(simulate)]))[0]
        except BatonError as refused:
            if refused.code != "nothing_to_replay":
                raise
            return NOTHING
