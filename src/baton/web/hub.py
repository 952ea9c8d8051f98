"""Hub: what was committed, told to whoever watches a stream in this process. Nothing is shown before it is on disk."""

from collections.abc import Callable, Sequence
from typing import Protocol

from baton.kernel.committer import Done
from baton.kernel.minds import PARTIAL
from baton.kernel.ports import Wake

Batch = Callable[[Sequence[Done]], None]


class Watcher(Protocol):
    """Someone who watches one stream."""

    def heard(self, done: Done) -> None:
        """An input was worked here and is on disk."""
        ...

    def poke(self) -> None:
        """There may be news that was worked elsewhere: read the log."""
        ...

    def signalled(self, body: bytes) -> None:
        """Something that is never logged: typing, partial speech."""
        ...


class Hub:
    """Fans commits out. `newest` is the highest position heard of; `batches` hear every commit."""

    def __init__(self, wake: Wake | None = None) -> None:
        self.newest = 0
        self.batches: list[Batch] = []
        self._wake = wake
        self._watchers: dict[str, list[Watcher]] = {}

    def tell(self, done: Sequence[Done]) -> None:
        """The committer's listener."""
        watchers = self._watchers
        for each in done:
            for watcher in watchers.get(each.entry.stream, ()):
                watcher.heard(each)
        if done:
            self.newest = max(self.newest, done[-1].entry.position)
            for batch in self.batches:
                batch(done)

    def watch(self, stream: str, watcher: Watcher) -> None:
        """Tell `watcher` what happens on `stream` from now on."""
        self._watchers.setdefault(stream, []).append(watcher)

    def leave(self, stream: str, watcher: Watcher) -> None:
        """Stop telling `watcher`."""
        watching = self._watchers.get(stream, [])
        if watcher in watching:
            watching.remove(watcher)
        if not watching:
            self._watchers.pop(stream, None)

    def watched(self) -> list[str]:
        """Streams somebody watches."""
        return list(self._watchers)

    def watchers(self, stream: str) -> Sequence[Watcher]:
        """Who watches a stream."""
        return self._watchers.get(stream, ())

    def poke(self, stream: str) -> None:
        """Tell the watchers of a stream that it may have news from another process."""
        for watcher in self._watchers.get(stream, ()):
            watcher.poke()

    async def signal(self, stream: str, body: bytes) -> None:
        """Pass on something that is never logged, here and to other processes; what somebody is being told stays in this one, since no wire seals it."""
        for watcher in self._watchers.get(stream, ()):
            watcher.signalled(body)
        if self._wake is not None and not body.startswith(PARTIAL):
            await self._wake.signal(stream, body)
