"""Board: who waits where and which reps are at work, as the assignment stream last committed it."""

from collections.abc import Callable, Sequence

import msgspec

from baton.capabilities.routing.events import Place, Post
from baton.kernel.committer import Committer, Done
from baton.kernel.lanes import lane_of
from baton.kernel.stream import Stream
from baton.web.reader import Reader

ASSIGNMENT = "assignment/main"
AT_WORK = ("available", "wrap_up", "break")
USUAL_S = 120
"""What one conversation ahead is taken to cost where nothing was measured yet, in seconds."""


class Line(msgspec.Struct, frozen=True, gc=False):
    """What a waiting customer is told: place in line (1 is next), seconds to wait, whether nobody is at work."""

    place: int
    wait_s: int | None
    nobody: bool
    queue: str = ""


class Board:
    """Places and posts by id. `changed` are called with the conversations whose line may have moved."""

    def __init__(self, committer: Committer) -> None:
        self._committer = committer
        self._reader = Reader(committer)
        self.places: dict[str, Place] = {}
        self.posts: dict[str, Post] = {}
        self.changed: list[Callable[[], None]] = []
        self._gaps_ms: dict[str, int] = {}
        self._left_ms: dict[str, int] = {}

    @property
    def is_here(self) -> bool:
        """Whether this process works the assignment stream and so hears of every change."""
        return lane_of(ASSIGNMENT) in self._committer.lanes

    def tell(self, done: Sequence[Done]) -> None:
        """The hub's batch listener."""
        if any(each.entry.stream == ASSIGNMENT for each in done):
            last = next(d for d in reversed(done) if d.entry.stream == ASSIGNMENT)
            self._set(last.stream, last.entry.happened_at_ms)

    async def refresh(self) -> None:
        """Read the board from the log: at start, and again and again where another process works it."""
        stream = await self._reader.stream(ASSIGNMENT)
        if stream is not None:
            self._set(stream, stream.entry.happened_at_ms)

    def _set(self, stream: Stream, now_ms: int) -> None:
        places = {named(p.conversation): p for p in stream.facts.all(Place)}
        for conversation, old in self.places.items():
            new = places.get(conversation)
            if old.state in ("waiting", "offered") and (new is None or new.state == "held"):
                self._left(old.queue, now_ms)
        self.places, self.posts = places, {p.rep: p for p in stream.facts.all(Post)}
        for tell in self.changed:
            tell()

    def _left(self, queue: str, now_ms: int) -> None:
        """A customer left the line: the gaps between such moments, smoothed, are what one place costs."""
        before = self._left_ms.get(queue)
        self._left_ms[queue] = now_ms
        if before is not None:
            gap = min(now_ms - before, 15 * 60 * 1000)
            self._gaps_ms[queue] = (3 * self._gaps_ms.get(queue, gap) + gap) // 4

    def line(self, conversation: str) -> Line | None:
        """Where a conversation stands in its queue; None where it does not wait."""
        mine = self.places.get(conversation)
        if mine is None or mine.state not in ("waiting", "offered"):
            return None
        ahead = sum(_before(p, mine) for p in self.places.values() if p.queue == mine.queue)
        able = [p for p in self.posts.values() if p.presence in AT_WORK and (not mine.skill or mine.skill in p.skills)]
        return Line(ahead + 1, self._wait_s(mine.queue, ahead, able) if able else None, not able, mine.queue)

    def quote_s(self, queue: str = "") -> int | None:
        """About how long a customer who asked for a person now would wait; None where nobody is at work."""
        able = [p for p in self.posts.values() if p.presence in AT_WORK]
        waiting = [p for p in self.places.values() if p.state in ("waiting", "offered") and queue in ("", p.queue)]
        return self._wait_s(queue, len(waiting), able) if able else None

    def _wait_s(self, queue: str, ahead: int, able: Sequence[Post]) -> int:
        free = sum(p.presence == "available" and p.held < p.capacity for p in able)
        if ahead < free:
            return 20
        each_s = self._gaps_ms.get(queue, USUAL_S * 1000 // len(able)) // 1000
        return max(20, each_s * (ahead - free + 1))


def named(conversation: str) -> str:
    """The stream id of a conversation, given with or without its kind."""
    return conversation if conversation.startswith("conversation/") else f"conversation/{conversation}"


def _before(other: Place, mine: Place) -> bool:
    return other.state in ("waiting", "offered") and (-other.priority, other.since_ms, other.conversation) < (
        -mine.priority, mine.since_ms, mine.conversation,
    )  # fmt: skip
