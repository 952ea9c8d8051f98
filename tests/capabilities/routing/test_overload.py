"""Three times as many as can be served: nobody is lost, nobody is served twice, and the longest waiting are served first."""

import pytest

from baton.capabilities.routing.assigning.ticks import CROWDED
from baton.capabilities.routing.events import MAIN, OfferTaken, Place, Post, Queue, Routing, WrappedUp
from tests.capabilities.routing.world import World

pytestmark = pytest.mark.unit

REPS, EACH_S, ARRIVE = [f"r{n}" for n in range(8)], 60, 250
GAP_S = EACH_S / len(REPS) / 3
"""Seconds between arrivals: three times the pace of the reps."""


def owners(world: World) -> dict[str, str]:
    """Who has each conversation by its own stream, checked against the board: one owner or one place each, never two."""
    places = {place.conversation: place for place in world.board.facts.all(Place)}
    found = {}
    for conversation in [stream for stream in world.streams if stream.startswith("conversation/")]:
        holder, place = world.holder(conversation), places.get(conversation)
        if holder.kind == "queue":
            assert place is not None and place.state in {"waiting", "offered"}, conversation
        elif holder.kind == "rep":
            assert place is not None and (place.state, place.rep) == ("held", holder.who), conversation
        else:
            assert place is None, conversation
        found[conversation] = f"{holder.kind} {holder.who}"
    for post in world.board.facts.all(Post):
        assert sum(owner == f"rep {post.rep}" for owner in found.values()) == post.held <= post.capacity
    return found


def test_three_times_overload_loses_nobody() -> None:
    world = World(Routing((Queue("general", "General"),), offer_s=30, wait_limit_s=100_000))
    for rep in REPS:
        world.ready(rep, capacity=1)
    busy: dict[str, tuple[str, int]] = {}
    served: list[str] = []
    for n in range(ARRIVE):
        world.customer(world.begins(f"c{n:03d}"))
        world.settle()
        world.forward(round(GAP_S * (n + 1)) - round(GAP_S * n))
        for rep in REPS:
            if rep in busy and world.now_ms >= busy[rep][1]:
                world.happens(busy.pop(rep)[0], WrappedUp(rep, "solved"), f"rep/{rep}")
                world.settle()
        for place in [place for place in world.board.facts.all(Place) if place.state == "offered"]:
            world.happens(MAIN, OfferTaken(place.rep, place.conversation), f"rep/{place.rep}")
            world.settle()
            busy[place.rep] = place.conversation, world.now_ms + 1000 * EACH_S
            served.append(place.conversation)
        if n % 25 == 0:
            owners(world)
    found = owners(world)
    assert world.board.facts.count(Place) > CROWDED, "it came to ticks"
    assert sum(owner == "queue general" for owner in found.values()) > ARRIVE / 2
    assert len(set(served)) == len(served)
    assert served == sorted(served), "first come, first served"
