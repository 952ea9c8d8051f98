"""What the craft would do."""

from collections.abc import Iterator

from baton.kernel.conversation import Due, Proposed
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream
from tests.ports.craft.events import Asked, Heard, Topic


def answer(event: Asked, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Always an echo, at a low value."""
    topics = ",".join(f"{t.name}{t.times}" for t in facts.all(Topic))
    yield Proposed("echo", {"nonce": event.nonce}, 100, f"topics {topics}")


def more(event: Asked, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """What was asked for beats the echo."""
    heard = facts.get(Heard)
    if event.what in ("later", "outside"):
        yield Proposed(f"act_{event.what}", {"nonce": event.nonce}, 900, f"heard {heard.count if heard else 0}")


def remind(event: Due, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """The time has come."""
    yield Proposed("echo", {"nonce": event.ref}, 500, f"due {event.what}")
