"""Looking again: the slow tier in a process of its own, asked about turns whose words leave open what is wanted.

Turns are acknowledged and worked without it. What waits is asked in one call; more than `MOST` waiting are told `busy` at
once, so that a rush costs answers of the slow tier and never a customer's time. The process starts when it is first needed,
at a low priority: the tier of every turn goes first.
"""

import asyncio
import logging
import os
import time
from collections.abc import Mapping, Sequence
from functools import cache
from typing import Final

import msgspec

from baton.engines.models.slow import Guess, SlowTier
from baton.engines.pool import ProcessPool
from baton.kernel.ports import ActionResult, Claim, Pool, Tools

AT_ONCE: Final = 8
"""Texts of one call: a text takes 3 to 6 ms, and the last of a call waits for the first."""
MOST: Final = 32
ILL_S: Final = 60.0
"""A slow tier that could not be asked is left alone for so long."""
TOOL: Final = "look_again"
log = logging.getLogger(__name__)


class Question(msgspec.Struct, frozen=True):
    """A text."""

    text: str


class Answer(msgspec.Struct, frozen=True):
    """What the slow tier says, and the version of what said it."""

    guess: Guess
    model: str


@cache
def _tier() -> SlowTier:
    return SlowTier()


def answers(questions: Sequence[Question]) -> list[Answer]:
    """What a process of the pool is asked to run: it makes its tier at the first call and keeps it."""
    tier = _tier()
    return [Answer(tier.judge_many([each.text])[0], tier.version) for each in questions]


def _prepared() -> None:
    os.nice(5)
    answers([Question("hello")])


def slow_pool() -> ProcessPool:
    """One process for the slow tier, not yet started."""
    return ProcessPool(1, _prepared)


class Looking:
    """The tools of an organisation, and beside them the slow tier as a tool of its own.

    `asked` counts the texts it was asked about. Off (`pool` None), it answers at once that it knows nothing.
    """

    def __init__(self, tools: Tools, pool: Pool | None) -> None:
        self._tools, self._pool = tools, pool
        self._waiting: list[tuple[Question, asyncio.Future[Answer | None]]] = []
        self._asking: asyncio.Task[None] | None = None
        self._ill_until_s = 0.0
        self.asked = 0

    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        """Any other tool is the organisation's."""
        if tool != TOOL:
            return await self._tools.call(tool, args, key, claim)
        refused = self._refused()
        if refused:
            return ActionResult(False, refused)
        answer = await self._ask(Question(str(args["text"])))
        if answer is None:
            return ActionResult(False, "unavailable")
        told = answer.guess
        return ActionResult(True, args={
            "intent": told.intent, "confidence": told.intent_confidence, "runner_up": told.intent_runner_up,
            "margin": told.intent_margin, "model": answer.model,
        })  # fmt: skip

    def warm(self) -> None:
        """Somebody talks: let the process be ready by the time it is needed."""
        if self._pool is not None and self._asking is None:
            self._start()

    async def close(self) -> None:
        """End the process."""
        if self._asking is not None:
            await asyncio.gather(self._asking, return_exceptions=True)
        close = getattr(self._pool, "close", None)
        if close is not None:
            await asyncio.to_thread(close)

    def _refused(self) -> str:
        if self._pool is None:
            return "off"
        if time.monotonic() < self._ill_until_s:
            return "unavailable"
        return "busy" if len(self._waiting) >= MOST else ""

    async def _ask(self, question: Question) -> Answer | None:
        answered: asyncio.Future[Answer | None] = asyncio.get_running_loop().create_future()
        self._waiting.append((question, answered))
        if self._asking is None or self._asking.done():
            self._start()
        return await answered

    def _start(self) -> None:
        self._asking = asyncio.get_running_loop().create_task(self._answer())

    async def _answer(self) -> None:
        """Ask about what waits until nothing does; what nobody waits for any more is left out."""
        while True:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            batch = [(question, answered) for question, answered in batch if not answered.done()]
            await self._answered(batch)
            if not self._waiting:
                return

    async def _answered(self, batch: list[tuple[Question, asyncio.Future[Answer | None]]]) -> None:
        if self._pool is None:
            return
        found: Sequence[Answer | None]
        try:
            (found,) = await asyncio.to_thread(self._pool.map, answers, [[question for question, _ in batch]])
        except Exception:
            log.exception("the slow tier could not be asked; the words have to do")
            self._ill_until_s = time.monotonic() + ILL_S
            found = [None] * len(batch)
        else:
            self.asked += len(batch)
        for (_, answered), answer in zip(batch, found, strict=True):
            if not answered.done():
                answered.set_result(answer)
