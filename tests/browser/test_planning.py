"""Planning in a browser: a rep asks for days off and a calendar, a supervisor refuses with a reason; every page is read at every width."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Accounts, Served, halcyon
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

PAGES = ("", "/week", "/today", "/asked", "/adherence", "/months")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Accounts]]:
    """Halcyon Air with two invented days, and its accounts by role."""
    with halcyon(tmp_path_factory.mktemp("planning"), 2) as running:
        yield running, running.accounts()


def test_days_off_are_asked_for_and_refused_with_a_reason(
    browser: Browser, company: tuple[Served, Accounts], axe: Callable[[Page], None]
) -> None:
    served, accounts = company
    rep, lead = (browser.new_context(reduced_motion="reduce", color_scheme="dark") for _ in range(2))
    for context, role in ((rep, "rep"), (lead, "supervisor")):
        sign_in(context, served.url, role, accounts[role]["email"], accounts[role]["password"])
    page = rep.new_page()
    page.goto(f"{served.url}/schedule")
    expect(page.get_by_text("Nothing is planned for you yet")).to_be_visible()
    page.get_by_role("button", name="Ask for days off").click()
    expect(page.get_by_text("waits for an answer")).to_be_visible()
    page.get_by_role("button", name="Make an address").click()
    expect(page.locator("#feed-address")).to_contain_text("/schedule/feed/")
    axe(page)

    asked = lead.new_page()
    asked.goto(f"{served.url}/planning/asked")
    asked.get_by_label("Reason to refuse").select_option("late")
    axe(asked)
    asked.get_by_role("button", name="Refuse").click()
    expect(asked.get_by_text("Nobody waits for days off")).to_be_visible()
    page.goto(f"{served.url}/schedule")
    expect(page.get_by_text("refused: it was asked too late")).to_be_visible()
    for width in (1280, 320):
        asked.set_viewport_size({"width": width, "height": 800})
        for path in PAGES:
            asked.goto(f"{served.url}/planning{path}")
            axe(asked)
            assert asked.evaluate("document.documentElement.scrollWidth") <= width
    rep.close()
    lead.close()
