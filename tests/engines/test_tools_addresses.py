"""Two hundred and more ways to write an address inside: none is asked where the address is not agreed, and no redirect leads there."""

import asyncio
import ipaddress
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import httpx
import pytest

from baton.engines.audit.publishing import AddressKeeper
from baton.engines.llm.wire import Broken
from baton.engines.llm.wire import Pinned as PinnedModel
from baton.engines.tools.connecting import connect
from baton.engines.tools.declared import ToolRefused
from baton.engines.tools.outgoing import address, client
from baton.kernel.errors import BatonError

pytestmark = pytest.mark.scene
INSIDE = ("127.0.0.1", "127.1.2.3", "10.0.0.1", "192.168.1.1", "172.16.0.1", "169.254.169.254", "100.64.0.1")


NAMED = """
localhost LOCALHOST localhost. localhost.localdomain ip6-localhost [::1] [::] 0 0.0.0.0 0x0 [fd00::1] [fec0::1] [fe80::1%25lo] [fe80::1%25eth0]
ⓛⓞⓒⓐⓛⓗⓞⓢⓣ 127.0.0.1.nip.invalid [ff02::1] 100.64.0.1 198.18.0.1 240.0.0.1 255.255.255.255
""".split()
WIDE = str.maketrans("0123456789", "０１２３４５６７８９")


def hosts() -> Iterator[str]:
    """Ways to write the addresses inside: in other bases, short, mapped, translated, tunnelled, by name."""
    for each in INSIDE:
        yield from _four(each)
        yield from _six(each)
    yield from NAMED


def _four(each: str) -> Iterator[str]:
    number, parts = int(ipaddress.IPv4Address(each)), [int(p) for p in each.split(".")]
    yield from (each, str(number), hex(number), f"0{number:o}", ".".join(map(hex, parts)))
    yield from (".".join(f"0{p:o}" for p in parts), ".".join(f"{p:03d}" for p in parts))
    yield from (f"{parts[0]}.{number & 0xFFFFFF}", f"{parts[0]}.{parts[1]}.{number & 0xFFFF}")
    yield from (each.translate(WIDE), each.replace(".", "。"), f"{each}.", f"{each}%00", f"%31{each[1:]}")


def _six(each: str) -> Iterator[str]:
    for begins in ("::ffff:", "::", "64:ff9b::", "64:ff9b:1::", "::ffff:0:", "0:0:0:0:0:ffff:"):
        yield f"[{begins}{each}]"
    number = int(ipaddress.IPv4Address(each))
    both = f"{number >> 16:x}:{number & 0xFFFF:x}"
    yield from (f"[2002:{both}::]", f"[::ffff:{both}]", f"[fe80::5efe:{both}]", f"[2606:4700::200:5efe:{both}]")


def urls(port: int) -> Iterator[str]:
    for host in hosts():
        yield f"https://{host}:{port}/x"
    yield from (
        f"https://example.com@127.0.0.1:{port}/",
        f"https://127.0.0.1:{port}#@example.com/",
        f"https://127.0.0.1:{port}\\@example.com/",
    )
    for scheme in ("http", "file", "gopher", "ftp", "unix", "dict", "ldap", "ws", "jar:http", "HTTP", ""):
        yield f"{scheme}://127.0.0.1:{port}/x"
        yield f"{scheme}://localhost:{port}/etc/passwd"


class Canary:
    """Counts who connects; answers with a redirect to itself."""

    def __init__(self) -> None:
        self.hits, self.followed, self.url, self.port = 0, 0, "", 0

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.hits += 1
        head = await reader.read(4096)
        self.followed += b"/followed" in head
        writer.write(
            b"HTTP/1.1 302 Found\r\nlocation: "
            + self.url.encode()
            + b"/followed\r\ncontent-length: 0\r\nconnection: close\r\n\r\n"
        )
        await writer.drain()
        writer.close()


@asynccontextmanager
async def canary() -> AsyncIterator[Canary]:
    made = Canary()
    server = await asyncio.start_server(made.serve, "127.0.0.1", 0)
    made.port = server.sockets[0].getsockname()[1]
    made.url = f"http://127.0.0.1:{made.port}"
    try:
        yield made
    finally:
        server.close()
        await server.wait_closed()


async def test_no_way_to_write_an_address_inside_reaches_it(monkeypatch: pytest.MonkeyPatch) -> None:
    async with canary() as inside:
        for name in ("HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY"):
            monkeypatch.setenv(name, inside.url)
        tried = 0
        for url in urls(inside.port):
            tried += 1
            try:
                async with asyncio.timeout(3), client(url, private=False, timeout_s=1) as asks:
                    await asks.get(url)
            except (ToolRefused, httpx.HTTPError, httpx.InvalidURL, ValueError, OSError):
                continue
            pytest.fail(f"{url!r} was asked")
        assert tried >= 200
        assert inside.hits == 0


async def test_a_name_that_leads_inside_a_moment_later_is_asked_where_it_was_looked_at(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async with canary() as inside:
        answers = iter(["93.184.216.34", "127.0.0.1"])

        async def lookup(host: str, port: int, **_: object) -> list[tuple[object, ...]]:
            return [(2, 1, 6, "", (next(answers), port))]

        monkeypatch.setattr(asyncio.get_running_loop(), "getaddrinfo", lookup)
        assert await address("tools.example", inside.port, private=False) == "93.184.216.34"
        with pytest.raises(ToolRefused):
            await address("tools.example", inside.port, private=False)
        assert inside.hits == 0


@pytest.mark.parametrize("part", [
    '[[openapi]]\nname = "a"\ndocument = "{url}/openapi.json"\n', '[[mcp]]\nname = "b"\nurl = "{url}/mcp"\n',
])  # fmt: skip
async def test_a_tools_file_asks_nobody_inside_unless_that_is_said(tmp_path, part: str) -> None:
    async with canary() as inside:
        told = await connect(part.replace("{url}", inside.url), tmp_path, {})
        assert told.problems and inside.hits == 0


async def test_no_redirect_is_followed_by_tools_models_or_who_publishes_heads() -> None:
    async with canary() as inside:
        async with client(inside.url, private=True, timeout_s=3) as asks:
            assert (await asks.get(f"{inside.url}/x")).status_code == 302
        async with httpx.AsyncClient(transport=PinnedModel(inside.url)) as model:
            with pytest.raises(Broken):
                await model.post(f"{inside.url}/v1/chat/completions", json={})
            with pytest.raises(Broken):
                await model.post(f"http://localhost:{inside.port}/v1/chat/completions", json={})
        assert (inside.hits, inside.followed) == (2, 0)


@pytest.mark.parametrize("url", [
    "http://10.0.0.1/heads", "http://169.254.169.254/latest", "http://0.0.0.0/heads", "http://127.0.0.1.example.com/", "http://[::ffff:10.0.0.1]/", "ftp://127.0.0.1/",
    "http://localhost@10.0.0.1/", "http://2130706433/",
])  # fmt: skip
def test_heads_are_published_in_the_clear_to_this_machine_alone(url: str) -> None:
    with pytest.raises(BatonError):
        AddressKeeper(url, "token", b"x" * 32)
