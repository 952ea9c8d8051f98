"""Replays in a running Baton: those asked for on the screen are run one after another, beside everything else.

What is asked for stands in the log, so it is run after a restart too. The simulation has a process of its own at a low priority; decisions are taken
again here, a conversation at a time.
"""

import asyncio
import logging
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final

from sqlalchemy import select

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
from baton.kernel.committer import Committer, Done
from baton.kernel.errors import BatonError
from baton.kernel.lanes import lane_of
from baton.kernel.ports import Models, Pool

LOOK_S: Final = 10.0
"""What was asked of another process, or before this one started, is found within so long."""
DECISIONS: Final = 500
"""Conversations decided again: fewer than from the command line, since turns go first."""
NOTHING: Final = Told((), {}, 0)
Skills = Callable[[], dict[str, tuple[str, ...]]]
log = logging.getLogger(__name__)


class Replays:
    """Runs the replays whose streams this process works."""

    def __init__(self, committer: Committer, models: Models, pool: Pool, skills: Skills) -> None:
        self._committer, self._pool, self._skills = committer, pool, skills
        self._loop = Loop(committer.store, committer.codec, committer.crafts, models)
        self._news = asyncio.Event()

    def heard(self, done: Sequence[Done]) -> None:
        """A listener of the committer: somebody asked for a replay."""
        if any(isinstance(each.entry.event, ReplayAsked) for each in done):
            self._news.set()

    async def run(self) -> None:
        """Run what is asked for, until cancelled."""
        while True:
            self._news.clear()
            try:
                for stream in await self.waiting():
                    await self.replay(stream)
            except Exception:
                log.exception("no replay could be run; it is tried again")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._news.wait()

    async def waiting(self) -> list[str]:
        """Replays that are to be run, by stream, the first asked for first."""
        query = select(REPLAYS.c.replay).where(REPLAYS.c.state == "asked").order_by(REPLAYS.c.asked_ms)
        streams = [f"replay/{row['replay']}" for row in await self._committer.store.rows(query)]
        return [stream for stream in streams if lane_of(stream) in self._committer.lanes]

    async def replay(self, stream: str) -> None:
        """Run one; whatever goes wrong is said on its stream."""
        try:
            await self._say(stream, await self._answer(stream))
        except BatonError as refused:
            await self._say(stream, ReplayFailed(refused.code, refused.message))
        except Exception:
            log.exception("a replay failed", extra={"replay": stream})
            await self._say(
                stream, ReplayFailed("failed", "Something failed that nobody expected; it is in the server's log.")
            )

    async def close(self) -> None:
        """End the pool; a replay that was under way begins again at the next start."""
        end = getattr(self._pool, "end", getattr(self._pool, "close", None))
        if end is not None:
            await asyncio.to_thread(end)

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

    async def _say(self, stream: str, event: ReplayDone | ReplayFailed) -> None:
        await self._committer.append(stream, event, by="system")
