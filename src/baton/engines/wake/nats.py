"""Wake between processes, over NATS subjects below one prefix. Nothing is kept there: a poll each second backs it."""

import asyncio
import logging
from collections.abc import AsyncIterator, Callable, Iterable
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING

from baton.engines.wake.heard import LanesHeard, SignalsHeard

if TYPE_CHECKING:
    from nats.aio.client import Client
    from nats.aio.msg import Msg

CONNECT_S = 2
AGAIN_S = 0.2
log = logging.getLogger(__name__)


class NatsWake:
    """Hints and signals through a NATS server; while it is away they are lost and the log is read each second.

    `prefix` keeps organisations that share a server apart.
    """

    def __init__(self, url: str, prefix: str = "baton") -> None:
        self._url, self._prefix = url, prefix
        self._connecting: asyncio.Task[Client] | None = None

    async def ring(self, lanes: Iterable[int]) -> None:
        """Tell every process that these lanes have news."""
        await self._publish("lanes", bytes(sorted(set(lanes))))

    async def heard(self) -> AsyncIterator[frozenset[int]]:
        """Lanes with news, as they come."""
        listener = LanesHeard()
        async with self._subscribed("lanes", listener.add):
            async for lanes in listener.stream():
                yield lanes

    async def signal(self, topic: str, body: bytes) -> None:
        """Send something that is never logged."""
        await self._publish(_subject(topic), body)

    async def signals(self, topic: str) -> AsyncIterator[bytes]:
        """Signals of a topic, as they come."""
        listener = SignalsHeard()
        async with self._subscribed(_subject(topic), listener.add):
            async for body in listener.stream():
                yield body

    async def close(self) -> None:
        """Leave the server."""
        connecting, self._connecting = self._connecting, None
        if connecting is None:
            return
        if connecting.done():
            await connecting.result().close()
        else:
            connecting.cancel()
            await asyncio.wait([connecting])

    async def _publish(self, subject: str, body: bytes) -> None:
        """Send it where the server is there now; a hint is not worth waiting for."""
        connecting = self._connect()
        await asyncio.sleep(0)
        if connecting.done() and connecting.result().is_connected:
            await connecting.result().publish(f"{self._prefix}.{subject}", body)

    @asynccontextmanager
    async def _subscribed(self, subject: str, add: Callable[[bytes], None]) -> AsyncIterator[None]:
        async def take(message: "Msg") -> None:
            add(message.data)

        client = await asyncio.shield(self._connect())
        subscription = await client.subscribe(f"{self._prefix}.{subject}", cb=take)
        await client.flush()
        try:
            yield
        finally:
            if client.is_connected:
                await subscription.unsubscribe()

    def _connect(self) -> "asyncio.Task[Client]":
        """One connection, made once and kept: nats-py tries for ever, at first and after each loss."""
        import nats

        if self._connecting is None:
            self._connecting = asyncio.get_running_loop().create_task(
                nats.connect(
                    self._url, connect_timeout=CONNECT_S, max_reconnect_attempts=-1, reconnect_time_wait=AGAIN_S,
                    error_cb=_note, disconnected_cb=_lost, reconnected_cb=_found,
                )
            )  # fmt: skip
        return self._connecting


async def _note(error: Exception) -> None:
    log.debug("NATS: %s", type(error).__name__)


async def _lost() -> None:
    log.warning("NATS is away: news is found by looking each second until it is back")


async def _found() -> None:
    log.info("NATS is back")


def _subject(topic: str) -> str:
    """A topic as one token below the prefix: spaces, dots and wildcards mean something to NATS."""
    return "signal." + topic.encode().hex()
