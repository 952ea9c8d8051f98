"""What an AI made is marked for machines wherever it leaves: API, transcript, events, vCon, HTML."""

from pathlib import Path
from typing import Any

import pytest

from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.governance.register.beginning import begin
from baton.capabilities.governance.screen.tabs import TABS
from baton.capabilities.lake.vcon import _PARTIES
from baton.web.templating import environment
from tests.channels.serving import serving

pytestmark = pytest.mark.scene


async def test_transcript_and_events_tell_which_turns_an_ai_made(tmp_path: Path) -> None:
    async with serving(tmp_path) as place, place.http() as client:
        talk = await place.begin(client)
        await talk.say("hello", "n1")
        turns = (await client.get(f"{talk.path}/transcript", headers=talk.auth)).raise_for_status().json()["turns"]
        assert [(t["role"], t["ai_generated"]) for t in turns] == [("customer", False), ("agent", True)]
        async with talk.events() as events:
            async for event in events:
                if event["event"] == "turn" and event["role"] != "customer":
                    assert event["role"] == "agent"
                    break


def test_an_element_of_a_page_says_so_and_that_of_a_person_does_not() -> None:
    macros: Any = environment().get_template("macros/conversation.html").module
    ai = str(macros.turn("agent", "Assistant", "Hello.", 0, "UTC"))
    rep = str(macros.turn("rep", "Jack", "Hello.", 0, "UTC"))
    assert 'data-ai-generated="true"' in ai and "data-ai-generated" not in rep
    widget = Path("src/baton/channels/chat/widget.js").read_text(encoding="utf-8")
    assert 'isRep ? {} : { "data-ai-generated": "true" }' in widget


def test_a_vcon_has_a_party_that_is_a_bot() -> None:
    assert _PARTIES["agent"][0] == "bot" and _PARTIES["rep"][0] == "person"


async def test_a_baton_that_serves_has_a_register_once(tmp_path: Path) -> None:
    async with serving(tmp_path) as place:
        await begin(place.app.committer)
        await begin(place.app.committer)
        told = await place.app.reader.told("policy/governance.Register")
        assert len(told) == 1
        assert Agents((Agent("x", "X", approved=True),)).serving((), lambda agent: False) is None
        assert ("/governance/register", "Register", "agents") in TABS
