"""What is remembered of a customer: with why it is shown, not before they were forgotten, deleted by a rep; and the page of waits."""

from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from baton.capabilities.individual.events import Choice, QuoteKept
from baton.channels.desk.screen.memory import Habit, habits, remembered
from baton.kernel.conversation import Ended, Started, TurnSaid
from tests.channels.serving import Place, crafts, serving

pytestmark = pytest.mark.scene


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with serving(tmp_path, made=crafts("individual", "lake", "resolution")) as served:
        yield served


@pytest.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    async with place.http() as made:
        yield made


async def visit(place: Place, id: str, at_ms: int, channel: str = "chat") -> None:
    stream, customer = f"conversation/{id}", "c0ffee"
    for event, after_ms in (
        (Started(channel, "es", customer, origin="imported", source="old"), 0), (TurnSaid("customer", "Hola"), 1000),
        (TurnSaid("rep", "Hola, soy Jack", who="jack"), 2000), (TurnSaid("customer", "Gracias"), 21_000), (Ended("imported"), 22_000),
    ):  # fmt: skip
        await place.app.committer.append(stream, event, by="import/old", happened_at_ms=at_ms + after_ms)


def row(**told: object) -> dict[str, object]:
    usual: dict[str, object] = {
        "channel": "chat",
        "language": "en",
        "intent": "refund_status",
        "rep": "",
        "turns_customer": 3,
    }
    return {**usual, "started_ms": 0, "last_ms": 40_000, **told}


def test_a_habit_is_what_at_least_half_show_and_says_why() -> None:
    rows = [row(rep="jack"), row(), row(), row(channel="voice", intent="other"), row(intent="")]
    found = habits(rows, {"jack": "Jack Moreau"})
    assert Habit("Channel", "chat", "in 4 of 5 contacts") in found
    assert Habit("Usually about", "Refund status", "in 3 of 3 contacts") in found
    assert Habit("Tempo", "quick", "20 s from message to message, median of 5 contacts") in found
    assert Habit("Served last by", "Jack Moreau", "1 contact with them") in found
    assert habits([row(), row(channel="voice")], {})[0].of == "Channel"
    assert [habit.of for habit in habits([row()], {})] == []


async def test_what_is_remembered_is_deleted_by_the_rep_and_stays_deleted(
    place: Place, client: httpx.AsyncClient
) -> None:
    now_ms = place.app.clock.now_ms()
    for n in range(3):
        await visit(place, f"old{n}", now_ms - (9 - n) * 86_400_000)
    await place.app.committer.append("conversation/now", Started(customer="c0ffee", verified="verified"), by="customer")
    stream = await place.app.committer.memory.stream("conversation/now")
    assert {habit.of for habit in await remembered(place.app, stream)} >= {
        "Channel",
        "Language",
        "Tempo",
        "Served last by",
    }
    auth = {name: place.token(name) for name in ("mara", "ruth", "jack")}
    path = "/api/conversations/now/memory"
    assert (await client.delete(path, headers=auth["ruth"])).status_code == 403
    assert (await client.delete(path, headers=auth["jack"])).status_code == 404
    assert (await client.delete(path, headers=auth["mara"])).status_code == 200
    assert await remembered(place.app, stream) == ()
    await place.app.committer.append("conversation/alone", Started(), by="customer")
    assert (await client.delete("/api/conversations/alone/memory", headers=auth["mara"])).json()[
        "code"
    ] == "nobody_known"


async def test_the_page_of_waits_and_its_rows(place: Place, client: httpx.AsyncClient) -> None:
    auth = {name: place.token(name) for name in ("mara", "ruth", "jack")}
    assert "Nobody was told a wait" in (await client.get("/waits", headers=auth["mara"])).text
    now_ms = place.app.clock.now_ms()
    for n in range(4):
        stream = f"conversation/w{n}"
        await place.app.committer.append(stream, Started(), by="customer")
        await place.app.committer.append(
            stream, Choice("refunds", 1, now_ms, 9, 30_000, 60_000, (1, 0, 2, 3, 4, 5, 6, 7)), by="system"
        )
        await place.app.committer.append(
            stream, QuoteKept("anyone", "refunds", 1, 60_000, 20_000 * (n + 1), True, n < 3), by="system"
        )
    page = (await client.get("/waits", headers=auth["mara"])).text
    assert "75.0 %" in page.replace("\u202f", " ").replace("\xa0", " ")
    assert "Refunds" in page
    rows = (await client.get("/api/waits", headers=auth["ruth"])).json()
    assert {(each["cut"], each["quotes"], each["kept"]) for each in rows} == {
        ("whom", 4, 0.75),
        ("queue", 4, 0.75),
        ("hour", 4, 0.75),
    }
    assert (await client.get("/waits.csv", headers=auth["ruth"])).text.count("\r\n") == 5
    assert (await client.get("/waits", headers=auth["jack"])).status_code == 403
