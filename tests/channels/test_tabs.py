"""A rep closes the laptop in the middle of a conversation, over HTTP: the customer is told, and a colleague is offered it."""

import asyncio
from pathlib import Path

import pytest

from baton.capabilities.routing.events import Queue, Routing
from baton.channels.desk import tabs
from tests.channels import serving as room

pytestmark = pytest.mark.scene


@pytest.fixture
async def place(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    quick = Routing((Queue("refunds", "Refunds", "refunds"),), grace_s=0)
    monkeypatch.setattr(room, "POLICIES", (room.POLICIES[0], ("routing.Routing", quick)))
    monkeypatch.setattr(tabs, "MOMENT_S", 0.1)
    monkeypatch.setattr(tabs, "EVERY_S", 0.05)
    async with room.serving(tmp_path) as served:
        yield served


async def until(holds, seconds: float = 5.0) -> None:
    for _ in range(round(seconds / 0.02)):
        if holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("it did not come to hold in time")


async def test_who_closes_the_laptop_gives_it_back_and_a_colleague_takes_it(place) -> None:
    jack, sofia, board = place.token("jack"), place.token("sofia"), place.app.board
    async with place.http() as client:
        await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
        talk = await place.begin(client)
        await talk.post("person")
        work = f"conversation/{talk.id}"
        async with client.stream("GET", "/api/live", params={"topics": "assignment"}, headers=jack) as page:
            assert page.status_code == 200
            await until(lambda: work in board.places and board.places[work].rep == "jack")
            await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
            await asyncio.sleep(0.3)
            assert board.places[work].state == "held", "as long as the page is open it stays with Jack"
        await client.post("/api/desk/presence", json={"presence": "available"}, headers=sofia)
        await until(lambda: board.places[work].rep == "sofia")
        assert (board.posts["jack"].presence, board.posts["jack"].reason) == ("away", "desk_lost")
        told = (await client.get(f"{talk.path}/transcript", headers=talk.auth)).json()["turns"]
        assert any("You are next" in turn["text"] for turn in told)


async def test_who_works_without_a_page_is_never_taken_to_be_gone(place) -> None:
    jack, board = place.token("jack"), place.app.board
    async with place.http() as client:
        await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
        await until(lambda: "jack" in board.posts)
        await asyncio.sleep(0.3)
        assert (board.posts["jack"].presence, board.posts["jack"].lost_ms) == ("available", 0)


async def test_going_to_another_page_loses_nothing(place, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tabs, "MOMENT_S", 5.0)
    jack, board = place.token("jack"), place.app.board
    async with place.http() as client:
        await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
        for _ in range(3):
            async with client.stream("GET", "/api/live", params={"topics": "assignment"}, headers=jack):
                await until(lambda: "jack" in board.posts)
        assert board.posts["jack"].lost_ms == 0
