"""Whatever happens in whatever order: every conversation has exactly one owner or place, nobody holds more than they can."""

import random

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from baton.capabilities.routing.events import (
    MAIN,
    CallbackAsked,
    DeskBack,
    DeskLost,
    HandedBack,
    OfferPassed,
    OfferTaken,
    Place,
    Post,
    RepReady,
    TakenOver,
    Transferred,
    WrappedUp,
)
from baton.kernel.conversation import Ended, Failed, Started
from tests.capabilities.routing.world import World

pytestmark = pytest.mark.unit

NAMES, REPS = ("a", "b", "c", "d"), ("jo", "kim", "lee")
CHANNELS = {"c": "email", "d": "voice"}
CAPACITY = {"jo": 1, "kim": 2, "lee": 1}
STEPS = (
    "asks", "asks", "ready", "ready", "takes", "takes", "takes_late", "passes", "wraps_up", "hands_back", "goes_back", "leaves",
    "transfers", "taken_over", "away", "offline", "callback", "callback_later", "deliver", "deliver", "deliver", "wait",
    "long_wait", "laptop_closes", "laptop_opens",
)  # fmt: skip
moves = st.lists(st.tuples(st.sampled_from(STEPS), st.integers(0, 3), st.integers(0, 7)), min_size=5, max_size=60)


class Story:
    """One interleaving, told step by step."""

    def __init__(self) -> None:
        self.world = World()
        self.world.always = self.nobody_is_overloaded
        self.ended: set[str] = set()
        for name in NAMES:
            self.world.begins(name, Started(channel=CHANNELS.get(name, "chat")))

    def step(self, what: str, which: int, other: int) -> None:
        conversation, rep = f"conversation/{NAMES[which]}", REPS[other % len(REPS)]
        getattr(self, what)(conversation, rep, other)

    def asks(self, conversation: str, rep: str, other: int) -> None:
        if conversation not in self.ended:
            self.world.customer(conversation)

    def ready(self, conversation: str, rep: str, other: int) -> None:
        self.world.ready(rep, "refunds", capacity=CAPACITY[rep])

    def away(self, conversation: str, rep: str, other: int) -> None:
        self.world.happens(MAIN, RepReady(rep, "away", capacity=CAPACITY[rep]))

    def offline(self, conversation: str, rep: str, other: int) -> None:
        self.world.happens(MAIN, RepReady(rep, "offline", capacity=CAPACITY[rep]))

    def takes(self, conversation: str, rep: str, other: int) -> None:
        self.world.happens(MAIN, OfferTaken(self.world.offer_of(conversation) or rep, conversation))

    def takes_late(self, conversation: str, rep: str, other: int) -> None:
        offered_to = self.world.offer_of(conversation)
        if offered_to:
            self.world.now_ms += 21_000
            before = self.world.place(conversation), self.world.post(offered_to)
            rest = self.world.happens(MAIN, OfferTaken(offered_to, conversation))
            assert rest.caused == [] and rest.sends == []
            assert before == (self.world.place(conversation), self.world.post(offered_to))

    def passes(self, conversation: str, rep: str, other: int) -> None:
        self.world.happens(MAIN, OfferPassed(self.world.offer_of(conversation) or rep, conversation))

    def wraps_up(self, conversation: str, rep: str, other: int) -> None:
        holder = self.world.holder(conversation)
        if holder.kind == "rep":
            self.world.happens(conversation, WrappedUp(holder.who, "solved"))

    def hands_back(self, conversation: str, rep: str, other: int) -> None:
        holder = self.world.holder(conversation)
        if holder.kind == "rep":
            self.world.happens(conversation, HandedBack(holder.who))

    def goes_back(self, conversation: str, rep: str, other: int) -> None:
        if self.world.holder(conversation).kind == "queue":
            self.world.happens(conversation, HandedBack("customer"))

    def leaves(self, conversation: str, rep: str, other: int) -> None:
        self.ended.add(conversation)
        self.world.happens(conversation, Ended("customer_left"))

    def transfers(self, conversation: str, rep: str, other: int) -> None:
        holder = self.world.holder(conversation)
        if holder.kind == "rep":
            self.world.happens(conversation, Transferred(holder.who, ("general", "refunds")[other % 2]))

    def taken_over(self, conversation: str, rep: str, other: int) -> None:
        if conversation not in self.ended:
            self.world.happens(conversation, TakenOver("mara", "Mara"))

    def callback(self, conversation: str, rep: str, other: int) -> None:
        if self.world.holder(conversation).kind == "queue":
            self.world.happens(conversation, CallbackAsked("+351 000"))

    def callback_later(self, conversation: str, rep: str, other: int) -> None:
        if self.world.holder(conversation).kind == "queue":
            self.world.happens(conversation, CallbackAsked("+351 000", self.world.now_ms + 40_000))

    def laptop_closes(self, conversation: str, rep: str, other: int) -> None:
        self.world.happens(MAIN, DeskLost(rep))

    def laptop_opens(self, conversation: str, rep: str, other: int) -> None:
        self.world.happens(MAIN, DeskBack(rep))

    def deliver(self, conversation: str, rep: str, other: int) -> None:
        if self.world.outbox:
            self.world.deliver(other)

    def wait(self, conversation: str, rep: str, other: int) -> None:
        self.world.now_ms += 7_000

    def long_wait(self, conversation: str, rep: str, other: int) -> None:
        self.world.forward(25)

    def nobody_is_overloaded(self) -> None:
        facts = self.world.board.facts
        for post in facts.all(Post):
            mine = [place for place in facts.all(Place) if place.rep == post.rep]
            assert post.held == sum(place.state == "held" for place in mine)
            assert post.offered == sum(place.state == "offered" for place in mine)
            live = [place for place in mine if not place.due_ms]
            assert post.deferred == len(mine) - len(live) <= 1
            assert post.taken == sum(place.places or CAPACITY[post.rep] for place in live) <= CAPACITY[post.rep]

    def everyone_has_one_owner_or_place(self) -> None:
        for name in NAMES:
            conversation = f"conversation/{name}"
            holder, place = self.world.holder(conversation), self.world.place(conversation)
            if holder.kind == "queue":
                assert place is not None and place.state in {"waiting", "offered"} and place.epoch == holder.epoch
            elif holder.kind == "rep" and holder.who != "mara":
                assert place is not None and (place.state, place.rep) == ("held", holder.who)
            else:
                assert place is None, (holder, place)


