"""What lake, ledger and performance remember is what the log says: emptied and folded again, it is the same."""

import json
from pathlib import Path

import pytest

from baton.capabilities.lake.tables import METADATA as LAKE
from baton.capabilities.performance.tables import METADATA as PERFORMANCE
from baton.capabilities.resolution.tables import METADATA as RESOLUTION
from baton.kernel.rebuild import rebuild
from tests.capabilities.lake.test_star_and_tau import STAR, tau
from tests.capabilities.performance.test_metrics import book
from tests.scenes.ledger_room import Room, room

pytestmark = pytest.mark.scene

EMPTY = {
    "performance_costs", "performance_offers", "performance_ratings", "resolution_promises", "resolution_promises_told", "resolution_probes", "resolution_joined",
}  # fmt: skip
TABLES = [table for metadata in (LAKE, RESOLUTION, PERFORMANCE) for table in metadata.sorted_tables]


async def everything(here: Room) -> dict[str, list[str]]:
    return {table.name: sorted(map(str, await here.rows(table))) for table in TABLES}


async def test_read_models_are_the_fold_of_the_log(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await book(here)
        await here.imported("star", json.dumps(STAR), "one.jsonl")
        await here.imported("tau", tau(1, 1.0, "look") + tau(2, 0.0, "transfer_to_human_agents"), "two.jsonl")
        live = await everything(here)
        assert {name for name in live if not live[name]} <= EMPTY
        await rebuild(here.store, here.committer.codec, here.committer.crafts, TABLES)
        assert await everything(here) == live
