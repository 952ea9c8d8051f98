"""Mix: how hard the open work is, by queue. The share the AI has of each class stands beside it; nobody's own share is told."""

import msgspec

from baton.capabilities.routing.screen.seen import Seen

LEVELS = ("low", "medium", "high")


class Mixed(msgspec.Struct, frozen=True):
    """Open conversations of a queue by complexity: with people (or waiting for one) and with the AI."""

    queue: str
    title: str
    people: tuple[int, int, int]
    ai: tuple[int, int, int]
    ungraded: int

    @property
    def total(self) -> int:
        """All of them that are graded."""
        return sum(self.people) + sum(self.ai)


class Mix(msgspec.Struct, frozen=True):
    """The queues that have open work, and all of them together."""

    rows: tuple[Mixed, ...]
    everything: Mixed


def mix(seen: Seen) -> Mix:
    """The part."""
    rows = [_of(q.id, q.title, seen) for q in seen.shown_queues]
    sums = [
        tuple(sum(column) for column in zip(*part, strict=True)) or (0, 0, 0)
        for part in ([r.people for r in rows], [r.ai for r in rows])
    ]
    people, ai = ((s[0], s[1], s[2]) for s in sums)
    return Mix(tuple(r for r in rows if r.total), Mixed("", "All queues", people, ai, sum(r.ungraded for r in rows)))


def _of(queue: str, title: str, seen: Seen) -> Mixed:
    with_ai = {t.key for t in seen.with_ai}
    people = [t.level for t in seen.talks if seen.queue_of_talk(t) == queue and t.holder in ("rep", "queue")]
    ai = [t.level for t in seen.talks if seen.queue_of_talk(t) == queue and t.key in with_ai]
    ungraded = sum(level not in LEVELS for level in [*people, *ai])
    return Mixed(queue, title, _counted(people), _counted(ai), ungraded)


def _counted(levels: list[str | None]) -> tuple[int, int, int]:
    low, medium, high = (levels.count(level) for level in LEVELS)
    return low, medium, high
