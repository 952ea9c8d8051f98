"""Learning: what differs from the policy in force is revised once; a handler that fails stops no other."""

import asyncio
from pathlib import Path

import msgspec
import pytest

from baton.engines.pool import InlinePool
from baton.kernel.capability import Crafts, Filed
from baton.kernel.conversation import PolicyRevised
from baton.kernel.learning import Learner
from tests.ports.logs import Place

pytestmark = pytest.mark.port


def crafts(*handlers) -> Crafts:
    made = Crafts()
    made.learn = [Filed("craft", run, outside=True) for run in handlers]
    return made


def found(body: bytes):
    async def learned(tables, pool):
        return [PolicyRevised("craft.Usual", msgspec.Raw(body), "baton", "seen")]

    return learned


async def fails(tables, pool):
    raise ValueError("no rows")


async def once(committer, *handlers) -> list[str]:
    learning = Learner(committer, crafts(*handlers), InlinePool()).once()
    asked = asyncio.ensure_future(learning)
    while not asked.done():
        await asyncio.sleep(0)
        await committer.settle()
    return asked.result()


async def test_what_is_new_is_in_force_and_what_is_known_is_not_said_again(tmp_path: Path) -> None:
    async with Place(str(tmp_path / "log.db"), tmp_path).opened() as committer:
        assert await once(committer, found(b'{"n":1}')) == ["craft.Usual"]
        assert committer.memory.policies.newest_body("craft.Usual") == b'{"n":1}'
        assert await once(committer, found(b'{ "n": 1 }')) == []
        assert await once(committer, found(b'{"n":2}')) == ["craft.Usual"]


async def test_one_that_fails_stops_no_other(tmp_path: Path) -> None:
    async with Place(str(tmp_path / "log.db"), tmp_path).opened() as committer:
        assert await once(committer, fails, found(b'{"n":1}')) == ["craft.Usual"]


async def test_a_process_revises_only_what_it_works(tmp_path: Path) -> None:
    async with Place(str(tmp_path / "log.db"), tmp_path).opened(lanes=()) as committer:
        assert await once(committer, found(b'{"n":1}')) == []
