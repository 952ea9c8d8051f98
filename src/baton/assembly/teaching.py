"""Teaching in a running Baton: heads that were asked for are taught one after another, in the pool, beside everything else.

What is asked for stands in the log, so a run goes on after a restart, from its beginning: the same rows give the same head.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Final, TypeVar

import msgspec
from sqlalchemy import select

from baton.capabilities.orchestration.events import (
    ConfusedPair,
    HeadTaught,
    Intents,
    Share,
    SideFigures,
    TeachingAsked,
    TeachingFailed,
    TeachingStep,
)
from baton.capabilities.orchestration.tables import HEADS
from baton.engines.blobs import SealedBlobs
from baton.engines.models.heads import Vectors
from baton.engines.models.own.lessons import Fitting, Lesson, Measuring, fitted, measured, vectors_of
from baton.engines.models.own.measuring import Measured, Side
from baton.engines.pool import ProcessPool, RayPool
from baton.kernel.committer import Committer, Done
from baton.kernel.errors import BatonError
from baton.kernel.lanes import lane_of
from baton.kernel.ports import Pool
from baton.kernel.stats import Estimate
from baton.settings import Settings

A = TypeVar("A")
R = TypeVar("R")

LOOK_S: Final = 10.0
"""What was asked of another process, or before this one started, is found within so long."""
STEPS: Final = 20
"""Steps that a run tells while it reads its texts."""
FEWEST: Final = 64
log = logging.getLogger(__name__)


def teaching_pool(settings: Settings) -> Pool:
    """Where heads are taught: on Ray, or in one process of its own at a low priority; turns go first."""
    return RayPool() if settings.pool == "ray" else ProcessPool(1, _gently)


def _gently() -> None:
    os.nice(10)


class Teaching:
    """Teaches the heads whose streams this process works."""

    def __init__(self, committer: Committer, blobs: SealedBlobs, pool: Pool) -> None:
        self._committer, self._blobs, self._pool = committer, blobs, pool
        self._news = asyncio.Event()

    def heard(self, done: Sequence[Done]) -> None:
        """A listener of the committer: somebody asked for a head."""
        if any(isinstance(each.entry.event, TeachingAsked) for each in done):
            self._news.set()

    async def run(self) -> None:
        """Teach what is asked for, until cancelled."""
        while True:
            self._news.clear()
            try:
                for head in await self.waiting():
                    await self.teach(head)
            except Exception:
                log.exception("nothing could be taught; it is tried again")
            with suppress(TimeoutError):
                async with asyncio.timeout(LOOK_S):
                    await self._news.wait()

    async def waiting(self) -> list[str]:
        """Heads that are to be taught, by stream, the first asked for first."""
        query = select(HEADS.c.head).where(HEADS.c.state == "asked").order_by(HEADS.c.given_ms)
        streams = [f"head/{row['head']}" for row in await self._committer.store.rows(query)]
        return [stream for stream in streams if lane_of(stream) in self._committer.lanes]

    async def teach(self, head: str) -> None:
        """Teach one head; whatever goes wrong is said on its stream."""
        try:
            await self._taught(head)
        except BatonError as refused:
            await self._say(head, TeachingFailed(refused.code, refused.message))
        except Exception:
            log.exception("a head could not be taught", extra={"head": head})
            told = "Something failed that nobody expected; it is in the server's log. The rows are kept: try again."
            await self._say(head, TeachingFailed("failed", told))

    async def close(self) -> None:
        """End the pool; a run that was under way begins again at the next start."""
        end = getattr(self._pool, "end", getattr(self._pool, "close", None))
        if end is not None:
            await asyncio.to_thread(end)

    async def _taught(self, head: str) -> None:
        began, raw = time.monotonic(), await self._blobs.get(head, f"{head}/examples")
        if raw is None:
            raise BatonError(
                "no_examples", 404, "The rows are not there any more: their file or key is missing. Give them again."
            )
        lesson = msgspec.msgpack.decode(raw, type=Lesson)
        fitting = Fitting(lesson, await self._read(head, lesson.texts()))
        await self._say(head, TeachingStep("fitting"))
        file = await self._run(fitted, fitting)
        await self._say(head, TeachingStep("measuring"))
        against = self._committer.memory.policies.newest_of(Intents).head
        live = await self._blobs.get(against, against) if against else None
        told = await self._run(measured, Measuring(fitting, file, live or b""))
        await self._blobs.put(head, head, file)
        labels = tuple(sorted({row.label for row in lesson.learned} - {lesson.out_of_scope}))
        await self._say(head, taught_event(told, labels, against if live else "", round(time.monotonic() - began)))

    async def _read(self, head: str, texts: list[str]) -> dict[str, Vectors]:
        size, vectors = max(FEWEST, -(-len(texts) // STEPS)), dict[str, Vectors]()
        for start in range(0, len(texts), size):
            await self._say(head, TeachingStep("reading", start, len(texts)))
            some = texts[start : start + size]
            vectors.update(zip(some, await self._run(vectors_of, some), strict=True))
        return vectors

    async def _run(self, work: Callable[[A], R], item: A) -> R:
        return (await asyncio.to_thread(self._pool.map, work, [item]))[0]

    async def _say(self, head: str, event: TeachingStep | TeachingFailed | HeadTaught) -> None:
        await self._committer.append(head, event, by="system")


def taught_event(told: Measured, labels: tuple[str, ...], against: str, seconds: int) -> HeadTaught:
    """The figures as integers, as the log keeps them."""
    confused = tuple(ConfusedPair(c.label, c.taken_for, c.count, c.of, c.rows) for c in told.confused)
    sides = tuple(_side(side, told.inside) for side in told.sides)
    return HeadTaught(labels, sides, share_of(told.better), confused, told.inside, told.outside, against, seconds)


def _side(side: Side, inside: int) -> SideFigures:
    error = Estimate(side.ece, side.ece_low, side.ece_high, inside)
    return SideFigures(
        side.name, share_of(side.accuracy), share_of(side.given_right), share_of(side.abstained), share_of(side.left_alone),
        share_of(error), round(1000 * side.outside_auroc), side.known,
    )  # fmt: skip


def share_of(told: Estimate) -> Share:
    """An estimate in permille; an interval without bounds, of a row or none, is everything."""
    low, high = max(-1.0, told.low), min(1.0, told.high)
    return Share(round(1000 * told.value), round(1000 * low), round(1000 * high), told.n)
