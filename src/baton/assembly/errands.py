"""Errands: what somebody asked for on a screen is done one after another, beside everything else.

What is asked for stands in the log, so it is done after a restart too, from its beginning.
"""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import suppress
from typing import Any, Final

from sqlalchemy import Column, select

from baton.kernel.committer import Committer, Done
from baton.kernel.errors import BatonError
from baton.kernel.events import Event
from baton.kernel.lanes import lane_of
from baton.kernel.ports import Pool

LOOK_S: Final = 10.0
"""What was asked of another process, or before this one started, is found within so long."""
UNEXPECTED: Final = (
    "Something failed that nobody expected; it is in the server's log. What was given is kept: try again."
)
log = logging.getLogger(__name__)


class Errands:
    """Does what is asked for by events of the kind `asked`, on the streams this process works.

    `key` is the column of the table that lists them, with `state` "asked" while one waits and `since` when it was asked for;
    its streams are `<prefix>/<key>`. `answer` does one and returns what is to be said there; where it fails, `failed` is said
    with a code and what to do.
    """

    def __init__(
        self, committer: Committer, pool: Pool, asked: type[Event], prefix: str, key: Column[Any], since: Column[Any],
        answer: Callable[[str], Awaitable[Event]], failed: Callable[[str, str], Event],
    ) -> None:  # fmt: skip
        self._committer, self._pool, self._asked, self._prefix = committer, pool, asked, prefix
        self._waiting = select(key).where(key.table.c.state == "asked").order_by(since)
        self._answer, self._failed = answer, failed
        self._news = asyncio.Event()

    def heard(self, done: Sequence[Done]) -> None:
        """A listener of the committer: somebody asked for one."""
        if any(isinstance(each.entry.event, self._asked) for each in done):
            self._news.set()

    async def run(self) -> None:
        """Do what is asked for, until cancelled."""
        while True:
            self._news.clear()
            try:
                for stream in await self.waiting():
                    await self.do(stream)
            except Exception:
                log.exception("what was asked for could not be done; it is tried again: prefix=%s", self._prefix)
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._news.wait()

    async def waiting(self) -> list[str]:
        """The streams of what is to be done, the first asked for first."""
        rows = await self._committer.store.rows(self._waiting)
        streams = [f"{self._prefix}/{next(iter(row.values()))}" for row in rows]
        return [stream for stream in streams if lane_of(stream) in self._committer.lanes]

    async def do(self, stream: str) -> None:
        """Do one; whatever goes wrong is said on its stream."""
        try:
            said = await self._answer(stream)
        except BatonError as refused:
            said = self._failed(refused.code, refused.message)
        except Exception:
            log.exception("what was asked for failed: stream=%s", stream)
            said = self._failed("failed", UNEXPECTED)
        await self._committer.append(stream, said, by="system")

    async def close(self) -> None:
        """End the pool; what was under way begins again at the next start."""
        end = getattr(self._pool, "end", getattr(self._pool, "close", None))
        if end is not None:
            await asyncio.to_thread(end)
