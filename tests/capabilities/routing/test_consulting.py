"""A rep asks a colleague beside a conversation: the customer stays where they are, and the colleague's time is counted."""

from pathlib import Path

import pytest

from baton.capabilities.routing.events import MAIN, Consult, OfferPassed, OfferTaken, WrappedUp
from tests.capabilities.routing.world import World
from tests.channels.serving import serving

pytestmark = pytest.mark.scene


def consulting() -> tuple[World, str, str]:
    """Kim holds a conversation and asks somebody of refunds; lee and kim both know refunds."""
    world = World()
    world.ready("kim", "refunds")
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    world.happens(MAIN, OfferTaken("kim", conversation))
    world.settle()
    world.happens(conversation, Consult("q1", "kim", "refunds"), "rep/kim")
    world.settle()
    return world, conversation, f"{conversation}#consult-q1"


def state(world: World, conversation: str) -> Consult:
    found = world.streams[conversation].facts.slot(Consult, "q1")
    assert found is not None
    return found


def test_a_colleague_is_asked_and_the_baton_stays() -> None:
    world, conversation, work = consulting()
    assert world.offer_of(work) == "", "who asks is not asked"
    world.ready("lee", "refunds", capacity=1)
    world.settle()
    assert world.offer_of(work) == "lee"
    world.happens(MAIN, OfferTaken("lee", work))
    world.settle()
    assert (world.holder(conversation).who, state(world, conversation).colleague) == ("kim", "lee")
    assert world.post("lee").held == 1
    world.happens(conversation, Consult("q1", "kim", "refunds", "ended", "lee"), "rep/lee")
    world.settle()
    assert (world.post("lee").held, world.place(work)) == (0, None)


def test_who_asks_is_not_asked_even_after_a_pass() -> None:
    world, _, work = consulting()
    world.ready("lee", "refunds")
    world.settle()
    world.happens(MAIN, OfferPassed("lee", work))
    world.forward(61)
    assert world.offer_of(work) == "lee"


def test_a_consult_ends_with_what_it_was_about() -> None:
    world, conversation, work = consulting()
    world.ready("lee", "refunds")
    world.settle()
    world.happens(MAIN, OfferTaken("lee", work))
    world.settle()
    world.happens(conversation, WrappedUp("kim", "solved"), "rep/kim")
    world.settle()
    assert (state(world, conversation).state, world.post("lee").held) == ("ended", 0)


def test_a_colleague_who_comes_too_late_is_free_again() -> None:
    world, conversation, work = consulting()
    world.ready("lee", "refunds")
    world.settle()
    world.happens(conversation, Consult("q1", "kim", "refunds", "ended"), "rep/kim")
    world.happens(MAIN, OfferTaken("lee", work))
    world.settle()
    assert (world.post("lee").held, world.post("lee").offered) == (0, 0)


async def test_over_http(tmp_path: Path) -> None:
    async with serving(tmp_path) as place, place.http() as client:
        jack, sofia, ruth = place.token("jack"), place.token("sofia"), place.token("ruth")
        await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
        talk = await place.begin(client)
        await talk.post("person")
        for _ in range(200):
            if (await client.get("/api/desk/state", headers=jack)).json()["offered"]:
                break
        await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
        path = f"/api/desk/conversations/{talk.id}/consults"
        assert (await client.post(path, json={"queue": "nowhere"}, headers=jack)).status_code == 422
        assert (await client.post(path, json={"queue": "refunds"}, headers=ruth)).status_code == 403
        asked = await client.post(path, json={"queue": "refunds", "note": "Is a voucher fine?"}, headers=jack)
        assert asked.status_code == 202
        consult = asked.json()["consult"]
        assert (await client.post(f"{path}/{consult}/end", headers=sofia)).status_code == 404
        await client.post("/api/desk/presence", json={"presence": "available"}, headers=sofia)
        for _ in range(200):
            offered = (await client.get("/api/desk/state", headers=sofia)).json()["offered"]
            if offered:
                break
        assert (offered[0]["kind"], offered[0]["approval"]) == ("consult", f"consult-{consult}")
        taken = await client.post(f"/api/desk/offers/{talk.id}/take?approval=consult-{consult}", headers=sofia)
        assert taken.status_code == 202
        seen = (await client.get(f"/api/desk/conversations/{talk.id}", headers=sofia)).json()
        assert [note["text"] for note in seen["notes"]] == ["Is a voucher fine?"]
        assert (await client.post(f"{path}/{consult}/end", headers=sofia)).status_code == 202
        assert (await client.post(f"{path}/nothing/end", headers=jack)).status_code == 409
