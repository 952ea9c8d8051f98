"""The Blobs port: what was put is got back whole, or not at all."""

import asyncio
from pathlib import Path

import pytest

from baton.engines.blobs import FolderBlobs

pytestmark = pytest.mark.port

NAMES = [
    "recording.wav",
    "conversation/1/recording",
    "../../outside",
    "/etc/passwd",
    "",
    "a" * 4000,
    "é\u0000 *?",
    "CON",
]


@pytest.fixture(params=["folder"])
def blobs(request, tmp_path: Path):
    return FolderBlobs(tmp_path / "blobs")


@pytest.mark.parametrize("name", NAMES)
async def test_what_was_put_is_got_back_under_any_name(blobs, name):
    await blobs.put(name, b"\x00\xff" * 1000)
    assert await blobs.get(name) == b"\x00\xff" * 1000


async def test_names_do_not_meet(blobs):
    for name in NAMES:
        await blobs.put(name, name.encode())
    assert [await blobs.get(name) for name in NAMES] == [name.encode() for name in NAMES]


async def test_what_was_never_put_is_none(blobs):
    assert await blobs.get("never") is None


async def test_the_last_one_put_holds(blobs):
    await blobs.put("name", b"first")
    await blobs.put("name", b"second")
    assert await blobs.get("name") == b"second"


async def test_racing_writers_leave_one_of_their_bodies_whole(blobs):
    bodies = [bytes([n]) * 100_000 for n in range(8)]
    await asyncio.gather(*(blobs.put("name", body) for body in bodies))
    assert await blobs.get("name") in bodies


def test_nothing_leaves_the_folder_and_no_half_file_stays(tmp_path: Path):
    asyncio.run(FolderBlobs(tmp_path / "blobs").put("../../outside", b"x"))
    files = [p for p in tmp_path.rglob("*") if p.is_file()]
    assert len(files) == 1
    assert files[0].is_relative_to(tmp_path / "blobs")
    assert files[0].suffix != ".part"
