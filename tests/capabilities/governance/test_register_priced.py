"""An agent with a model is approved only where the model's price is known: else its cost cap would stop nobody."""

from pathlib import Path

import httpx
import pytest

from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.governance.register.beginning import begin
from baton.capabilities.performance.events import Costs
from tests.capabilities.governance.test_register_pages import ALSO, approve, entry, put, revise
from tests.channels.serving import Place, crafts, serving

pytestmark = pytest.mark.scene
SERVER = {"llm_url": "http://127.0.0.1:9/v1", "llm_model": "local"}


async def written(client: httpx.AsyncClient, place: Place, model: str) -> None:
    """The echo has a model, and an entry that lacks nothing."""
    await begin(place.app.committer)
    await revise(place, Agents((Agent("echo", "Echo", model=model),)))
    (await put(client, place)).raise_for_status()


@pytest.mark.parametrize("model", ["any", "local"])
async def test_a_model_without_a_price_is_named_with_what_to_set(tmp_path: Path, model: str) -> None:
    async with serving(tmp_path, made=crafts(*ALSO), settings=SERVER) as place, place.http() as client:
        await written(client, place, model)
        assert [
            "price of its model 'local' at 127.0.0.1" in each for each in (await entry(client, place))["lacks"]
        ] == [True]
        refused = await approve(client, place)
        assert (refused.status_code, refused.json()["code"]) == (422, "no_price")
        for word in ("'local' at 127.0.0.1", "BATON_LLM_PRICE_IN", "BATON_LLM_FALLBACKS", "0 where it costs nothing"):
            assert word in refused.json()["detail"]
        page = (await client.get("/governance/register/echo", headers=place.token("dara"))).text
        assert "It cannot be approved yet." in page and "BATON_LLM_PRICE_OUT" in page and 'id="approve"' not in page
        place.app.settings.llm_price_in = 0.15
        assert (await approve(client, place)).status_code == 422, "what it writes costs too"
        place.app.settings.llm_price_out = 0.60
        assert (await approve(client, place)).json()["state"] == "in force"
        assert (await entry(client, place))["lacks"] == []


async def test_one_that_costs_nothing_is_said_to_and_one_that_has_no_model_needs_no_price(tmp_path: Path) -> None:
    free = {**SERVER, "llm_price_in": 0, "llm_price_out": 0}
    for name, settings, model in (("free", free, "any"), ("without", SERVER, ""), ("off", {}, "any")):
        home = tmp_path / name
        home.mkdir()
        async with serving(home, made=crafts(*ALSO), settings=settings) as place, place.http() as client:
            await written(client, place, model)
            assert (await approve(client, place)).status_code == 200, name


async def test_a_price_that_went_and_prices_that_never_were_stand_on_the_entry(tmp_path: Path) -> None:
    priced = {**SERVER, "llm_price_in": 1, "llm_price_out": 2}
    async with serving(tmp_path, made=crafts(*ALSO), settings=priced) as place, place.http() as client:
        await written(client, place, "any")
        (await approve(client, place)).raise_for_status()
        assert ["Performance, Costs" in each for each in (await entry(client, place))["warnings"]] == [True]
        await revise(place, Costs(ai_turn=1_200))
        assert (await entry(client, place))["warnings"] == []
        place.app.settings.llm_price_out = None
        (told,) = (await entry(client, place))["warnings"]
        assert "cannot be counted" in told and "goes to people" in told
