"""At the desk: what the customer's words may be used for, and a yes or a no that they say, noted by who holds the conversation."""

import asyncio
import time
from pathlib import Path

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey

from baton.capabilities.governance.tables import CONSENTS
from tests.channels.serving import Place, Talk, crafts, serving

pytestmark = pytest.mark.scene

SECRET = "0123456789abcdef0123456789abcdef"
ALSO = ("governance", "individual", "lake", "resolution", "orchestration")


@pytest.fixture
async def place(tmp_path: Path):
    async with serving(tmp_path, made=crafts(*ALSO), settings={"site_secret": SECRET}) as served:
        yield served


@pytest.fixture
async def client(place):
    async with place.http() as opened:
        yield opened


def proof(who: str) -> str:
    claims = {"sub": who, "aud": "baton", "exp": int(time.time()) + 60}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


async def taken(place: Place, client: httpx.AsyncClient, **who: str) -> Talk:
    """A customer whom Jack serves."""
    talk, jack = await place.begin(client, **who), place.token("jack")
    await talk.say("Where is my refund?", "n1")
    await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
    await talk.post("person")
    for _ in range(500):
        if (await client.get("/api/desk/state", headers=jack)).json()["offered"]:
            break
        await asyncio.sleep(0.02)
    assert (await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)).json()["who"] == "jack"
    return talk


async def note(place: Place, client: httpx.AsyncClient, talk: Talk, who: str = "jack", **form: str) -> httpx.Response:
    data = {"purpose": "training", "said": "no", "version": "2026-11", **form}
    headers = {**place.token(who), "hx-request": "true"}
    return await client.post(f"/desk/c/{talk.id}/agreed", data=data, headers=headers)


async def side(place: Place, client: httpx.AsyncClient, talk: Talk, who: str = "jack") -> str:
    return (await client.get(f"/desk/c/{talk.id}", headers=place.token(who))).text


async def test_a_yes_is_kept_with_the_words_that_were_read_out_and_the_turn_it_rests_on(place, client) -> None:
    talk = await taken(place, client, identity=proof("ana"))
    assert "they said nothing" in await side(place, client, talk)
    told = await note(place, client, talk, purpose="outreach", said="yes")
    assert told.status_code == 200 and "Kept: yes to offers." in told.text
    (row,) = await place.app.store.rows(CONSENTS.select())
    assert (row["purpose"], row["given"], row["source"], row["version"]) == ("outreach", 1, "desk", "2026-11")
    recorded = await place.app.store.at(int(row["position"]))
    kept = place.app.committer.codec.decode(recorded.entry.stream, recorded.entry.body)
    assert kept.wording.startswith("We may write to you first") and kept.by == "rep/jack"
    stream = await place.app.committer.memory.stream(f"conversation/{talk.id}")
    assert kept.proof == f"conversation/{talk.id}:{stream.said('customer')[-1].position}"
    again = await note(place, client, talk, purpose="outreach", said="no")
    assert "they said no to a rep" in again.text
    (row,) = await place.app.store.rows(CONSENTS.select())
    assert (row["given"], row["revoked_ms"] > 0) == (0, True)


async def test_of_who_is_not_proved_only_a_no_is_kept(place, client) -> None:
    talk = await taken(place, client, customer="ana")
    assert "They say yes" not in (shown := await side(place, client, talk)) and "They say no" in shown
    refused = await note(place, client, talk, said="yes")
    assert (refused.status_code, refused.json()["code"]) == (409, "not_proved")
    assert (await note(place, client, talk)).status_code == 200


async def test_of_who_gave_no_name_nothing_is_kept(place, client) -> None:
    talk = await taken(place, client)
    assert "They gave no name" in await side(place, client, talk)
    assert (await note(place, client, talk)).json()["code"] == "nobody_known"


async def test_only_who_holds_the_conversation_notes_it(place, client) -> None:
    talk = await taken(place, client, identity=proof("ana"))
    assert (await note(place, client, talk, "mara")).status_code in (403, 409), (
        "a supervisor sees it and does not hold it"
    )
    assert "They say no" not in await side(place, client, talk, "mara")
    foreign = await note(place, client, talk, "sofia")
    missing = await note(place, client, Talk(client, "AAAAAAAAAAAAAAAA", ""), "sofia")
    assert (foreign.status_code, missing.status_code) == (404, 404)
    await client.post(f"/api/desk/conversations/{talk.id}/hand-back", headers=place.token("jack"))
    assert (await note(place, client, talk)).status_code in (404, 409)
    assert await place.app.store.rows(CONSENTS.select()) == []


async def test_words_that_changed_and_uses_that_need_no_yes_are_refused(place, client) -> None:
    talk = await taken(place, client, identity=proof("ana"))
    assert (await note(place, client, talk, version="2020-01")).json()["code"] == "words_changed"
    assert (await note(place, client, talk, purpose="service")).json()["code"] == "always"
    assert (await note(place, client, talk, purpose="selling")).status_code == 422
