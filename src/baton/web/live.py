"""Live: one event stream for each staff tab. An event says that a topic moved; the page fetches its part again."""

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response
from starlette.types import Receive, Scope, Send

from baton.kernel.committer import Done
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.guard import HEADERS
from baton.web.refusals import not_found
from baton.web.staff import Staff

TOPICS_MOST: Final = 40
EVERY_S: Final = 0.25
BEAT_S: Final = 15.0
OPENS: Final = {
    "assignment": ("desk", "live"), "performance": ("performance", "live"), "conversations": ("conversations",),
    "policy": ("agents", "knowledge", "quality", "planning", "admin"), "case": ("cases",),
}  # fmt: skip


class Tab:
    """What one tab was not told yet: the last position of each topic that moved."""

    def __init__(self, topics: Sequence[str]) -> None:
        self._topics = topics
        self.moved: dict[str, int] = {}
        self.news = asyncio.Event()

    def heard(self, done: Sequence[Done]) -> None:
        """The hub's batch listener."""
        for each in done:
            for topic in self._topics:
                if _about(topic, each.entry.stream):
                    self.moved[topic] = each.entry.position
        if self.moved:
            self.news.set()


def _about(topic: str, stream: str) -> bool:
    if topic in ("performance", "conversations"):
        return stream.startswith(("conversation/", "customer/"))
    return stream == topic if "/" in topic else stream.startswith(f"{topic}/")


class Feed(Response):
    """The event stream of one tab: at most four events a second and topic, the newest position of each."""

    def __init__(self, app: App, tab: Tab) -> None:
        super().__init__(media_type="text/event-stream")
        self._app, self._tab = app, tab

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send until the tab goes away."""
        head = [
            (b"content-type", b"text/event-stream"),
            (b"cache-control", b"no-store"),
            (b"x-accel-buffering", b"no"),
            *HEADERS,
        ]
        await send({"type": "http.response.start", "status": 200, "headers": head})
        await send(_chunk(f"retry: 2000\nid: {self._app.hub.newest}\nevent: ready\ndata: {{}}\n\n"))
        self._app.hub.batches.append(self._tab.heard)
        try:
            await until_gone(receive, lambda: self._send(send))
        finally:
            self._app.hub.batches.remove(self._tab.heard)

    async def _send(self, send: Send) -> None:
        while True:
            try:
                await asyncio.wait_for(self._tab.news.wait(), BEAT_S)
            except TimeoutError:
                await send(_chunk(": here\n\n"))
                continue
            moved, self._tab.moved = self._tab.moved, {}
            self._tab.news.clear()
            frames = [
                f'id: {at}\nevent: {topic}\ndata: {{"position":{at}}}\n\n'
                for topic, at in sorted(moved.items(), key=lambda m: m[1])
            ]
            await send(_chunk("".join(frames)))
            await asyncio.sleep(EVERY_S)


def _chunk(text: str) -> dict[str, object]:
    return {"type": "http.response.body", "body": text.encode(), "more_body": True}


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
        raise BatonError("not_allowed", 403, f"The role {staff.role!r} may not watch {topic!r}.")


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
        return Feed(app, Tab(asked))

    return routes
