"""The invented mailbox: who tries the demo finds the code of a password reset there; nobody else has such a page."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import httpx
import pytest

from baton.demo import mailbox
from baton.demo.halcyon.record import SystemOfRecord
from baton.demo.world import World
from baton.web.app import asgi
from tests.channels.serving import Place, serving
from tests.web.staffed import EVERYBODY

pytestmark = pytest.mark.scene
WORLD = World(7, 1_796_000_000_000)
ANA, TOM = "ana@example.com", "tom.becker@example.com"


@pytest.fixture
async def place(tmp_path: Path) -> AsyncIterator[Place]:
    async with serving(tmp_path) as served:
        yield served


@asynccontextmanager
async def demo(place: Place, record: SystemOfRecord, who: str = "") -> AsyncIterator[httpx.AsyncClient]:
    """The same Baton with the page of the demo, as somebody or as nobody."""
    place.app.further = [mailbox.router(place.app, record)]
    secret = place.app.accounts.open_session(EVERYBODY[who]) if who else ""
    cookies = {"baton_session": secret} if who else {}
    wired = httpx.ASGITransport(asgi(place.app))
    async with httpx.AsyncClient(transport=wired, base_url=place.url, cookies=cookies) as client:
        yield client


@pytest.fixture
def record(tmp_path: Path):
    kept = SystemOfRecord(tmp_path / "record.db", WORLD)
    yield kept
    kept.close()


async def test_the_code_of_a_password_reset_is_found_and_finishes_it(place: Place, record: SystemOfRecord) -> None:
    account = record.account(TOM)
    record.send_code("code-1", account.account_id)
    code = record.mailbox(TOM)[0].body.split()[3].rstrip(".")
    async with demo(place, record, "jack") as jack:
        everybody = await jack.get(mailbox.AT)
        assert code in everybody.text and TOM in everybody.text
        assert everybody.headers["cache-control"] == "no-store"
        assert code in (await jack.get(mailbox.AT, params={"to": f" {TOM.upper()} "})).text
        assert code not in (await jack.get(mailbox.AT, params={"to": "li.wei@example.com"})).text
        assert record.check_code(account.account_id, code)["ok"] is True
        record.reset_password("reset-1", account.account_id)
        assert "the reset ends with this mail" in (await jack.get(mailbox.AT)).text


async def test_a_customer_sees_their_own_mail_first_and_the_newest_above(place: Place, record: SystemOfRecord) -> None:
    for n, to in enumerate((ANA, TOM, ANA)):
        record.send_invoice(f"invoice-{n}", f"BOOK0{n}", to)
    async with demo(place, record, "ana") as ana:
        shown = (await ana.get(mailbox.AT)).text
        assert shown.index("BOOK02") < shown.index("BOOK00") and "BOOK01" not in shown
        assert "invented" in shown and "Staff pages" not in shown
        assert "BOOK01" in (await ana.get(mailbox.AT, params={"to": ""})).text


async def test_what_a_mail_says_is_text(place: Place, record: SystemOfRecord) -> None:
    record.send_invoice("invoice-1", "<script>alert(1)</script>", "<b>@x.example")
    async with demo(place, record, "jack") as jack:
        shown = (await jack.get(mailbox.AT)).text
        assert "&lt;script&gt;alert(1)" in shown and "&lt;b&gt;@x.example" in shown
        assert "<script>" not in shown and "<b>@" not in shown
        typed = (await jack.get(mailbox.AT, params={"to": '"><script>'})).text
        assert "No mail yet" in typed and "<script>" not in typed


async def test_nobody_reads_it_without_an_account(place: Place, record: SystemOfRecord) -> None:
    record.send_invoice("invoice-1", "BOOK01", ANA)
    async with demo(place, record) as nobody:
        refused = await nobody.get(mailbox.AT)
        assert refused.status_code == 401 and "BOOK01" not in refused.text
        asked = await nobody.get(mailbox.AT, headers={"accept": "text/html"})
        assert asked.status_code in (302, 303) and asked.headers["location"].startswith("/sign-in")


async def test_a_real_installation_has_no_such_page_and_names_none(place: Place) -> None:
    secret = place.app.accounts.open_session(EVERYBODY["dara"])
    async with place.http(cookies={"baton_session": secret}) as dara:
        assert (await dara.get(mailbox.AT)).status_code == 404
        assert "mailbox" not in (await dara.get("/chat")).text


async def test_the_page_of_a_queue_begins_chats_there_and_what_an_address_says_is_text(place: Place) -> None:
    place.app.organisation = replace(place.app.organisation, mailbox=mailbox.AT)
    async with place.http() as visitor:
        plain = (await visitor.get("/chat")).text
        assert f'href="{mailbox.AT}"' in plain and 'href="/chat?queue=bags"' in plain and " queue=" not in plain
        assert ' queue="bags"' in (await visitor.get("/chat", params={"queue": "bags"})).text
        assert "<script>alert" not in (await visitor.get("/chat", params={"queue": '"><script>alert(1)'})).text
        place.app.organisation = replace(place.app.organisation, invented=False, mailbox="")
        assert ' queue="' not in (await visitor.get("/chat", params={"queue": "bags"})).text
