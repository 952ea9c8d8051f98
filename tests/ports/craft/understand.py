"""What the craft makes of what it hears."""

from collections.abc import Iterator

from baton.kernel.conversation import ActionDone, Due, Holder, To
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream
from tests.ports.craft.events import Asked, Heard, Told, Topic


def count(event: Asked | Told | Due | ActionDone, stream: Stream, facts: Facts) -> Iterator[Heard]:
    """One more."""
    before = facts.get(Heard)
    yield Heard((before.count if before else 0) + 1, stream.entry.position)


def topics(event: Asked, stream: Stream, facts: Facts) -> Iterator[Topic]:
    """Each kind of request is a topic; the third time settles it."""
    before = facts.slot(Topic, event.what)
    times = (before.times if before else 0) + 1
    yield Topic(event.what, times, settled=times == 3)


def taken(event: Asked, stream: Stream, facts: Facts) -> Iterator[Holder]:
    """Asking for a person puts the conversation into the queue."""
    holder = facts.get(Holder)
    if event.what == "person":
        yield Holder("queue", epoch=(holder.epoch if holder else 0) + 1)


def fail(event: Asked, stream: Stream, facts: Facts) -> Iterator[Heard]:
    """Raise where it was asked to."""
    if event.what == "raise":
        raise ValueError(event.what)
    yield from ()


def pass_on(event: Asked, stream: Stream, facts: Facts) -> Iterator[To]:
    """To a stream that hears of this one alone, or to one that hears of all."""
    if event.what == "elsewhere":
        yield To(f"customer/{stream.key}", Told(event.nonce))
    if event.what == "main":
        yield To("assignment/main", Told(event.nonce))
