"""Teaching in a running Baton: heads that were asked for are taught one after another, in the pool, beside everything else.

What is asked for stands in the log, so a run goes on after a restart, from its beginning: the same rows give the same head.
"""

import asyncio
import os
import time
from collections.abc import Callable
from typing import Final, TypeVar

import msgspec

from baton.assembly.errands import Errands
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
from baton.kernel.committer import Committer
from baton.kernel.errors import BatonError
from baton.kernel.ports import Pool
from baton.kernel.stats import Estimate
from baton.settings import Settings

A = TypeVar("A")
R = TypeVar("R")

STEPS: Final = 20
"""Steps that a run tells while it reads its texts."""
FEWEST: Final = 64


def teaching_pool(settings: Settings) -> Pool:
    """Where heads are taught: on Ray, or in one process of its own at a low priority; turns go first."""
    return RayPool() if settings.pool == "ray" else ProcessPool(1, _gently)


def _gently() -> None:
    os.nice(10)


class Teaching:
    """Teaches the heads whose streams this process works."""

    def __init__(self, committer: Committer, blobs: SealedBlobs, pool: Pool) -> None:
        self._committer, self._blobs, self._pool = committer, blobs, pool
        self.errands = Errands(
            committer, pool, TeachingAsked, "head", HEADS.c.head, HEADS.c.given_ms, self._taught, TeachingFailed
        )

    async def _taught(self, head: str) -> HeadTaught:
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
        return taught_event(told, labels, against if live else "", round(time.monotonic() - began))

    async def _read(self, head: str, texts: list[str]) -> dict[str, Vectors]:
        size, vectors = max(FEWEST, -(-len(texts) // STEPS)), dict[str, Vectors]()
        for start in range(0, len(texts), size):
            await self._say(head, TeachingStep("reading", start, len(texts)))
            some = texts[start : start + size]
            vectors.update(zip(some, await self._run(vectors_of, some), strict=True))
        return vectors

    async def _run(self, work: Callable[[A], R], item: A) -> R:
        return (await asyncio.to_thread(self._pool.map, work, [item]))[0]

    async def _say(self, head: str, event: TeachingStep) -> None:
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
