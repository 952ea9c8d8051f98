"""Exporting: signals go where they are wanted, beside everything else.

A conversation that ends twice is exported twice, with the same ids. What cannot be reached is told of once and waited for: the log has everything,
so what waits meanwhile is names of conversations. It never costs a turn.
"""

import asyncio
import logging
from collections.abc import Sequence
from contextlib import suppress
from typing import Final

from baton.assembly.signalling import News, Signalling
from baton.assembly.trials.job import Tried
from baton.engines.tracing.sending import Signals, Target, Unreachable, Untaken
from baton.kernel.committer import Done

WAITING: Final = 10_000
"""What waits to be exported; more than that is left out, and it is told."""
AT_ONCE: Final = 32
EVERY_S: Final = 60.0
"""How often metrics go out."""
FIRST_S: Final = 1.0
MOST_S: Final = 60.0
"""How long to wait after a failure: twice as long after each, up to this."""
LAST_S: Final = 5.0
"""How long a stop waits for the last to be taken."""
log = logging.getLogger(__name__)


class Exporting:
    """Sends what `made` makes of what is heard to `target`."""

    def __init__(self, made: Signalling, target: Target, every_s: float = EVERY_S, first_s: float = FIRST_S) -> None:
        self._made, self._target, self._every_s, self._first_s = made, target, every_s, first_s
        self._news: asyncio.Queue[News] = asyncio.Queue(WAITING)
        self._rest = Signals()
        self._metrics_s, self._wait_s, self._left = 0.0, 0.0, 0
        self._told: set[str] = set()

    def heard(self, done: Sequence[Done]) -> None:
        """A listener of the committer."""
        for each in done:
            for news in self._made.heard(each):
                self._wait(news)

    def tried(self, found: Tried) -> None:
        """A trial is over. What was said in it is not kept."""
        self._wait(Tried(found.scenarios, spans=found.spans))

    async def run(self) -> None:
        """Export what there is, until cancelled."""
        self._metrics_s = asyncio.get_running_loop().time()
        while True:
            if not self._rest:
                await self._gather()
            await asyncio.sleep(await self._send())

    async def close(self) -> None:
        """Send what is left; called when nothing commits any more and the store is still open."""
        try:
            async with asyncio.timeout(LAST_S):
                while not self._news.empty():
                    await self._add(self._news.get_nowait())
                self._rest.metrics = self._made.meter.collected()
                await self._target.send(self._rest)
        except Untaken as error:
            self._refused(error)
        except (TimeoutError, Unreachable):
            log.warning("the last traces were not exported; the log has them")
        except Exception:
            log.exception("the last traces could not be sent; the log has them")
        self._made.meter.close()

    def _wait(self, news: News) -> None:
        try:
            self._news.put_nowait(news)
        except asyncio.QueueFull:
            if not self._left:
                log.warning("more traces wait than are kept; what is left out can be asked for: baton trace ID")
            self._left += 1

    async def _gather(self) -> None:
        """Wait for news, or until metrics are due, and make signals of what there is."""
        due_s = self._metrics_s + self._every_s
        with suppress(TimeoutError):
            async with asyncio.timeout_at(due_s):
                first = await self._news.get()
            await self._add(first)
        for _ in range(min(self._news.qsize(), AT_ONCE)):
            await self._add(self._news.get_nowait())
        if asyncio.get_running_loop().time() >= due_s:
            self._metrics_s = asyncio.get_running_loop().time()
            self._rest.metrics = self._made.meter.collected()

    async def _add(self, news: News) -> None:
        try:
            await self._made.add(news, self._rest)
        except Exception:
            log.exception("a trace could not be made; it is left out")

    def _refused(self, error: Untaken) -> None:
        for why in set(error.whys) - self._told:
            log.warning("traces, results or metrics were refused and are left out: why=%s", why)
        self._told.update(error.whys)

    async def _send(self) -> float:
        """Send; how long to wait then (seconds). What may be taken later stays."""
        try:
            await self._target.send(self._rest)
        except Unreachable as error:
            if not self._wait_s:
                log.warning("traces wait: where they go cannot be reached: why=%s", error)
            self._wait_s = min(2 * self._wait_s or self._first_s, MOST_S)
            return max(self._wait_s, error.after_s)
        except Untaken as error:
            self._refused(error)
        except Exception:
            log.exception("traces could not be sent; they are left out")
        if self._wait_s:
            log.info("traces are exported again: left_out=%d", self._left)
        self._rest, self._wait_s, self._left = Signals(), 0.0, 0
        return 0.0
