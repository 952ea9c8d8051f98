"""Over HTTP and on the page: a third speaks under their own name, alerts have an owner, cover has a budget, many move at once."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

import httpx
import pytest

from baton.capabilities.routing.events import MAIN, Loan
from baton.kernel.capability import Crafts
from tests.channels.serving import Place, Talk, crafts, serving
from tests.scenes.recorded import crafts_of

pytestmark = pytest.mark.scene

READ = (
    "floor", "complexity", "lake", "performance", "resolution", "governance", "empathy", "sentiment", "ai_use", "agents", "wellbeing",
    "workforce", "individual", "orchestration", "escalations",
)  # fmt: skip


def floor_crafts() -> Crafts:
    """Routing and the floor as they are, an agent that echoes, and the read models the page reads."""
    made = crafts()
    with_floor = crafts_of("routing", "floor", "governance")
    with_floor.decide[next(k for k in made.decide if k.__name__ == "TurnSaid")] = made.decide[
        next(k for k in made.decide if k.__name__ == "TurnSaid")
    ]
    with_floor.act["echo"] = made.act["echo"]
    with_floor.modules |= crafts_of(*READ).modules
    return with_floor


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with serving(tmp_path, made=floor_crafts()) as served:
        yield served


@pytest.fixture
async def client(place: Place) -> AsyncIterator[httpx.AsyncClient]:
    async with place.http() as opened:
        yield opened


async def jack_serves(place: Place, client: httpx.AsyncClient) -> tuple[Talk, dict[str, str]]:
    jack = place.token("jack")
    await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
    talk = await place.begin(client)
    await talk.say("Where is my refund?", "n1")
    await talk.post("person")
    for _ in range(250):
        if (await client.get("/api/desk/state", headers=jack)).json()["offered"]:
            break
        await asyncio.sleep(0.02)
    assert (await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)).status_code == 202
    return talk, jack


async def turns(talk: Talk) -> list[tuple[str, str]]:
    told = (await talk.client.get(f"{talk.path}/transcript", headers=talk.auth)).json()["turns"]
    return [(t["by"], t["text"]) for t in told]


async def test_a_third_speaks_under_their_own_name_and_the_rep_still_has_it(
    place: Place, client: httpx.AsyncClient
) -> None:
    talk, jack = await jack_serves(place, client)
    mara, ruth = place.token("mara"), place.token("ruth")
    path, said = f"/api/floor/conversations/{talk.id}/say", {"text": "I approve the refund.", "nonce": "m1"}
    for who in (jack, ruth):
        assert (await client.post(path, json=said, headers=who)).status_code == 403
    first = await client.post(path, json=said, headers=mara)
    again = await client.post(path, json=said, headers=mara)
    assert (first.status_code, first.json()) == (202, again.json())
    await client.post(path, json={"text": "Today.", "nonce": "m2"}, headers=mara)
    heard = await turns(talk)
    assert heard[-3:] == [
        ("system", "Mara Nilsen of our team has joined this conversation."),
        ("rep/mara", "I approve the refund."),
        ("rep/mara", "Today."),
    ]
    async with talk.events() as events:
        async for event in events:
            if event["event"] == "joined":
                assert (event["by"], event["name"]) == ("rep/mara", "Mara Nilsen")
                break
    seen = (await client.get(f"/api/desk/conversations/{talk.id}", headers=jack)).json()
    assert (seen["is_mine"], seen["holder_who"]) == (True, "jack")
    await client.post(f"/api/desk/conversations/{talk.id}/hand-back", headers=jack)
    await talk.post("end")
    gone = await client.post(path, json={"text": "Hello?", "nonce": "m3"}, headers=mara)
    assert (gone.status_code, gone.json()["code"]) == (409, "nobody_to_join")


async def test_help_stands_first_on_live_and_a_whisper_answers_it(place: Place, client: httpx.AsyncClient) -> None:
    talk, jack = await jack_serves(place, client)
    mara = place.token("mara")
    asked = {"queue": "a-supervisor", "note": "May I refund twice?"}
    assert (await client.post(f"/desk/c/{talk.id}/consult", data=asked, headers=jack)).status_code == 303
    assert "You asked a supervisor" in (await client.get(f"/desk?c={talk.id}", headers=jack)).text
    page = (await client.get("/live", headers=mara)).text
    assert "Jack Moreau asks for help" in page
    alert = f"help-{talk.id}"
    assert (await client.post(f"/api/floor/alerts/{alert}", json={"state": "taken"}, headers=jack)).status_code == 403
    assert (await client.post(f"/live/alerts/{alert}", data={"state": "taken"}, headers=mara)).status_code == 303
    assert "you have it" in (await client.get("/live", headers=mara)).text
    assert "Mara Nilsen has it" in (await client.get("/live", headers=place.token("dara"))).text
    note = {"text": "Yes, once.", "nonce": "w1"}
    assert (await client.post(f"/live/conversations/{talk.id}/whisper", data=note, headers=mara)).status_code == 303
    assert "asks for help" not in (await client.get("/live", headers=mara)).text
    page = (await client.get(f"/desk?c={talk.id}", headers=jack)).text
    assert "Yes, once." in page
    assert "You asked a supervisor" not in page
    assert all("Yes, once" not in text for _, text in await turns(talk)), "a whisper is for staff"


async def test_many_move_at_once_and_a_rep_is_lent(place: Place, client: httpx.AsyncClient) -> None:
    talk, jack = await jack_serves(place, client)
    mara = place.token("mara")
    body = {"conversations": [talk.id, talk.id], "queue": "nowhere"}
    assert (await client.post("/api/floor/move", json=body, headers=mara)).status_code == 422
    assert (await client.post("/api/floor/move", json=body, headers=jack)).status_code == 403
    moved = await client.post(
        "/api/floor/move", json={**body, "queue": "refunds", "reason": "Jack must go"}, headers=mara
    )
    assert moved.json() == {"moved": 1, "left": 0}
    assert (await turns(talk))[-1] == (
        "system",
        "Another colleague takes over. They see what was said; you need not repeat it.",
    )
    lend = {"queue": "refunds", "minutes": 30}
    assert (await client.post("/api/floor/reps/nobody/lend", json=lend, headers=mara)).status_code == 404
    assert (
        await client.post("/api/floor/reps/jack/lend", json={**lend, "queue": "x"}, headers=mara)
    ).status_code == 422
    assert (await client.post("/api/floor/reps/jack/lend", json=lend, headers=mara)).status_code == 202
    stream = await place.app.reader.stream(MAIN)
    assert stream is not None
    loan = stream.facts.slot(Loan, "jack")
    assert loan is not None
    assert (loan.skills, loan.by) == (("refunds",), "mara")
    assert (await client.post("/api/floor/reps/jack/back", headers=mara)).status_code == 202


async def test_cover_stays_within_the_hours_budget(place: Place, client: httpx.AsyncClient) -> None:
    mara = place.token("mara")
    buy = {"queue": "refunds", "kind": "overtime", "minutes": 60}
    for _ in range(2):
        assert (await client.post("/api/floor/covers", json=buy, headers=mara)).status_code == 202
    refused = await client.post("/api/floor/covers", json=buy, headers=mara)
    assert (refused.status_code, refused.json()["code"]) == (409, "budget_spent")
    assert "0 minutes are left" in refused.json()["detail"]
    budget = {"overtime_min": 180, "partner_min": 60}
    assert (await client.put("/api/floor/budget", json=budget, headers=place.token("jack"))).status_code == 403
    assert (await client.put("/api/floor/budget", json=budget, headers=place.token("viktor"))).status_code == 202
    assert (await client.post("/live/cover", data=buy, headers=mara)).status_code == 303
    page = (await client.get("/live", headers=mara)).text
    assert "0 of 180 min overtime, 60 of 60 min of a partner" in page
    assert "One more on Refunds" in page


async def test_an_outage_is_one_switch_and_ends_with_what_it_cost(place: Place, client: httpx.AsyncClient) -> None:
    mara, jack = place.token("mara"), place.token("jack")
    waits = await place.begin(client)
    await waits.post("person")
    form = {"title": "Payments down", "text": "Card payments fail at the moment."}
    assert (await client.post("/api/floor/outages", json=form, headers=jack)).status_code == 403
    assert (await client.get("/live/outage", headers=mara)).status_code == 200
    assert (await client.post("/live/outage", data=form, headers=mara)).status_code == 303
    again = await client.post("/api/floor/outages", json=form, headers=mara)
    assert (again.status_code, again.json()["code"]) == (409, "outage_already")
    assert (await client.get("/api/chat/openers")).json()["notice"] == "Card payments fail at the moment."
    assert "Card payments fail" in (await turns(waits))[-1][1]
    later = await place.begin(client)
    await later.post("person")
    page = (await client.get("/live", headers=mara)).text
    assert "Outage: Payments down" in page
    assert "1 wait in an outage is left out" in page
    ended = (await client.post("/api/floor/outages/end", headers=mara)).json()
    assert (ended["began_by"], ended["waited"], ended["answered"]) == ("mara", 1, 0)
    assert ended["told"] >= 1
    assert "solved" in (await turns(waits))[-1][1]
    shown = (await client.get(f"/live/outages/{ended['outage']}", headers=mara)).text
    assert "Outage, over" in shown
    assert (await client.post("/api/floor/outages/end", headers=mara)).json()["code"] == "no_outage"
    assert (await client.get("/live/outages/unknown", headers=mara)).status_code == 404
