"""Wake within one process."""

from collections.abc import AsyncIterator, Iterable

from baton.engines.wake.heard import LanesHeard, SignalsHeard


class LocalWake:
    """Fan-out to every listener of this process."""

    def __init__(self) -> None:
        self._lanes: set[LanesHeard] = set()
        self._topics: dict[str, set[SignalsHeard]] = {}

    async def ring(self, lanes: Iterable[int]) -> None:
        """Tell everyone here that these lanes have news."""
        told = frozenset(lanes)
        for listener in self._lanes:
            listener.add(told)

    async def heard(self) -> AsyncIterator[frozenset[int]]:
        """Lanes with news, as they come."""
        listener = LanesHeard()
        self._lanes.add(listener)
        try:
            async for lanes in listener.stream():
                yield lanes
        finally:
            self._lanes.discard(listener)

    async def signal(self, topic: str, body: bytes) -> None:
        """Send something that is never logged."""
        for listener in self._topics.get(topic, ()):
            listener.add(body)

    async def signals(self, topic: str) -> AsyncIterator[bytes]:
        """Signals of a topic, as they come."""
        listener = SignalsHeard()
        self._topics.setdefault(topic, set()).add(listener)
        try:
            async for body in listener.stream():
                yield body
        finally:
            self._topics[topic].discard(listener)
            if not self._topics[topic]:
                del self._topics[topic]

    async def close(self) -> None:
        """Nothing to close."""
