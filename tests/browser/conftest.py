"""A real browser: Debian's Chromium driven by Playwright, and axe for WCAG 2.2 AA. Tests here are not async."""

import os
import shutil
from collections.abc import Callable, Iterator
from typing import Literal

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, expect, sync_playwright

from tests.browser.serving import Accounts, Served, halcyon
from tests.browser.transcripts import sign_in

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--no-first-run",
)
WCAG = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]
PLACES = ("chromium", "chromium-browser", "google-chrome")
HOW_TO = "Install Chromium (apt-get install chromium), or set BATON_CHROMIUM to its path."

Check = Callable[[Page], None]

expect.set_options(timeout=20_000)  # a page of a busy machine is late, not wrong


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """One Chromium for the run. Skipped without it, but never in CI."""
    path = os.environ.get("BATON_CHROMIUM") or next(filter(None, map(shutil.which, PLACES)), None)
    if path is None:
        pytest.fail(HOW_TO) if os.environ.get("CI") else pytest.skip(HOW_TO)
    with sync_playwright() as play:
        chromium = play.chromium.launch(executable_path=path, args=list(FLAGS))
        yield chromium
        chromium.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A clean profile: no cookies, no storage, 1280 by 800."""
    opened = browser.new_context(viewport={"width": 1280, "height": 800}, locale="en-GB", timezone_id="UTC")
    opened.set_default_timeout(20_000)
    yield opened
    opened.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that may not throw: an uncaught script error fails the test."""
    opened = context.new_page()
    thrown: list[str] = []
    opened.on("pageerror", lambda error: thrown.append(str(error)))
    yield opened
    assert not thrown, f"The page threw: {thrown}"


@pytest.fixture(scope="session")
def axe() -> Check:
    """Assert that axe finds nothing against WCAG 2.2 AA on a page."""
    checker = Axe()

    def find_nothing(page: Page) -> None:
        page.wait_for_load_state()  # what was pressed before may lead to another page
        page.emulate_media(reduced_motion="reduce")  # a row that slides in has no contrast yet
        size = page.viewport_size or {"width": 1280, "height": 800}
        whole = max(size["height"], page.evaluate("document.documentElement.scrollHeight"))
        page.set_viewport_size({"width": size["width"], "height": whole})  # else a bar at the foot covers what is below
        rules = {"resultTypes": ["violations"], "runOnly": {"type": "tag", "values": WCAG}}
        found = checker.run(page, options=rules).response["violations"]
        page.set_viewport_size(size)
        assert not found, "\n".join(_told(violation) for violation in found)

    return find_nothing


@pytest.fixture(scope="session")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Accounts]]:
    """Halcyon Air with three invented days and its accounts by role, for scenes that leave its figures as they are."""
    with halcyon(tmp_path_factory.mktemp("halcyon"), 3) as running:
        yield running, running.accounts()


@pytest.fixture
def signed_in(browser: Browser, served: Served) -> Iterator[Callable[..., Page]]:
    """Sign in as a role of the `served` demo; its page."""
    opened: list[BrowserContext] = []

    def enter(role: str, width: int = 1280, scheme: Literal["light", "dark"] = "light") -> Page:
        context = browser.new_context(viewport={"width": width, "height": 800}, locale="en-GB", timezone_id="UTC", color_scheme=scheme)  # fmt: skip
        opened.append(context)
        account = served.accounts()[role]
        sign_in(context, served.url, role, account["email"], account["password"])
        return context.new_page()

    yield enter
    for context in opened:
        context.close()


def _told(violation: dict[str, object]) -> str:
    nodes = violation["nodes"]
    assert isinstance(nodes, list)
    where = ", ".join(str(node["target"]) for node in nodes[:5])
    return f"{violation['id']} ({violation['impact']}): {violation['help']} at {where}"
