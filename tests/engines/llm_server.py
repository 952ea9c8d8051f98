"""A small real server that speaks OpenAI's chat API and plays recorded answers, one a request; and one that records a real server.

A recording is JSON: `exchanges`, each with `say` (what the model says, as text or JSON), or `body` (the raw answer of a real server); and
optional `status`, `usage`, `finish`, `location`, `hang_s`, `every_s` (between two pieces), `bytes` (so much of nothing), `gzip`. The last one
is played again and again where `again` is true. Asked which models it has, it tells of one with `weights`, or knows nothing of it.
"""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

import httpx

RECORDED = Path(__file__).parent / "recorded" / "llm"
Exchange = Mapping[str, Any]
PIECE = 9


class Player:
    """Plays exchanges in order and keeps what it was asked."""

    def __init__(self, exchanges: Sequence[Exchange], again: bool = False) -> None:
        self.left, self.again = list(exchanges), again
        self.asked: list[dict[str, Any]] = []
        self.heads: list[str] = []
        self.sent = 0
        self.url = ""
        self.gate: asyncio.Event | None = None
        self.weights = 0

    @property
    def prompts(self) -> list[str]:
        """All that was said to the model, a text for each request."""
        return ["\n".join(str(m["content"]) for m in body["messages"]) for body in self.asked]

    def next(self) -> Exchange:
        """What is played now; a server with nothing left says so."""
        if not self.left:
            return {"status": 503, "say": ""}
        return self.left[0] if self.again and len(self.left) == 1 else self.left.pop(0)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(ConnectionError, asyncio.IncompleteReadError, asyncio.CancelledError):
            await self._answer(reader, writer)
        writer.close()
        with suppress(ConnectionError, asyncio.CancelledError):
            await writer.wait_closed()

    async def _answer(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = (await reader.readuntil(b"\r\n\r\n")).decode()
        if head.startswith("GET "):
            writer.write(_models(self.weights))
            return
        length = next(line for line in head.lower().split("\r\n") if line.startswith("content-length"))
        self.asked.append(json.loads(await reader.readexactly(int(length.partition(":")[2]))))
        self.heads.append(head)
        exchange = self.next()
        if self.gate is not None:
            await self.gate.wait()
        if exchange.get("hang_s"):
            await asyncio.sleep(exchange["hang_s"])
        writer.write(_head(exchange))
        async for part in _body(exchange):
            self.sent += len(part)
            writer.write(part)
            await writer.drain()


def _models(weights: int) -> bytes:
    told = json.dumps({"data": [{"id": "any.gguf", "meta": {"n_params": weights}}]}).encode() if weights else b""
    status = 200 if weights else 404
    return b"HTTP/1.1 %d X\r\nconnection: close\r\ncontent-length: %d\r\n\r\n%b" % (status, len(told), told)


def _head(exchange: Exchange) -> bytes:
    lines = [f"HTTP/1.1 {exchange.get('status', 200)} X", "connection: close", "content-type: text/event-stream"]
    lines += [f"location: {exchange['location']}"] if "location" in exchange else []
    lines += ["content-encoding: gzip"] if exchange.get("gzip") else []
    return ("\r\n".join(lines) + "\r\n\r\n").encode()


async def _body(exchange: Exchange) -> AsyncIterator[bytes]:
    if "body" in exchange:
        yield str(exchange["body"]).encode()
        return
    for _ in range(int(exchange.get("bytes", 0)) // 10_000):
        yield _chunk({"choices": [{"index": 0, "delta": {"content": "x" * 9_800}, "finish_reason": None}]})
    said = exchange.get("say", "")
    text = said if isinstance(said, str) else json.dumps(said)
    for start in range(0, len(text), PIECE):
        await asyncio.sleep(exchange.get("every_s", 0))
        delta = {"content": text[start : start + PIECE]}
        yield _chunk({"choices": [{"index": 0, "delta": delta, "finish_reason": None}]})
    yield _chunk({"choices": [{"index": 0, "delta": {}, "finish_reason": exchange.get("finish", "stop")}]})
    reads, writes = exchange.get("usage", [0, 0])
    if reads:
        usage = {"prompt_tokens": reads, "completion_tokens": writes, "total_tokens": reads + writes}
        yield _chunk({"choices": [], "usage": usage})
    yield b"data: [DONE]\n\n"


def _chunk(what: dict[str, Any]) -> bytes:
    plain = {"id": "chat-1", "object": "chat.completion.chunk", "created": 1, "model": "recorded-1", **what}
    return b"data: " + json.dumps(plain).encode() + b"\n\n"


@asynccontextmanager
async def playing(*names: str | Exchange, again: bool = False) -> AsyncIterator[Player]:
    """A server on a free port that plays recordings (by name, or given) one after another."""
    exchanges: list[Exchange] = []
    for name in names:
        exchanges += recorded(name) if isinstance(name, str) else [name]
    player = Player(exchanges, again)
    server = await asyncio.start_server(player.serve, "127.0.0.1", 0)
    player.url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/v1"
    async with server:
        yield player


def recorded(name: str) -> list[Exchange]:
    """The exchanges of a recording."""
    found: list[Exchange] = json.loads((RECORDED / f"{name}.json").read_text())["exchanges"]
    return found


class Recorder(httpx.AsyncBaseTransport):
    """A wire that passes everything on and keeps it as a recording."""

    def __init__(self) -> None:
        self._wire = httpx.AsyncHTTPTransport()
        self.exchanges: list[Exchange] = []

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Pass it on and keep what came back."""
        response = await self._wire.handle_async_request(request)
        body = await response.aread()
        if request.method == "POST":
            self.exchanges.append({"status": response.status_code, "body": body.decode()})
        return httpx.Response(response.status_code, headers={"content-type": "text/event-stream"}, content=body)

    def write(self, path: Path) -> None:
        """Write the recording."""
        path.write_text(json.dumps({"exchanges": self.exchanges}, indent=1) + "\n")
