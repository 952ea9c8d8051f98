"""Losing: a rep's desk is gone in the middle of conversations. After a grace time what they hold goes back to the front of its line."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.routing.assigning import changes
from baton.capabilities.routing.events import DeskBack, DeskLost, OwnerLost, Place, Post, Routing
from baton.kernel.conversation import Due, To
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

GONE = "desk_lost"
"""Why a rep is away whose desk was gone for too long."""
Said = Iterator[Fact | To]


def lost(event: DeskLost, stream: Stream, facts: Facts) -> Said:
    """Nothing more is offered to them; when the grace time is over, what they hold is given back."""
    post = facts.slot(Post, event.rep)
    if post is None or post.presence == "offline" or post.lost_ms:
        return
    yield replace(post, lost_ms=stream.now_ms)
    grace_ms = 1000 * stream.policy(Routing).grace_s
    yield To(stream.id, Due(GONE, f"{event.rep}|{stream.now_ms}"), stream.now_ms + grace_ms)


def back(event: DeskBack, facts: Facts) -> Said:
    """They are there again, in time or not: what was given back stays so."""
    post = facts.slot(Post, event.rep)
    if post is not None and post.lost_ms:
        yield replace(post, lost_ms=0)


def over(due: Due, stream: Stream, facts: Facts) -> Said:
    """The grace time is over: the rep is away, offers go on, and each conversation they hold is told."""
    rep, _, since = due.ref.rpartition("|")
    post = facts.slot(Post, rep)
    if post is None or not post.lost_ms or str(post.lost_ms) != since:
        return
    for place in facts.all(Place):
        if place.rep != rep or place.state not in {"offered", "held"}:
            continue
        if place.state == "held" and "#" not in place.conversation:
            yield To(place.conversation, OwnerLost(rep))
        else:
            yield changes.back_in_line(place)
            post = changes.let_go(post, place, stream.now_ms)
    yield replace(post, presence="away", since_ms=stream.now_ms, reason=GONE)
