"""Room: how many of a rep's places are in use, and by which channel. Deferrable work uses none; a call uses all of them."""

from collections.abc import Iterable
from dataclasses import dataclass

from baton.capabilities.routing.events import Place, Post

WORDS = {
    "chat": ("chat", "chats"), "voice": ("call", "calls"), "email": ("email", "emails"), "messaging": ("message", "messages"),
    "callback": ("callback", "callbacks"), "approval": ("approval", "approvals"), "consult": ("consult", "consults"),
    "task": ("task", "tasks"), "outbound": ("outbound", "outbound"),
}  # fmt: skip


@dataclass(frozen=True)
class Share:
    """What one channel uses: how many pieces of work, how many places, and whether it yields to live conversations."""

    channel: str
    count: int
    places: int
    yields: bool = False

    def says(self, capacity: int) -> str:
        """`2 chats`, `1 call, all 3 places`, `1 email, yields`."""
        one, many = WORDS.get(self.channel, (self.channel, self.channel))
        told = f"{self.count} {one if self.count == 1 else many}"
        if self.yields:
            return f"{told}, {'yields' if self.count == 1 else 'yield'} to live work"
        return f"{told}, all {capacity} places" if self.places >= capacity > 1 and self.count == 1 else told


@dataclass(frozen=True)
class Room:
    """Places in use of those there are, and the shares of each channel, most first."""

    used: int
    capacity: int
    shares: tuple[Share, ...] = ()

    @property
    def says(self) -> str:
        """The shares in words."""
        return " · ".join(share.says(self.capacity) for share in self.shares)


def room_of(post: Post | None, places: Iterable[Place], capacity: int) -> Room:
    """The gauge of one rep: `places` are what they hold and are offered."""
    held = list(places)
    shares = [_share([p for p in held if p.channel == channel], capacity) for channel in {p.channel for p in held}]
    counted = max(post.taken, post.held + post.offered - post.deferred) if post is not None else 0
    return Room(counted, capacity, tuple(sorted(shares, key=lambda s: (-s.places, s.channel))))


def _share(held: list[Place], capacity: int) -> Share:
    used = sum(0 if p.due_ms else p.places or max(1, capacity) for p in held)
    return Share(held[0].channel, len(held), used, all(p.due_ms > 0 for p in held))
