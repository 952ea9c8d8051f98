"""Tools from an MCP server (streamable HTTP), each pinned to the description and schema that a person has looked at.

What a server says of its tools is a text that anyone may have written. It is shown to a person at connecting and read by no
model; its hash is the pin. A tool whose description or schema is another one is turned off until somebody looks again. Each
call opens a session of its own, so that a server that goes away in the middle takes nothing else with it.
"""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from hashlib import sha256
from typing import Final, cast

import httpx2
import msgspec
from mcp import Client, types
from mcp.client.streamable_http import streamable_http_client

from baton.engines.tools.answers import NotAsDeclared, read
from baton.engines.tools.declared import (
    Answer,
    AnswerTooLarge,
    Given,
    Limits,
    Run,
    Schema,
    ToolRefused,
    ToolTurnedOff,
)
from baton.engines.tools.outgoing import PLAIN, Forbidden, address

KEY: Final = "baton/idempotency-key"
MOST_TOOLS: Final = 500
REASON_CHARS: Final = 300
CONNECT_S: Final = 10.0
USUAL: Final = Limits()


class Offered(msgspec.Struct, frozen=True):
    """A tool as its server describes it; `pin` is the hash of all of it."""

    name: str
    about: str
    takes: Schema
    gives: Schema | None
    pin: str


class McpServer(msgspec.Struct, frozen=True):
    """Where a server is, and the header that proves who asks."""

    url: str
    private: bool = False
    header: str = ""
    secret: str = ""


async def offered(server: McpServer, limits: Limits = USUAL) -> list[Offered]:
    """What a server offers now, as it describes it."""
    async with asyncio.timeout(CONNECT_S), _session(server, limits) as session:
        return await _listed(session)


def runner(server: McpServer, theirs: str, pin: str, limits: Limits, key_argument: str = "") -> Run:
    """What calls one tool of a server, where it is still the one that was looked at."""

    async def run(given: msgspec.Struct, key: str) -> Answer:
        args = dict(given.args) if isinstance(given, Given) else {}
        args |= {key_argument: key} if key_argument and key else {}
        async with _session(server, limits) as session:
            now = next((each for each in await _listed(session) if each.name == theirs), None)
            if now is None or now.pin != pin:
                raise ToolTurnedOff("Its server describes it in other words than those that were looked at.")
            return _answer(
                await session.call_tool(theirs, args, meta=cast("types.RequestParamsMeta", {KEY: key})), limits
            )

    return run


class PinnedMcp(httpx2.AsyncBaseTransport):
    """A transport to the one host of a server, at an address that was looked at; what it reads is bounded."""

    def __init__(self, host: str, private: bool, most_bytes: int) -> None:
        self._host, self._private, self._most = host, private, most_bytes
        self._inner = httpx2.AsyncHTTPTransport(trust_env=False)

    async def handle_async_request(self, request: httpx2.Request) -> httpx2.Response:
        """Connect to the address that was checked, with the name kept for Host and certificate."""
        host = request.url.host
        if host != self._host:
            raise Forbidden(f"{host!r} is not the host that was agreed, {self._host!r}.")
        ip = await address(host, request.url.port or (443 if request.url.scheme == "https" else 80), self._private)
        at = httpx2.Request(
            request.method, request.url.copy_with(host=ip), headers=request.headers, stream=request.stream,
            extensions={**request.extensions, "sni_hostname": host},
        )  # fmt: skip
        response = await self._inner.handle_async_request(at)
        if isinstance(response.stream, httpx2.AsyncByteStream):
            response.stream = Bounded(response.stream, self._most)
        return response

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._inner.aclose()


class Bounded(httpx2.AsyncByteStream):
    """A body that ends with `AnswerTooLarge` once more than `most_bytes` were read of it."""

    def __init__(self, inner: httpx2.AsyncByteStream, most_bytes: int) -> None:
        self._inner, self._most = inner, most_bytes

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read_bytes = 0
        async for part in self._inner:
            read_bytes += len(part)
            if read_bytes > self._most:
                raise AnswerTooLarge(f"more than {self._most} bytes")
            yield part

    async def aclose(self) -> None:
        """Let go of the connection."""
        await self._inner.aclose()


@asynccontextmanager
async def _session(server: McpServer, limits: Limits) -> AsyncIterator[Client]:
    url = httpx2.URL(server.url)
    if url.scheme != "https" and not (server.private and url.scheme == "http"):
        raise Forbidden(f"{server.url!r} is not https. Only a private address may be asked in plain http.")
    headers = {"Accept-Encoding": PLAIN, **({server.header: server.secret} if server.header else {})}
    transport = PinnedMcp(url.host, server.private, limits.answer_bytes)
    async with httpx2.AsyncClient(
        transport=transport, follow_redirects=False, trust_env=False, headers=headers, timeout=CONNECT_S
    ) as asks:
        streams = streamable_http_client(server.url, http_client=asks, max_sse_event_size=limits.answer_bytes)
        try:
            async with Client(streams) as session:
                yield session
        except BaseExceptionGroup as group:
            raise _inside(group) from group


def _inside(group: BaseExceptionGroup[BaseException]) -> BaseException:
    """What really went wrong: the first of ours, else the first of all."""
    ours, _ = group.split((ToolRefused, AnswerTooLarge, NotAsDeclared))
    found: BaseException = ours or group
    while isinstance(found, BaseExceptionGroup):
        found = found.exceptions[0]
    return found


async def _listed(session: Client) -> list[Offered]:
    found: list[Offered] = []
    cursor: str | None = None
    while len(found) < MOST_TOOLS:
        page = await session.list_tools(cursor=cursor)
        found += [_offered(each) for each in page.tools]
        cursor = page.next_cursor
        if not cursor:
            break
    return found


def _offered(told: types.Tool) -> Offered:
    plain: Mapping[str, object] = told.model_dump(mode="json", exclude_none=True, exclude={"icons", "meta"})
    pin = sha256(msgspec.json.encode(plain, order="deterministic")).hexdigest()[:32]
    return Offered(told.name, told.description or "", told.input_schema, told.output_schema, pin)


def _answer(result: types.CallToolResult, limits: Limits) -> Answer:
    text = "\n".join(part.text for part in result.content if isinstance(part, types.TextContent))
    if result.is_error:
        raise ToolRefused("refused", text[:REASON_CHARS])
    if result.structured_content is not None:
        return dict(result.structured_content)
    return _of_text(text, limits)


def _of_text(text: str, limits: Limits) -> Answer:
    try:
        return read(text.encode(), limits)
    except NotAsDeclared:
        return {"text": text}
