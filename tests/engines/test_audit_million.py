"""A million entries are verified within a minute, on one core."""

import os
import random
import sqlite3
import sys
import time
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import msgspec
import pytest

from baton.engines.audit.verify import Frontier, leaf_bytes, leaf_hash, verify
from baton.kernel.lanes import lane_of
from tests.engines.audited import SIGNING, audited
from tests.ports.logs import Place

ENTRIES = 1_000_000
STREAMS = 70_000
LONGEST_S = 60.0


def entries(count: int) -> Iterator[tuple]:
    """Turns of a contact centre: bodies of 150 to 700 bytes of ciphertext, and what they caused of 300 to 2,500."""
    chance = random.Random(22)
    noise = chance.randbytes(1 << 20)
    ordinals: dict[int, int] = {}
    for n in range(count):
        number = chance.randrange(STREAMS)
        stream, ordinal = f"conversation/{number:021x}", ordinals.get(number, 0) + 1
        ordinals[number] = ordinal
        at = 1_760_000_000_000 + n * 900
        body, caused = (
            noise[(where := chance.randrange(1 << 19)) : where + chance.randrange(*size)]
            for size in ((150, 700), (300, 2500))
        )
        yield 256 * (n + 1), lane_of(stream), stream, f"turn:{n}", "customer", "", at, at, body, ordinal, caused


async def made(folder: Path, count: int) -> None:
    """A sealed log of `count` entries, with a head for every half minute of it."""
    place = Place(str(folder / "log.db"), folder)
    async with audited(place):
        pass
    with closing(sqlite3.connect(folder / "log.db")) as db:
        db.execute("PRAGMA synchronous = OFF")
        tree, last = Frontier(), None
        for row in entries(count):
            leaf = leaf_hash(leaf_bytes(*row))
            db.execute("INSERT INTO entries VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?)", row[:9])
            db.execute("INSERT INTO caused VALUES (?, ?, ?, ?, ?)", (*row[:3], row[9], row[10]))
            db.execute("INSERT INTO audit_leaves VALUES (?, ?, ?)", (tree.size, row[0], leaf.hex()))
            tree.append(leaf)
            if tree.size % 333 == 0 or tree.size == count:
                last = SIGNING.head(SIGNING.name, tree.size, tree.root(), row[6], last)
                cells = msgspec.structs.asdict(last)
                db.execute(
                    f"INSERT INTO audit_heads ({', '.join(cells)}) VALUES ({', '.join('?' * len(cells))})",
                    tuple(cells.values()),
                )
        db.commit()
    (folder / "audit.pub").write_text(SIGNING.public.hex())


@pytest.mark.unit
async def test_a_log_made_like_the_long_one_verifies(tmp_path: Path) -> None:
    await made(tmp_path, 2000)
    found = verify(tmp_path)
    assert (found["ok"], found["entries"], found["heads"]) == (True, 2000, 7), found


@pytest.mark.long
async def test_a_million_entries_are_verified_within_a_minute(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    await made(tmp_path, ENTRIES)
    size_mb = (tmp_path / "log.db").stat().st_size / 1e6
    began, cpu = time.perf_counter(), time.process_time()
    found = verify(tmp_path)
    wall_s, cpu_s = time.perf_counter() - began, time.process_time() - cpu
    with capsys.disabled():
        load = os.getloadavg()[0]
        sys.stdout.write(
            f"\n{ENTRIES} entries, {found['heads']} heads, {size_mb:.0f} MB: {wall_s:.1f} s, {cpu_s:.1f} CPU-seconds at a load of {load:.1f}\n"
        )
    assert (found["ok"], found["entries"]) == (True, ENTRIES), found
    assert min(wall_s, cpu_s) <= LONGEST_S
