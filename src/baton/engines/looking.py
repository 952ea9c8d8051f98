"""Looking again: the slow tier in a process of its own, asked about turns whose words leave open what is wanted.

Turns are acknowledged and worked without it. What waits is asked in one call; more than `MOST` waiting are told `busy` at
once, so that a rush costs answers of the slow tier and never a customer's time. The process starts when it is first needed,
at a low priority: the tier of every turn goes first. One reading of a text tells its intent and, beside it, what of all that the
company wrote it is near to (`meanings`); what was written is read a few texts at a time, whenever no turn waits.
"""

import asyncio
import logging
import os
import time
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from typing import Final

import msgspec
import numpy as np

from baton.engines.meanings import Meanings, Near, Nearness
from baton.engines.models.own.intents import OwnTier, unpacked
from baton.engines.models.own.served import ServedHead
from baton.engines.models.slow import Guess, SlowTier
from baton.engines.pool import ProcessPool
from baton.kernel.conversation import Args
from baton.kernel.errors import BatonError
from baton.kernel.ports import ActionResult, Claim, Pool, Tools

AT_ONCE: Final = 8
"""Texts of one call: a text takes 3 to 6 ms, and the last of a call waits for the first."""
MOST: Final = 32
ILL_S: Final = 60.0
"""A slow tier that could not be asked is left alone for so long."""
HEADS_KEPT: Final = 4
READ_AT_ONCE: Final = 16
"""Texts of articles that are read in one call: a turn that comes meanwhile waits for them, some 50 ms."""
TOOL: Final = "look_again"
log = logging.getLogger(__name__)


class Question(msgspec.Struct, frozen=True):
    """A text, and the organisation's own head where one names intents. `file` is the head's, for a process that has not got it."""

    text: str
    head: str = ""
    file: bytes = b""


class Answer(msgspec.Struct, frozen=True):
    """What the slow tier says, the version of what said it, and the text's sentence vector (float32)."""

    guess: Guess
    model: str
    vector: bytes = b""


@cache
def _tier() -> SlowTier:
    return SlowTier()


_heads: dict[str, ServedHead] = {}


def answers(questions: Sequence[Question]) -> list[Answer | None]:
    """What a process of the pool is asked to run: it makes its tier at the first call and keeps it, and the heads it was sent.

    None where the head is not here: ask again with its file.
    """
    return [_answer(each) for each in questions]


def _answer(question: Question) -> Answer | None:
    tier = _tier()
    if not question.head:
        (guess,), (vector,) = tier.judge_with_vectors([question.text])
        return Answer(guess, tier.version, vector.tobytes())
    if question.file and question.head not in _heads:
        if len(_heads) >= HEADS_KEPT:
            _heads.clear()
        _heads[question.head] = ServedHead(OwnTier(unpacked(question.file)))
    head = _heads.get(question.head)
    if head is None:
        return None
    return Answer(head.by_all(question.text, tier.embed), question.head, tier.embed([question.text])[0].tobytes())


def vectors(texts: Sequence[str]) -> bytes:
    """The sentence vectors of texts, one after the other (float32): what a process is asked for ahead."""
    return _tier().embed(texts).tobytes()


def no_file(head: str) -> bytes:
    """Before an organisation taught intents of its own."""
    raise BatonError("no_head", 500, f"There is no head {head!r}. Switch to another version of the intents.")


def _prepared() -> None:
    os.nice(5)
    answers([Question("hello")])


def slow_pool() -> ProcessPool:
    """One process for the slow tier, not yet started."""
    return ProcessPool(1, _prepared)


