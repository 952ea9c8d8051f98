"""Giving: a conversation changes hands by hand, to a colleague or to another queue's line, and nobody is left holding twice."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.routing.assigning import changes
from baton.capabilities.routing.events import MAIN, GivenTo, Moved, Place, Placed, Post, Routing, Wait, Waiting
from baton.capabilities.routing.handing import hands
from baton.capabilities.routing.handing.queues import named
from baton.capabilities.routing.handing.summary import summed_up
from baton.kernel.conversation import To
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

REASSIGNED = "reassigned"
Said = Iterator[Fact | To]


def given(event: GivenTo, stream: Stream, facts: Facts) -> Said:
    """The colleague has it; the board hears that they hold it, and that the rep who gave it is free of it."""
    holder = hands.holder_of(stream)
    if holder.kind != "rep" or holder.who != event.rep:
        return
    yield from hands.left_to(stream, "taken_over")
    yield from hands.to_rep(stream, event.to, event.name, "assigned")
    wait, level, started = facts.get(Wait), facts.get(Complexity), stream.started
    queue = named(stream, wait.queue if wait is not None else "")
    if stream.live:
        yield To(
            MAIN,
            Placed(
                stream.id, event.to, queue.id, stream.now_ms, started.channel if started else "chat", queue.skill,
                hands.language_of(stream), level.level if level else "", holder.epoch,
            ),
        )  # fmt: skip


def moved(event: Moved, stream: Stream, facts: Facts) -> Said:
    """To another queue's line, from a rep or from the line it stands in. Who waited keeps the time they waited since."""
    holder, wait = hands.holder_of(stream), facts.get(Wait)
    if holder.kind not in {"queue", "rep"}:
        return
    since_ms = wait.since_ms if wait is not None and holder.kind == "queue" else stream.now_ms
    if holder.kind == "rep":
        yield summed_up(stream)
    for said in hands.to_queue(stream, event.queue, REASSIGNED):
        yield _since(said, since_ms)


def _since(said: Fact | To, since_ms: int) -> Fact | To:
    if isinstance(said, Wait) and said.state == "waiting":
        return replace(said, since_ms=since_ms)
    if isinstance(said, To) and isinstance(said.event, Waiting):
        return replace(said, event=replace(said.event, since_ms=since_ms))
    return said


def placed(event: Placed, stream: Stream, facts: Facts) -> Said:
    """On the board: a held place, counted like one that was offered and taken."""
    post, before = facts.slot(Post, event.rep), facts.slot(Place, event.conversation)
    if post is None or (before is not None and before.epoch > event.epoch):
        return
    if (
        before is not None
        and before.state == "held"
        and before.rep != event.rep
        and (giver := facts.slot(Post, before.rep)) is not None
    ):
        yield changes.let_go(giver, before, stream.now_ms)
    waits = Waiting(
        event.conversation, event.queue, event.since_ms, skill=event.skill, language=event.language, channel=event.channel,
        level=event.level, epoch=event.epoch,
    )  # fmt: skip
    place = changes.waiting(waits, stream.policy(Routing))
    yield replace(place, state="held", rep=event.rep, answered_ms=event.since_ms)
    yield changes.took(changes.offered(post, place), place, stream.now_ms)
