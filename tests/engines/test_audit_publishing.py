"""Heads go to whoever keeps them; a keeper that has seen something else is not given anything on top of it."""

import contextlib
import threading
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import msgspec
import pytest

from baton.engines.audit.heads import Head, Signing
from baton.engines.audit.publishing import AddressKeeper, Disagrees, FileKeeper, given, keepers
from baton.kernel.errors import BatonError
from tests.engines.audited import SIGNING, audited
from tests.ports.logs import Place

pytestmark = pytest.mark.port


@pytest.fixture
def place(tmp_path: Path) -> Place:
    return Place(str(tmp_path / "log.db"), tmp_path)


class Listening:
    """An address that keeps what is posted; it answers as `status` says, in turn."""

    def __init__(self) -> None:
        self.status, self.bodies, self.tokens = [200], list[dict](), list[str | None]()
        self.says = b""
        outer = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                status = outer.status.pop(0) if len(outer.status) > 1 else outer.status[0]
                outer.tokens.append(self.headers["Authorization"])
                if status == 200:
                    outer.bodies.append(msgspec.json.decode(body))
                self.send_response(status)
                self.send_header("Location", "http://127.0.0.1:1/")
                self.send_header("Content-Length", str(len(outer.says)))
                self.end_headers()
                with contextlib.suppress(ConnectionError):
                    self.wfile.write(outer.says)

            def log_message(self, *told: object) -> None:
                """Nothing is shown."""

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.url = f"http://127.0.0.1:{self.server.server_port}/heads"


@pytest.fixture
def address() -> Iterator[Listening]:
    listening = Listening()
    thread = threading.Thread(target=listening.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield listening
    listening.server.shutdown()
    thread.join()
    listening.server.server_close()


async def test_a_file_gets_every_head_once_whatever_it_missed(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "far" / "heads.jsonl"
    async with audited(place) as log:
        for n in range(3):
            await log.talk(5, n * 5)
            await log.head()
            if n != 1:
                await FileKeeper(file).give(log.sealer.tree)
        await FileKeeper(file).give(log.sealer.tree)
        lines = [msgspec.json.decode(line, type=Head) for line in file.read_bytes().splitlines()]
        assert lines == await log.sealer.tree.heads()
        assert all(line.signed_by(SIGNING.public) for line in lines)
        assert lines[2].previous == lines[1].hash()


async def test_half_a_line_that_a_crash_left_is_passed_over(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    async with audited(place) as log:
        await log.talk(5)
        await log.head()
        await FileKeeper(file).give(log.sealer.tree)
        file.write_bytes(file.read_bytes() + b'{"log": "half')
        await log.talk(5, 5)
        await log.head()
        await FileKeeper(file).give(log.sealer.tree)
        assert file.read_bytes().splitlines()[-1] == msgspec.json.encode(await log.sealer.tree.newest())


async def test_a_file_that_knows_more_than_the_log_is_left_as_it_is(place: Place, tmp_path: Path) -> None:
    file = tmp_path / "heads.jsonl"
    async with audited(place) as log:
        await log.talk(5)
        await log.head()
        head = await log.sealer.tree.newest()
        assert head is not None
        for other in (
            SIGNING.head(head.log, head.size + 1, b"\0" * 32, 1, head),
            Signing(b"x" * 32).head("", head.size, b"\1" * 32, 1, None),
        ):
            file.write_bytes(msgspec.json.encode(other) + b"\n")
            with pytest.raises(Disagrees, match="rolled back or rebuilt"):
                await FileKeeper(file).give(log.sealer.tree)
            assert file.read_bytes() == msgspec.json.encode(other) + b"\n"


async def test_an_address_gets_the_newest_head_and_is_asked_again_where_it_cannot_be_reached(
    place: Place, address: Listening
) -> None:
    keeper = AddressKeeper(address.url, "secret", SIGNING.public)
    async with audited(place) as log:
        await log.talk(5)
        await log.head()
        size, receipt = await given(keeper, log.sealer.tree, 0)
        assert (address.bodies[0]["head"]["size"], receipt, address.tokens) == (size, "", ["Bearer secret"])
        await log.talk(5, 5)
        await log.head()
        await given(keeper, log.sealer.tree, 0)
        await given(keeper, log.sealer.tree, 0)
        assert [body["since"] for body in address.bodies] == [0, size]


async def test_an_address_that_answers_without_end_is_left(place: Place, address: Listening) -> None:
    address.says = b"x" * 5_000_000
    async with audited(place) as log:
        await log.talk(3)
        await log.head()
        with pytest.raises(BatonError, match="answered too much"):
            await AddressKeeper(address.url, "", SIGNING.public).give(log.sealer.tree)


@pytest.mark.parametrize("status", [500, 302, 401])
async def test_an_address_that_refuses_or_leads_elsewhere_is_told_of(
    place: Place, address: Listening, status: int
) -> None:
    address.status = [status]
    async with audited(place) as log:
        await log.talk(5)
        await log.head()
        with pytest.raises(BatonError, match=str(status)):
            await given(AddressKeeper(address.url, "", SIGNING.public), log.sealer.tree, 0)


@pytest.mark.parametrize("url", ["http://keeper.example/heads", "ftp://keeper.example/", "http://10.0.0.7/"])
def test_heads_leave_this_machine_only_under_tls(url: str) -> None:
    with pytest.raises(BatonError, match="https"):
        keepers(url, "", b"")


def test_an_address_is_shown_without_what_may_be_secret_in_it() -> None:
    (keeper,) = keepers("https://user:secret@keeper.example:8443/heads?token=secret", "", b"")
    assert keeper.where == "https://keeper.example:8443/heads"
