"""Kill -9 at random instants: what was accepted is there, once and in order; what was done outside was done once."""

from statistics import median

import pytest

from baton.kernel.digest import digest
from baton.kernel.rebuild import rework
from tests.ports.killing import check, fresh, killed
from tests.ports.logs import CRAFTS, TABLES, NoModels, Place

FIRST_TURN_S = 5.0
"""From a restart to the first turn accepted after it, as a median: a machine shared with others may be late once."""
ONE = ("0-63",)
SPREAD = ("-", "0-31", "32-63")


async def scene(place, spread: tuple[str, ...], kills: int, seed: int) -> None:
    """Kill, recover, and compare with every ledger there is, and with the log worked from nothing."""
    known = await killed(place, spread, kills, seed)
    assert sum(len(turns) for turns in known.accepted.values()) > kills
    assert median(known.first_after_start_s) <= FIRST_TURN_S
    await check(place, known)
    async with place.opened(lanes=()) as committer:
        again = await fresh(place.folder)
        await rework(committer.store, again, CRAFTS, committer.keys, NoModels())
        assert await digest(again, committer.codec, TABLES) == await digest(committer.store, committer.codec, TABLES)
        await again.close()


@pytest.mark.port
async def test_twenty_kills_of_one_process_on_sqlite(tmp_path):
    await scene(Place(str(tmp_path / "log.db"), tmp_path), ONE, 20, seed=1)


@pytest.mark.port
async def test_ten_kills_of_a_web_process_and_two_workers_on_postgres(postgres_url, tmp_path):
    await scene(Place(postgres_url, tmp_path), SPREAD, 10, seed=2)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(10, 15))
async def test_two_hundred_kills_of_one_process_on_sqlite(tmp_path, seed):
    await scene(Place(str(tmp_path / "log.db"), tmp_path), ONE, 40, seed)


@pytest.mark.long
@pytest.mark.timeout(1200)
@pytest.mark.parametrize("seed", range(20, 24))
async def test_a_hundred_kills_of_a_web_process_and_two_workers_on_postgres(postgres_url, tmp_path, seed):
    await scene(Place(postgres_url, tmp_path), SPREAD, 25, seed)
