"""Handovers: who holds the baton, what the rep is told, and what the customer hears."""

import pytest

from baton.capabilities.agents.events import Agents, Attempts, Underway
from baton.capabilities.routing.events import (
    MAIN,
    Assigned,
    CallbackAsked,
    HandedBack,
    HandedOver,
    OfferTaken,
    Queue,
    Routing,
    Summary,
    TakenOver,
    Transferred,
    Wait,
    WrappedUp,
)
from baton.kernel.conversation import Decided, Ended, Holder, Started, TurnSaid
from baton.kernel.ports import Judgement
from tests.capabilities.routing.world import A_PERSON, World

pytestmark = pytest.mark.unit

REFUND = "Where is my refund of March?"


def with_kim(world: World, name: str = "a") -> str:
    """A conversation that kim has."""
    world.ready("kim", "refunds")
    conversation = world.begins(name)
    world.customer(conversation)
    world.settle()
    world.happens(MAIN, OfferTaken("kim", conversation))
    world.settle()
    return conversation


def last_said(world: World, conversation: str) -> str:
    return world.streams[conversation].turns[-1].text


def test_asking_hands_over_in_the_same_input_and_the_epoch_grows() -> None:
    world = World()
    conversation = world.begins("a")
    assert world.holder(conversation) == Holder("agent", "a1", 0, "Assistant")
    rest = world.customer(conversation)
    said = [type(c.event) for c in rest.caused]
    assert said.index(Decided) < said.index(HandedOver) < said.index(Holder) < said.index(TurnSaid)
    assert world.holder(conversation) == Holder("queue", "general", 1, "General")


def test_a_rep_takes_it_and_the_wait_is_known() -> None:
    world = World()
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    world.forward(40)
    world.ready("kim")
    world.happens(MAIN, OfferTaken("kim", conversation))
    (to,) = world.outbox
    assert to.event == Assigned("kim", "Kim", 40_000, "general", 1)
    world.settle()
    assert world.holder(conversation) == Holder("rep", "kim", 2, "Kim")


def test_it_is_never_handed_over_twice() -> None:
    world = World()
    conversation = with_kim(world)
    rest = world.customer(conversation)
    assert [c.event for c in rest.caused if isinstance(c.event, Decided | HandedOver)] == []


def test_a_person_please_works_again_after_a_hand_back() -> None:
    world = World()
    conversation = with_kim(world)
    world.happens(conversation, HandedBack("kim"), "rep/kim")
    world.settle()
    assert (world.holder(conversation).kind, world.post("kim").held) == ("agent", 0)
    world.customer(conversation)
    assert world.holder(conversation) == Holder("queue", "general", 4, "General")


def test_the_queue_is_the_one_of_the_intent() -> None:
    world = World()
    world.models.said[REFUND] = Judgement(
        intent="refund_status", intent_confidence=900, intent_margin=900, language="en"
    )
    conversation = world.begins("a")
    world.customer(conversation, REFUND)
    world.customer(conversation, A_PERSON)
    assert world.holder(conversation).who == "refunds"


def test_the_summary_holds_labels_and_the_turns_they_came_from() -> None:
    world = World()
    world.models.said[REFUND] = Judgement(
        mood=400, intent="refund_status", intent_confidence=900, intent_margin=900, language="en"
    )
    world.models.said[A_PERSON] = Judgement(mood=-900, asks_person=950)
    conversation = world.begins("a")
    world.customer(conversation, REFUND)
    asked_at = world.position
    facts = world.streams[conversation].facts
    facts.put(Attempts(answered=1, failed=1))
    facts.put(Underway("refund_status", "ask_ref", slots={"ref": (asked_at, 3, 9)}))
    world.customer(conversation, A_PERSON)
    summary = facts.get(Summary)
    assert summary is not None and summary.points == (
        ("intent:refund_status", asked_at), ("language:en", asked_at), ("procedure:refund_status:ask_ref", world.position),
        ("given:ref", asked_at), ("answers:1", world.position), ("failed_attempts:1", world.position),
        ("person:asked", world.position), ("mood:falling", world.position),
    )  # fmt: skip


def test_a_person_first_queue_goes_to_a_person_at_once() -> None:
    grief = Queue(
        "grief", "Bereavement", intents=("bereavement_fare", "other"), person_first_intents=("bereavement_fare",)
    )
    people = Queue("people", "People", person_first=True)
    world = World(Routing((Queue("general", "General"), grief, people)))
    world.models.said["A fare for a funeral"] = Judgement(intent="bereavement_fare", intent_confidence=900)
    conversation = world.begins("a")
    world.customer(conversation, "A fare for a funeral")
    assert world.holder(conversation).who == "grief"
    assert world.holder(world.begins("b", Started(queue="people"))).who == "people"


