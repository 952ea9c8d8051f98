"""Scenes: what needs a yes can be tapped, and a tap is read like the word it says."""

from pathlib import Path

import msgspec
import pytest

from baton.capabilities.agents.procedures.replies import reply
from baton.capabilities.agents.procedures.tapping import WORDS
from baton.kernel.conversation import TurnSaid
from tests.scenes.agents_floor import Floor, floor, world

pytestmark = pytest.mark.scene


def cards(it: Floor) -> list[str]:
    """The card of each turn of the agent, in order; empty where it has none."""
    events = (c.event for done in it.done for c in done.rest.caused if done.stream.id == "conversation/one")
    return [event.card for event in events if isinstance(event, TurnSaid) and event.role == "agent"]


async def test_a_refund_is_agreed_to_by_tapping_and_only_its_question_has_the_buttons(tmp_path: Path) -> None:
    booking = next(
        b for b in world().bookings.values() if (b.state, b.fare) == ("confirmed", "flex") and b.paid_cents <= 40_000
    )
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I want a refund for my booking")
        await it.customer(booking.code)
        (asked,) = await it.customer(world().by_id[booking.customer_id].last_name)
        assert asked.startswith("Shall I refund")
        yes, no = msgspec.json.decode(cards(it)[-1])["options"]
        assert (yes["label"], no["label"]) == ("Yes, go ahead", "No, change nothing")
        (done,) = await it.customer(yes["text"])
        assert "is approved" in done
        assert cards(it) == ["", "", cards(it)[2], ""]


def test_in_every_language_the_buttons_say_a_plain_yes_and_a_plain_no() -> None:
    assert [(reply(yes), reply(no)) for (_, yes), (_, no) in WORDS.values()] == [("yes", "no")] * len(WORDS)
