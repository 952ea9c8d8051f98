"""The desk in company: a colleague reads along and is given the conversation; the gauge, the grounds of an offer, the backlog."""

import asyncio
from collections.abc import Awaitable, Callable
from pathlib import Path

import pytest
from msgspec.structs import replace

from baton.capabilities.routing.events import Place, Post
from baton.channels.desk.screen.backlog import backlog
from baton.channels.desk.screen.day import Day, middle
from baton.channels.desk.screen.room import room_of
from baton.channels.desk.screen.why import why_you
from baton.kernel.capability import Crafts, load
from baton.web.staff import Staff
from tests.channels.serving import crafts, serving

pytestmark = pytest.mark.scene

NOW = 1_795_750_000_000
MINUTE = 60_000
READ = ("complexity", "floor", "individual", "lake", "performance", "resolution", "wellbeing", "workforce")
JACK = Staff("jack", "jack@halcyon.example", "Jack Moreau", "rep", ("refunds",))


def with_every_table() -> Crafts:
    """The smallest agent there is, and what the page reads beside routing."""
    made = crafts()
    made.modules |= load(f"baton.capabilities.{name}" for name in READ).modules
    return made


async def until(holds: Callable[[], Awaitable[object]]) -> None:
    for _ in range(250):
        if await holds():
            return
        await asyncio.sleep(0.02)
    raise AssertionError("It never came to hold.")


async def test_a_colleague_reads_along_and_is_given_it(tmp_path: Path) -> None:
    async with serving(tmp_path, made=with_every_table()) as place, place.http() as client:
        jack, sofia, ruth = place.token("jack"), place.token("sofia"), place.token("ruth")

        async def desk(who: dict[str, str], what: str) -> list[dict]:
            found: list[dict] = (await client.get("/api/desk/state", headers=who)).json()[what]
            return found

        await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
        talk = await place.begin(client)
        await talk.post("person")
        await until(lambda: desk(jack, "offered"))
        await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
        form = {"queue": "refunds", "note": "May I refund twice?"}
        assert (
            await client.post(f"/desk/c/{talk.id}/consult", data={"queue": "nowhere"}, headers=jack)
        ).status_code == 422
        assert (await client.post(f"/desk/c/{talk.id}/consult", data=form, headers=jack)).status_code == 303
        page = (await client.get(f"/desk?c={talk.id}", headers=jack)).text
        assert "You asked Refunds" in page
        assert "May I refund twice?" in page
        await client.post("/api/desk/presence", json={"presence": "available"}, headers=sofia)
        await until(lambda: desk(sofia, "offered"))
        (offer,) = await desk(sofia, "offered")
        ref = f"{talk.id}~{offer['approval']}"
        assert (await client.post(f"/desk/offers/{ref}/take", headers=sofia)).status_code == 303
        along = (await client.get(f"/desk?c={ref}", headers=sofia)).text
        assert "Jack Moreau asks you" in along
        assert "Approve" not in along
        await client.post(f"/desk/c/{talk.id}/note", data={"text": "Yes, once a year.", "nonce": "s1"}, headers=sofia)
        said = await client.post(f"/desk/c/{talk.id}/say", data={"text": "Hello", "nonce": "s2"}, headers=sofia)
        assert said.status_code == 409, "who reads along does not speak to the customer"
        page = (await client.get(f"/desk?c={talk.id}", headers=jack)).text
        assert "Sofia Lindt reads along" in page
        assert "Yes, once a year." in page
        consult = offer["approval"].removeprefix("consult-")
        give = f"/api/desk/conversations/{talk.id}/consults/{consult}/give"
        assert (await client.post(give, json={}, headers=ruth)).status_code == 403
        assert (await client.post(give, json={}, headers=sofia)).status_code == 409
        assert (await client.post(give, json={"note": "Over to you."}, headers=jack)).status_code == 202
        await until(lambda: desk(sofia, "mine"))
        await until(lambda: _is_empty(desk(jack, "mine")))
        (mine,) = [m for m in await desk(sofia, "mine") if not m["approval"]]
        assert mine["conversation"] == talk.id
        heard = (await client.get(f"{talk.path}/transcript", headers=talk.auth)).text
        assert "once a year" not in heard, "notes are for staff"
        assert "Over to you" not in heard


