"""Assigning on a live board: who is urgent, who fits, who is kept free, what yields, and what a crowd changes."""

import pytest
from msgspec.structs import replace

from baton.capabilities.routing.assigning import urgency
from baton.capabilities.routing.assigning.fitting import fit_permille
from baton.capabilities.routing.assigning.matching import AT_ONCE
from baton.capabilities.routing.assigning.ticks import CROWDED
from baton.capabilities.routing.events import (
    MAIN,
    CallbackAsked,
    HandedBack,
    OfferTaken,
    Place,
    Post,
    Queue,
    Released,
    RepReady,
    Routing,
    Urgency,
    Waiting,
)
from baton.kernel.conversation import Decided, Due, Holder, Started
from baton.kernel.stream import Stream
from tests.capabilities.routing.world import World

pytestmark = pytest.mark.unit

TWO = (Queue("bags", "Bags", skill="bags"), Queue("refunds", "Refunds", skill="refunds"))


def asks(
    world: World, name: str, queue: str, ago_s: int = 0, channel: str = "chat", level: str = "", priority: int = 0
) -> str:
    """A conversation joins the line of a queue as if it had asked a while ago."""
    conversation, since_ms = f"conversation/{name}", world.now_ms - 1000 * ago_s
    skill = next(q for q in world.policies.newest_of(Routing).queues if q.id == queue).skill
    stream = world.streams.setdefault(conversation, Stream(conversation, world.policies))
    stream.facts.put(Holder("queue", queue, 1))
    waiting = Waiting(conversation, queue, since_ms, "asked", priority, skill, channel=channel, level=level, epoch=1)
    world.happens(MAIN, waiting)
    world.settle()
    return conversation


def sits(world: World, rep: str, *skills: str, capacity: int = 1, languages: tuple[str, ...] = ()) -> None:
    world.ready(rep, *skills, capacity=capacity, languages=languages)
    world.settle()


def test_urgency_by_hand() -> None:
    """Weight 1, power 2, target 20 s, six minutes each: 1000 at the target, twice that at twice the wait."""
    queue = Queue("q", "Q")
    assert [urgency.urgency(queue, s) for s in (0, 20, 40, 200)] == [250, 1000, 2000, 10_000]
    assert urgency.urgency(replace(queue, target_s=60), 60) == 333
    assert urgency.urgency(queue, 20, pace_ms=180_000) == 2000
    assert urgency.urgency(replace(queue, urgency=Urgency(3000)), 20) == 3000
    steep, flat, root = (replace(queue, urgency=Urgency(1000, p)) for p in (3000, 1000, 1500))
    assert [urgency.urgency(steep, s) for s in (20, 40)] == [1500, 6000]
    assert [urgency.urgency(flat, s) for s in (20, 400)] == [500, 500]
    assert [urgency.urgency(root, s) for s in (20, 80)] == [750, 1500]


def test_who_is_past_the_tighter_target_goes_first() -> None:
    world = World(Routing((replace(TWO[0], target_s=120), TWO[1])))
    slow, quick = asks(world, "a", "bags", 60), asks(world, "b", "refunds", 40)
    sits(world, "kim", "bags", "refunds")
    assert (world.offer_of(slow), world.offer_of(quick)) == ("", "kim")


def test_beyond_the_bound_first_come_is_first_served() -> None:
    world = World(Routing((replace(TWO[0], target_s=120), TWO[1]), starving_after_s=300))
    starving, quick = asks(world, "a", "bags", 310), asks(world, "b", "refunds", 290)
    sits(world, "kim", "bags", "refunds")
    assert (world.offer_of(starving), world.offer_of(quick)) == ("kim", "")


def test_the_only_rep_of_a_skill_is_left_to_who_needs_them() -> None:
    """Both wait; kim may take either, lee only bags: kim goes to refunds though bags waits longer."""
    world = World(Routing(TWO))
    bags, refunds = asks(world, "a", "bags", 60), asks(world, "b", "refunds", 10)
    world.happens(MAIN, RepReady("kim", "away", "Kim", ("bags", "refunds"), capacity=1))
    sits(world, "lee", "bags")
    sits(world, "kim", "bags", "refunds")
    assert (world.offer_of(bags), world.offer_of(refunds)) == ("lee", "kim")


def test_a_free_rep_is_reserved_for_a_rare_skill() -> None:
    world = World(Routing((TWO[0], replace(TWO[1], reserved=1))))
    sits(world, "kim", "bags", "refunds")
    bags = asks(world, "a", "bags")
    assert world.offer_of(bags) == "", "kim is the last who knows refunds"
    refunds = asks(world, "b", "refunds")
    assert world.offer_of(refunds) == "kim"
    sits(world, "lee", "bags", "refunds")
    sits(world, "mo", "bags", "refunds")
    assert world.offer_of(bags) in {"lee", "mo"}


