"""Offers: who is asked, how long, and what happens when nobody answers."""

import pytest

from baton.capabilities.agents.events import ApprovalAsked, ApprovalGiven
from baton.capabilities.routing.events import (
    MAIN,
    OfferPassed,
    OfferTaken,
    Passes,
    Place,
    Post,
    Queue,
    RepReady,
    Routing,
)
from baton.kernel.conversation import Decided, Started
from tests.capabilities.routing.world import ROUTING, World

pytestmark = pytest.mark.unit


def waiting(world: World, *names: str, started: Started | None = None) -> list[str]:
    conversations = [world.begins(name, started) for name in names]
    for conversation in conversations:
        world.customer(conversation)
        world.settle()
        world.now_ms += 1000
    return conversations


def test_the_rep_who_is_longest_idle_gets_the_longest_waiting() -> None:
    world = World()
    first, second = waiting(world, "a", "b")
    world.ready("kim")
    world.settle()
    assert (world.offer_of(first), world.offer_of(second)) == ("kim", "kim")
    world = World()
    world.ready("kim")
    world.forward(60)
    world.ready("lee")
    world.forward(60)
    (only,) = waiting(world, "a")
    assert world.offer_of(only) == "kim"


def test_who_holds_less_is_asked_before_who_waits_longer() -> None:
    world = World()
    world.ready("kim")
    (first,) = waiting(world, "a")
    world.happens(MAIN, OfferTaken("kim", first))
    world.forward(60)
    world.ready("lee")
    (second,) = waiting(world, "b")
    assert world.offer_of(second) == "lee"


def test_one_input_makes_one_offer_and_the_rest_follows() -> None:
    world = World()
    conversations = waiting(world, "a", "b", "c")
    world.ready("kim", capacity=2)
    world.ready("lee", capacity=1)
    world.settle()
    assert sorted(world.offer_of(c) for c in conversations) == ["kim", "kim", "lee"]
    for _, _, caused in world.log:
        assert sum(isinstance(c.event, Decided) for c in caused) <= 1


def test_skill_and_language_are_asked_for() -> None:
    world = World(Routing((Queue("refunds", "Refunds", skill="refunds"),)))
    world.ready("kim", "bags", languages=("en",))
    world.ready("lee", "refunds", languages=("en",))
    world.ready("jo", "refunds", languages=("en", "es"))
    (spanish,) = waiting(world, "a", started=Started(language="es"))
    assert world.offer_of(spanish) == "jo"
    (german,) = waiting(world, "b", started=Started(language="de"))
    assert world.offer_of(german) in {"lee", "jo"}, "nobody with the skill speaks German, so a colleague helps"


def test_grief_goes_before_who_waits_longer() -> None:
    world = World()
    (asked,) = waiting(world, "a")
    grieving = world.begins("b")
    world.customer(grieving, "My mother died")
    world.settle()
    world.ready("kim", capacity=1)
    assert world.offer_of(grieving) == "kim"
    assert world.place(asked) is not None


def test_an_offer_not_taken_in_20_s_goes_on_and_the_first_is_set_away() -> None:
    world = World()
    world.ready("kim")
    world.forward(5)
    world.ready("lee")
    (asked,) = waiting(world, "a")
    assert world.offer_of(asked) == "kim"
    world.forward(19)
    assert world.offer_of(asked) == "lee"
    assert (world.post("kim").presence, world.post("kim").reason, world.post("kim").offered) == (
        "away",
        "offer_unanswered",
        0,
    )
    world.happens(MAIN, OfferTaken("kim", asked))
    assert world.offer_of(asked) == "lee"
    assert world.board.facts.slot(Passes, "kim") == Passes("kim", 0, 1, "unanswered", "low")


def test_a_passed_offer_goes_to_the_next_and_comes_back_only_after_a_while() -> None:
    world = World()
    world.ready("kim")
    (asked,) = waiting(world, "a")
    world.happens(MAIN, OfferPassed("kim", asked, "on the phone"))
    assert world.offer_of(asked) == ""
    assert world.post("kim").presence == "available"
    world.forward(61)
    assert world.offer_of(asked) == "kim"


def test_a_rep_who_goes_away_gives_back_what_was_only_offered() -> None:
    world = World()
    world.ready("kim")
    held, offered = waiting(world, "a", "b")
    world.happens(MAIN, OfferTaken("kim", held))
    world.happens(MAIN, RepReady("kim", "break"))
    world.settle()
    assert (world.post("kim").held, world.post("kim").offered) == (1, 0)
    assert world.holder(held).who == "kim"
    place = world.place(offered)
    assert place is not None and place.state == "waiting"


def test_a_rep_who_leaves_for_the_day_leaves_the_board() -> None:
    world = World()
    world.ready("kim")
    world.happens(MAIN, RepReady("kim", "offline"))
    assert world.board.facts.all(Post) == []
    (asked,) = waiting(world, "a")
    assert world.offer_of(asked) == ""


def test_an_approval_counts_as_load_and_leaves_the_baton_with_the_ai() -> None:
    world = World()
    world.ready("kim", capacity=1)
    conversation = world.begins("a")
    world.happens(MAIN, ApprovalAsked("ap1", "refund", "above the limit", conversation="a"), "agent/a1")
    world.settle()
    ref = f"{conversation}#ap1"
    assert world.offer_of(ref) == "kim"
    world.happens(MAIN, OfferTaken("kim", ref))
    world.settle()
    assert (world.holder(conversation).kind, world.post("kim").held) == ("agent", 1)
    (asked,) = waiting(world, "b")
    assert world.offer_of(asked) == "", "the rep is full"
    world.happens(conversation, ApprovalGiven("ap1", True, "kim"), "rep/kim")
    world.settle()
    assert world.offer_of(asked) == "kim"


def test_an_approval_of_somebody_whose_account_was_closed_goes_to_the_next_and_stays_where_they_only_left() -> None:
    world = World()
    world.ready("kim")
    ref = f"{world.begins('a')}#ap1"
    world.happens(MAIN, ApprovalAsked("ap1", "refund", "above the limit", conversation="a"), "agent/a1")
    world.settle()
    world.happens(MAIN, OfferTaken("kim", ref))
    world.happens(MAIN, RepReady("kim", "offline"))
    world.ready("lee")
    world.settle()
    place = world.place(ref)
    assert place is not None and (place.rep, place.state) == ("kim", "held")
    world.happens(MAIN, RepReady("kim", "offline", reason="account"), "staff/admin")
    world.settle()
    assert world.offer_of(ref) == "lee"


def test_a_closed_queue_offers_nothing_until_it_opens() -> None:
    world = World(Routing((Queue("general", "General", opens_minute=60, closes_minute=120),)))
    world.ready("kim")
    (asked,) = waiting(world, "a")
    assert world.offer_of(asked) == ""
    world.forward(3600)
    assert world.offer_of(asked) == "kim"
    assert isinstance(world.place(asked), Place)


def test_the_policy_says_how_long_an_offer_stays() -> None:
    world = World(Routing(ROUTING.queues, offer_s=5))
    world.ready("kim")
    (asked,) = waiting(world, "a")
    world.forward(5)
    assert world.offer_of(asked) == ""
