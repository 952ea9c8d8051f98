"""Scenes: what an AI agent promises, in a procedure or by a callback, is an obligation with a date, and it is chased."""

from pathlib import Path

import pytest
from sqlalchemy import select

from baton.capabilities.agents.events import Procedures, Step
from baton.capabilities.agents.procedures.shape import Procedure, Slot
from baton.capabilities.resolution.events import PromiseChased, Promised
from baton.capabilities.resolution.tables import PROMISES
from tests.scenes.agents_floor import Floor, floor

pytestmark = pytest.mark.scene

DAY_S = 86_400


def says(words: str) -> Procedures:
    """A procedure that asks for a booking and promises."""
    steps = (Step("ask", "ask", slot="code"), Step("done", "tell", say=words, ends="done"))
    slots = (Slot("code", "booking", "Which booking is it?"),)
    return Procedures(
        (Procedure("refund_request", "Refund", ("refund_request",), steps, slots=slots, queue="refunds"),)
    )


async def promised(it: Floor, words: str) -> Promised:
    """What a customer hears, and what it is understood to be."""
    await it.policy(says(words))
    await it.begins(customer="c1")
    await it.customer("I want a refund for my booking")
    (said,) = await it.customer("QK7M2P")
    assert words in said
    (found,) = it.stream().facts.all(Promised)
    return found


async def later(it: Floor, days: float) -> None:
    """Days go by, and what was due happens."""
    it.clock.forward(days * DAY_S)
    it.committer.nudge()
    await it.rest()


@pytest.mark.parametrize(("words", "deed", "days"), [
    ("You will get the refund within 5 days.", "money", 5), ("We will call you back within 2 days.", "call_back", 2),
    ("Your bag will be delivered within 3 days.", "deliver", 3),
])  # fmt: skip
async def test_what_a_procedure_says_is_an_obligation_with_a_date(
    tmp_path: Path, words: str, deed: str, days: int
) -> None:
    async with floor(tmp_path, more=("resolution",)) as it:
        found = await promised(it, words)
        assert (found.deed, found.by) == (deed, "agent")
        assert abs(found.due_ms - it.clock.now_ms() - days * DAY_S * 1000) <= DAY_S * 1000
        (row,) = await it.committer.store.rows(select(PROMISES))
        assert (row["deed"], row["made_by"], row["state"], row["due_ms"]) == (deed, "agent", "open", found.due_ms)


async def test_a_callback_that_nobody_made_is_chased_and_then_broken(tmp_path: Path) -> None:
    async with floor(tmp_path, more=("resolution",)) as it:
        await promised(it, "We will call you back within 2 days.")
        await later(it, 3)
        chased = [d.entry.event for d in it.done if isinstance(d.entry.event, PromiseChased)]
        assert {c.deed for c in chased} == {"call_back"}
        (row,) = await it.committer.store.rows(select(PROMISES))
        assert (row["state"], int(str(row["chased"])) >= 1) == ("due", True)
        await later(it, 4)
        (row,) = await it.committer.store.rows(select(PROMISES))
        assert row["state"] == "broken"


async def test_words_without_a_date_are_no_obligation(tmp_path: Path) -> None:
    async with floor(tmp_path, more=("resolution",)) as it:
        await it.policy(says("Let me know if I can help with anything else."))
        await it.begins(customer="c1")
        await it.customer("I want a refund for my booking")
        await it.customer("QK7M2P")
        assert it.stream().facts.all(Promised) == []