async def _is_empty(found: Awaitable[list[dict]]) -> bool:
    return not await found


async def test_a_consult_nobody_took_cannot_be_given(tmp_path: Path) -> None:
    async with serving(tmp_path, made=with_every_table()) as place, place.http() as client:
        jack = place.token("jack")
        await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
        talk = await place.begin(client)
        await talk.post("person")
        for _ in range(200):
            if (await client.get("/api/desk/state", headers=jack)).json()["offered"]:
                break
        await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
        path = f"/api/desk/conversations/{talk.id}/consults"
        consult = (await client.post(path, json={"queue": "refunds"}, headers=jack)).json()["consult"]
        refused = await client.post(f"{path}/{consult}/give", json={}, headers=jack)
        assert (refused.status_code, refused.json()["code"]) == (409, "nobody_consulted")
        ended = await client.post(f"/desk/c/{talk.id}/consults/{consult}/end", headers=jack)
        assert ended.status_code == 303
        assert "You asked" not in (await client.get(f"/desk?c={talk.id}", headers=jack)).text


def held(key: str, channel: str = "chat", **more: object) -> Place:
    place = Place(f"conversation/{key}", "held", "refunds", NOW - MINUTE, "jack", channel=channel)
    return replace(place, **more)


def test_the_gauge_tells_what_uses_the_places() -> None:
    post = Post("jack", "available", NOW, held=3, deferred=1, taken=2)
    found = room_of(post, [held("a"), held("b"), held("c", "email", due_ms=NOW)], 3)
    assert (found.used, found.says) == (2, "2 chats · 1 email, yields to live work")
    call = room_of(Post("jack", "available", NOW, held=1, taken=3), [held("d", "voice", places=0)], 3)
    assert (call.used, call.says) == (3, "1 call, all 3 places")
    assert room_of(None, [], 3).used == 0


def test_an_offer_says_why_and_never_how_hard_it_is() -> None:
    me = Post("jack", "available", NOW, "Jack", ("refunds",), levels=(4,), offered=1, idle_since_ms=NOW - 6 * MINUTE)
    other = Post("sofia", "available", NOW, "Sofia", ("refunds",), idle_since_ms=NOW - MINUTE)
    offer = held("a", state="offered", skill="refunds", last_rep="jack", level="high", language="es")
    assert why_you(JACK, me, offer, "Refunds", [me, other], NOW) == (
        "you served this customer last time",
        "Refunds is one of your queues, level 4 of 5",
        "they write Spanish, and nobody at work speaks it",
        "you are free longest, 6\u00a0min",
        "you have nothing else in hand",
    )
    call = held("b", "voice", state="offered", places=0)
    assert why_you(JACK, me, call, "Refunds", [me], NOW) == ("it takes all your places, and they are free",)


def test_the_backlog_is_by_channel_with_age_and_deadline() -> None:
    places = [
        held("a", "email", state="waiting", skill="refunds", due_ms=NOW - 1),
        held("b", "email", state="waiting", skill="refunds", due_ms=NOW + MINUTE),
        held("c", "email", state="waiting", skill="bags", due_ms=NOW + MINUTE),
        held("d", "callback", state="waiting", not_before_ms=NOW + 5 * MINUTE),
        held("e", "chat", state="waiting"),
    ]
    emails, callbacks = backlog(places, ("refunds",), NOW)
    assert (emails.name, emails.count, emails.late, emails.due_ms) == ("emails", 2, 1, NOW - 1)
    assert (callbacks.name, callbacks.count, callbacks.late, callbacks.due_ms) == ("callback", 1, 0, NOW + 5 * MINUTE)


def test_own_figures_have_intervals() -> None:
    # Wilson, by hand: 14 of 17 is .824 with the interval .590 to .938.
    assert Day(closed=17, met=14, unknown=2).needs_met == "14 of 17, 59 to 94 %, 2 not known yet"
    assert Day(closed=2, met=1).needs_met == "1 of 2"
    # By ranks, of nine: the second and the eighth.
    assert middle([10_000 * n for n in range(1, 10)]) == "0:50, 0:20 to 1:20, of 9"
    assert middle([]) == ""
