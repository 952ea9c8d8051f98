"""A rep takes what is offered, speaks, hands back, wraps up; hands that changed are told of, and foreign work is not seen."""

import asyncio
from pathlib import Path
from typing import Any

import pytest

from baton.capabilities.agents.events import ApprovalAsked
from tests.channels.serving import serving

pytestmark = pytest.mark.scene


@pytest.fixture
async def place(tmp_path: Path):
    async with serving(tmp_path) as served:
        yield served


@pytest.fixture
async def client(place):
    async with place.http() as opened:
        yield opened


@pytest.fixture
def jack(place):
    return place.token("jack")


@pytest.fixture
def sofia(place):
    return place.token("sofia")


@pytest.fixture
def mara(place):
    return place.token("mara")


async def offered(place, client, rep: dict, presence: str = "available"):
    """A customer who asked for a person, and the offer this rep has."""
    talk = await place.begin(client)
    await talk.say("Where is my refund?", "n1")
    await client.post("/api/desk/presence", json={"presence": presence}, headers=rep)
    await talk.post("person")
    async with asyncio.timeout(5):
        while not (state := (await client.get("/api/desk/state", headers=rep)).json())["offered"]:  # noqa: ASYNC110  as a browser polls
            await asyncio.sleep(0.02)
    return talk, state["offered"][0]


async def test_an_offer_is_taken_and_answered_and_nothing_is_repeated(place, client, jack) -> None:
    talk, card = await offered(place, client, jack)
    assert card["conversation"] == talk.id
    assert card["until_ms"] > card["since_ms"]
    assert not {"mood", "frustration", "complexity", "reason", "level", "intent"} & card.keys()
    taken = await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
    assert (taken.status_code, taken.json()["holder"], taken.json()["who"]) == (202, "rep", "jack")
    seen = (await client.get(f"/api/desk/conversations/{talk.id}", headers=jack)).json()
    assert seen["is_mine"]
    assert [t["text"] for t in seen["turns"] if t["role"] == "customer"] == [
        "Where is my refund?",
        "I would like a person, please.",
    ]
    path = f"/api/desk/conversations/{talk.id}"
    said = {"text": "Hello Ana, I have read all of it.", "nonce": "r1"}
    first = await client.post(f"{path}/turns", json=said, headers=jack)
    again = await client.post(f"{path}/turns", json=said, headers=jack)
    assert first.json() == again.json()
    told = (await client.get(f"{talk.path}/transcript", headers=talk.auth)).json()["turns"]
    assert (told[-1]["by"], told[-1]["text"]) == ("rep/jack", said["text"])
    await talk.say("Thank you", "n2")
    turns = (await client.get(path, headers=jack)).json()["turns"]
    assert [t["role"] for t in turns[-2:]] == ["rep", "customer"], "the agent stays silent while a rep holds it"


async def test_who_was_not_offered_it_does_not_see_it(place, client, jack, sofia) -> None:
    talk, _ = await offered(place, client, jack)
    missing = "AAAAAAAAAAAAAAAA"
    for method, path in [
        ("GET", "conversations/{}"),
        ("POST", "offers/{}/take"),
        ("POST", "conversations/{}/hand-back"),
    ]:
        answers = [
            await client.request(method, f"/api/desk/{path.format(key)}", headers=sofia) for key in (talk.id, missing)
        ]
        assert [a.status_code for a in answers] == [404, 404]
        assert answers[0].text.replace(talk.id, "ID") == answers[1].text.replace(missing, "ID")


async def test_a_passed_offer_goes_to_the_next_rep(place, client, jack, sofia) -> None:
    talk, _ = await offered(place, client, jack)
    await client.post("/api/desk/presence", json={"presence": "available"}, headers=sofia)
    passed = await client.post(f"/api/desk/offers/{talk.id}/pass", json={"reason": "busy"}, headers=jack)
    assert passed.status_code == 202
    taken = await client.post(f"/api/desk/offers/{talk.id}/take", headers=sofia)
    assert taken.json()["who"] == "sofia"
    late = await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
    assert late.status_code in (404, 409)


