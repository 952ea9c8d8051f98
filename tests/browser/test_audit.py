"""The audit in a browser: find who changed what, follow a line to its place in the log and its proof; red when something is wrong."""

import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Accounts, Served, halcyon
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (768, 1000), (320, 700))


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Accounts, Path]]:
    """Halcyon Air without history, its accounts, and its home folder; heads go to a file elsewhere each second."""
    folder = tmp_path_factory.mktemp("audited")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("BATON_AUDIT_EVERY_S", "1")
        patch.setenv("BATON_AUDIT_PUBLISH", str(folder / "far" / "heads.jsonl"))
        with halcyon(folder) as running:
            yield running, running.accounts(), folder / "baton"


@pytest.fixture
def page(browser: Browser, company: tuple[Served, Accounts, Path]) -> Iterator[Page]:
    served, accounts, _ = company
    context = browser.new_context(reduced_motion="reduce", base_url=served.url)
    sign_in(context, served.url, "admin", accounts["admin"]["email"], accounts["admin"]["password"])
    yield context.new_page()
    context.close()


def read_at_every_width(page: Page, axe: Callable[[Page], None]) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.emulate_media(color_scheme="light")


def test_a_change_is_found_and_followed_to_its_proof(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/governance/audit")
    page.locator("#kind").select_option("policy")
    page.get_by_label("Policy, conversation, customer").fill("routing")
    page.get_by_role("button", name="Search", exact=True).click()
    records = page.get_by_role("table", name="Records of the audit")
    expect(records).to_contain_text("Changed a policy")
    expect(records).not_to_contain_text("Signed in")
    read_at_every_width(page, axe)
    page.wait_for_timeout(1500)
    records.get_by_role("link", name="with its proof").last.click()
    expect(page.get_by_text("It is in the tree that the head signs")).to_be_visible()
    page.get_by_text("hashes from the leaf to the root").click()
    read_at_every_width(page, axe)


def test_what_nobody_did_says_so_and_leads_back(page: Page, axe: Callable[[Page], None]) -> None:
    page.goto("/governance/audit?who=nobody-at-all")
    expect(page.get_by_text("Nothing fits")).to_be_visible()
    axe(page)
    page.get_by_role("link", name="Clear").click()
    expect(page.get_by_role("table", name="Records of the audit")).to_be_visible()


def test_a_refusal_of_whoever_keeps_the_heads_is_red_and_says_what_to_do(
    page: Page, company: tuple[Served, Accounts, Path], axe: Callable[[Page], None]
) -> None:
    with closing(sqlite3.connect(company[2] / "log.db", timeout=10)) as db:
        db.execute("UPDATE audit_keeping SET ok = 0, told = 'It keeps a head that this log does not continue.'")
        db.commit()
    page.goto("/governance/audit")
    expect(page.get_by_role("status").filter(has_text="The log is not what was signed").or_(
        page.get_by_role("status").filter(has_text="Heads are not published"))).to_be_visible()  # fmt: skip
    read_at_every_width(page, axe)
