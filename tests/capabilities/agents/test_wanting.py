"""Wanting: told or done; and the words of an answer, cut so that they can be understood."""

import pytest

from baton.capabilities.agents.answers.extract import MOST_CHARACTERS, answer
from baton.capabilities.agents.answers.wanting import acts, asked_for, how_to, inquires, orders
from baton.capabilities.agents.events import Agent, Procedure, Procedures
from baton.capabilities.orchestration.events import Near, SecondLook

pytestmark = pytest.mark.unit

KNOWN = Procedures(
    (
        Procedure("booking_cancel", "Cancel", ("booking_cancel",), ()),
        Procedure("bag_status", "Bag", ("bag_delayed",), ()),
    )
)


@pytest.mark.parametrize(
    "text",
    ["What happens if my flight is cancelled?", "How many points do I need for a free flight?", "Can I pay with PayPal?",
     "How early must I be at the gate?", "do my miles run out", "until when is my status valid"],
)  # fmt: skip
def test_a_question_about_rules_inquires(text: str) -> None:
    assert inquires(text)


@pytest.mark.parametrize(
    "text",
    ["Where is my bag?", "Please cancel my booking", "Is HA 733 on time?", "How many points do I have?", "move me to an aisle seat",
     "Any news on the refund you promised me?", "I want my money back for K3PL9X"],
)  # fmt: skip
def test_what_is_to_be_done_or_looked_up_does_not(text: str) -> None:
    assert not inquires(text)


def look(act: int, section: int) -> SecondLook:
    """A second look that found a procedure and a section so near."""
    return SecondLook(
        1,
        done=True,
        near=(Near("art-3#1", section),),
        acts=(Near("booking_cancel", 0, act), Near("bag_status", 0, 200)),
    )


def test_the_nearest_of_act_and_section_decides_with_the_words() -> None:
    assert acts("put an end to my trip, please", look(600, 500))
    assert not acts("what does it cost to put an end to my trip", look(600, 500))
    assert acts("how about my points", look(900, 600)), "it says what those say who want it"


def test_the_procedure_of_the_intent_is_meant_unless_another_is_clearly_nearer() -> None:
    agent = Agent("assistant", "Assistant")
    named = asked_for("bag_delayed", look(230, 0), agent, KNOWN)
    nearer = asked_for("bag_delayed", look(600, 0), agent, KNOWN)
    assert (named and named.id, nearer and nearer.id) == ("bag_status", "booking_cancel")
    assert asked_for("", look(200, 0), agent, KNOWN) is None
    assert asked_for("", look(600, 0), Agent("a", "A", procedures=("bag_status",)), KNOWN) is None, "it may not"


def test_a_way_is_asked_for_by_how_and_where_and_can() -> None:
    assert how_to("How do I cancel my booking?")
    assert not how_to("What does cancelling cost?")


LONG = (
    "A wheelchair is brought to the gate by our people, who know the way and wait with you until boarding begins. It travels free. The "
    "battery has to be of a kind that cannot leak, and we need to know its weight before you come. Food for the journey is sold on board from "
    "a small trolley, which comes twice on flights of more than three hours. Blankets are lent to whoever asks for one while there are any left."
)


def test_a_sentence_is_never_said_without_what_it_speaks_of() -> None:
    said = answer(LONG, "what does it cost?", near=(100, 900, 200, 150, 100))
    assert said.startswith("A wheelchair is brought to the gate")
    assert "It travels free." in said
    assert "Blankets" not in said
    assert len(said) <= MOST_CHARACTERS


def test_a_section_that_begins_with_it_is_said_after_its_title() -> None:
    said = answer("It travels free. We need its weight.", "does it cost?", title="Own wheelchair")
    assert said == "Own wheelchair: It travels free. We need its weight."
    assert answer("Cards cost nothing.", "", title="Cards") == "Cards cost nothing."
    assert answer("Up to 8 kg with the carrier.", "", title="In the cabin").startswith("In the cabin: ")


@pytest.mark.parametrize(
    ("text", "plain"),
    [
        ("Please refund my booking QK7M2P", True),
        ("Cancel LPAB2E for me", True),
        ("Please refund my booking", False),
        ("Can I get a refund for QK7M2P?", False),
        ("QK7M2P was cancelled", False),
    ],
)
def test_an_order_that_names_its_thing_is_plain(text: str, plain: bool) -> None:
    assert orders(text) == plain
