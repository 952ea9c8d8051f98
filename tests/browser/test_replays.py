"""A replay in a browser: asked for on the page, read at every width, put live; and what is refused stays in the form."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Accounts, Served, halcyon
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (768, 1000), (320, 700))
CHANGE = 'title = "Refunds until six"\n[hours.refunds]\ncloses = "18:00"\n[[staffing]]\nqueue = "rebooking"\nreps = 2\n'


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Accounts]]:
    """Halcyon Air with three invented days, and its accounts by role."""
    with halcyon(tmp_path_factory.mktemp("replays"), 3) as running:
        yield running, running.accounts()


def read_at_every_width(page: Page, axe: Callable[[Page], None]) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.emulate_media(color_scheme="light")


def test_a_planner_replays_a_change_reads_it_and_puts_it_live(
    browser: Browser, company: tuple[Served, Accounts], axe: Callable[[Page], None]
) -> None:
    served, accounts = company
    context = browser.new_context(reduced_motion="reduce")
    sign_in(context, served.url, "planner", accounts["planner"]["email"], accounts["planner"]["password"])
    page = context.new_page()
    page.goto(f"{served.url}/planning/replays")
    expect(page.get_by_text("No replay yet")).to_be_visible()
    page.get_by_label("The change").fill("[hors.refunds]\n")
    page.keyboard.press("Tab")
    page.get_by_role("button", name="Run the replay").press("Enter")
    expect(page.get_by_role("alert")).to_contain_text("unknown field `hors`")
    expect(page.get_by_label("The change")).to_have_value("[hors.refunds]\n")
    read_at_every_width(page, axe)
    page.get_by_label("The change").fill(CHANGE)
    page.get_by_role("button", name="Run the replay").click()
    expect(page.get_by_role("heading", name="What this cannot know")).to_be_visible(timeout=90_000)
    expect(page.get_by_text("Met closed hours").first).to_be_visible()
    expect(page.get_by_text("counterfactual")).to_be_visible()
    page.locator("summary", has_text="figures of single queues").click()
    read_at_every_width(page, axe)
    page.get_by_label("Why?").fill("nobody calls later")
    page.get_by_role("button", name="Put it live").click()
    expect(page.get_by_text("It went live")).to_be_visible()
    page.get_by_role("link", name="All replays").click()
    expect(page.get_by_role("link", name="Refunds until six")).to_be_visible()
    axe(page)
    context.close()