class Looking:
    """The tools of an organisation, and beside them the slow tier as a tool of its own.

    `asked` counts the texts it was asked about. Off (`pool` None), it answers at once that it knows nothing. `file` gives the
    file of an organisation's own head; it is sent to the process once. `meanings` are read by it too.
    """

    def __init__(
        self, tools: Tools, pool: Pool | None, file: Callable[[str], bytes] = no_file, meanings: Meanings | None = None
    ) -> None:
        self._tools, self._pool, self._file = tools, pool, file
        self.meanings = meanings or Meanings()
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
        answer = await self._ask(Question(str(args["text"]), str(args.get("head", ""))))
        if answer is None:
            return ActionResult(False, "unavailable")
        told = answer.guess
        return ActionResult(True, args={
            "intent": told.intent, "confidence": told.intent_confidence, "runner_up": told.intent_runner_up,
            "margin": told.intent_margin, "frustration": told.frustration, "model": answer.model, **self._near(answer.vector),
        })  # fmt: skip

    def warm(self) -> None:
        """Somebody talks: let the process be ready by the time it is needed, and read what was written."""
        if self._pool is None or (self._asking is not None and not self._asking.done()):
            return
        if self._asking is None or self._unread():
            self._start()

    async def prepared(self) -> None:
        """Until the process is there and has read what was written, or could not."""
        self.warm()
        if self._asking is not None:
            await self._asking

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

    def _near(self, vector: bytes) -> Args:
        """What the text is near to, as labels and numbers; nothing before everything was read."""
        near = self.meanings.near(np.frombuffer(vector, np.float32)) if vector else None
        return written(near) if near else {}

    def _unread(self) -> bool:
        return time.monotonic() >= self._ill_until_s and bool(self.meanings.missing(1))

    def _start(self) -> None:
        self._asking = asyncio.get_running_loop().create_task(self._answer())

    async def _answer(self) -> None:
        """Ask about what waits until nothing does; what nobody waits for any more is left out."""
        while True:
            batch, self._waiting = self._waiting[:AT_ONCE], self._waiting[AT_ONCE:]
            batch = [(question, answered) for question, answered in batch if not answered.done()]
            await self._answered(batch)
            if not self._waiting and self._unread():
                await self._read()
            if not self._waiting and not self._unread():
                return

    async def _read(self) -> None:
        """Read a few texts of what was written, and keep their vectors."""
        texts = self.meanings.missing(READ_AT_ONCE)
        if self._pool is None:
            return
        try:
            (raw,) = await asyncio.to_thread(self._pool.map, vectors, [texts])
            self.meanings.keep(texts, np.frombuffer(raw, np.float32).reshape(len(texts), -1))
        except Exception:
            log.exception("the slow tier could not read what was written; the words have to do")
            self._ill_until_s = time.monotonic() + ILL_S

    def _asked(self, pool: Pool, questions: list[Question]) -> list[Answer | None]:
        """The answers; where a head is not there yet, or no longer, the question is put again with its file."""
        (found,) = pool.map(answers, [questions])
        absent = {q.head for q, answer in zip(questions, found, strict=True) if answer is None}
        for head in absent:
            mine = [n for n, question in enumerate(questions) if question.head == head]
            first, *others = (questions[n] for n in mine)
            (again,) = pool.map(answers, [[msgspec.structs.replace(first, file=self._file(head)), *others]])
            for n, answer in zip(mine, again, strict=True):
                found[n] = answer
        return found

    async def _answered(self, batch: list[tuple[Question, asyncio.Future[Answer | None]]]) -> None:
        if self._pool is None:
            return
        found: Sequence[Answer | None]
        try:
            found = await asyncio.to_thread(self._asked, self._pool, [question for question, _ in batch])
        except Exception:
            log.exception("the slow tier could not be asked; the words have to do")
            self._ill_until_s = time.monotonic() + ILL_S
            found = [None] * len(batch)
        else:
            self.asked += len(batch)
        for (_, answered), answer in zip(batch, found, strict=True):
            if not answered.done():
                answered.set_result(answer)


def written(near: Near) -> Args:
    """Nearness as labels and numbers that may stand in a log: `art-13#1:640:710:512,630;…`."""
    return {
        "near": ";".join(map(_written, near.sections)), "acts": ";".join(map(_written, near.acts)), "strange": near.strange,
    }  # fmt: skip


def _written(near: Nearness) -> str:
    return f"{near.name}:{near.whole}:{near.asked}:{','.join(map(str, near.sentences))}"