def test_without_an_ai_on_duty_a_person_is_asked_for() -> None:
    world = World(agents=Agents())
    conversation = world.begins("a")
    assert world.holder(conversation).kind == "nobody"
    world.customer(conversation, "Hello")
    assert world.holder(conversation).kind == "queue"


def test_nobody_online_is_said_and_the_place_is_kept() -> None:
    world = World()
    conversation = world.begins("a", Started(language="es"))
    world.customer(conversation)
    world.settle()
    assert last_said(world, conversation).startswith("Ahora no hay nadie conectado.")
    world.happens(conversation, CallbackAsked("+351 000"), "customer")
    world.settle()
    place = world.place(conversation)
    assert place is not None and (place.state, place.channel) == ("waiting", "callback")
    world.ready("kim")
    assert world.offer_of(conversation) == "kim"


def test_outside_hours_the_customer_hears_when_somebody_is_there() -> None:
    world = World(Routing((Queue("general", "General", opens_minute=7 * 60, closes_minute=22 * 60),)))
    conversation = world.begins("a")
    world.ready("kim")
    world.customer(conversation)
    world.settle()
    assert last_said(world, conversation).startswith("Our people are back at 07:00 UTC. Leave a number for a callback")


def test_a_wait_past_the_limit_is_never_silent() -> None:
    world = World(Routing((Queue("general", "General"),), wait_limit_s=600))
    world.ready("kim", capacity=1)
    with_kim(world, "b")
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    assert last_said(world, conversation).startswith("I am passing you to a person")
    world.forward(601)
    assert last_said(world, conversation).startswith("This takes longer than it should.")


def test_a_supervisor_takes_over_at_once_and_the_rep_is_free() -> None:
    world = World()
    conversation = with_kim(world)
    world.happens(conversation, TakenOver("mara", "Mara"), "rep/mara")
    world.settle()
    assert world.holder(conversation) == Holder("rep", "mara", 3, "Mara")
    assert world.post("kim").held == 0


def test_a_transfer_waits_in_the_other_queue() -> None:
    world = World()
    conversation = with_kim(world)
    world.happens(conversation, Transferred("kim", "refunds"), "rep/kim")
    world.settle()
    place = world.place(conversation)
    assert place is not None and (place.queue, place.reason, place.epoch) == ("refunds", "transferred", 3)
    assert world.holder(conversation).who == "refunds"


def test_wrapping_up_frees_the_rep_and_a_later_word_is_served_again() -> None:
    world = World()
    conversation = with_kim(world)
    world.happens(conversation, WrappedUp("kim", "solved", "yes"), "rep/kim")
    world.settle()
    assert (world.holder(conversation).kind, world.post("kim").held) == ("nobody", 0)
    world.customer(conversation, "One more thing")
    assert world.holder(conversation) == Holder("agent", "a1", 4, "Assistant")


def test_who_leaves_the_line_leaves_the_board() -> None:
    world = World()
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    world.happens(conversation, Ended("customer_left"))
    world.settle()
    wait = world.streams[conversation].facts.get(Wait)
    assert world.place(conversation) is None
    assert wait is not None and (wait.state, wait.why) == ("left", "left")


def test_imported_history_tells_who_held_it_and_asks_nobody() -> None:
    world = World()
    conversation = world.begins("a", Started(origin="imported"))
    for role, who in (("customer", ""), ("agent", "bot"), ("customer", ""), ("rep", "r1"), ("rep", "r1")):
        world.happens(conversation, TurnSaid(role, A_PERSON, who=who), "import/x")  # type: ignore[arg-type]
    assert world.holder(conversation) == Holder("rep", "r1", 2)
    assert world.outbox == [] and world.timers == []
    assert not any(isinstance(c.event, Decided) for _, _, caused in world.log for c in caused)


def test_imported_assignments_count_with_their_waits() -> None:
    world = World()
    conversation = world.begins("a", Started(origin="imported"))
    world.happens(conversation, Assigned("r1", "R", 30_000, "general"), "import/x")
    wait = world.streams[conversation].facts.get(Wait)
    assert wait is not None and (wait.state, wait.since_ms) == ("answered", world.now_ms - 30_000)
