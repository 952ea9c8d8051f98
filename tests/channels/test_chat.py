"""A customer writes from a web page, loses the network, comes back, and misses nothing."""

import asyncio
import json
import random
from pathlib import Path

import msgspec
import pytest

from baton.capabilities.routing.events import Presence, Queue, RepReady, Routing
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name
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


async def until(events, event_name: str, /, **wanted):
    async with asyncio.timeout(5):
        async for event in events:
            if event["event"] == event_name and all(event.get(k) == v for k, v in wanted.items()):
                return event
    raise AssertionError(f"no {event_name}")


async def test_a_turn_is_answered_over_the_event_stream(place, client) -> None:
    talk = await place.begin(client)
    async with talk.events() as events:
        sent = await talk.say("Where is my bag?", "n1")
        assert sent.status_code == 202
        mine = await until(events, "turn", role="customer")
        assert mine["position"] == sent.json()["position"] == mine["id"]
        assert (mine["text"], mine["nonce"], mine["by"]) == ("Where is my bag?", "n1", "customer")
        answer = await until(events, "turn", role="agent")
        assert answer["text"] == "You said: Where is my bag?"
        assert answer["by"] == "agent/echo"
        assert answer["position"] > mine["position"]


async def test_the_same_turn_sent_twice_is_kept_once(place, client) -> None:
    talk = await place.begin(client)
    first = await talk.say("Hello", "n1")
    again, other = await talk.say("Hello", "n1"), await talk.say("Goodbye", "n1")
    assert again.json() == first.json()
    assert other.status_code == 409
    assert other.json()["code"] == "once_reused"
    told = (await client.get(f"{talk.path}/transcript", headers=talk.auth)).json()["turns"]
    assert [t["text"] for t in told] == ["Hello", "You said: Hello"]


async def test_a_page_may_say_which_queue_it_is_for_and_one_that_there_is_not_counts_as_none(place, client) -> None:
    routing = Routing(queues=(Queue("bags", "Bags"),))
    name = policy_name(Routing)
    event = PolicyRevised(name, msgspec.Raw(msgspec.json.encode(routing)))
    await place.app.committer.append(f"policy/{name}", event, by="system")
    for asked, came_in in (("bags", "bags"), ("nowhere", ""), ("", "")):
        made = (await client.post("/api/chat/conversations", json={"queue": asked})).json()
        stream = await place.app.reader.stream(f"conversation/{made['id']}")
        assert stream.started.queue == came_in


async def test_fifty_drops_leave_no_gap_and_no_duplicate(place, client) -> None:
    await drops(place, client, 50)


async def drops(place, client, count: int, limit_s: float = 60) -> None:
    """Write all the while, and read the events over a connection that breaks again and again."""
    talk = await place.begin(client)
    chance = random.Random(7)
    seen: list[int] = []
    texts: list[str] = []
    cut = 0

    async def write() -> None:
        for n in range(count * 2):
            await talk.say(f"turn {n}", f"n{n}")

    async def read() -> None:
        last, broken = 0, 0
        nonlocal cut
        while len(texts) < count * 4:
            async with talk.events(last) as events:
                async for event in events:
                    last = event.get("id", last)
                    if event["event"] == "turn":
                        seen.append(event["position"])
                        texts.append(event["text"])
                    if len(texts) >= count * 4 or (broken < count and chance.random() < 0.3):
                        broken += 1
                        break
            cut = broken

    async with asyncio.timeout(limit_s), asyncio.TaskGroup() as group:
        group.create_task(write())
        group.create_task(read())
    assert cut >= count * 0.9
    assert seen == sorted(set(seen))
    assert texts == [t for n in range(count * 2) for t in (f"turn {n}", f"You said: turn {n}")]


async def test_a_foreign_and_a_missing_conversation_look_the_same(place, client) -> None:
    mine, foreign = await place.begin(client), await place.begin(client)
    for method, path in [
        ("POST", "turns"), ("GET", "events"), ("POST", "person"), ("POST", "agent"), ("POST", "callback"), ("POST", "end"),
        ("POST", "typing"), ("GET", "transcript"),
    ]:  # fmt: skip
        bodies = []
        for key in (foreign.id, "AAAAAAAAAAAAAAAA"):
            body = (
                {"text": "x", "nonce": "n"}
                if path == "turns"
                else {"contact": "+44 20 7946 0000"}
                if path == "callback"
                else {}
            )
            answer = await client.request(method, f"/api/chat/conversations/{key}/{path}", json=body, headers=mine.auth)
            assert answer.status_code == 404, (path, answer.text)
            bodies.append(answer.text.replace(key, "ID"))
        assert bodies[0] == bodies[1]


