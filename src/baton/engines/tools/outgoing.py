"""Outgoing: requests to one host that was agreed, at an address that was looked at. Nothing is redirected, nothing read from the environment.

The name is resolved and every address checked before each connection, and the connection goes to the address that was checked:
a name that points elsewhere a moment later (DNS rebinding) leads nowhere. Certificates are checked against the name.
"""

import asyncio
import ipaddress
import socket
import ssl
from collections.abc import Iterable
from typing import Final

import httpx

from baton.engines.tools.declared import AnswerTooLarge, ToolRefused

PLAIN: Final = "identity"
UNICAST: Final = ipaddress.IPv6Network("2000::/3")
"""Global unicast. Outside of it stand NAT64 (64:ff9b::/96), IPv4-compatible and site-local addresses, which lead inside."""
NOT_THE_INTERNET: Final = (ipaddress.IPv4Network("192.0.0.0/24"), ipaddress.IPv4Network("192.88.99.0/24"))
"""Protocol assignments, and the relays of 6to4."""


class Forbidden(ToolRefused):
    """The address may not be asked: nothing was sent."""

    def __init__(self, reason: str) -> None:
        super().__init__("forbidden_address", reason)


async def address(host: str, port: int, private: bool) -> str:
    """The address to connect to. Raises `Forbidden` where one of them is not public and `private` is not set, or the name is unknown."""
    try:
        found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
    except OSError as error:
        raise ToolRefused("unavailable", f"The name {host!r} is not known.") from error
    addresses = [str(each[4][0]) for each in found]
    if not private and not all(map(public, addresses)):
        raise Forbidden(f"{host!r} is an address inside. Set private = true for it in tools.toml if that is meant.")
    return _first(addresses)


def public(address: str) -> bool:
    """Whether an address is one of the public Internet, and so is whatever it stands for behind a translator or a tunnel."""
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        inner = found.ipv4_mapped or found.sixtofour or _isatap(found)
        if inner is not None:
            return public(str(inner))
        return found in UNICAST and found.is_global
    return found.is_global and not found.is_multicast and not any(found in each for each in NOT_THE_INTERNET)


def _isatap(found: ipaddress.IPv6Address) -> ipaddress.IPv4Address | None:
    """The address that a tunnel ends at (RFC 5214, section 6.1)."""
    named = found.packed[8:12] in {b"\x00\x00\x5e\xfe", b"\x02\x00\x5e\xfe"}
    return ipaddress.IPv4Address(found.packed[12:]) if named else None


class Pinned(httpx.AsyncBaseTransport):
    """A transport to one host; other hosts are refused. `trusted` says whose certificates count, where not the public ones."""

    def __init__(self, host: str, private: bool, trusted: ssl.SSLContext | None = None) -> None:
        self._host, self._private = host, private
        self._inner = httpx.AsyncHTTPTransport(verify=trusted or True, trust_env=False)

    async def handle_async_request(self, request: httpx.Request) -> httpx.Response:
        """Connect to the address that was checked, with the name kept for Host and certificate."""
        host = request.url.host
        if host != self._host:
            raise Forbidden(f"{host!r} is not the host that was agreed, {self._host!r}.")
        ip = await address(host, request.url.port or (443 if request.url.scheme == "https" else 80), self._private)
        extensions = {**request.extensions, "sni_hostname": host}
        at = httpx.Request(
            request.method, request.url.copy_with(host=ip), headers=request.headers, stream=request.stream, extensions=extensions
        )  # fmt: skip
        return await self._inner.handle_async_request(at)

    async def aclose(self) -> None:
        """Let go of the connections."""
        await self._inner.aclose()


def client(server: str, private: bool, timeout_s: float) -> httpx.AsyncClient:
    """A client of one server. Plain HTTP only where `private` is set: what is public is encrypted."""
    url = httpx.URL(server)
    if url.scheme != "https" and not (private and url.scheme == "http"):
        raise Forbidden(f"{server!r} is not https. Only a private address may be asked in plain http.")
    return httpx.AsyncClient(
        transport=Pinned(url.host, private), follow_redirects=False, trust_env=False, timeout=timeout_s,
        headers={"Accept-Encoding": PLAIN, "User-Agent": "baton"},
    )  # fmt: skip


async def body_of(response: httpx.Response, most_bytes: int) -> bytes:
    """The body, read until it is too much. Raises `AnswerTooLarge` before more than `most_bytes` are held."""
    if response.headers.get("content-encoding", PLAIN) != PLAIN:
        raise AnswerTooLarge("it is compressed, though that was not asked for")
    told = response.headers.get("content-length", "")
    if told.isdecimal() and int(told) > most_bytes:
        raise AnswerTooLarge(f"it says it has {told} bytes")
    read = bytearray()
    async for part in response.aiter_raw(65_536):
        read += part
        if len(read) > most_bytes:
            raise AnswerTooLarge(f"more than {most_bytes} bytes")
    return bytes(read)


def _first(addresses: Iterable[str]) -> str:
    """IPv4 before IPv6: not every machine has a route for the second."""
    return min(addresses, key=lambda each: ":" in each)
