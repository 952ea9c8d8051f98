"""Conversations: found by filter, words or id, read with all that was decided about them, by mouse and by keyboard; text stays text."""

import csv
import io
import sqlite3
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.serving import Served
from tests.browser.transcripts import HOSTILE, baton, fits, history, sign_in, write

pytestmark = pytest.mark.browser

UPSET = "This is the fourth time I ask, it is ridiculous. I want to talk to a person!"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("conversations")


@pytest.fixture(scope="module")
def served(home: Path) -> Iterator[Served]:
    with baton(home, ("csv", write(history(), home / "transcripts.csv"))) as running:
        yield running


@pytest.fixture(scope="module")
def live(served: Served) -> str:
    """A conversation that was held here, so that something was decided in it; its key."""
    with httpx.Client(base_url=served.url, timeout=20) as http:
        made = http.post("/api/chat/conversations", json={}).json()
        headers = {"Authorization": f"Bearer {made['token']}"}
        for n, text in enumerate(("Hello", UPSET)):
            body = {"text": text, "nonce": f"n{n}"}
            http.post(f"/api/chat/conversations/{made['id']}/turns", json=body, headers=headers).raise_for_status()
    return str(made["id"])


@pytest.fixture
def analyst(page: Page, context: BrowserContext, served: Served) -> Page:
    sign_in(context, served.url, "analyst")
    page.goto(f"{served.url}/conversations")
    return page


def looks(home: Path, key: str) -> list[str]:
    """Who the access log says opened a conversation's text."""
    with sqlite3.connect(f"file:{home / 'baton' / 'log.db'}?mode=ro", uri=True) as log:
        return [row[0] for row in log.execute("SELECT staff FROM governance_access WHERE conversation = ?", (key,))]


def search(page: Page, words: str) -> None:
    page.get_by_label("Words said, or an id").fill(words)
    page.get_by_role("button", name="Search", exact=True).click()


def test_from_a_share_to_a_conversation_to_its_reasons_and_back_by_keyboard(
    analyst: Page, served: Served, live: str
) -> None:
    analyst.goto(f"{served.url}/performance")
    figure = analyst.locator("#ledger-open td.n a").first
    figure.focus()
    analyst.keyboard.press("Enter")
    analyst.wait_for_url("**/conversations?**state=open**")
    expect(analyst.locator("#list > header")).to_contain_text("1 need")
    analyst.keyboard.press("1")
    analyst.wait_for_url(f"**/conversations/{live}**")
    expect(analyst.locator("#turns")).to_contain_text(UPSET)
    why = analyst.get_by_role("link", name="Why: escalate").first
    why.focus()
    analyst.keyboard.press("Enter")
    drawer = analyst.locator("#explained")
    expect(drawer).to_be_focused()
    expect(drawer).to_contain_text("Decided: escalate")
    expect(drawer).to_contain_text("because no agent may speak here")
    expect(drawer).to_contain_text("It beat")
    analyst.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(why).to_be_focused()
    analyst.keyboard.press("b")
    analyst.wait_for_url("**/conversations?**state=open**")
    expect(analyst.locator("#list > header")).to_contain_text("1 need")


def test_a_conversation_under_way_grows_while_it_is_read(analyst: Page, served: Served) -> None:
    with httpx.Client(base_url=served.url, timeout=20) as http:
        made = http.post("/api/chat/conversations", json={}).json()
        headers = {"Authorization": f"Bearer {made['token']}"}

        def says(n: int, text: str) -> None:
            body = {"text": text, "nonce": f"n{n}"}
            http.post(f"/api/chat/conversations/{made['id']}/turns", json=body, headers=headers).raise_for_status()

        says(0, "Hello")
        analyst.goto(f"{served.url}/conversations/{made['id']}")
        analyst.wait_for_timeout(500)
        for n in (1, 2):
            says(n, f"Is anybody there, number {n}?")
            expect(analyst.locator("#turns .turn.customer", has_text=f"number {n}")).to_have_count(1)
        expect(analyst.locator("#turns .turn.customer")).to_have_count(3)
        http.post(f"/api/chat/conversations/{made['id']}/end", headers=headers)


def test_the_explanation_is_a_page_without_script(browser: Browser, served: Served, live: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, served.url, "analyst")
    page = context.new_page()
    page.goto(f"{served.url}/conversations/{live}")
    page.get_by_role("link", name="Why: escalate").first.click()
    expect(page.locator("#explained")).to_contain_text("Decided: escalate")
    page.get_by_role("link", name="Back to the conversation").click()
    expect(page.locator("#turns")).to_be_visible()
    context.close()


def test_words_find_a_conversation_and_that_is_kept_in_the_access_log(analyst: Page, home: Path) -> None:
    search(analyst, "zebra refund")
    expect(analyst.locator("#conversations tbody tr")).to_have_count(1)
    expect(analyst.locator(".chip", has_text="With “zebra refund”")).to_be_visible()
    key = (analyst.locator("#conversations tbody tr").get_attribute("id") or "").removeprefix("row-")
    deadline = time.monotonic() + 10
    while "ruth" not in looks(home, key) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert looks(home, key) == ["ruth"]
    search(analyst, key[:10])
    expect(analyst.locator("#conversations tbody tr")).to_have_count(1)
    search(analyst, "no such words at all")
    expect(analyst.locator("#list")).to_contain_text("Nothing fits")


