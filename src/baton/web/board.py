"""Board: who waits where and which reps are at work, as the assignment stream last committed it."""

from collections.abc import Callable, Sequence

import msgspec

from baton.capabilities.routing.events import MAIN, Pace, Place, Post, WaitTold
from baton.kernel.committer import Committer, Done
from baton.kernel.stream import Stream
from baton.web.reader import Reader

USUAL_MS = 360_000
"""How long a conversation keeps a rep where nothing was measured yet."""
ANSWER_MS = 10_000


class Line(msgspec.Struct, frozen=True, gc=False):
    """What a waiting customer is told: place (1 is next), seconds to wait, whether nobody can take it now and why.

    `opens_ms` is when the queue opens where it is closed, else 0.
    """

    place: int
    wait_s: int | None
    nobody: bool
    opens_ms: int = 0


class Board:
    """Places and posts by id. `changed` are called after each change."""

    def __init__(self, committer: Committer) -> None:
        self._reader = Reader(committer)
        self.places: dict[str, Place] = {}
        self.posts: dict[str, Post] = {}
        self.paces: dict[str, Pace] = {}
        self.changed: list[Callable[[], None]] = []
        self._ranks: dict[str, int] | None = None

    def tell(self, done: Sequence[Done]) -> None:
        """The hub's batch listener."""
        for each in reversed(done):
            if each.entry.stream == MAIN:
                self._set(each.stream)
                return

    async def refresh(self) -> None:
        """Read the board from the log: at start, and again and again where another process works it."""
        stream = await self._reader.stream(MAIN)
        if stream is not None:
            self._set(stream)

    def _set(self, stream: Stream) -> None:
        self.places = {p.conversation: p for p in stream.facts.all(Place)}
        self.posts = {p.rep: p for p in stream.facts.all(Post)}
        self.paces = {p.queue: p for p in stream.facts.all(Pace)}
        self._ranks = None
        for tell in self.changed:
            tell()

    def line(self, conversation: str, told: WaitTold | None) -> Line | None:
        """Where a conversation stands in its queue, with what it was told on joining; None where it does not wait."""
        mine = self.places.get(conversation)
        if mine is None or mine.state not in ("waiting", "offered"):
            return None
        place = self._ranked()[conversation]
        if told is None or told.epoch != mine.epoch:
            return Line(place, None, not self._able(mine))
        closed = told.nobody == "closed"
        if closed or not self._able(mine):
            return Line(place, None, True, told.opens_ms if closed else 0)
        wait_ms = told.wait_ms * place // max(1, told.place) if told.wait_ms else self._wait_ms(mine.queue, place - 1)
        return Line(place, max(1, wait_ms // 1000), False)

    def _ranked(self) -> dict[str, int]:
        """The place of each waiting conversation in its queue: sorted once a change, however many ask."""
        if self._ranks is None:
            counts: dict[str, int] = {}
            self._ranks = {}
            for place in sorted(filter(_waits, self.places.values()), key=_turn):
                counts[place.queue] = self._ranks[place.conversation] = counts.get(place.queue, 0) + 1
        return self._ranks

    def reps_of(self, conversation: str) -> set[str]:
        """The reps who were offered a conversation, or an approval in it, or hold it."""
        own = [p for key, p in self.places.items() if key.partition("#")[0] == conversation]
        return {rep for p in own for rep in (p.rep, *p.passed_by) if rep}

    def quote_s(self) -> int | None:
        """About how long who asked for a person now would wait, in seconds; None where nobody is at work."""
        posts = [p for p in self.posts.values() if p.presence != "offline"]
        waiting = sum(p.state in ("waiting", "offered") for p in self.places.values())
        return self._wait_ms("", waiting) // 1000 if posts else None

    def _able(self, place: Place) -> bool:
        return any(
            p.presence != "offline" and (not place.skill or place.skill in p.skills) for p in self.posts.values()
        )

    def _wait_ms(self, queue: str, ahead: int) -> int:
        free = sum(p.capacity - p.held - p.offered for p in self.posts.values() if p.presence == "available")
        if ahead < free:
            return ANSWER_MS
        working = [p for p in self.posts.values() if p.presence in ("available", "wrap_up")]
        servers = max(1, sum(p.capacity for p in working or self.posts.values() if p.presence != "offline"))
        pace = self.paces.get(queue)
        return (pace.mean_ms if pace else USUAL_MS) * (ahead + 1) // servers


def named(conversation: str) -> str:
    """The stream id of a conversation, given with or without its kind."""
    return conversation if conversation.startswith("conversation/") else f"conversation/{conversation}"


def _waits(place: Place) -> bool:
    return place.state in ("waiting", "offered")


def _turn(place: Place) -> tuple[int, int, str]:
    return -place.priority, place.since_ms, place.conversation
