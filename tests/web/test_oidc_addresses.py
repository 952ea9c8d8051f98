"""The identity provider is asked where it was looked at: through no proxy, by no redirect, and nowhere inside on the word of one outside."""

import asyncio
import socket

import pytest

from baton.kernel.errors import BatonError
from baton.web.identity.reaching import MOST_BYTES, Provider
from tests.engines.test_tools_addresses import canary, urls
from tests.web.test_oidc import providing

pytestmark = pytest.mark.scene
OUTSIDE = "93.184.216.34"


def leads(monkeypatch: pytest.MonkeyPatch, *found: str) -> None:
    """Names lead to these addresses; an address written as one leads to itself."""
    real = socket.getaddrinfo

    async def lookup(host: str, port: int | None, **_: object) -> list[tuple[object, ...]]:
        if host.endswith(".example"):
            return [(2, 1, 6, "", (each, port or 0)) for each in found]
        return list(real(host, port, type=socket.SOCK_STREAM))

    monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)


async def test_a_proxy_of_the_environment_gets_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    async with canary() as proxy, providing() as provider:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY", "http_proxy", "all_proxy"):
            monkeypatch.setenv(name, proxy.url)
        monkeypatch.delenv("NO_PROXY", raising=False)
        status, body = await Provider(provider.url).ask("GET", f"{provider.url}/jwks")
        assert (status, b'"keys"' in body, proxy.hits) == (200, True, 0)


async def test_a_provider_on_the_internet_leads_to_no_machine_inside(monkeypatch: pytest.MonkeyPatch) -> None:
    async with canary() as inside:
        leads(monkeypatch, OUTSIDE)
        provider, tried = Provider("https://login.example"), 0
        for url in urls(inside.port):
            tried += 1
            with pytest.raises(BatonError) as no:
                await provider.ask("POST", url, {"code": "c1"})
            assert no.value.status == 502 and "BATON_OIDC_ISSUER" in no.value.message
        assert tried >= 200 and inside.hits == 0


async def test_a_name_that_leads_inside_a_moment_later_is_not_asked(monkeypatch: pytest.MonkeyPatch) -> None:
    async with canary() as inside:
        provider = Provider("https://login.example")
        leads(monkeypatch, OUTSIDE)
        assert await provider._is_inside() is False
        leads(monkeypatch, "127.0.0.1")
        with pytest.raises(BatonError) as no:
            await provider.ask("GET", f"https://login.example:{inside.port}/keys")
        assert "leads inside your network" in no.value.message
        leads(monkeypatch, OUTSIDE, "10.0.0.1")
        with pytest.raises(BatonError) as no:
            await Provider("https://both.example").ask("GET", "https://both.example/keys")
        assert "at once" in no.value.message and inside.hits == 0


async def test_one_inside_is_asked_in_plain_http_and_no_redirect_is_followed() -> None:
    async with canary() as inside:
        status, _ = await Provider(inside.url).ask("GET", f"{inside.url}/keys")
        assert (status, inside.hits, inside.followed) == (302, 1, 0)


async def test_an_answer_without_end_is_cut() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.read(4096)
        writer.write(b"HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n" + b"x" * (2 * MOST_BYTES))
        writer.close()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    with pytest.raises(BatonError) as no:
        await Provider(url).ask("GET", url)
    assert "as it must" in no.value.message
    server.close()
    await server.wait_closed()