def test_levels_of_a_skill_by_hand() -> None:
    novice, usual, expert = (Post("kim", "available", 0, skills=("bags",), levels=(n,)) for n in (1, 3, 5))
    hard, easy = (Place("conversation/a", "waiting", "bags", 0, skill="bags", level=level) for level in ("high", "low"))
    assert [fit_permille(post, hard) for post in (novice, usual, expert)] == [250, 750, 940]
    assert [fit_permille(post, easy) for post in (novice, usual, expert)] == [750, 940, 820]
    assert fit_permille(replace(usual, languages=("en",)), replace(easy, language="es")) == 440


def test_the_expert_is_kept_for_the_hard_one() -> None:
    world = World(Routing(TWO))
    sits(world, "kim", "bags:5")
    sits(world, "lee", "bags:2")
    world.now_ms += 1000
    easy, hard = asks(world, "a", "bags", level="low"), asks(world, "b", "bags", level="high")
    assert (world.offer_of(easy), world.offer_of(hard)) == ("lee", "kim")
    assert (world.post("kim").skills, world.post("kim").levels) == (("bags",), (5,))


def test_hard_ones_go_round() -> None:
    world = World(Routing(TWO))
    for rep in ("kim", "lee"):
        sits(world, rep, "bags", capacity=40)
    for n in range(12):
        conversation = asks(world, f"c{n}", "bags", level="high")
        world.happens(MAIN, OfferTaken(world.offer_of(conversation), conversation))
        world.settle()
    assert {world.post("kim").hard, world.post("lee").hard} == {6}


def test_the_rep_of_last_time_is_asked_before_who_is_idle_longer() -> None:
    world = World()
    world.ready("kim")
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    world.happens(MAIN, OfferTaken("kim", conversation))
    world.settle()
    world.happens(conversation, HandedBack("kim"), "rep/kim")
    world.settle()
    world.happens(MAIN, RepReady("lee", "available", "Lee"))
    world.forward(120)
    world.happens(MAIN, RepReady("kim", "away"))
    world.ready("kim")
    world.settle()
    world.customer(conversation)
    world.settle()
    assert world.offer_of(conversation) == "kim"


def test_a_call_takes_all_of_a_rep_and_chats_share_one() -> None:
    world = World(Routing((Queue("general", "General"),)))
    sits(world, "kim", capacity=3)
    call, chat = asks(world, "a", "general", channel="voice"), asks(world, "b", "general")
    assert (world.offer_of(call), world.offer_of(chat)) == ("kim", "")
    assert world.post("kim").taken == 3
    sits(world, "lee", capacity=3)
    assert world.offer_of(chat) == "lee"
    second = asks(world, "c", "general", channel="voice")
    assert world.offer_of(second) == "", "lee is in a chat"
    assert world.offer_of(asks(world, "d", "general")) == "lee"


def test_a_call_that_waits_gets_a_rep_emptied_for_it() -> None:
    world = World(Routing((Queue("general", "General", target_s=20),)))
    sits(world, "kim", capacity=2)
    first = asks(world, "a", "general")
    world.happens(MAIN, OfferTaken("kim", first))
    call = asks(world, "b", "general", channel="voice")
    world.forward(21)
    late = asks(world, "c", "general")
    assert world.offer_of(late) == "", "kim finishes the chat and is then free for the call"
    world.happens(MAIN, Released("kim", first))
    world.settle()
    assert (world.offer_of(call), world.offer_of(late)) == ("kim", "")


def test_email_yields_to_live_conversations() -> None:
    world = World(Routing((Queue("general", "General"),)))
    email = asks(world, "a", "general", 3600, channel="email")
    chat = asks(world, "b", "general")
    sits(world, "kim", capacity=1)
    assert (world.offer_of(chat), world.offer_of(email)) == ("kim", "")
    world = World(Routing((Queue("general", "General"),)))
    email = asks(world, "a", "general", 3600, channel="email")
    sits(world, "kim", capacity=1)
    assert world.offer_of(email) == "kim"
    world.happens(MAIN, OfferTaken("kim", email))
    second = asks(world, "c", "general", channel="email")
    live = asks(world, "b", "general")
    assert (world.offer_of(live), world.offer_of(second)) == ("kim", ""), "one letter at a time, and it can wait"
    place = world.place(email)
    assert place is not None and place.due_ms == place.since_ms + 14_400_000


def test_an_email_past_its_deadline_is_served_like_a_live_one() -> None:
    world = World(Routing((Queue("general", "General", deferred_target_s=60),)))
    email, chat = asks(world, "a", "general", 90, channel="email", priority=1), asks(world, "b", "general")
    sits(world, "kim", capacity=1)
    assert (world.offer_of(email), world.offer_of(chat)) == ("kim", "")


def test_after_a_while_another_queue_helps_out() -> None:
    world = World(Routing((replace(TWO[0], overflow_after_s=60, overflow_to=("refunds",)), TWO[1])))
    world.happens(MAIN, RepReady("jo", "break", "Jo", ("bags",)))
    sits(world, "kim", "refunds")
    bags = asks(world, "a", "bags")
    assert world.offer_of(bags) == ""
    world.forward(60)
    assert world.offer_of(bags) == "kim"


