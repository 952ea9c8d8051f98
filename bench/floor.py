"""The floor of the message path: the same web server and store, doing nothing but append, echo and send.

A turn posted is appended durably, an echo of it is appended durably (in the same group commit), and the echo is sent
over the conversation's event stream. No understanding, no decision, no encryption, no read model.
"""

import asyncio
import itertools
import sqlite3
import sys
from pathlib import Path

import msgspec
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import Receive, Scope, Send


class Turn(msgspec.Struct):
    """The body of a post."""

    text: str
    nonce: str


DECODER = msgspec.json.Decoder(Turn)
ENCODER = msgspec.json.Encoder()
INSERT = "INSERT INTO entries VALUES (?, ?, ?, ?)"


class Floor:
    """Group commit over one SQLite file, WAL, synchronous = FULL."""

    def __init__(self, path: Path) -> None:
        self.db = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
        self.db.execute("PRAGMA journal_mode = WAL")
        self.db.execute("PRAGMA synchronous = FULL")
        self.db.execute("CREATE TABLE entries (position INTEGER PRIMARY KEY, stream TEXT, once TEXT, body BLOB)")
        self.db.execute("CREATE UNIQUE INDEX once ON entries (stream, once)")
        self.position, self.waiting = 0, []  # type: int, list[tuple[str, Turn, asyncio.Future[int]]]
        self.news = asyncio.Event()
        self.listening: dict[str, asyncio.Queue[bytes]] = {}

    async def commit_for_ever(self) -> None:
        """Everything that waits, in one commit."""
        while True:
            await self.news.wait()
            self.news.clear()
            batch, self.waiting = self.waiting[:128], self.waiting[128:]
            if self.waiting:
                self.news.set()
            rows, done = self._rows(batch)
            self.db.execute("BEGIN IMMEDIATE")
            self.db.executemany(INSERT, rows)
            await asyncio.to_thread(self.db.execute, "COMMIT")
            self._tell(done)

    def _rows(
        self, batch: list[tuple[str, Turn, asyncio.Future[int]]]
    ) -> tuple[list[tuple[int, str, str | None, bytes]], list[tuple[str, Turn, int, asyncio.Future[int]]]]:
        rows: list[tuple[int, str, str | None, bytes]] = []
        done = []
        for stream, turn, future in batch:
            self.position += 2
            body = ENCODER.encode({"role": "customer", "text": turn.text})
            echo = ENCODER.encode({"role": "agent", "text": turn.text})
            rows += [(self.position, stream, turn.nonce, body), (self.position + 1, stream, None, echo)]
            done.append((stream, turn, self.position, future))
        return rows, done

    def _tell(self, done: list[tuple[str, Turn, int, asyncio.Future[int]]]) -> None:
        for stream, turn, position, future in done:
            future.set_result(position)
            queue = self.listening.get(stream)
            if queue is not None:
                data = ENCODER.encode({"position": position + 1, "role": "agent", "text": turn.text, "by": "floor"})
                queue.put_nowait(b"id: %d\nevent: turn\ndata: %b\n\n" % (position + 1, data))


def application(path: Path) -> Starlette:
    """The routes of CONTRACTS: open, post a turn, listen."""
    floor = Floor(path)
    names = itertools.count(1)
    tasks: set[asyncio.Task[None]] = set()

    async def opened(_: Request) -> Response:
        if not tasks:
            tasks.add(asyncio.get_running_loop().create_task(floor.commit_for_ever()))
        name = str(next(names))
        return Response(ENCODER.encode({"id": name, "token": name}), 201, media_type="application/json")

    async def said(request: Request) -> Response:
        turn = DECODER.decode(await request.body())
        future: asyncio.Future[int] = asyncio.get_running_loop().create_future()
        floor.waiting.append((request.path_params["id"], turn, future))
        floor.news.set()
        return Response(ENCODER.encode({"position": await future}), 202, media_type="application/json")

    async def ended(_: Request) -> Response:
        return Response(b"{}", 202, media_type="application/json")

    return Starlette(routes=[
        Route("/health", lambda _: PlainTextResponse("ok")),
        Route("/api/chat/conversations", opened, methods=["POST"]),
        Route("/api/chat/conversations/{id}/turns", said, methods=["POST"]),
        Route("/api/chat/conversations/{id}/events", Events(floor)),
        Route("/api/chat/conversations/{id}/end", ended, methods=["POST"]),
    ])  # fmt: skip


class Events:
    """A conversation's event stream, as our own ASGI response."""

    def __init__(self, floor: Floor) -> None:
        self.floor = floor

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Send what comes until the client goes."""
        queue: asyncio.Queue[bytes] = asyncio.Queue()
        self.floor.listening[scope["path_params"]["id"]] = queue
        await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/event-stream")]})
        while True:
            await send({"type": "http.response.body", "body": await queue.get(), "more_body": True})


def main() -> None:
    """`python -m bench.floor PATH PORT`."""
    path, port = Path(sys.argv[1]), int(sys.argv[2])
    uvicorn.run(
        application(path),
        host="127.0.0.1",
        port=port,
        log_level="error",
        access_log=False,
        http="httptools",
        timeout_graceful_shutdown=1,
    )


if __name__ == "__main__":
    main()
