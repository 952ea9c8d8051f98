"""An outage told once to each: who waits, whom the AI serves, who comes; and when it is over only to those who were told."""

import msgspec
import pytest

from baton.capabilities.floor.events import HelpAsked, Outage, OutageTold, Warned
from baton.capabilities.routing.events import MAIN, OfferTaken, TakenOver
from baton.kernel.conversation import Started
from tests.capabilities.routing.world import World
from tests.scenes.recorded import crafts_of

pytestmark = pytest.mark.scene

CRAFTS = crafts_of("routing", "empathy", "sentiment", "orchestration", "complexity", "floor")
PAYMENTS = Outage("o1", "Payments", "Card payments fail at the moment. Nothing is charged twice.")


def heard(world: World, conversation: str, role: str = "") -> list[str]:
    return [t.text for t in world.streams[conversation].turns if t.role in ({role} if role else {"agent", "system"})]


def begun(world: World, outage: Outage = PAYMENTS) -> None:
    world.policies.add("floor.Outage", world.position, msgspec.json.encode(outage))


def test_who_waits_is_told_and_may_be_called_back_and_hears_when_it_is_over() -> None:
    world = World(crafts=CRAFTS)
    waits = world.begins("waits", Started(language="es"))
    world.customer(waits)
    world.settle()
    world.happens(waits, OutageTold("o1", PAYMENTS.text), "rep/mara")
    told = heard(world, waits, "system")[-1]
    assert told.startswith("Sabemos de un problema en este momento: Card payments fail")
    assert "le llamaremos" in told
    before = len(heard(world, waits))
    world.happens(waits, OutageTold("o1", PAYMENTS.text), "rep/mara")
    assert len(heard(world, waits)) == before, "nobody is told twice"
    world.happens(waits, OutageTold("o1", over=True), "rep/mara")
    assert heard(world, waits, "system")[-1] == "El problema del que le informamos está resuelto."
    world.happens(waits, OutageTold("o1", over=True), "rep/mara")
    assert len(heard(world, waits)) == before + 1, "nor twice that it is over"


def test_another_outage_is_told_to_who_knows_of_an_earlier_one() -> None:
    world = World(crafts=CRAFTS)
    waits = world.begins("waits", Started(language="en"))
    world.customer(waits)
    world.settle()
    for event in (
        OutageTold("o1", "One."),
        OutageTold("o1", over=True),
        OutageTold("o2", "Two."),
        OutageTold("o2", over=True),
    ):
        world.happens(waits, event, "rep/mara")
    told = heard(world, waits, "system")[-4:]
    assert ["One." in told[0], "solved" in told[1], "Two." in told[2], "solved" in told[3]] == [True] * 4


def test_who_comes_meanwhile_is_greeted_with_it_by_the_ai() -> None:
    world = World(crafts=CRAFTS)
    begun(world)
    comes = world.begins("comes", Started(language="en"))
    world.settle()
    told = "You are chatting with an AI assistant. A person is always one tap away."
    assert heard(world, comes, "agent") == [f"{told} We know about a problem right now: {PAYMENTS.text}"]
    assert world.holder(comes).kind == "agent", "the AI goes on serving"


def test_an_outage_of_one_queue_is_told_where_the_customer_comes_into_it() -> None:
    world = World(crafts=CRAFTS)
    begun(world, msgspec.structs.replace(PAYMENTS, queues=("general",)))
    comes = world.begins("comes", Started(language="en"))
    world.settle()
    assert not heard(world, comes)
    world.customer(comes)
    world.settle()
    assert any("Card payments fail" in text for text in heard(world, comes, "system"))


def test_a_rep_who_serves_says_it_themselves_and_who_was_not_told_is_not_told_that_it_is_over() -> None:
    world = World(crafts=CRAFTS)
    world.ready("kim", "refunds")
    served = world.begins("served", Started(language="en"))
    world.customer(served)
    world.settle()
    world.happens(MAIN, OfferTaken("kim", served))
    world.settle()
    before = heard(world, served)
    world.happens(served, OutageTold("o1", PAYMENTS.text), "rep/mara")
    world.happens(served, OutageTold("o1", over=True), "rep/mara")
    assert heard(world, served) == before
    assert world.streams[served].facts.get(Warned) == Warned("o1", solved=True)


def test_help_is_over_when_hands_change() -> None:
    world = World(crafts=CRAFTS)
    world.ready("kim", "refunds")
    served = world.begins("served")
    world.customer(served)
    world.settle()
    world.happens(MAIN, OfferTaken("kim", served))
    world.settle()
    world.happens(served, HelpAsked("kim"), "rep/kim")
    world.happens(served, TakenOver("mara", "Mara"), "rep/mara")
    assert world.streams[served].facts.get(HelpAsked) == HelpAsked("kim", "over")
