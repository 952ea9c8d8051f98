"""Escalations and AI use: one press from Performance, read at every width without a violation, and each number opens its rows."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Accounts, Served
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (768, 1000), (320, 700))


def opened(browser: Browser, company: tuple[Served, Accounts], role: str, theme: str = "light") -> Page:
    served, accounts = company
    context = browser.new_context(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    sign_in(context, served.url, role, accounts[role]["email"], accounts[role]["password"])
    return context.new_page()


def test_from_performance_to_what_led_to_a_person_and_its_conversations(
    browser: Browser, company: tuple[Served, Accounts]
) -> None:
    page = opened(browser, company, "analyst")
    page.goto(f"{company[0].url}/performance")
    page.get_by_role("link", name="Escalations", exact=True).click()
    expect(page.get_by_role("heading", name="What led to a person")).to_be_visible()
    row = page.locator("tbody tr", has_text="Failed attempts").first
    expect(row).to_be_visible()
    row.get_by_role("link").last.click()
    expect(page.locator("tbody tr").first).to_be_visible()
    page.context.close()


def test_an_analyst_sees_reps_and_a_supervisor_only_teams(browser: Browser, company: tuple[Served, Accounts]) -> None:
    for role, reps in (("analyst", True), ("supervisor", False)):
        page = opened(browser, company, role)
        page.goto(f"{company[0].url}/ai-use")
        expect(page.get_by_role("heading", name="From shown to the need met")).to_be_visible()
        assert (page.get_by_text("Jack Moreau").count() > 0) == reps
        page.context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/escalations", "/ai-use"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    browser: Browser, company: tuple[Served, Accounts], axe: Callable[[Page], None], path: str, theme: str
) -> None:
    page = opened(browser, company, "analyst", theme)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{company[0].url}{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.context.close()
