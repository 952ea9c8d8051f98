"""A breather, from hard work to the approval of its cost to the desk and back: by a rep and a supervisor, in the browser."""

import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.floors import Floor
from tests.browser.serving import Served, halcyon

pytestmark = pytest.mark.browser
PATIENCE_MS = 25_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with halcyon(tmp_path_factory.mktemp("wellbeing")) as running:
        yield running


@pytest.fixture(scope="module")
def floor(served: Served) -> Iterator[Floor]:
    accounts = served.accounts()
    with httpx.Client(base_url=served.url, timeout=20) as http:
        yield Floor(served.url, http, accounts)


def works(floor: Floor, name: str) -> None:
    """Jack serves one hard conversation."""
    came = floor.customer(name)
    deadline = time.monotonic() + 20
    while not [o for o in floor.state()["offered"] if o["conversation"] == came.key]:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    floor.api("rep", f"offers/{came.key}/take").raise_for_status()
    said = {"disposition": "solved", "need_met": "yes", "complexity": "high"}
    floor.api("rep", f"conversations/{came.key}/wrap-up", **said).raise_for_status()


def looks(browser: Browser, floor: Floor, role: str, width: int = 1280, theme: str = "light") -> Page:
    """A page of somebody's own."""
    context = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme="dark" if theme == "dark" else "light", reduced_motion="reduce"
    )  # fmt: skip
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    floor.sign_in(page, role)
    return page


def fits(page: Page, axe, width: int) -> None:
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{page.url} scrolls sideways at {width}"


def test_a_breather_from_hard_work_to_the_desk(browser: Browser, floor: Floor, axe) -> None:
    floor.api("rep", "presence", presence="available")
    for n in range(2):
        works(floor, f"hard-{n}")
    lead = looks(browser, floor, "supervisor")
    approve = lead.get_by_role("button", name="Approve 1")
    lead.goto(f"{floor.url}/wellbeing")
    expect(approve).to_be_visible(timeout=2 * PATIENCE_MS)
    row = lead.locator("tr", has=approve)
    expect(row).to_contain_text("1 breather")
    expect(row).to_contain_text("% late")
    assert "Jack" not in lead.locator("main").inner_text(), "a team's need names nobody"
    fits(lead, axe, 1280)
    desk = looks(browser, floor, "rep")
    expect(desk.locator("#breather")).to_have_count(0)
    lead.goto(f"{floor.url}/live")
    expect(lead.locator("#people")).to_contain_text("Waiting for approval: Lisbon: 1 breather")
    lead.goto(f"{floor.url}/wellbeing")
    approve.click()
    expect(lead.locator("main")).to_contain_text("5 of 60 min")
    expect(desk.locator("#breather")).to_contain_text("Breather offered: 5 min, costs +", timeout=PATIENCE_MS)
    fits(desk, axe, 1280)
    desk.locator("#breather-take").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#breather")).to_contain_text("On a breather.", timeout=PATIENCE_MS)
    expect(desk.locator("#presence-now")).to_contain_text("break", ignore_case=True, timeout=PATIENCE_MS)
    desk.get_by_role("link", name="My load").first.click()
    expect(desk.locator("#counted-card tbody tr")).to_have_count(2)


@pytest.mark.parametrize(("width", "theme"), [(1280, "dark"), (320, "light")])
def test_the_pages_pass_axe_and_fit(browser: Browser, floor: Floor, axe, width: int, theme: str) -> None:
    for role, path in (("rep", "/wellbeing/mine"), ("supervisor", "/wellbeing"), ("rep", "/desk")):
        page = looks(browser, floor, role, width, theme)
        page.goto(floor.url + path)
        fits(page, axe, width)
        page.context.close()


def test_a_rep_deletes_their_load_without_script(browser: Browser, floor: Floor) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    floor.sign_in(page)
    page.goto(f"{floor.url}/wellbeing/mine")
    page.get_by_role("button", name="Delete and count no more").click()
    expect(page.locator("main")).to_contain_text("Your load is not counted")
    page.get_by_role("button", name="Count it again").click()
    expect(page.locator("main")).to_contain_text("Nothing counted yet")
    context.close()