async def test_without_a_token_nothing_opens(place, client) -> None:
    talk = await place.begin(client)
    answer = await client.post(f"{talk.path}/turns", json={"text": "x", "nonce": "n"})
    assert (answer.status_code, answer.headers["www-authenticate"]) == (401, "Bearer")


@pytest.mark.parametrize(
    ("body", "status"),
    [
        (b"{", 400), (b'{"text": "\xff\xfe", "nonce": "n"}', 400), (b'{"text": "\\ud800", "nonce": "n"}', 400), (b"", 400),
        (b'{"text": "x"}', 422), (b'{"text": 5, "nonce": "n"}', 422), (b'{"text": "x", "nonce": "n", "role": "rep"}', 422),
        (b'{"text": "", "nonce": "n"}', 422), (b'{"text": " \\n ", "nonce": "n"}', 422), (b'{"text": "a\\u0000b", "nonce": "n"}', 422),
        (b'{"text": "x", "nonce": ""}', 422), (b'{"text": "x", "nonce": "a b"}', 422), (b"[]", 422),
        (json.dumps({"text": "x" * 8001, "nonce": "n"}).encode(), 422), (b'{"text": "%s", "nonce": "n"}' % (b"x" * 1_000_000), 413),
    ],
)  # fmt: skip
async def test_a_body_that_cannot_be_kept_says_why_and_what_to_do(place, client, body: bytes, status: int) -> None:
    talk = await place.begin(client)
    answer = await client.post(
        f"{talk.path}/turns", content=body, headers={**talk.auth, "content-type": "application/json"}
    )
    assert answer.status_code == status, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert {"type", "title", "status", "detail", "instance", "code", "errors"} <= answer.json().keys()
    assert (await client.get(f"{talk.path}/transcript", headers=talk.auth)).json()["turns"] == []


async def test_a_card_number_never_reaches_the_log(place, client) -> None:
    talk = await place.begin(client)
    await talk.say("My card is 4111 1111 1111 1111, please refund it", "n1")
    told = (await client.get(f"{talk.path}/transcript", headers=talk.auth)).text
    assert "4111 1111" not in told


async def test_markup_is_text_and_nothing_else(place, client) -> None:
    talk = await place.begin(client)
    nasty = '<img src=x onerror="alert(1)"></script><script>alert(2)</script>'
    await talk.say(nasty, "n1")
    answer = await client.get(f"{talk.path}/transcript", headers=talk.auth)
    assert answer.headers["content-type"] == "application/json"
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert answer.json()["turns"][0]["text"] == nasty


async def test_asking_for_a_person_always_works_and_tells_the_place(place, client) -> None:
    talk = await place.begin(client)
    async with talk.events() as events:
        asked = await talk.post("person")
        assert asked.json()["holder"] == "queue"
        assert (await until(events, "holder", kind="queue"))["name"] == "Refunds"
        waits = await until(events, "waiting")
        assert waits == {"event": "waiting", "place": 1, "wait_s": None, "nobody": True, "opens_ms": 0}
        assert "Nobody" in (await until(events, "turn", role="system"))["text"]
        away = ready("jack", "break")
        await place.app.committer.append("assignment/main", away, by="rep/jack")
        waits = await until(events, "waiting")
        assert not waits["nobody"]
        assert waits["wait_s"] > 0
    again = await talk.post("person")
    assert (again.status_code, again.json()["place"]) == (202, 1)
    told = (await client.get(f"{talk.path}/transcript", headers=talk.auth)).json()["turns"]
    assert [t["role"] for t in told if t["role"] != "system"] == ["customer"]


def ready(rep: str, presence: Presence) -> RepReady:
    return RepReady(rep, presence, rep.title(), ("refunds",))


async def test_a_waiting_customer_may_go_back_to_the_agent(place, client) -> None:
    talk = await place.begin(client)
    await talk.post("person")
    back = await talk.post("agent")
    assert back.json()["holder"] == "agent"
    async with talk.events() as events:
        await talk.say("Still there?", "n1")
        await until(events, "turn", text="You said: Still there?")
    assert place.app.board.places == {}


