"""A sealer that is killed at any moment seals nothing twice, loses nothing that was signed, and goes on."""

import random
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from baton.engines.audit.verify import verify
from tests.engines.audited import SIGNING, audited
from tests.ports.logs import Place

KILLS = 6


def killed(folder: Path, begin: int, after_s: float) -> int:
    """Run the process, kill it a while after its first head; the last size that it told of."""
    argv = [sys.executable, "-m", "tests.engines.audit_process", str(folder), str(begin)]
    with subprocess.Popen(argv, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        told = process.stdout.readline()
        time.sleep(after_s)
        process.send_signal(signal.SIGKILL)
        lines = [told, *process.stdout.readlines()]
    return max(int(line) for line in lines if line.endswith("\n") and line.strip())


async def rounds(folder: Path, kills: int, seed: int) -> None:
    """Kill so often; whatever was told of is there, and at the end everything verifies."""
    chance, size = random.Random(seed), 0
    for n in range(kills):
        told = killed(folder, n * 100_000, chance.random() * 0.4)
        assert told >= size
        size = told
    async with audited(Place(str(folder / "log.db"), folder)) as log:
        await log.committer.settle()
        await log.head()
        assert await log.sealer.tree.size() == len(await log.committer.store.recorded(0, 1_000_000)) >= size
    (folder / "audit.pub").write_text(SIGNING.public.hex())
    found = verify(folder)
    assert (found["ok"], found["unsealed"]) == (True, 0), found


@pytest.mark.port
async def test_what_was_signed_before_a_kill_is_there_after_it(tmp_path: Path) -> None:
    await rounds(tmp_path, KILLS, 29)


@pytest.mark.long
async def test_what_was_signed_before_many_kills_is_there_after_them(tmp_path: Path) -> None:
    await rounds(tmp_path, 60, 30)