async def freed(client, headers) -> dict[str, Any]:
    """The desk once it holds nothing: the board hears of a release just after the conversation has it."""
    for _ in range(100):
        state = (await client.get("/api/desk/state", headers=headers)).json()
        if not state["mine"]:
            return dict(state)
        await asyncio.sleep(0.02)
    raise AssertionError(f"still held after two seconds: {state['mine']}")


async def test_a_turn_sent_after_hands_changed_is_refused_and_says_who_has_it(place, client, jack, mara) -> None:
    talk, _ = await offered(place, client, jack)
    await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
    over = await client.post(f"/api/desk/conversations/{talk.id}/takeover", json={"reason": "rude"}, headers=mara)
    assert over.json()["who"] == "mara"
    late = await client.post(
        f"/api/desk/conversations/{talk.id}/turns", json={"text": "Hi", "nonce": "r1"}, headers=jack
    )
    assert (late.status_code, late.json()["code"]) == (409, "not_yours")
    assert "Mara Nilsen has it" in late.json()["detail"]
    assert (await freed(client, jack))["me"]["load"] == 0


async def test_handed_back_the_agent_speaks_again(place, client, jack) -> None:
    talk, _ = await offered(place, client, jack)
    await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
    back = await client.post(f"/api/desk/conversations/{talk.id}/hand-back", headers=jack)
    assert back.status_code == 202
    await talk.say("And now?", "n3")
    told = (await client.get(f"{talk.path}/transcript", headers=talk.auth)).json()["turns"]
    assert told[-1]["text"] == "You said: And now?"


async def test_wrapping_up_ends_it_and_frees_the_rep(place, client, jack) -> None:
    talk, _ = await offered(place, client, jack)
    await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
    body = {
        "disposition": "refund_explained",
        "need_met": "yes",
        "promise": "Money by Friday",
        "promise_due_ms": 1_790_000_000_000,
    }
    done = await client.post(f"/api/desk/conversations/{talk.id}/wrap-up", json=body, headers=jack)
    assert done.status_code == 202, done.text
    assert (await freed(client, jack))["me"]["load"] == 0
    wrapped = [
        e.event
        for e, _ in await place.app.reader.told(f"conversation/{talk.id}")
        if type(e.event).__name__ == "WrappedUp"
    ]
    assert wrapped[0].promise == "Money by Friday"
    assert wrapped[0].handle_ms >= 0


async def test_a_transfer_waits_in_the_other_queue_and_notes_stay_inside(place, client, jack) -> None:
    talk, _ = await offered(place, client, jack)
    await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
    path = f"/api/desk/conversations/{talk.id}"
    assert (await client.post(f"{path}/transfer", json={"queue": "nowhere"}, headers=jack)).status_code == 422
    noted = await client.post(f"{path}/notes", json={"text": "Was very patient", "nonce": "k1"}, headers=jack)
    moved = await client.post(f"{path}/transfer", json={"queue": "refunds", "note": "knows the rules"}, headers=jack)
    assert (noted.status_code, moved.status_code) == (202, 202)
    assert "patient" not in (await client.get(f"{talk.path}/transcript", headers=talk.auth)).text
    assert (await client.get(path, headers=jack)).json()["notes"][0]["text"] == "Was very patient"


