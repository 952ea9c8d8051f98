"""A web process that works no lane: what a worker does elsewhere reaches customers and reps all the same."""

import asyncio
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from baton.kernel.clock import WallClock
from baton.kernel.committer import Committer
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore
from tests.channels.serving import NoModels, crafts, serving, tables_of

pytestmark = pytest.mark.scene


@asynccontextmanager
async def worker(home: Path):
    made, store, keys = crafts(), SqliteStore(home / "log.db"), SqliteKeys(home / "keys.db")
    await store.open(tables_of(made))
    committer = Committer(store, made, keys, NoModels(), WallClock())
    await committer.start()
    tasks = [asyncio.ensure_future(committer.run()), asyncio.ensure_future(nudging(committer))]
    yield committer
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    keys.close()
    await store.close()


async def nudging(committer: Committer) -> None:
    """As a wake would, where the two were on different machines."""
    while True:
        await asyncio.sleep(0.1)
        committer.nudge()


async def test_answers_and_handovers_worked_elsewhere_are_seen(tmp_path: Path) -> None:
    async with worker(tmp_path), serving(tmp_path, lanes=range(0)) as place, place.http() as client:
        place.app.look_s = 0.1
        jack = place.token("jack")
        talk = await place.begin(client)
        async with asyncio.timeout(30), talk.events() as events:
            await talk.say("Where is my refund?", "n1")
            heard = []
            async for event in events:
                heard.append((event["event"], event.get("text", "")))
                if heard[-1] == ("turn", "You said: Where is my refund?"):
                    break
            assert [text for kind, text in heard if kind == "turn"] == [
                "Where is my refund?",
                "You said: Where is my refund?",
            ]
            await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
            await talk.post("person")
            while not (await client.get("/api/desk/state", headers=jack)).json()["offered"]:  # noqa: ASYNC110  as a browser polls
                await asyncio.sleep(0.1)
            taken = await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
            assert (taken.status_code, taken.json()["who"]) == (202, "jack"), taken.text
            async for event in events:
                if event["event"] == "holder" and event["kind"] == "rep":
                    break