def test_text_is_never_html(analyst: Page) -> None:
    search(analyst, "bold")
    analyst.locator("#conversations tbody th a").click()
    expect(analyst.locator("#turns .said").first).to_have_text(HOSTILE)
    expect(analyst.locator("#turns .said b, #turns .said img")).to_have_count(0)
    assert analyst.title() != "owned"


def test_pages_turn_by_key_and_a_view_is_an_address(analyst: Page) -> None:
    expect(analyst.locator(".pages")).to_contain_text("1 to 50 of")
    analyst.keyboard.press("n")
    analyst.wait_for_url("**page=2**")
    expect(analyst.locator(".pages")).to_contain_text("51 to")
    analyst.keyboard.press("p")
    analyst.wait_for_url("**page=1**")
    analyst.get_by_role("button", name="Views").click()
    analyst.get_by_role("link", name="Came back in 7 days").click()
    analyst.wait_for_url("**returned=7**")
    expect(analyst.locator("#conversations tbody tr")).to_have_count(1)
    analyst.get_by_role("link", name="Came back within 7 days: remove").click()
    assert "returned" not in analyst.url and "contained=1" in analyst.url


def test_older_and_newer_stay_in_the_list(analyst: Page) -> None:
    analyst.locator("select[name=intent]").select_option("complaint")
    analyst.wait_for_url("**intent=complaint**")
    expect(analyst.locator("#conversations tbody tr")).to_have_count(2)
    analyst.keyboard.press("1")
    expect(analyst.locator("#turns")).to_be_visible()
    analyst.wait_for_load_state("load")  # a key pressed before the script is there is nobody's
    first = analyst.url
    analyst.keyboard.press("j")
    analyst.wait_for_function("before => location.href !== before", arg=first)
    analyst.wait_for_load_state("load")
    expect(analyst.locator("#said > header")).to_contain_text("Complaint")
    expect(analyst.get_by_role("link", name="Older")).to_have_count(0)
    analyst.keyboard.press("k")
    analyst.wait_for_url(first)


def test_a_need_is_shown_with_how_it_came_about(analyst: Page) -> None:
    search(analyst, "zebra refund")
    analyst.locator("#conversations tbody th a").click()
    expect(analyst.locator("#need")).to_contain_text("2 conversations about it; the first ended without a person")
    expect(analyst.locator("#need ol li")).not_to_have_count(0)
    others = analyst.locator("#others li")
    expect(others).to_have_count(1)
    others.get_by_role("link", name="Side by side").click()
    expect(analyst.locator("#side-1")).to_contain_text("zebra")


def test_the_list_and_a_vcon_can_be_kept(analyst: Page) -> None:
    search(analyst, "zebra refund")
    with analyst.expect_download() as kept:
        analyst.locator("#list").get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(kept.value.path()).read_text())))
    assert [row["intent"] for row in rows] == ["refund_status"]
    assert "zebra" not in Path(kept.value.path()).read_text()
    analyst.locator("#conversations tbody th a").click()
    with analyst.expect_download() as kept:
        analyst.get_by_role("link", name="vCon", exact=True).click()
    assert '"vcon"' in Path(kept.value.path()).read_text()


def test_a_rep_sees_nothing_of_others(page: Page, context: BrowserContext, served: Served, live: str) -> None:
    sign_in(context, served.url, "rep")
    page.goto(f"{served.url}/conversations?range=all")
    expect(page.locator("#list")).not_to_contain_text("Complaint")
    expect(page.locator("#list").get_by_role("link", name="CSV")).to_have_count(0)
    foreign, missing = (context.request.get(f"{served.url}/conversations/{key}") for key in (live, "nobody-has-this"))
    assert (foreign.status, missing.status) == (404, 404)
    assert context.request.get(f"{served.url}/conversations.csv").status == 403


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (768, "dark"), (320, "light"), (320, "dark")])
def test_it_passes_axe_and_fits(
    browser: Browser, served: Served, live: str, axe, width: int, theme: Literal["light", "dark"]
) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
    sign_in(context, served.url, "analyst")
    page = context.new_page()
    pages = ["/conversations", "/conversations?contained=1&returned=7&q=refund", f"/conversations/{live}"]
    for path in pages:
        page.goto(f"{served.url}{path}")
        assert fits(page), path
        axe(page)
    page.get_by_role("link", name="Why: escalate").first.click()
    expect(page.locator("#explained")).to_be_focused()
    axe(page)
    page.goto(f"{served.url}/conversations?contained=1&returned=7")
    page.locator("#conversations td a").first.click()
    expect(page.locator("#side-2")).to_be_visible()
    assert fits(page)
    axe(page)
    context.close()