@pytest.mark.parametrize(
    ("suggestion", "text", "how"),
    [("Your refund is on its way.", "Your refund is on its way.", "picked"), ("Your refund is on its way.", "Your refund is on its way, Ana.", "edited"), ("Take the bus.", "Your refund is on its way.", "own_words"), ("", "Hello", "own_words")],
)  # fmt: skip
async def test_what_became_of_a_suggestion_is_counted(
    place, client, jack, suggestion: str, text: str, how: str
) -> None:
    talk, _ = await offered(place, client, jack)
    await client.post(f"/api/desk/offers/{talk.id}/take", headers=jack)
    path = f"/api/desk/conversations/{talk.id}"
    assert (await client.post(f"{path}/suggestions", headers=jack)).json() == {"suggestions": []}
    await client.post(f"{path}/turns", json={"text": text, "nonce": "r1", "suggestion": suggestion}, headers=jack)
    events = [e.event for e, _ in await place.app.reader.told(f"conversation/{talk.id}")]
    assert [e.how for e in events if type(e).__name__ == "SuggestionUsed"] == [how]
    assert [e.shown for e in events if type(e).__name__ == "SuggestionRequested"] == [0]


async def test_an_approval_is_offered_taken_answered_and_frees_the_rep(place, client, jack, sofia) -> None:
    talk = await place.begin(client)
    await talk.say("Refund my cancelled flight", "n1")
    asked = ApprovalAsked("a1", "refund", "over the limit", "EUR 312.40", talk.id, "refunds")
    for stream in (f"conversation/{talk.id}", "assignment/main"):
        await place.app.committer.append(stream, asked, by="agent/echo")
    await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
    async with asyncio.timeout(5):
        while not (state := (await client.get("/api/desk/state", headers=jack)).json())["offered"]:  # noqa: ASYNC110  as a browser polls
            await asyncio.sleep(0.02)
    card = state["offered"][0]
    assert (card["kind"], card["approval"], card["conversation"]) == ("approval", "a1", talk.id)
    path = f"/api/desk/conversations/{talk.id}"
    assert (await client.post(f"/api/desk/offers/{talk.id}/take?approval=a1", headers=jack)).status_code == 202
    assert (await client.get(path, headers=jack)).json()["approvals"][0]["note"] == "EUR 312.40"
    assert (await client.post(f"{path}/approve", json={"approval": "a1", "ok": True}, headers=sofia)).status_code == 404
    for _ in range(2):
        assert (
            await client.post(f"{path}/approve", json={"approval": "a1", "ok": True}, headers=jack)
        ).status_code == 202
    assert (await client.post(f"{path}/approve", json={"approval": "a1", "ok": False}, headers=jack)).status_code == 409
    assert (await client.get(path, headers=jack)).json()["approvals"][0]["given"] is True
    async with asyncio.timeout(5):
        while (await client.get("/api/desk/state", headers=jack)).json()["me"]["load"]:  # noqa: ASYNC110  as a browser polls
            await asyncio.sleep(0.02)


async def test_every_look_at_a_conversation_is_kept(place, client, jack) -> None:
    talk, _ = await offered(place, client, jack)
    for _ in range(3):
        await client.get(f"/api/desk/conversations/{talk.id}", headers=jack)
    day = place.app.clock.now_ms() // 86_400_000
    looks = [e.event for e, _ in await place.app.reader.told(f"access/{day}")]
    assert [(look.staff, look.conversation) for look in looks] == [("jack", f"conversation/{talk.id}")]


async def test_a_staff_tab_is_told_what_moved_and_nothing_foreign(place, client, mara, sofia) -> None:
    talk = await place.begin(client)
    from tests.channels.serving import read_events

    topics = f"assignment,conversation/{talk.id}"
    async with client.stream("GET", f"/api/live?topics={topics}", headers=mara) as response:
        assert response.status_code == 200
        events = read_events(response)
        assert (await anext(events))["event"] == "ready"
        await talk.say("Hello", "n1")
        moved = await anext(events)
        assert moved["event"] == f"conversation/{talk.id}"
        assert moved["id"] == moved["position"]
        await talk.post("typing", on=True)
        assert (await anext(events))["event"] == f"typing/conversation/{talk.id}"
    foreign = await client.get(f"/api/live?topics=conversation/{talk.id}", headers=sofia)
    assert foreign.status_code == 404
