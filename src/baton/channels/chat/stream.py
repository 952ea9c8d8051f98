"""The event stream of one customer: everything after the last event they saw, then all that follows, each exactly once.

It watches before it reads the log, and drops by position what it has sent: so there is no gap and no duplicate between
the two. It is a plain ASGI response: about 14 KB for each open stream, most of it the connection.
"""

import asyncio
from collections.abc import Iterator, Sequence
from typing import Final

from starlette.types import Receive, Send

from baton.capabilities.routing.events import WaitTold
from baton.channels.chat.frames import BEAT, Frame, frames_of, signal, waiting, written
from baton.channels.chat.partial import Shown, partial_of
from baton.kernel.committer import Done
from baton.kernel.conversation import Entry
from baton.kernel.events import Event
from baton.kernel.log import STEP
from baton.web.app import App
from baton.web.board import Line
from baton.web.live import disconnected

BEAT_S: Final = 15.0
PENDING_MOST: Final = 1000
STREAMS_MOST: Final = 20
START: Final = b"retry: 1000\n\n"


class Outlet:
    """One open stream: what waits to be sent, and the position of the last event that was."""

    __slots__ = ("_wake", "closed", "line", "moved", "pending", "sent", "shown", "stale", "told")

    def __init__(self, after: int) -> None:
        self.pending: list[Frame] = []
        self.sent = after
        self.shown = Shown()
        self.closed = False
        self.stale = False
        self.line: Line | None = None
        self.told: WaitTold | None = None
        self.moved = False
        self._wake: asyncio.Future[None] | None = None

    def heard(self, done: Done) -> None:
        """An input was worked here and is on disk."""
        if type(done.entry.event) is WaitTold:
            self.told, self.moved = done.entry.event, True
        caused = [c.event for c in done.rest.caused]
        self.pending.extend(self.settled(done.entry, caused))
        self.pending.extend(frames_of(done.entry, caused))
        if len(self.pending) > PENDING_MOST:
            self.closed = True
        self.wake()

    def poke(self) -> None:
        """There may be news worked elsewhere."""
        self.stale = True
        self.wake()

    def signalled(self, body: bytes) -> None:
        """Somebody types, or a model has written so far; the customer's own typing comes back as well and is not for them."""
        partial = partial_of(body)
        if partial is not None:
            for told in self.shown.written(partial):
                self.push(written(told))
        elif b'"customer"' not in body:
            self.push(signal(body))

    def settled(self, entry: Entry, caused: Sequence[Event]) -> Iterator[Frame]:
        """What this says of an answer that is still written, above the last position that was sent."""
        news = [event for n, event in enumerate((entry.event, *caused)) if entry.position + n > self.sent]
        return map(written, self.shown.settle(news))

    def push(self, frame: Frame) -> None:
        """Send a frame."""
        self.pending.append(frame)
        self.wake()

    def close(self, _: object = None) -> None:
        """The client has gone, or was too slow: it comes back with the last id it saw."""
        self.closed = True
        self.wake()

    def wake(self) -> None:
        """Let `news` return."""
        if self._wake is not None and not self._wake.done():
            self._wake.set_result(None)

    async def news(self) -> None:
        """Return when something waits."""
        if not (self.pending or self.closed or self.stale or self.moved):
            self._wake = asyncio.get_running_loop().create_future()
            await self._wake
            self._wake = None

    def take(self) -> bytes:
        """What waits, as bytes, without what was sent before."""
        frames, self.pending = self.pending, []
        parts = []
        for at, body in frames:
            if at < 0:
                parts.append(body)
            elif at > self.sent:
                self.sent = at
                parts.append(body)
        return b"".join(parts)


class Streams:
    """Every open stream of this process."""

    def __init__(self, app: App, head: list[tuple[bytes, bytes]]) -> None:
        self._app, self._head = app, head
        self._open: dict[str, list[Outlet]] = {}
        app.board.changed.append(self._lines)
        app.stopping.append(self.close)

    def count(self, id: str) -> int:
        """Streams open for a conversation."""
        return len(self._open.get(id, ()))

    async def run(
        self, id: str, after: int, receive: Receive, send: Send, extra: tuple[tuple[bytes, bytes], ...]
    ) -> None:
        """Serve one stream until its client goes away."""
        outlet = Outlet(after)
        gone = asyncio.ensure_future(disconnected(receive))
        gone.add_done_callback(outlet.close)
        self._enter(id, outlet)
        try:
            await send({"type": "http.response.start", "status": 200, "headers": [*self._head, *extra]})
            await self._replay(id, outlet, send)
            while not outlet.closed:
                await outlet.news()
                if outlet.stale:
                    outlet.stale = False
                    await self._replay(id, outlet, send)
                if outlet.moved:
                    self._place(id, outlet)
                if body := outlet.take():
                    await send({"type": "http.response.body", "body": body, "more_body": True})
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._leave(id, outlet)
            gone.cancel()

    async def _replay(self, id: str, outlet: Outlet, send: Send) -> None:
        """Send what the log holds after the last event that was sent.

        It stops at an input that was not worked yet: what that will cause stands before the inputs that follow it.
        """
        base = outlet.sent // STEP * STEP - 1
        parts = [b"" if outlet.sent else START]
        for entry, caused, worked in await self._app.reader.news(id, base):
            if isinstance(entry.event, WaitTold):
                outlet.told = entry.event
            parts += [body for _, body in outlet.settled(entry, caused)]
            for at, body in frames_of(entry, caused, outlet.sent):
                outlet.sent = at
                parts.append(body)
            if not worked:
                break
        self._place(id, outlet)
        if body := b"".join(parts):
            await send({"type": "http.response.body", "body": body, "more_body": True})

    def _enter(self, id: str, outlet: Outlet) -> None:
        self._open.setdefault(id, []).append(outlet)
        self._app.hub.watch(id, outlet)
        self._app.metrics.streams_open += 1

    def _leave(self, id: str, outlet: Outlet) -> None:
        self._app.hub.leave(id, outlet)
        self._app.metrics.streams_open -= 1
        left = self._open.get(id, [])
        left.remove(outlet)
        if not left:
            del self._open[id]

    def _lines(self) -> None:
        """The board changed: tell those whose place did."""
        for stream in self._app.board.places:
            for outlet in self._open.get(stream, ()):
                outlet.moved = True
                outlet.wake()

    def _place(self, id: str, outlet: Outlet) -> None:
        """Tell where the customer stands in line, if that is news."""
        outlet.moved = False
        line = self._app.board.line(id, outlet.told)
        if line is not None and line != outlet.line:
            outlet.push(waiting(line))
        outlet.line = line

    def close(self) -> None:
        """End every stream: the server stops, and clients come back to another or a later one."""
        for outlet in [o for outlets in self._open.values() for o in outlets]:
            outlet.close()

    async def beat(self) -> None:
        """A comment every 15 seconds, so that nothing between here and the customer takes the stream for dead."""
        while True:
            await asyncio.sleep(BEAT_S)
            for outlets in self._open.values():
                for outlet in outlets:
                    outlet.push(BEAT)
