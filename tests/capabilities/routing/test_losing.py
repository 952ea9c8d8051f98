"""A laptop closes in the middle of a conversation: after a grace time somebody else takes over, and nobody is forgotten."""

import pytest

from baton.capabilities.routing.events import MAIN, DeskBack, DeskLost, OfferTaken, WrappedUp
from tests.capabilities.routing.world import World

pytestmark = pytest.mark.unit


def served(world: World, name: str = "a") -> str:
    """A conversation that kim holds."""
    conversation = world.begins(name)
    world.customer(conversation)
    world.settle()
    world.happens(MAIN, OfferTaken("kim", conversation))
    world.settle()
    return conversation


def test_after_45_s_it_goes_to_the_front_and_the_customer_is_told() -> None:
    world = World()
    world.ready("kim")
    conversation = served(world)
    for name in ("b", "c"):
        world.customer(world.begins(name))
        world.settle()
    world.happens(MAIN, DeskLost("kim"))
    world.forward(44)
    assert (world.holder(conversation).kind, world.holder(conversation).who) == ("rep", "kim")
    world.forward(1)
    assert world.holder(conversation).kind == "queue"
    assert (world.post("kim").presence, world.post("kim").reason, world.post("kim").held) == ("away", "desk_lost", 0)
    said = [turn for turn in world.streams[conversation].turns if turn.role == "system"][-1]
    assert "You are next" in said.text
    world.ready("lee", capacity=1)
    world.settle()
    assert world.offer_of(conversation) == "lee"


def test_who_is_back_in_time_keeps_what_they_hold() -> None:
    world = World()
    world.ready("kim")
    conversation = served(world)
    world.happens(MAIN, DeskLost("kim"))
    world.forward(30)
    world.happens(MAIN, DeskBack("kim"))
    world.forward(60)
    assert world.holder(conversation).who == "kim"
    assert (world.post("kim").presence, world.post("kim").lost_ms) == ("available", 0)


def test_each_loss_has_its_own_grace() -> None:
    world = World()
    world.ready("kim")
    conversation = served(world)
    world.happens(MAIN, DeskLost("kim"))
    world.forward(40)
    world.happens(MAIN, DeskBack("kim"))
    world.forward(1)
    world.happens(MAIN, DeskLost("kim"))
    world.forward(10)
    assert world.holder(conversation).who == "kim"
    world.forward(40)
    assert world.holder(conversation).kind == "queue"


def test_nothing_is_offered_to_a_desk_that_is_gone() -> None:
    world = World()
    world.ready("kim")
    world.happens(MAIN, DeskLost("kim"))
    world.customer(world.begins("a"))
    world.settle()
    assert world.offer_of("conversation/a") == ""
    world.happens(MAIN, DeskBack("kim"))
    world.settle()
    assert world.offer_of("conversation/a") == "kim"


def test_who_sits_down_again_is_there() -> None:
    world = World()
    world.ready("kim")
    world.happens(MAIN, DeskLost("kim"))
    world.happens(MAIN, DeskLost("nobody"))
    world.ready("kim")
    assert world.post("kim").lost_ms == 0


def test_a_conversation_that_was_wrapped_up_meanwhile_stays_so() -> None:
    world = World()
    world.ready("kim")
    conversation = served(world)
    world.happens(MAIN, DeskLost("kim"))
    world.happens(conversation, WrappedUp("kim", "solved"), "rep/kim")
    world.forward(60)
    assert world.holder(conversation).kind == "nobody"
    assert not any("We lost" in turn.text for turn in world.streams[conversation].turns)