def test_it_overflows_at_once_where_nobody_at_work_has_the_skill() -> None:
    world = World(Routing((replace(TWO[0], overflow_after_s=60, overflow_to=("refunds",)), TWO[1])))
    sits(world, "kim", "refunds")
    assert world.offer_of(asks(world, "a", "bags")) == "kim"


def test_a_callback_keeps_its_place_and_is_offered_when_its_turn_comes() -> None:
    world = World()
    first, second = world.begins("a"), world.begins("b")
    for conversation in (first, second):
        world.customer(conversation)
        world.settle()
        world.now_ms += 1000
    world.happens(first, CallbackAsked("+351 000"), "customer")
    world.settle()
    place = world.place(first)
    assert place is not None and (place.channel, place.places) == ("callback", 0)
    sits(world, "kim")
    assert (world.offer_of(first), world.offer_of(second)) == ("kim", "")


def test_a_callback_at_a_time_is_not_offered_before_it() -> None:
    world = World()
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    world.happens(conversation, CallbackAsked("+351 000", world.now_ms + 600_000), "customer")
    world.settle()
    sits(world, "kim")
    assert world.offer_of(conversation) == ""
    world.forward(600)
    assert world.offer_of(conversation) == "kim"


def test_a_rep_signed_in_twice_is_one_post() -> None:
    world = World()
    sits(world, "kim", capacity=1)
    asked = asks(world, "a", "general")
    sits(world, "kim", capacity=1)
    assert len(world.board.facts.all(Post)) == 1
    assert (world.post("kim").offered, world.offer_of(asked), world.offer_of(asks(world, "b", "general"))) == (
        1,
        "kim",
        "",
    )


def test_in_a_crowd_ticks_offer_to_everybody_at_once() -> None:
    world = World(Routing((Queue("general", "General"),)))
    conversations = [asks(world, f"c{n:03d}", "general", 300 - n) for n in range(CROWDED + 20)]
    for n in range(40):
        world.happens(MAIN, RepReady(f"r{n:02d}", "available", f"R{n}", capacity=1))
    assert not any(map(world.offer_of, conversations)), "the tick has not come yet"
    world.forward(1)
    served = [c for c in conversations if world.offer_of(c)]
    assert served == conversations[:40], "who came first is served first"
    decisions = [c.event for at, _, caused in world.log if at == MAIN for c in caused if isinstance(c.event, Decided)]
    assert [d.action for d in decisions] == ["offer_all"]
    assert sum(isinstance(event, Due) and event.what == "match" for _, event, _ in world.log) <= 5


def test_a_crowd_of_reps_is_offered_to_in_several_rounds() -> None:
    world = World(Routing((Queue("general", "General"),)))
    conversations = [asks(world, f"c{n:03d}", "general") for n in range(CROWDED + 20)]
    for n in range(AT_ONCE + 30):
        world.happens(MAIN, RepReady(f"r{n:02d}", "available", f"R{n}", capacity=1))
    world.forward(1)
    assert sum(bool(world.offer_of(c)) for c in conversations) == AT_ONCE + 30
    before = world.position
    world.forward(15)
    assert world.position == before, "nothing is asked of the log while nothing changes"


def test_the_chance_of_every_offer_is_kept() -> None:
    """In a crowd 3 % of pairs of equal value are exchanged: each place says how likely its rep was."""
    chances: list[int] = []
    for shift in range(6):
        world = World(Routing((Queue("general", "General"),)))
        world.now_ms += shift * 86_400_000
        for n in range(CROWDED + 60):
            asks(world, f"s{shift}c{n:03d}", "general", 600 - n)
        for n in range(60):
            world.happens(MAIN, RepReady(f"r{n:02d}", "available", f"R{n}", capacity=1))
        world.forward(1)
        chances += [p.chance_permille for p in world.board.facts.all(Place) if p.state == "offered"]
    assert set(chances) == {970, 30}
    assert 2 <= chances.count(30) <= 40


def test_with_few_waiting_near_ties_are_exchanged_by_the_decision() -> None:
    world = World(Routing((Queue("general", "General"),)))
    for rep in ("kim", "lee", "mo"):
        sits(world, rep)
    asked = asks(world, "a", "general")
    decided = [c.event for _, _, caused in world.log for c in caused if isinstance(c.event, Decided)][-1]
    place = world.place(asked)
    assert place is not None and place.chance_permille == decided.chance_permille < 1000
    assert len(decided.over) == 2


def test_languages_are_the_started_ones() -> None:
    world = World(Routing((Queue("general", "General"),)))
    conversation = world.begins("a", Started(language="es"))
    world.customer(conversation)
    world.settle()
    sits(world, "kim", languages=("en",))
    sits(world, "jo", languages=("en", "es"))
    assert world.offer_of(conversation) in {"kim", "jo"}
