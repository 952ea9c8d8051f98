"""A cost cap that nobody could count stops nobody: a model without a price is not asked under one, and the customer reaches a person."""

import asyncio
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from pydantic import SecretStr

from baton.assembly.doctor import examine
from baton.capabilities.agents.events import Idea
from baton.kernel.committer import Done
from baton.kernel.conversation import Decided, Holder
from baton.settings import Settings
from baton.web.app import App
from tests.assembly.test_thinking_served import served
from tests.channels.serving import Talk
from tests.engines.llm_server import playing
from tests.scenes.agents_mind import answer
from tests.scenes.test_agents_thinking import ALLOWANCE, RESTS
from tests.web.staffed import EVERYBODY

pytestmark = pytest.mark.scene
HARD = "Would you kindly enumerate zeppelin mooring stipulations?"
"""What words alone cannot answer."""


def decisions(app: App) -> list[Decided]:
    """What is decided from now on, in order."""
    found: list[Decided] = []

    def heard(done: Sequence[Done]) -> None:
        found.extend(c.event for each in done for c in each.rest.caused if isinstance(c.event, Decided))

    app.committer.listeners.append(heard)
    return found


async def until(holds: Callable[[], object]) -> None:
    """Wait, for ten seconds at most."""
    for _ in range(500):
        if holds():
            return
        await asyncio.sleep(0.02)
    pytest.fail("it did not come")


async def decided(found: list[Decided], action: str) -> Decided:
    """The first decision to do this, once there is one."""
    await until(lambda: any(each.action == action for each in found))
    return next(each for each in found if each.action == action)


async def test_a_running_agent_whose_models_price_vanished_hands_over_and_spends_nothing(tmp_path: Path) -> None:
    async with (
        playing(answer((RESTS, ALLOWANCE)), again=True) as player,
        served(tmp_path, player, price_in=None, price_out=None) as (client, app),
    ):
        made = (await client.post("/api/chat/conversations", json={})).raise_for_status().json()
        talk, found = Talk(client, made["id"], made["token"]), decisions(app)
        await talk.say(HARD, "1")
        await decided(found, "think")
        await talk.say(f"{HARD} Nothing else.", "2")
        assert (await decided(found, "escalate")).why == "the model: no_price"
        assert player.asked == [], "nothing was asked, so nothing was spent"
        stream = await app.reader.stream(f"conversation/{talk.id}")
        assert stream is not None
        idea, holder = stream.facts.get(Idea), stream.facts.get(Holder)
        assert idea is not None and idea.why == "no_price"
        assert holder is not None and holder.kind != "agent"
        entry = await client.get("/api/governance/register/assistant", headers=_administrator(app))
        assert any("has no price" in each and "BATON_LLM_PRICE_IN" in each for each in entry.json()["warnings"])


def _administrator(app: App) -> dict[str, str]:
    app.accounts.add(EVERYBODY["dara"], "")
    return {"Authorization": f"Bearer {app.accounts.make_token('dara', 'test')}"}


async def test_one_that_costs_nothing_says_so_and_is_asked(tmp_path: Path) -> None:
    async with (
        playing(answer((RESTS, ALLOWANCE)), again=True) as player,
        served(tmp_path, player, price_in=0, price_out=0) as (client, app),
    ):
        made = (await client.post("/api/chat/conversations", json={})).raise_for_status().json()
        found = decisions(app)
        await Talk(client, made["id"], made["token"]).say(HARD, "1")
        await decided(found, "think")
        await until(lambda: player.asked)


async def test_the_doctor_says_which_agent_cannot_be_counted_and_what_to_set(tmp_path: Path) -> None:
    async with playing(answer((RESTS, ALLOWANCE)), again=True) as player:
        async with served(tmp_path, player):
            pass
        at = {"home": tmp_path, "slow_tier": "off", "llm_url": player.url, "llm_model": "any"}
        unset = (await examine(Settings.model_validate(at)))["prices"]
        assert "'assistant' thinks with 'any' at 127.0.0.1" in unset and "BATON_LLM_PRICE_IN" in unset
        spare = SecretStr(f'[{{"url": "{player.url}", "model": "spare"}}]')
        priced = Settings.model_validate({**at, "llm_price_in": 0.1, "llm_price_out": 0.4, "llm_fallbacks": spare})
        told = (await examine(priced))["prices"]
        assert "'spare' at 127.0.0.1" in told and "'any' at" not in told