async def test_a_callback_keeps_the_place_and_tells_the_rep_how_to_reach_the_customer(place, client) -> None:
    talk = await place.begin(client)
    await talk.post("person")
    asked = await talk.post("callback", contact="+34 600 000 000", at_ms=1_790_000_000_000)
    assert asked.status_code == 202
    await asyncio.sleep(0.2)
    assert place.app.board.places[f"conversation/{talk.id}"].channel == "callback"


async def test_who_ends_it_may_still_write_and_is_served_again(place, client) -> None:
    talk = await place.begin(client)
    first = await talk.say("Hello", "n1")
    async with talk.events() as events:
        ended = await talk.post("end")
        assert (await until(events, "ended"))["why"] == "customer_left"
        assert ended.status_code == 202
        await talk.say("One thing more", "n2")
        await until(events, "turn", text="You said: One thing more")
    assert (await talk.say("Hello", "n1")).json() == first.json()


async def test_a_customer_rates_on_the_scale_that_was_asked(place, client) -> None:
    talk = await place.begin(client)
    await talk.post("end")
    assert (await talk.post("rating", score=9)).status_code == 422, "csat goes from 1 to 5"
    low, high = await talk.post("rating", score=2), await talk.post("rating", scale="nps", score=9)
    assert (low.status_code, high.status_code) == (202, 202)
    assert low.json()["position"] < high.json()["position"]


async def test_what_is_forgotten_is_read_by_nobody(place, client) -> None:
    talk, other = await place.begin(client, customer="ana"), await place.begin(client, customer="ana")
    await talk.say("My name is Ana", "n1")
    await other.say("My bag is late", "n1")
    gone = await client.delete(talk.path, headers=talk.auth)
    assert gone.json() == {"forgotten": True}
    assert "Ana" not in (await client.get(f"{talk.path}/transcript", headers=talk.auth)).text
    assert "My bag is late" in (await client.get(f"{other.path}/transcript", headers=other.auth)).text


async def test_a_signed_identity_is_verified_and_a_forged_one_refused(tmp_path: Path) -> None:
    import time

    from joserfc import jwt
    from joserfc.jwk import OctKey

    claims = {"sub": "ana", "aud": "baton", "exp": int(time.time()) + 60}
    secret = "0123456789abcdef0123456789abcdef"
    signed = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(secret))

    def with_claims(**changed) -> str:
        return jwt.encode({"alg": "HS256"}, {**claims, **changed}, OctKey.import_key(secret))

    forged = jwt.encode({"alg": "HS256"}, claims, OctKey.import_key("f" * 32))
    async with serving(tmp_path, settings={"site_secret": secret}) as place, place.http() as client:
        talk = await place.begin(client, identity=signed)
        started = (await place.app.committer.memory.stream(f"conversation/{talk.id}")).started
        assert started is not None
        assert started.verified == "verified"
        assert started.customer == place.app.keys.pseudonym("customer", "ana")
        for wrong in (
            forged,
            with_claims(exp=int(time.time()) + 7200),
            with_claims(exp=1),
            with_claims(aud="other"),
            with_claims(sub=""),
            "x.y.z",
        ):
            refused = await client.post("/api/chat/conversations", json={"identity": wrong})
            assert refused.status_code == 401, refused.text


async def test_only_listed_sites_may_embed(tmp_path: Path) -> None:
    async with serving(tmp_path, settings={"widget_origins": "https://shop.example"}) as place, place.http() as client:
        for origin, allowed in [("https://shop.example", "https://shop.example"), ("https://evil.example", None)]:
            made = await client.post("/api/chat/conversations", json={}, headers={"origin": origin})
            assert made.headers.get("access-control-allow-origin") == allowed
            asked = {
                "origin": origin,
                "access-control-request-method": "POST",
                "access-control-request-headers": "authorization",
            }
            preflight = await client.options("/api/chat/conversations/x/turns", headers=asked)
            assert preflight.headers.get("access-control-allow-origin") == allowed


async def test_a_stranger_who_writes_too_fast_is_told_when_to_go_on(place) -> None:
    import httpx

    from baton.web.app import asgi

    transport = httpx.ASGITransport(app=asgi(place.app), client=("203.0.113.9", 1))
    async with httpx.AsyncClient(transport=transport, base_url="http://baton") as client:
        answers = [await client.post("/api/chat/conversations", json={}) for _ in range(40)]
        late = answers[-1]
        assert late.status_code == 429
        assert int(late.headers["retry-after"]) >= 1
