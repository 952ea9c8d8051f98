"""Backlog: work for this rep's queues that can wait a little: emails, callbacks, tasks; how old it is and by when it is due."""

from collections.abc import Iterable
from dataclasses import dataclass

from baton.capabilities.routing.events import Place
from baton.channels.desk.screen.room import WORDS

CALLBACK = "callback"


@dataclass(frozen=True)
class Waits:
    """Work of one channel that waits: how many, since when the oldest, the next time it is due (0: none), how many are late."""

    channel: str
    count: int
    since_ms: int
    due_ms: int
    late: int

    @property
    def name(self) -> str:
        """`Emails`, `1 callback`."""
        one, many = WORDS.get(self.channel, (self.channel, self.channel))
        return one if self.count == 1 else many


def backlog(places: Iterable[Place], skills: Iterable[str], now_ms: int) -> tuple[Waits, ...]:
    """What waits, by channel, the next due first."""
    own = set(skills)
    found: dict[str, list[Place]] = {}
    for place in places:
        defers = place.due_ms > 0 or place.channel == CALLBACK
        if defers and place.state == "waiting" and (not place.skill or place.skill in own):
            found.setdefault(place.channel, []).append(place)
    waits = [_waits(channel, held, now_ms) for channel, held in found.items()]
    return tuple(sorted(waits, key=lambda w: (w.due_ms or 1 << 62, w.since_ms)))


def _waits(channel: str, held: list[Place], now_ms: int) -> Waits:
    dues = [d for p in held if (d := p.due_ms or p.not_before_ms)]
    return Waits(
        channel,
        len(held),
        min(p.since_ms for p in held),
        min(dues, default=0),
        sum(0 < p.due_ms < now_ms for p in held),
    )
