"""A careless company's privacy: customers who write while they are forgotten, holds, retention over open conversations, clocks that go back."""

import asyncio
from pathlib import Path
from typing import Any

import httpx
import pytest

from baton.capabilities.governance.privacy.serving import due
from baton.capabilities.governance.tables import DARK
from baton.kernel.codec import ERASED
from baton.kernel.conversation import Started, TurnSaid
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import Site, site

pytestmark = pytest.mark.scene

ALONE = ("lake", "resolution", "orchestration", "sentiment", "performance", "governance", "routing")
AT = "/api/chat/conversations"
DAY_S = 86_400
SECRET = "my orangutan glimmerstone"


async def as_admin(asks: Site, method: str, path: str, body: Any = None) -> httpx.Response:
    headers = {"authorization": f"Bearer {asks.tokens['admin']}"}
    return await asks.client.request(method, path, json=body, headers=headers)


async def readable(here: Room, stream: str) -> list[str]:
    """Every text of a conversation that still opens."""
    told = [recorded.entry.body for recorded in await here.store.history(stream)]
    events = [here.committer.codec.decode(stream, body) for body in told]
    return [event.text for event in events if isinstance(event, TurnSaid) and event.text not in {"", ERASED}]


async def test_who_writes_while_they_are_forgotten_leaves_nothing_readable(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        made = (await asks.client.post(AT, json={"customer": "ana@example.com"})).json()
        path, auth = f"{AT}/{made['id']}", {"authorization": f"Bearer {made['token']}"}

        async def writes(n: int) -> int:
            body = {"text": f"{SECRET} number {n}", "nonce": f"n{n}"}
            return (await asks.client.post(f"{path}/turns", json=body, headers=auth)).status_code

        assert await writes(0) == 202
        forgotten = asyncio.ensure_future(asks.client.post(f"{path}/forget-me", headers=auth))
        statuses = await asyncio.gather(*(writes(n) for n in range(1, 40)))
        assert (await forgotten).json()["state"] == "erased"
        assert set(statuses) <= {202, 404, 409, 429}
        assert await writes(99) == 404, "its token opens nothing any more"
        assert await readable(here, f"conversation/{made['id']}") == []
        assert SECRET not in (await asks.get(f"/api/conversations/{made['id']}", "analyst")).text


async def test_a_hold_placed_while_a_person_is_forgotten_keeps_all_or_nothing(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        customer = here.keys.pseudonym("customer", "ana@example.com")
        here.keys.identify("conversation/one", customer)
        await here.talked("one", customer, ("customer", SECRET))
        hold = {
            "scope": "customer",
            "ref": customer,
            "why": "court",
            "until_ms": here.clock.now_ms() + 9 * DAY_S * 1000,
        }
        placed, erased = await asyncio.gather(
            as_admin(asks, "POST", "/api/privacy/holds", hold), as_admin(asks, "POST", "/api/privacy/erasures", {"subject": f"customer/{customer}"})
        )  # fmt: skip
        assert placed.status_code == 201 and erased.status_code in {201, 409}
        left = await readable(here, "conversation/one")
        assert left == ([] if erased.status_code == 201 else [SECRET]), "what is said is what happened"
        again = await as_admin(asks, "POST", "/api/privacy/erasures", {"subject": f"customer/{customer}"})
        assert again.status_code in {409, 404} and await readable(here, "conversation/one") == left


async def keep_five_days(asks: Site) -> None:
    body = {"keep": [{"records": "conversations", "days": 5}], "why": "less is more", "sure": True}
    assert (await as_admin(asks, "PUT", "/api/privacy/retention", body)).status_code == 200


async def test_a_conversation_that_nobody_ends_is_not_kept_for_ever(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        stream = "conversation/one"
        await here.append(stream, Started(channel="chat", customer=""), by="customer")
        await here.append(stream, TurnSaid("customer", SECRET), by="customer")
        await here.pass_days(7)
        await keep_five_days(asks)
        await due(asks.app)
        await here.append(stream, TurnSaid("customer", f"{SECRET} again"), by="customer")
        await here.pass_days(7)
        await due(asks.app)
        await here.pass_days(7)
        await due(asks.app)
        assert await readable(here, stream) == [], "nothing is kept longer than was promised"


async def test_what_is_said_in_a_conversation_that_went_dark_goes_dark_in_its_turn(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        await here.talked("one", here.keys.pseudonym("customer", "ana"), ("customer", SECRET))
        await here.pass_days(7)
        await keep_five_days(asks)
        assert await due(asks.app) == 1
        await here.append("conversation/one", TurnSaid("rep", f"{SECRET} note", who="kim"), by="rep/kim")
        assert await readable(here, "conversation/one") == [f"{SECRET} note"]
        await here.pass_days(7)
        await due(asks.app)
        assert await readable(here, "conversation/one") == []
        assert len(await here.rows(DARK)) == 1


async def test_a_clock_that_goes_back_destroys_nothing_early_and_lifts_no_hold(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        await here.talked("one", "", ("customer", SECRET))
        hold = {
            "scope": "conversation",
            "ref": "one",
            "why": "court",
            "until_ms": here.clock.now_ms() + 30 * DAY_S * 1000,
        }
        assert (await as_admin(asks, "POST", "/api/privacy/holds", hold)).status_code == 201
        await keep_five_days(asks)
        await here.pass_days(20)
        assert await due(asks.app) == 0
        here.clock.forward(-25 * DAY_S)
        assert await due(asks.app) == 0
        refused = await as_admin(asks, "POST", "/api/privacy/erasures", {"subject": "conversation/one"})
        assert refused.status_code == 409 and await readable(here, "conversation/one") == [SECRET]
