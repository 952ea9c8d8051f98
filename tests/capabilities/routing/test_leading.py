"""What people move by hand: to a colleague, to another queue's line, a rep lent to another queue; counted, timed, and never twice."""

import pytest

from baton.capabilities.routing.events import (
    MAIN,
    Consult,
    GivenTo,
    Lent,
    Loan,
    Moved,
    OfferTaken,
    Queue,
    RepReady,
    Routing,
    Wait,
    WrappedUp,
)
from tests.capabilities.routing.world import World

pytestmark = pytest.mark.scene

QUEUES = Routing(
    (
        Queue("general", "General"),
        Queue("refunds", "Refunds", skill="refunds", intents=("refund_status",)),
        Queue("bags", "Bags", skill="bags"),
    )
)


def kim_consults_lee() -> tuple[World, str]:
    world = World(QUEUES)
    world.ready("kim", "refunds")
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    world.happens(MAIN, OfferTaken("kim", conversation))
    world.settle()
    world.happens(conversation, Consult("q1", "kim", "refunds"), "rep/kim")
    world.settle()
    world.ready("lee", "refunds")
    world.settle()
    world.happens(MAIN, OfferTaken("lee", f"{conversation}#consult-q1"))
    world.settle()
    return world, conversation


@pytest.mark.parametrize("first", [0, 1, 2])
def test_a_colleague_who_was_asked_may_be_given_it_whatever_is_heard_first(first: int) -> None:
    world, conversation = kim_consults_lee()
    world.happens(conversation, GivenTo("kim", "lee", "Lee", "q1"), "rep/kim")
    world.deliver(first)
    world.settle()
    assert world.holder(conversation).who == "lee"
    assert (world.post("kim").held, world.post("lee").held) == (0, 1)
    place = world.place(conversation)
    assert place is not None
    assert (place.state, place.rep) == ("held", "lee")
    world.happens(conversation, WrappedUp("lee", "solved"), "rep/lee")
    world.settle()
    assert (world.post("lee").held, world.place(conversation)) == (0, None)


def test_who_does_not_hold_it_gives_nothing() -> None:
    world, conversation = kim_consults_lee()
    world.happens(conversation, GivenTo("lee", "kim", "Kim"), "rep/lee")
    world.settle()
    assert world.holder(conversation).who == "kim"


def test_who_waits_and_is_moved_keeps_the_time_they_waited_since() -> None:
    world = World(QUEUES)
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    before = world.place(conversation)
    assert before is not None
    world.forward(120)
    world.happens(conversation, Moved("mara", "bags", "nobody on refunds"), "rep/mara")
    world.settle()
    place, wait = world.place(conversation), world.streams[conversation].facts.get(Wait)
    assert place is not None
    assert wait is not None
    assert (place.queue, place.since_ms, wait.since_ms) == ("bags", before.since_ms, before.since_ms)


def test_a_conversation_moved_from_a_rep_leaves_them_free_and_goes_first() -> None:
    world, conversation = kim_consults_lee()
    world.happens(conversation, Moved("mara", "bags"), "rep/mara")
    world.settle()
    place = world.place(conversation)
    assert place is not None
    assert (place.queue, place.state, world.post("kim").held, place.priority) == ("bags", "waiting", 0, 20)


def test_a_rep_is_lent_for_a_while_and_comes_back_by_themselves() -> None:
    world = World(QUEUES)
    world.ready("kim", "refunds")
    world.happens(MAIN, Lent("kim", ("bags",), world.now_ms + 1_800_000, "mara"), "rep/mara")
    world.settle()
    assert world.post("kim").skills == ("bags",)
    world.happens(MAIN, RepReady("kim", "break", "Kim", ("refunds",)), "rep/kim")
    world.happens(MAIN, RepReady("kim", "available", "Kim", ("refunds",)), "rep/kim")
    assert world.post("kim").skills == ("bags",), "a break does not end it"
    world.forward(1801)
    assert world.post("kim").skills == ("refunds",)
    assert world.board.facts.slot(Loan, "kim") is None


def test_a_rep_may_be_sent_back_before_their_time() -> None:
    world = World(QUEUES)
    world.ready("kim", "refunds")
    world.happens(MAIN, Lent("kim", ("bags",), world.now_ms + 1_800_000, "mara"), "rep/mara")
    world.happens(MAIN, Lent("kim", (), 0, "mara"), "rep/mara")
    world.settle()
    assert world.post("kim").skills == ("refunds",)


def test_work_waits_for_a_rep_who_is_lent() -> None:
    world = World(QUEUES)
    world.ready("kim", "refunds")
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    world.happens(conversation, Moved("mara", "bags"), "rep/mara")
    world.settle()
    assert world.offer_of(conversation) == ""
    world.happens(MAIN, Lent("kim", ("bags",), world.now_ms + 1_800_000, "mara"), "rep/mara")
    world.settle()
    assert world.offer_of(conversation) == "kim"
