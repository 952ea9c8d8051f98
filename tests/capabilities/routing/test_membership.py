"""The AI on duty as a member of a queue: it takes the easy ones that no person took in time, and none that asked for a person."""

import pytest

from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.routing.events import Queue, Routing
from baton.kernel.conversation import Started
from tests.capabilities.routing.world import A_PERSON, World

pytestmark = pytest.mark.unit

VIP = Queue("vip", "VIP", person_first=True, agent_levels=("low",), agent_after_s=30)
GENERAL = Queue("general", "General")


def begun(world: World) -> str:
    """A conversation that came in where people serve first."""
    conversation = world.begins("a", Started(queue="vip"))
    world.settle()
    return conversation


def test_after_30_s_the_agent_takes_an_easy_one_and_keeps_it() -> None:
    world = World(Routing((GENERAL, VIP)))
    conversation = begun(world)
    assert world.holder(conversation).kind == "queue"
    world.customer(conversation, "Hello, where is my invoice?")
    world.forward(29)
    assert world.holder(conversation).kind == "queue"
    world.forward(1)
    assert (world.holder(conversation).kind, world.holder(conversation).who) == ("agent", "a1")
    assert world.place(conversation) is None
    world.customer(conversation, "Thank you")
    world.settle()
    assert world.holder(conversation).kind == "agent"


def test_a_rep_who_is_free_comes_first() -> None:
    world = World(Routing((GENERAL, VIP)))
    world.ready("kim")
    conversation = begun(world)
    assert world.offer_of(conversation) == "kim"


def test_who_asked_for_a_person_gets_a_person() -> None:
    world = World(Routing((GENERAL, VIP)))
    conversation = world.begins("a")
    world.customer(conversation, A_PERSON)
    world.settle()
    world.forward(600)
    assert world.holder(conversation).kind == "queue"


def test_a_queue_that_lets_no_agent_in_waits_for_people() -> None:
    world = World(Routing((GENERAL, Queue("vip", "VIP", person_first=True))))
    conversation = begun(world)
    world.forward(600)
    assert world.holder(conversation).kind == "queue"


def test_an_agent_that_is_off_takes_nothing() -> None:
    world = World(Routing((GENERAL, VIP)), Agents((Agent("a1", "Assistant", approved=True, on=False),)))
    conversation = begun(world)
    world.forward(600)
    assert world.holder(conversation).kind == "queue"
