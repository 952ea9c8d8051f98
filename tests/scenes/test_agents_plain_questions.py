"""Scenes: plain questions get the right answer, or an honest "not found"; what the slow tier would say of their meaning is recorded."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

from baton.capabilities.agents.answers.lines import LINES, OFFERED
from baton.capabilities.knowledge.events import Found
from baton.kernel.conversation import Args
from baton.kernel.ports import ActionResult, Claim, Tools
from tests.scenes.agents_floor import Floor, floor

pytestmark = pytest.mark.scene

NEAR: dict[str, Args] = {
    "Can my cello sit beside me?": {"near": "art-21#2:420:450:300,410,200;art-29#1:410:400:300,200", "acts": "seat_change::300:", "strange": 640},
    "May somebody push my dad to the plane?": {"near": "art-28#1:480:720:510,300;art-28#3:300:350:200,200", "acts": "seat_change:0:200:", "strange": 250},
    "What if you cancel on us?": {"near": "art-10#0:520:760:500,300;art-3#0:400:420:300,200", "acts": "booking_cancel:0:520:", "strange": 200},
    "Call my whole trip off for me": {"near": "art-3#2:430:700:400,300,200", "acts": "booking_cancel:0:880:", "strange": 180},
    "How do I call my trip off?": {"near": "art-3#2:430:800:400,300,200;art-10#0:200:200:100", "acts": "booking_cancel:0:700:", "strange": 150},
    "Is my rucksack alright?": {"near": "art-19#1:430:470:400,380,300;art-15#2:300:380:300,200,200", "acts": "bag_status:0:300:", "strange": 300},
}  # fmt: skip


class Meant:
    """Tools beside which the slow tier tells what it would of a few texts."""

    def __init__(self, tools: Tools) -> None:
        self._tools = tools

    async def call(self, tool: str, args: Mapping[str, object], key: str, claim: Claim | None = None) -> ActionResult:
        if tool != "look_again":
            return ActionResult(ok=False, detail="refused")
        told: Args = {
            "intent": "",
            "confidence": 300,
            "runner_up": "",
            "margin": 0,
            "frustration": 0,
            "model": "slow-recorded",
        }
        return ActionResult(ok=True, args={**told, **NEAR[str(args["text"])]})


@asynccontextmanager
async def asked(folder: Path) -> AsyncIterator[Floor]:
    async with floor(folder) as it:
        it.actor._tools = Meant(it.actor._tools)
        await it.begins()
        yield it


async def test_a_question_in_other_words_is_answered_by_what_it_means(tmp_path: Path) -> None:
    async with asked(tmp_path) as it:
        (said,) = await it.customer("May somebody push my dad to the plane?")
        assert "A wheelchair to the gate or to the seat" in said
        assert [d.action for d in it.decisions["conversation/one"]] == ["look_again", "answer"]
        found = it.fact(Found)
        assert found is not None
        assert (found.again, found.hits[0].cite) == (True, "art-28#1")


async def test_what_nobody_wrote_about_is_not_answered_about_something_else(tmp_path: Path) -> None:
    async with asked(tmp_path) as it:
        (said,) = await it.customer("Can my cello sit beside me?")
        assert LINES["unclear"] in said


async def test_a_question_about_rules_is_answered_before_a_procedure_asks_for_anything(tmp_path: Path) -> None:
    async with asked(tmp_path) as it:
        (said,) = await it.customer("What if you cancel on us?")
        assert "another flight or the money back" in said
        assert OFFERED not in said


async def test_who_asks_for_the_way_is_told_it_and_offered_the_doing(tmp_path: Path) -> None:
    async with asked(tmp_path) as it:
        (said,) = await it.customer("How do I call my trip off?")
        assert it.last().args == {"cite": "art-3#2", "offer": "booking_cancel"}
        assert said.endswith(OFFERED)


async def test_what_is_to_be_done_is_begun(tmp_path: Path) -> None:
    async with asked(tmp_path) as it:
        await it.customer("Call my whole trip off for me")
        assert it.last().args == {"procedure": "booking_cancel"}


async def test_where_one_section_is_near_it_is_named_and_told_on_a_yes(tmp_path: Path) -> None:
    async with asked(tmp_path) as it:
        (said,) = await it.customer("Is my rucksack alright?")
        assert "The closest I have is “Bag allowance and fees: Included”" in said
        assert "23 kg" not in said
        (told,) = await it.customer("yes please")
        assert "one checked bag of 23 kg" in told
