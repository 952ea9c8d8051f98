"""Wanting: a customer waits for one rep and nobody else, until that rep goes home or passes it; their place in line is never touched."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.individual.events import RepWanted, WantedRepLeft
from baton.capabilities.routing.assigning import changes
from baton.capabilities.routing.events import Place, Post
from baton.kernel.conversation import To
from baton.kernel.events import Fact
from baton.kernel.facts import Facts

Said = Iterator[Fact | To]


def wants(event: RepWanted, facts: Facts) -> Said:
    """Only this rep is offered it from now on; or anybody, where none is named."""
    place = facts.slot(Place, event.conversation)
    if place is not None and place.state == "waiting" and event.epoch in {0, place.epoch}:
        yield replace(place, wanted=event.rep, last_rep=event.last_rep or place.last_rep)


def gone_home(post: Post, facts: Facts) -> Said:
    """Whoever waits for a rep who leaves waits for anybody, and is told."""
    for place in facts.all(Place):
        if place.wanted == post.rep and place.state in {"waiting", "offered"}:
            yield replace(changes.back_in_line(place), wanted="")
            yield To(place.conversation, WantedRepLeft(post.rep, post.name, "offline", place.epoch))


def refused(place: Place, post: Post) -> Said:
    """The rep who was waited for passed it, or did not answer: anybody may take it, and the customer is told."""
    if place.wanted == post.rep:
        yield replace(changes.back_in_line(place, passed_by=post.rep), wanted="")
        yield To(place.conversation, WantedRepLeft(post.rep, post.name, "passed", place.epoch))
