"""What one listener has not yet taken: lanes melt into one set, signals wait in a bounded line that drops the oldest."""

import asyncio
from collections import deque
from collections.abc import AsyncIterator, Iterable

SIGNALS = 1000


class LanesHeard:
    """Lanes with news for one listener, and one wake-up however often they rang."""

    def __init__(self) -> None:
        self._lanes: set[int] = set()
        self._news = asyncio.Event()

    def add(self, lanes: Iterable[int]) -> None:
        """These rang."""
        self._lanes.update(lanes)
        self._news.set()

    async def stream(self) -> AsyncIterator[frozenset[int]]:
        """What rang since the last look, for ever."""
        while True:
            await self._news.wait()
            self._news.clear()
            lanes, self._lanes = frozenset(self._lanes), set()
            yield lanes


class SignalsHeard:
    """Signals for one listener. A slow one loses the oldest: typing and presence are worth nothing late."""

    def __init__(self) -> None:
        self._bodies: deque[bytes] = deque(maxlen=SIGNALS)
        self._news = asyncio.Event()

    def add(self, body: bytes) -> None:
        """One came."""
        self._bodies.append(body)
        self._news.set()

    async def stream(self) -> AsyncIterator[bytes]:
        """Each as it comes, for ever."""
        while True:
            await self._news.wait()
            self._news.clear()
            while self._bodies:
                yield self._bodies.popleft()
