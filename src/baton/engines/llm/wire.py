"""The wire: one address and no other, no redirect followed, nothing compressed, and an answer that ends where it is too long."""

from collections.abc import AsyncIterator
from typing import Final

import httpx

from baton.kernel.minds import Outcome

MOST_BYTES: Final = 1_000_000
"""Bytes of one answer, its event stream included: some hundred times what a turn needs."""


class Broken(Exception):
    """The wire was cut by Baton, for the reason `outcome`."""

    def __init__(self, outcome: Outcome) -> None:
        super().__init__(outcome)
        self.outcome = outcome


class Pinned(httpx.AsyncBaseTransport):
    """A transport that reaches one origin: the configured one."""

    def __init__(self, url: str, most_bytes: int = MOST_BYTES, wire: httpx.AsyncBaseTransport | None = None) -> None:
        self._origin, self._most = _origin(httpx.URL(url)), most_bytes
        self._wire = wire or httpx.AsyncHTTPTransport(retries=0, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Send it, where it goes to the configured origin."""
        if _origin(request.url) != self._origin:
            raise Broken("refused_address")
        request.headers["Accept-Encoding"] = "identity"
        response = await self._wire.handle_async_request(request)
        wrong, body = _wrong(response, self._most), response.stream
        if wrong is not None or not isinstance(body, httpx.AsyncByteStream):
            await response.aclose()
            raise Broken(wrong or "failed")
        return httpx.Response(
            response.status_code, headers=response.headers, stream=_Counted(body, self._most),
            extensions=response.extensions,
        )  # fmt: skip

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._wire.aclose()


class _Counted(httpx.AsyncByteStream):
    """A body that breaks off when it is too long: while it is read, not after."""

    def __init__(self, body: httpx.AsyncByteStream, most: int) -> None:
        self._body, self._most = body, most

    async def __aiter__(self) -> AsyncIterator[bytes]:
        read = 0
        async for part in self._body:
            read += len(part)
            if read > self._most:
                raise Broken("too_long")
            yield part

    async def aclose(self) -> None:
        await self._body.aclose()


def _wrong(response: httpx.Response, most: int) -> Outcome | None:
    if 300 <= response.status_code < 400:
        return "redirected"
    if response.headers.get("content-encoding", "identity") != "identity":
        return "failed"
    length = response.headers.get("content-length", "")
    return "too_long" if length.isdigit() and int(length) > most else None


def _origin(url: httpx.URL) -> tuple[str, str, int | None]:
    return url.scheme, url.host, url.port
