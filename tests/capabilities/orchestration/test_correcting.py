"""Somebody who reads a conversation says what the customer wanted: it holds, no model displaces it, and it is a label."""

import asyncio
from pathlib import Path

import pytest

from baton.capabilities.orchestration.events import Intent
from baton.capabilities.orchestration.tables import LABELS
from baton.kernel.rebuild import rebuild
from tests.capabilities.agents.test_agents_http import office
from tests.scenes.agents_floor import crafts

pytestmark = pytest.mark.scene


async def test_a_correction_holds_and_is_a_label(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.floor.begins()
        await at.floor.customer("How much does it cost to bring my dog?")
        sent = asyncio.ensure_future(at.post("sam", "/api/intents/conversations/one", {"label": "group_booking"}))
        answer = await at.floor.committing(sent)
        assert answer.status_code == 201
        await at.floor.customer("I forgot my password, please help me reset it")
        intent = at.floor.fact(Intent)
        assert intent is not None
        assert (intent.label, intent.tier, intent.confidence) == ("group_booking", "person", 1000)
        (label,) = (await at.get("dara", "/api/intents/labels")).json()["labels"]
        assert (label["label"], label["was"], label["staff"]) == ("group_booking", "pet_travel", "sam")
        await rebuild(at.floor.committer.store, at.floor.committer.codec, crafts(), [LABELS])
        assert (await at.get("dara", "/api/intents/labels")).json()["labels"] == [label]


async def test_who_may_not_see_a_conversation_may_not_label_it(tmp_path: Path) -> None:
    async with office(tmp_path) as at:
        await at.floor.begins()
        assert (await at.post("mina", "/api/intents/conversations/one", {"label": "x"})).status_code == 404
        assert (await at.post("sam", "/api/intents/conversations/one", {"label": "=cmd()"})).status_code == 422
        assert (await at.get("mina", "/api/intents/labels")).status_code == 403
        assert (await at.post("", "/api/intents/conversations/one", {"label": "x"})).status_code == 401
