"""Frames: what a customer's event stream says, as server-sent events. `id:` is a position, so a stream resumes without gap.

What has no position of its own (place in line, typing, what is written so far) carries no `id:` and is never replayed.
"""

from collections.abc import Iterable, Iterator

import msgspec

from baton.capabilities.floor.events import Joined
from baton.capabilities.individual.events import Choice
from baton.kernel.conversation import Ended, Entry, Holder, TurnSaid
from baton.kernel.events import Event
from baton.kernel.minds import Partial
from baton.web.board import Line

Frame = tuple[int, bytes]
NO_POSITION = -1
BEAT: Frame = (NO_POSITION, b": here\n\n")
_encode = msgspec.json.Encoder().encode


class Turn(msgspec.Struct, frozen=True, gc=False, omit_defaults=True):
    """`event: turn`. `by` is `customer`, `rep/<id>`, `agent/<id>` or `system`; `cites` are article sections."""

    position: int
    role: str
    text: str
    by: str
    nonce: str
    at_ms: int
    cites: tuple[str, ...] = ()


class Held(msgspec.Struct, frozen=True, gc=False):
    """`event: holder`. `kind` is `agent`, `rep`, `queue` or `nobody`."""

    kind: str
    name: str
    position: int


class Waits(msgspec.Struct, frozen=True, gc=False):
    """`event: waiting`. `place` 1 is next; `wait_s` is null where nobody can say; `nobody`: nobody can take it now.

    `opens_ms` is when the queue opens where it is closed, else 0.
    """

    place: int
    wait_s: int | None
    nobody: bool
    opens_ms: int


class Third(msgspec.Struct, frozen=True, gc=False):
    """`event: joined`: somebody of the team speaks as well; turns `by` them carry their name, not the holder's."""

    by: str
    name: str
    position: int


class Choosing(msgspec.Struct, frozen=True, gc=False):
    """`event: choice`: whom one may wait for. `name` is the rep of last time, empty where nobody is offered; seconds, kept in 8 of 10 cases `within_s`.

    `chosen` is `anyone` or `rep`.
    """

    name: str
    wait_s: int
    within_s: int
    anyone_s: int
    chosen: str
    position: int


class Over(msgspec.Struct, frozen=True, gc=False):
    """`event: ended`."""

    why: str
    position: int


class Card(msgspec.Struct, frozen=True, gc=False):
    """`event: card`: what can be answered by tapping; it belongs to the turn at `position`."""

    position: int
    card: msgspec.Raw


def frames_of(entry: Entry, caused: Iterable[Event], after: int = 0) -> Iterator[Frame]:
    """What one input and all it caused say to the customer, above position `after`."""
    at = entry.position
    for event in (entry.event, *caused):
        kind = type(event)
        if at <= after:
            pass
        elif kind is TurnSaid:
            yield at, _turn(entry, event, at)  # type: ignore[arg-type]
        elif kind is Holder:
            held = Held(event.kind, event.name, at)  # type: ignore[attr-defined]
            yield at, b"id: %d\nevent: holder\ndata: %b\n\n" % (at, _encode(held))
        elif isinstance(event, Joined):
            third = Third(f"rep/{event.staff}", event.name, at)
            yield at, b"id: %d\nevent: joined\ndata: %b\n\n" % (at, _encode(third))
        elif isinstance(event, Choice):
            yield at, b"id: %d\nevent: choice\ndata: %b\n\n" % (at, _encode(_choosing(event, at)))
        elif kind is Ended:
            yield at, b"id: %d\nevent: ended\ndata: %b\n\n" % (at, _encode(Over(event.why, at)))  # type: ignore[attr-defined]
        at += 1


def _choosing(choice: Choice, at: int) -> Choosing:
    seconds = (choice.rep_wait_ms // 1000, choice.rep_within_ms // 1000, choice.wait_ms // 1000)
    return Choosing(choice.name, *seconds, choice.chosen, at)


def _turn(entry: Entry, said: TurnSaid, at: int) -> bytes:
    by = f"{said.role}/{said.who}" if said.who else said.role
    told = Turn(at, said.role, said.text, by, said.nonce, entry.happened_at_ms, said.cites)
    frame = b"id: %d\nevent: turn\ndata: %b\n\n" % (at, _encode(told))
    if not said.card.startswith("{"):
        return frame
    return b"event: card\ndata: %b\n\n" % _encode(Card(at, msgspec.Raw(said.card.encode()))) + frame


def waiting(line: Line) -> Frame:
    """Where the customer stands in line."""
    return NO_POSITION, b"event: waiting\ndata: %b\n\n" % _encode(
        Waits(line.place, line.wait_s, line.nobody, line.opens_ms)
    )


def written(partial: Partial) -> Frame:
    """What an agent has written so far, or that it is taken back."""
    return NO_POSITION, b"event: partial\ndata: %b\n\n" % _encode(partial)


def signal(body: bytes) -> Frame:
    """Somebody types."""
    return NO_POSITION, b"event: typing\ndata: %b\n\n" % body
