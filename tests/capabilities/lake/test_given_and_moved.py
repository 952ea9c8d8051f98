"""Stretches when people move work by hand: each rep's time is their own, and who waited keeps one wait."""

import pytest

from baton.capabilities.lake.events import Course
from baton.capabilities.routing.events import MAIN, GivenTo, Moved, OfferTaken
from tests.capabilities.routing.world import World
from tests.scenes.recorded import crafts_of

pytestmark = pytest.mark.scene

CRAFTS = crafts_of("routing", "empathy", "sentiment", "orchestration", "complexity", "lake")


def served() -> tuple[World, str, list[Course]]:
    world = World(crafts=CRAFTS)
    world.ready("kim", "refunds")
    conversation = world.begins("a")
    world.customer(conversation)
    world.settle()
    told: list[Course] = []
    world.always = lambda: told.extend(c.event for c in world.log[-1][2] if isinstance(c.event, Course))
    return world, conversation, told


def test_a_colleague_who_is_given_it_has_a_stretch_of_their_own() -> None:
    world, conversation, told = served()
    world.happens(MAIN, OfferTaken("kim", conversation))
    world.settle()
    world.forward(60)
    world.happens(conversation, GivenTo("kim", "lee", "Lee"), "rep/kim")
    first, ended, second = told
    assert (first.rep, ended.rep, ended.ended_ms - first.answered_ms) == ("kim", "kim", 60_000)
    assert (second.rep, second.segment, second.answered_ms) == ("lee", first.segment + 1, world.now_ms)


def test_who_waits_and_is_moved_has_one_wait() -> None:
    world, conversation, told = served()
    world.happens(conversation, Moved("mara", "refunds"), "rep/mara")
    (only,) = told
    assert (only.segment, only.queue, only.ended_ms) == (1, "refunds", 0)


def test_from_a_rep_it_is_a_transfer_and_a_new_wait() -> None:
    world, conversation, told = served()
    world.happens(MAIN, OfferTaken("kim", conversation))
    world.settle()
    world.happens(conversation, Moved("mara", "refunds"), "rep/mara")
    _, ended, waits = told
    assert (ended.rep, ended.transferred_to) == ("kim", "refunds")
    assert (waits.rep, waits.queue, waits.answered_ms, waits.segment) == ("", "refunds", 0, ended.segment + 1)
