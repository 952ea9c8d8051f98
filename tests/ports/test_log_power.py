"""Power cuts: what was accepted survives the loss of every write that was not synced, and weaker settings would not do."""

import random
import sqlite3
from pathlib import Path

import pytest

from tests.ports.craft.events import Asked
from tests.ports.logs import Place, all_of, say
from tests.ports.power import Disk, PoweredStore

SEEDS = 20


async def cut(folder: Path, seed: int, synchronous: str = "FULL") -> tuple[Path, list[str]]:
    """Talk until the power is cut somewhere on the way; the surviving log, and what had been accepted by then."""
    after = folder / "after"
    after.mkdir(parents=True)
    disk = Disk(f"disk-{synchronous}-{seed}", after, seed, cut_at=random.Random(seed).randrange(80, 500))
    store = PoweredStore(folder / "log.db", disk.vfs_name, synchronous)
    turn = 0
    async with Place(str(folder / "log.db"), folder).opened(store=store) as committer:
        while disk.accepted_at_cut is None:
            turn += 1
            name = f"n{turn}"
            await say(committer, f"conversation/{turn % 3}", Asked("echo", name, text="x" * 300), once=name)
            disk.accepted.append(name)
    return after / "log.db", disk.accepted_at_cut


async def survived(log: Path, keys: Path) -> list[str]:
    """What is in the log after the cut; raises where the file is broken."""
    place = Place(str(log), keys)
    async with place.opened() as committer:
        check = sqlite3.connect(log)
        assert check.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        check.close()
        await committer.settle()
        rows = await all_of(committer.store)
        assert all(r.caused is not None for r in rows)
        await say(committer, "conversation/0", Asked("echo", "after the cut"), once="after the cut")
        return [r.entry.once or "" for r in rows]


async def scene(folder: Path, seed: int) -> None:
    log, accepted = await cut(folder, seed)
    kept = await survived(log, folder)
    assert kept[: len(accepted)] == accepted
    assert len(kept) <= len(accepted) + 1


@pytest.mark.port
async def test_nothing_accepted_is_lost_to_twenty_power_cuts(tmp_path: Path):
    for seed in range(SEEDS):
        await scene(tmp_path / str(seed), seed)


@pytest.mark.port
async def test_weaker_settings_would_lose_what_was_accepted(tmp_path: Path):
    lost = 0
    for seed in range(8):
        folder = tmp_path / str(seed)
        log, accepted = await cut(folder, seed, "NORMAL")
        try:
            lost += len(set(accepted) - set(await survived(log, folder)))
        except (sqlite3.DatabaseError, AssertionError):
            lost += len(accepted)
    assert lost > 0


@pytest.mark.long
@pytest.mark.timeout(1200)
async def test_nothing_accepted_is_lost_to_a_thousand_power_cuts(tmp_path: Path):
    for seed in range(1000, 2000):
        await scene(tmp_path / str(seed), seed)
