"""Live: one event stream for each staff tab. An event says that a topic moved; the page fetches its part again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from baton.kernel.committer import Done
from baton.kernel.errors import BatonError
from baton.kernel.minds import PARTIAL
from baton.web.app import App
from baton.web.guard import HEADERS
from baton.web.refusals import not_found
from baton.web.staff import Staff

TOPICS_MOST: Final = 40
EVERY_S: Final = 0.25
BEAT_S: Final = 15.0
LOOK_S: Final = 5.0
"""How soon a stream ends whose session or key was ended."""
OPENS: Final = {
    "assignment": ("desk", "live"), "performance": ("performance", "live"), "conversations": ("conversations",),
    "policy": ("agents", "knowledge", "quality", "planning", "admin"), "case": ("cases",),
}  # fmt: skip


class Tab:
    """What one tab was not told yet: the last position of each topic that moved, and who types."""

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = topics
        self.conversations = [t for t in topics if t.startswith("conversation/")]
        self.moved: dict[str, int] = {}
        self.typing: dict[str, bytes] = {}
        self.stopped = False
        self.news = asyncio.Event()

    def batch(self, done: Sequence[Done]) -> None:
        """The hub's batch listener."""
        for each in done:
            for topic in self._topics:
                if _about(topic, each.entry.stream):
                    self.moved[topic] = each.entry.position
        if self.moved:
            self.news.set()

    def signal(self, stream: str) -> "Signals":
        """What watches one conversation for typing."""
        return Signals(self, stream)

    def stop(self) -> None:
        """The server stops."""
        self.stopped = True
        self.news.set()

    def take(self) -> bytes:
        """What is to be told, as frames, and forget it."""
        moved, self.moved = self.moved, {}
        typing, self.typing = self.typing, {}
        self.news.clear()
        news = sorted(moved.items(), key=lambda topic: topic[1])
        frames = [f'id: {at}\nevent: {topic}\ndata: {{"position":{at}}}\n\n'.encode() for topic, at in news]
        return b"".join(
            [*frames, *(b"event: typing/%b\ndata: %b\n\n" % (s.encode(), body) for s, body in typing.items())]
        )


class Signals:
    """Passes on who types in one conversation."""

    def __init__(self, tab: Tab, stream: str) -> None:
        self._tab, self.stream = tab, stream

    def heard(self, done: Done) -> None:
        """Told by batches already."""

    def poke(self) -> None:
        """Worked elsewhere: fetch again."""
        self._tab.moved.setdefault(self.stream, 0)
        self._tab.news.set()

    def signalled(self, body: bytes) -> None:
        """Somebody types. What a model has written so far is the customer's to see; staff read the turn."""
        if body.startswith(PARTIAL):
            return
        self._tab.typing[self.stream] = body
        self._tab.news.set()


def _about(topic: str, stream: str) -> bool:
    if topic in ("performance", "conversations"):
        return stream.startswith(("conversation/", "customer/"))
    return stream == topic if "/" in topic else stream.startswith(f"{topic}/")


class Feed(Response):
    """The event stream of one tab: at most four events a second and topic, the newest position of each."""

    def __init__(self, app: App, tab: Tab, staff: str = "", signed_in: Callable[[], bool] = lambda: True) -> None:
        super().__init__(media_type="text/event-stream")
        self._app, self._tab, self._staff, self._signed_in = app, tab, staff, signed_in
        self._signals = [tab.signal(stream) for stream in tab.conversations]

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the tab goes away."""
        head = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            *HEADERS,
        ]
        self._enter()
        try:
            await send({"type": "http.response.start", "status": 200, "headers": head})
            await send(_chunk(b"retry: 2000\nid: %d\nevent: ready\ndata: {}\n\n" % self._app.hub.newest))
            await until_gone(receive, lambda: self._send(send))
            await send({"type": "http.response.body", "body": b""})
        finally:
            self._leave()

    def _enter(self) -> None:
        self._app.hub.batches.append(self._tab.batch)
        self._app.stopping.append(self._tab.stop)
        self._tell_desks(here=True)
        for signals in self._signals:
            self._app.hub.watch(signals.stream, signals)

    def _leave(self) -> None:
        self._app.hub.batches.remove(self._tab.batch)
        self._app.stopping.remove(self._tab.stop)
        self._tell_desks(here=False)
        for signals in self._signals:
            self._app.hub.leave(signals.stream, signals)

    def _tell_desks(self, *, here: bool) -> None:
        for tell in self._app.desks:
            tell(self._staff, here)

    async def _send(self, send: Send) -> None:
        loop = asyncio.get_running_loop()
        looked = beat = loop.time()
        while not self._tab.stopped:
            if loop.time() - looked >= LOOK_S:
                looked = loop.time()
                if not self._signed_in():
                    return
            try:
                await asyncio.wait_for(self._tab.news.wait(), LOOK_S)
            except TimeoutError:
                if loop.time() - beat >= BEAT_S:
                    beat = loop.time()
                    await send(_chunk(b": here\n\n"))
                continue
            if body := self._tab.take():
                await send(_chunk(body))
            await asyncio.sleep(EVERY_S)


def _chunk(body: bytes) -> dict[str, object]:
    return {"type": "http.response.body", "body": body, "more_body": True}


async def until_gone(receive: Receive, run: Callable[[], Awaitable[None]]) -> None:
    """Run until the client has gone away."""
    running = asyncio.ensure_future(run())
    gone = asyncio.ensure_future(disconnected(receive))
    try:
        await asyncio.wait((running, gone), return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in (running, gone):
            task.cancel()
        await asyncio.gather(running, gone, return_exceptions=True)


async def disconnected(receive: Receive) -> None:
    """Return when the client has gone away."""
    while (await receive())["type"] != "http.disconnect":
        pass


async def check_topic(app: App, staff: Staff, topic: str) -> None:
    """Raise where someone may not watch a topic: 404 for a foreign conversation or rep, 422 for an unknown name."""
    kind, _, key = topic.partition("/")
    if kind == "conversation" and key:
        if not await app.may_see(staff, topic):
            raise not_found()
    elif kind == "rep" and key:
        if key != staff.id and not app.may(staff, "open", "live"):
            raise not_found()
    elif kind not in OPENS:
        raise BatonError(
            "unknown_topic", 422, f"{topic!r} is no topic. Use {', '.join(OPENS)}, conversation/<id> or rep/<id>."
        )
    elif not any(app.may(staff, "open", screen) for screen in OPENS[kind]):
        raise BatonError("not_allowed", 403, f"The role {staff.rights!r} may not watch {topic!r}.")


def router(app: App) -> APIRouter:
    """The route."""
    routes = APIRouter(tags=["shell"])

    @routes.get(
        "/api/live", response_class=Response,
        responses={200: {"content": {"text/event-stream": {"schema": {"type": "string"}}}, "description": "`event:` is the topic, `id:` the position."}},
    )  # fmt: skip
    async def live(request: Request, topics: str) -> Response:
        """Events named by topic (`topics` separated by commas): each says that something there changed up to `position`."""
        staff = app.staff(request)
        asked = list(dict.fromkeys(t.strip() for t in topics.split(",") if t.strip()))
        if not asked or len(asked) > TOPICS_MOST:
            raise BatonError("topics", 422, f"Name 1 to {TOPICS_MOST} topics, separated by commas.")
        for topic in asked:
            await check_topic(app, staff, topic)
        return Feed(app, Tab(asked), staff.id, lambda: app.who(request) is not None)

    return routes
