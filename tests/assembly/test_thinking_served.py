"""The whole product with a model connected: the customer sees that the agent is writing, its sentences as each is judged, then the turn with its source."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from baton.assembly.parts import assemble, running
from baton.capabilities.governance.register.spending import spent
from baton.demo.policies import set_policies
from baton.settings import Settings
from baton.web.app import App
from baton.web.server import Server
from tests.channels.serving import Talk
from tests.engines.llm_server import Player, playing
from tests.scenes.agents_floor import procedures
from tests.scenes.agents_mind import answer
from tests.scenes.test_agents_thinking import ALLOWANCE, HEAVY, RESTS

pytestmark = pytest.mark.scene


@asynccontextmanager
async def served(
    home: Path, player: Player, price_in: float | None = 40, price_out: float | None = 0
) -> AsyncIterator[tuple[httpx.AsyncClient, App]]:
    """Baton with the player's model, serving on a free port."""
    settings = Settings(
        home=home, slow_tier="off", llm_url=player.url, llm_model="any", llm_price_in=price_in, llm_price_out=price_out
    )
    parts = await assemble(settings)
    app = App(parts.committer, settings, wake=parts.wake)
    parts.minds.tell = app.hub.signal
    server = Server(app, "127.0.0.1", 0)
    async with running(parts):
        task = asyncio.ensure_future(server.serve())
        await server.up.wait()
        await set_policies(parts.committer, procedures(), model="any")
        async with httpx.AsyncClient(base_url=server.address, timeout=20) as client:
            yield client, app
        server.should_exit = True
        await task


async def test_the_customer_sees_that_the_agent_writes_and_then_reads_its_answer(tmp_path: Path) -> None:
    async with playing(answer((RESTS, ALLOWANCE))) as player, served(tmp_path, player) as (client, app):
        player.gate = asyncio.Event()
        made = (await client.post("/api/chat/conversations", json={})).raise_for_status().json()
        talk = Talk(client, made["id"], made["token"])
        async with talk.events() as events, asyncio.timeout(30):
            await talk.say(HEAVY, "1")
            async for event in events:
                if event["event"] == "typing" and event["on"]:
                    assert event["role"] == "agent"
                    assert not player.sent, "it is told before the first word comes"
                    player.gate.set()
                if event["event"] == "turn" and event["role"] == "agent":
                    assert RESTS in event["text"]
                    assert event["cites"] == [ALLOWANCE]
                    break
        assert player.gate.is_set()
        assert (await spent(app))["assistant"] >= 4, "1,200 tokens at 40 a million are 4.8 cents of the agent's cap"


SENTENCES = (RESTS, "Light: a bag of 40 × 30 × 15 cm.", "Gold members: one checked bag more.", RESTS)


async def test_the_first_sentence_is_read_long_before_the_turn_and_a_client_that_missed_it_gets_the_turn(
    tmp_path: Path,
) -> None:
    slow = {**answer(*((each, ALLOWANCE) for each in SENTENCES)), "every_s": 0.04}
    async with playing(slow) as player, served(tmp_path, player) as (client, _):
        made = (await client.post("/api/chat/conversations", json={})).raise_for_status().json()
        talk, texts, first_s = Talk(client, made["id"], made["token"]), list[str](), 0.0
        async with talk.events() as events, asyncio.timeout(60):
            asked_s = time.monotonic()
            await talk.say(HEAVY, "1")
            async for event in events:
                if event["event"] == "partial":
                    first_s = first_s or time.monotonic() - asked_s
                    texts.append(event["text"])
                if event["event"] == "turn" and event["role"] == "agent":
                    break
            turn_s = time.monotonic() - asked_s
        assert len(texts) == 3, "the last one comes with the turn"
        assert all(event["text"].startswith(text) for text in texts)
        print(f"first judged sentence {first_s:.2f} s, turn {turn_s:.2f} s")
        assert first_s < 0.7 * turn_s
        async with talk.events() as events, asyncio.timeout(30):
            again = [each async for each in until_the_agent(events)]
        assert "partial" not in {each["event"] for each in again}, "it was a signal: nothing of it is kept"
        assert again[-1]["text"] == event["text"]


async def until_the_agent(events: AsyncIterator[dict[str, Any]]) -> AsyncIterator[dict[str, Any]]:
    """Events up to the agent's turn."""
    async for event in events:
        yield event
        if event["event"] == "turn" and event["role"] == "agent":
            return


async def test_what_the_customer_overtakes_is_taken_back_in_the_open(tmp_path: Path) -> None:
    slow = {**answer(*((each, ALLOWANCE) for each in SENTENCES)), "every_s": 0.04}
    async with playing(slow, answer((RESTS, ALLOWANCE))) as player, served(tmp_path, player) as (client, _):
        made = (await client.post("/api/chat/conversations", json={})).raise_for_status().json()
        talk, texts = Talk(client, made["id"], made["token"]), list[str]()
        async with talk.events() as events, asyncio.timeout(60):
            await talk.say(HEAVY, "1")
            async for event in events:
                if event["event"] == "partial":
                    texts.append(event["text"])
                    if len(texts) == 1:
                        await talk.say("I mean, how many kilograms do you let us hand over at most?", "2")
                if event["event"] == "turn" and event["role"] == "agent":
                    break
        assert "" in texts, "it is said that what was begun does not count"
        assert not texts[-1] or event["text"].startswith(texts[-1])
