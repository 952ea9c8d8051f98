"""The whole product with a model connected: the customer sees that the agent is writing, then the judged answer with its source."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

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
async def served(home: Path, player: Player) -> AsyncIterator[tuple[httpx.AsyncClient, App]]:
    """Baton with the player's model, serving on a free port."""
    settings = Settings(home=home, slow_tier="off", llm_url=player.url, llm_model="any", llm_price_in=40)
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
