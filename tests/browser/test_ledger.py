"""The ledger in a browser: a window and its needs, a promise settled, a drawn need answered, another identity looked for; every width, no violation."""

import re
from collections.abc import Callable
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Accounts, Served
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

Theme = Literal["light", "dark"]


def opened(browser: Browser, company: tuple[Served, Accounts], role: str, theme: Theme = "light") -> Page:
    served, accounts = company
    context = browser.new_context(color_scheme=theme, reduced_motion="reduce")
    sign_in(context, served.url, role, accounts[role]["email"], accounts[role]["password"])
    return context.new_page()


def test_from_outcomes_to_a_window_and_the_needs_behind_a_share(
    browser: Browser, company: tuple[Served, Accounts]
) -> None:
    page = opened(browser, company, "analyst")
    page.goto(f"{company[0].url}/performance")
    page.get_by_role("link", name="Ledger", exact=True).click()
    page.get_by_role("link", name="14 days", exact=True).click()
    expect(page.get_by_role("columnheader", name="14 days, chosen")).to_be_visible()
    page.get_by_role("link", name=re.compile(r"^Provisional, 14 days: open")).click()
    expect(page.get_by_role("heading", name="Needs: provisional")).to_be_visible()
    expect(page.locator("tbody tr").first).to_contain_text("Provisional")
    page.context.close()


def test_an_analyst_settles_a_promise_and_answers_a_drawn_need(
    browser: Browser, company: tuple[Served, Accounts]
) -> None:
    page = opened(browser, company, "analyst")
    page.goto(f"{company[0].url}/performance/promises")
    page.locator("#promises tbody tr").first.get_by_role("button", name=re.compile("^Kept")).click()
    expect(page.get_by_role("status").filter(has_text="Saved: kept.")).to_be_visible()
    page.goto(f"{company[0].url}/performance/draw")
    page.get_by_role("link", name="Answer the next").click()
    expect(page.get_by_role("heading", name="Was the need met?", level=2)).to_be_visible()
    expect(page.locator("main")).not_to_contain_text(re.compile("Provisional|Confirmed|Unaccounted"))
    page.get_by_role("radio", name=re.compile("^No, it was not met")).check()
    page.get_by_role("button", name="Save, and the next").click()
    page.goto(f"{company[0].url}/performance/draw")
    expect(page.locator("#answers tbody tr").first).to_contain_text("No, it was not met")
    page.context.close()


def test_another_identity_is_looked_for_from_a_conversation(browser: Browser, company: tuple[Served, Accounts]) -> None:
    page = opened(browser, company, "analyst")
    page.goto(f"{company[0].url}/conversations?range=all&channel=voice")
    page.locator("tbody tr").first.get_by_role("link").first.click()
    page.get_by_role("link", name="Same person under another identity").click()
    page.get_by_label("Email address, phone number").fill("nobody@example.com")
    page.get_by_role("button", name="Find").click()
    expect(page.get_by_text("Nobody is known by that")).to_be_visible()
    page.context.close()


def test_a_rep_sees_what_they_promised_and_nothing_else_of_the_ledger(
    browser: Browser, company: tuple[Served, Accounts]
) -> None:
    page = opened(browser, company, "rep")
    page.goto(f"{company[0].url}/performance/promises")
    expect(page.get_by_role("heading", name="Everything you promised")).to_be_visible()
    answer = page.goto(f"{company[0].url}/performance/ledger")
    assert answer is not None and answer.status == 403
    page.context.close()


@pytest.mark.parametrize(("theme", "width"), [("light", 320), ("dark", 1280)])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    browser: Browser, company: tuple[Served, Accounts], axe: Callable[[Page], None], theme: Theme, width: int
) -> None:
    page = opened(browser, company, "analyst", theme)
    page.set_viewport_size({"width": width, "height": 800})
    page.goto(f"{company[0].url}/performance/draw")
    drawn = str(page.get_by_role("link", name="Answer the next").get_attribute("href"))
    one = drawn.rpartition("/")[2]
    for path in (
        "/performance/ledger", "/performance/promises?stands=soon", "/performance/draw", drawn, f"/conversations/{one}/same-person",
        "/performance/ledger/needs?state=correctly_handed_over",
    ):  # fmt: skip
        page.goto(f"{company[0].url}{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    page.context.close()
