"""An administrator finds a person, reads what is held, erases them and reads the certificate; every page at three widths."""

from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest
from playwright.sync_api import Page, expect

from baton.web.guard import SESSION
from tests.channels.serving import Place, crafts, in_thread

pytestmark = pytest.mark.browser
ALSO = ("governance", "lake", "resolution", "orchestration")


@pytest.fixture
def place(tmp_path: Path, page: Page) -> Iterator[Place]:
    """A Baton in which somebody said who they are, opened by an administrator."""
    with in_thread(tmp_path, made=crafts(*ALSO)) as served:
        made = httpx.post(f"{served.url}/api/chat/conversations", json={"customer": "ana@example.com"}).json()
        at, auth = f"{served.url}/api/chat/conversations/{made['id']}", {"authorization": f"Bearer {made['token']}"}
        told = httpx.post(f"{at}/turns", json={"text": "My name is Ana Ruiz", "nonce": "a"}, headers=auth)
        assert told.status_code == 202
        admin = served.app.accounts.by_email("dara@halcyon.example")
        assert admin is not None
        secret = served.app.accounts.open_session(admin)
        page.context.add_cookies([{"name": SESSION, "value": secret, "url": served.url}])
        yield served


def find(page: Page, place: Place) -> None:
    page.goto(f"{place.url}/governance/privacy")
    page.get_by_label("Email address, phone number or customer number").fill("Ana@example.com")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="What is held")).to_be_visible()


def test_a_person_is_found_erased_and_certified(page: Page, place: Place, axe) -> None:
    find(page, place)
    expect(page.get_by_role("cell", name="2")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Erase this person").click()
    expect(page.get_by_text("Tick that it is for ever")).to_be_visible()
    page.get_by_label("I know that nobody can bring it back").check()
    page.get_by_role("button", name="Erase this person").click()
    expect(page.get_by_role("heading", name="What remains, and why")).to_be_visible()
    expect(page.get_by_text("Ed25519")).to_be_visible()
    axe(page)
    page.set_viewport_size({"width": 320, "height": 900})
    assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth")
    page.goto(f"{place.url}/governance/privacy")
    expect(page.get_by_text("erased", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [1280, 768, 320])
def test_every_page_of_privacy_fits(page: Page, place: Place, axe, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 900})
    find(page, place)
    for path in ("", "/holds", "/keep", "/looks"):
        page.goto(f"{place.url}/governance/privacy{path}")
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), path
        axe(page)
