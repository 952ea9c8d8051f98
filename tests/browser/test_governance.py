"""Governance as one place: from the rail through every tab, what the invented company has done there, and what a rep may read."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.serving import Accounts, Served, halcyon
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

TABS = ("Switch", "Policies", "Register", "Agreement", "Privacy", "Audit")
IN_SIGHT = """selector => { const bar = document.querySelector(selector), one = bar.querySelector("[aria-current]");
  const a = bar.getBoundingClientRect(), b = one.getBoundingClientRect(); return b.left >= a.left - 1 && b.right <= a.right + 1 }"""
Company = tuple[Served, Accounts]


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Company]:
    """Halcyon Air with an invented day, once its people have governed."""
    with halcyon(tmp_path_factory.mktemp("governed"), 1) as running:
        yield running, running.accounts()


@pytest.fixture
def as_admin(browser: Browser, company: Company) -> Iterator[Page]:
    """An administrator's page."""
    context = browser.new_context(reduced_motion="reduce", viewport={"width": 1280, "height": 900})
    yield _signed_in(context, company, "admin")
    context.close()


def _signed_in(context: BrowserContext, company: Company, role: str) -> Page:
    served, accounts = company
    sign_in(context, served.url, role, accounts[role]["email"], accounts[role]["password"])
    return context.new_page()


def test_every_tab_is_reached_and_stays_in_sight(as_admin: Page, company: Company, axe: Callable[[Page], None]) -> None:
    page = as_admin
    page.goto(company[0].url + "/live")
    page.get_by_role("navigation", name="Screens").get_by_role("link", name="Governance").click()
    for tab in TABS:
        page.get_by_role("navigation", name="Governance").get_by_role("link", name=tab, exact=True).click()
        shown = page.get_by_role("navigation", name="Governance").locator("[aria-current]")
        expect(shown).to_have_text(tab)
        expect(page.get_by_role("navigation", name="Screens").locator("[aria-current]")).to_have_text("Governance")
        axe(page)
        page.set_viewport_size({"width": 320, "height": 900})
        page.reload()
        assert page.evaluate("document.documentElement.scrollWidth <= document.documentElement.clientWidth"), tab
        assert page.evaluate(IN_SIGHT, ".tabs") and page.evaluate(IN_SIGHT, ".rail"), tab
        page.set_viewport_size({"width": 1280, "height": 900})


def test_what_was_refused_and_who_was_forgotten_lead_to_their_rows(
    as_admin: Page, company: Company, axe: Callable[[Page], None]
) -> None:
    page, url = as_admin, company[0].url
    page.goto(f"{url}/governance")
    expect(page.get_by_role("table", name="Turns of the kill switch")).to_contain_text("A drill")
    page.get_by_role("link", name="under Policies").click()
    refused = page.get_by_role("table", name="Calls the gate refused").get_by_role("row", name="guard-another-customer")
    expect(refused).to_contain_text("somebody else's")
    refused.get_by_role("link").click()
    calls = page.get_by_role("table", name="Calls at the gate")
    expect(calls).to_contain_text("the record says that it is somebody else's")
    axe(page)
    calls.get_by_role("link").first.click()
    expect(page.get_by_text("I want my money back").first).to_be_visible()
    page.goto(f"{url}/governance/audit?kind=erased")
    records = page.get_by_role("table", name="Records of the audit")
    expect(records).to_contain_text("Forgot a person")
    records.get_by_role("link", name="Person").click()
    expect(page.get_by_role("heading", name="What remains, and why")).to_be_visible()


def test_a_rep_reads_what_is_agreed_and_no_more(browser: Browser, company: Company) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = _signed_in(context, company, "rep")
    page.goto(f"{company[0].url}/me")
    expect(page.get_by_role("navigation", name="Screens").get_by_role("link", name="Governance")).to_have_count(0)
    page.get_by_role("link", name="Read the agreement").click()
    expect(page.get_by_text("What may be known of one rep")).to_be_visible()
    expect(page.get_by_role("navigation", name="Governance").get_by_role("link")).to_have_count(1)
    context.close()
