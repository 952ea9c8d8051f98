"""One digest: wherever the log was worked, by however many, after kills, from scratch; and read models equal their fold."""

import asyncio
from itertools import groupby
from pathlib import Path

import pytest
from sqlalchemy import select

from baton.kernel.conversation import ActionDone
from baton.kernel.digest import digest
from baton.kernel.rebuild import rebuild, rework
from baton.stores.sqlite import SqliteStore
from tests.ports.craft.events import Asked
from tests.ports.logs import CRAFTS, TABLES, NoModels, Place, all_of, say, script
from tests.ports.processes import LogProcess, processes

pytestmark = pytest.mark.port

CONVERSATIONS, TURNS = 6, 12
LINES = script(CONVERSATIONS, TURNS)
SPREADS = (("0-63",), ("0-20", "21-41", "42-63"))


async def played(place: Place) -> str:
    """The script, said by customers who take turns, one commit after another."""
    async with place.opened() as committer:
        for stream, event in LINES:
            await say(committer, stream, event)
        return await digest(committer.store, committer.codec, TABLES)


@pytest.fixture(scope="module")
def on_sqlite(tmp_path_factory) -> str:
    """The digest of the script on one SQLite store."""
    folder = tmp_path_factory.mktemp("one")
    return asyncio.run(played(Place(str(folder / "log.db"), folder)))


async def spread(place: Place, workers: tuple[str, ...], kills: int = 0) -> str:
    """The same script through a web process, worked by `workers`, some of which are killed on the way."""

    async def customer(web: LogProcess, who: int) -> None:
        for stream, event in LINES:
            if stream == f"conversation/{who}" and isinstance(event, Asked):
                await web.post(stream, event.what, event.nonce)

    await started(place)
    async with processes(place, ["-", *workers]) as (web, *working):
        talking = asyncio.gather(*(customer(web, who) for who in range(CONVERSATIONS)))
        for n in range(kills):
            await asyncio.sleep(0.15)
            await working[n % len(working)].kill()
            await working[n % len(working)].start()
        await talking
        await rested(place)
    return await place.digest()


async def started(place) -> None:
    """Every conversation begins before anybody else is there."""
    async with place.opened() as committer:
        for stream, event in LINES[:CONVERSATIONS]:
            await say(committer, stream, event)


async def rested(place) -> None:
    """Wait until everything was worked and nothing is due."""
    told = sum(1 for _, e in LINES if isinstance(e, Asked) and e.what == "elsewhere")
    store = place.store()
    await store.open(TABLES)
    async with asyncio.timeout(60):
        while True:
            rows = await all_of(store)
            if len(rows) == len(LINES) + told and all(r.caused is not None for r in rows):
                break
            await asyncio.sleep(0.05)
    await store.close()


async def test_the_digest_says_what_was_decided_and_why(place):
    async with place.opened() as committer:
        await say(committer, "conversation/a", Asked("echo", "n1"))
        before = await digest(committer.store, committer.codec, TABLES)
        await say(committer, "conversation/a", Asked("echo", "n2"))
        assert await digest(committer.store, committer.codec, TABLES) != before


async def test_the_digest_is_the_same_on_every_store(place, on_sqlite: str):
    assert await played(place) == on_sqlite


async def test_texts_are_not_the_same_digest(tmp_path: Path):
    digests = set()
    for text in ("one", "other"):
        folder = tmp_path / text
        folder.mkdir()
        async with Place(str(folder / "log.db"), folder).opened() as committer:
            await say(committer, "conversation/a", Asked("echo", "n1", text=text))
            digests.add(await digest(committer.store, committer.codec, TABLES))
    assert len(digests) == 2


async def test_the_digest_does_not_depend_on_how_inputs_meet_in_commits(place, on_sqlite: str):
    async with place.opened() as committer:
        for _, together in groupby(LINES, key=lambda line: type(line[1])):
            said = [asyncio.create_task(committer.append(s, e, by="customer")) for s, e in together]
            await asyncio.sleep(0)
            await committer.settle()
            await asyncio.gather(*said)
        assert await digest(committer.store, committer.codec, TABLES) == on_sqlite


@pytest.mark.parametrize("workers", SPREADS, ids=["one worker", "three workers"])
async def test_a_web_process_and_workers_come_to_the_same_digest(postgres_url, tmp_path, on_sqlite, workers):
    assert await spread(Place(postgres_url, tmp_path), workers) == on_sqlite


async def test_killed_workers_come_to_the_same_digest(postgres_url, tmp_path, on_sqlite):
    assert await spread(Place(postgres_url, tmp_path), SPREADS[1], kills=3) == on_sqlite


async def test_working_everything_again_from_nothing_comes_to_the_same_digest(place, tmp_path: Path):
    async with place.opened() as committer:
        for stream, event in LINES:
            await say(committer, stream, event)
        await say(committer, "conversation/0", ActionDone("act_outside", "k", ok=True, args={"n": 1}), by="tool")
        fresh = SqliteStore(tmp_path / "fresh.db")
        await fresh.open(TABLES)
        await rework(committer.store, fresh, CRAFTS, committer.keys, NoModels())
        assert await digest(fresh, committer.codec, TABLES) == await digest(committer.store, committer.codec, TABLES)
        await fresh.close()


async def test_read_models_equal_the_fold_of_the_log(place):
    async with place.opened() as committer:
        for stream, event in LINES:
            await say(committer, stream, event)
        live = await read_models(committer.store)
        await rebuild(committer.store, committer.codec, CRAFTS, TABLES)
        assert await read_models(committer.store) == live
        assert all(rows for rows in live.values())


async def test_a_rebuild_takes_away_what_no_fold_gives(place):
    async with place.opened() as committer:
        await say(committer, "conversation/a", Asked("echo"))
        live = await read_models(committer.store)
        await committer.store.begin(())
        await committer.store.many("INSERT INTO craft_kinds (kind, n) VALUES (?, ?)", [("planted", 3)])
        await committer.store.commit()
        await rebuild(committer.store, committer.codec, CRAFTS, TABLES)
        assert await read_models(committer.store) == live


async def test_an_erased_customer_changes_no_read_model(place):
    async with place.opened() as committer:
        for stream, event in LINES:
            await say(committer, stream, event)
        live = await read_models(committer.store)
        committer.keys.identify("conversation/1", "jane")
        committer.codec.forget()
        committer.keys.forget("jane")
        await rebuild(committer.store, committer.codec, CRAFTS, TABLES)
        assert await read_models(committer.store) == live


async def read_models(store) -> dict[str, list[str]]:
    """Every row of every read model."""
    return {t.name: sorted(str(sorted(r.items())) for r in await store.rows(select(*t.c))) for t in TABLES}
