"""Processes of a log, as a test drives them: posted to, killed, started again."""

import asyncio
import itertools
import json
import os
import sys
import time
from asyncio.subprocess import PIPE
from collections.abc import AsyncIterator, Iterable
from contextlib import asynccontextmanager, suppress
from pathlib import Path

from tests.ports.logs import Place

ROOT = Path(__file__).parents[2]
START_S = 60.0


class Gone(Exception):
    """The process ended before it answered: nobody knows whether the turn was kept."""


class LogProcess:
    """One running `tests.ports.log_process`."""

    def __init__(self, place: Place, lanes: str, ledger: str = "") -> None:
        self._argv = [
            "-m",
            "tests.ports.log_process",
            place.url,
            str(place.folder),
            lanes,
            *([ledger] if ledger else []),
        ]
        self._ids = itertools.count()
        self._waiting: dict[int, asyncio.Future[dict[str, object]]] = {}
        self.started_at = 0.0

    async def start(self) -> None:
        """Return when it takes turns."""
        self.started_at = time.monotonic()
        env = {**os.environ, "PYTHONPATH": f"{ROOT}/src:{ROOT}"}
        self._process = await asyncio.create_subprocess_exec(
            sys.executable, *self._argv, stdin=PIPE, stdout=PIPE, cwd=ROOT, env=env
        )
        assert self._process.stdout is not None and self._process.stdin is not None
        self._answers, self._turns = self._process.stdout, self._process.stdin
        async with asyncio.timeout(START_S):
            assert await self._answers.readline() == b'"ready"\n'
        self._reading = asyncio.create_task(self._read())

    async def post(self, stream: str, what: str, nonce: str) -> int:
        """The turn's position when it is on disk; raises `Gone` where the process ended first."""
        number = next(self._ids)
        answer = self._waiting[number] = asyncio.get_running_loop().create_future()
        line = json.dumps({"id": number, "stream": stream, "what": what, "nonce": nonce})
        try:
            self._turns.write(line.encode() + b"\n")
            await self._turns.drain()
        except (ConnectionError, RuntimeError):
            answer.cancel()
            raise Gone from None
        told = await answer
        if "error" in told:
            raise Gone(told["error"])
        return int(str(told["position"]))

    async def kill(self) -> None:
        """SIGKILL."""
        with suppress(ProcessLookupError):
            self._process.kill()
        await self._process.wait()
        await self._reading

    async def end(self) -> None:
        """Close its input and wait; kill it where it does not listen."""
        self._turns.close()
        try:
            async with asyncio.timeout(5):
                await self._process.wait()
        except TimeoutError:
            self._process.kill()
        await self._process.wait()
        await self._reading

    async def _read(self) -> None:
        while line := await self._answers.readline():
            told = json.loads(line)
            answer = self._waiting.pop(told["id"])
            if not answer.done():
                answer.set_result(told)
        for answer in self._waiting.values():
            if not answer.done():
                answer.set_exception(Gone())
        self._waiting.clear()


@asynccontextmanager
async def processes(place: Place, lanes: Iterable[str], ledger: str = "") -> AsyncIterator[list[LogProcess]]:
    """Several processes on one log, started together and ended in the end."""
    all_ = [LogProcess(place, each, ledger) for each in lanes]
    await asyncio.gather(*(p.start() for p in all_))
    try:
        yield all_
    finally:
        await asyncio.gather(*(p.end() for p in all_))