@settings(max_examples=300, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves)
def test_any_order_of_events(steps: list[tuple[str, int, int]]) -> None:
    story = Story()
    for what, which, other in steps:
        story.step(what, which, other)
    story.world.settle()
    story.everyone_has_one_owner_or_place()
    assert not any(isinstance(c.event, Failed) for _, _, caused in story.world.log for c in caused)


@pytest.mark.parametrize("seed", range(150))
def test_any_order_of_many_events(seed: int) -> None:
    source, story = random.Random(seed), Story()
    for _ in range(60):
        story.step(source.choice(STEPS), source.randrange(len(NAMES)), source.randrange(8))
    story.world.settle()
    story.everyone_has_one_owner_or_place()


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(moves)
def test_nobody_waits_for_ever_while_someone_is_free(steps: list[tuple[str, int, int]]) -> None:
    story = Story()
    for what, which, other in steps:
        story.step(what, which, other)
    world = story.world
    world.settle()
    for _ in range(12):
        for rep in REPS:
            world.ready(rep, "refunds", capacity=CAPACITY[rep])
            world.settle()
        for name in NAMES:
            conversation = f"conversation/{name}"
            if world.offer_of(conversation):
                world.happens(MAIN, OfferTaken(world.offer_of(conversation), conversation))
                world.settle()
            if world.holder(conversation).kind == "rep":
                world.happens(conversation, WrappedUp(world.holder(conversation).who, "solved"))
                world.settle()
        world.forward(30)
    assert [name for name in NAMES if world.holder(f"conversation/{name}").kind == "queue"] == []
    assert world.board.facts.all(Place) == []
