"""Looking again as a tool: asked in batches, bounded, broken ones left alone, and gone with the process that started it."""

import asyncio
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from baton.engines.looking import AT_ONCE, MOST, Answer, Looking, slow_pool
from baton.engines.models.slow import Guess
from baton.kernel.ports import ActionResult, Claim

pytestmark = pytest.mark.unit

GUESS = Guess("refund_status", 900, "other", 800, unsure=False, frustration=650)


class NoTools:
    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        return ActionResult(False, "no_tool")


class Slow:
    """A pool whose first call waits until it is let go."""

    def __init__(self, breaks: bool = False) -> None:
        self.go, self.breaks, self.sizes = threading.Event(), breaks, list[int]()

    def map(self, work: Any, items: Any) -> Any:
        self.go.wait(5)
        if self.breaks:
            raise MemoryError
        self.sizes.append(len(items[0]))
        return [[Answer(GUESS, "slow-x") for _ in items[0]]]


def ask(looking: Looking, text: str = "open") -> "asyncio.Task[ActionResult]":
    return asyncio.create_task(looking.call("look_again", {"text": text}, text))


async def test_what_waits_is_asked_together_and_what_is_too_much_is_told_so() -> None:
    slow = Slow()
    looking = Looking(NoTools(), slow)
    asked = [ask(looking, str(n)) for n in range(MOST + AT_ONCE + 3)]
    await asyncio.sleep(0.05)
    slow.go.set()
    came = await asyncio.gather(*asked)
    assert [r.detail for r in came].count("busy") == len(asked) - sum(slow.sizes)
    assert max(slow.sizes) <= AT_ONCE
    assert looking.asked == sum(slow.sizes) == sum(r.ok is True for r in came)
    assert came[0].args == {
        "intent": "refund_status",
        "confidence": 900,
        "runner_up": "other",
        "margin": 800,
        "frustration": 650,
        "model": "slow-x",
    }


async def test_a_broken_one_is_left_alone_for_a_while() -> None:
    slow = Slow(breaks=True)
    slow.go.set()
    looking = Looking(NoTools(), slow)
    assert (await ask(looking)).detail == "unavailable"
    slow.breaks = False
    assert (await ask(looking)).detail == "unavailable"
    assert looking.asked == 0


async def test_the_other_tools_are_the_organisations() -> None:
    assert (await Looking(NoTools(), None).call("refund", {}, "k")).detail == "no_tool"
    assert (await ask(Looking(NoTools(), None))).detail == "off"


async def test_a_process_of_its_own_answers() -> None:
    looking = Looking(NoTools(), slow_pool())
    try:
        came = await ask(looking, "I forgot my password")
        assert came.args["intent"] == "password_reset"
        assert str(came.args["model"]).startswith("slow-")
    finally:
        await looking.close()


def test_workers_end_with_the_process_that_started_them_even_killed(tmp_path: Path) -> None:
    script = tmp_path / "parent.py"
    script.write_text(
        "import os, time\nfrom baton.engines.pool import ProcessPool\n"
        "def pid(_): return os.getpid()\n"
        "if __name__ == '__main__':\n    print(ProcessPool(1).map(pid, [1])[0], flush=True)\n    time.sleep(60)\n"
    )
    parent = subprocess.Popen(
        [sys.executable, str(script)], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    )
    assert parent.stdout is not None
    worker = int(parent.stdout.readline())
    parent.send_signal(signal.SIGKILL)
    parent.wait()
    parent.stdout.close()
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline and _runs(worker):
        time.sleep(0.1)
    assert not _runs(worker)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return "\nState:\tZ" not in Path(f"/proc/{pid}/status").read_text()
