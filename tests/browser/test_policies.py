"""The gate's policies in a browser: a wrong text is sent back with its line, a right one is replayed on past calls and put in force."""

import re
import time
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Accounts, Served, halcyon
from tests.browser.test_replays import read_at_every_width
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

OPEN = '\n@id("open")\npermit (principal, action, resource);\n'
NO_LOOK = '\n@id("no-codes")\n@why("codes are sent by people today")\nforbid (principal is Agent, action, resource == Tool::"send_code");\n'


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Accounts]]:
    """Halcyon Air with an invented day, and its accounts by role."""
    with halcyon(tmp_path_factory.mktemp("policies"), 1) as running:
        yield running, running.accounts()


def locked_out(url: str, email: str) -> None:
    """A customer is locked out, and the agent looks their account up."""
    with httpx.Client(base_url=url, timeout=20) as client:
        made = client.post("/api/chat/conversations", json={}).raise_for_status().json()
        path, auth = f"/api/chat/conversations/{made['id']}", {"Authorization": f"Bearer {made['token']}"}
        for n, text in enumerate(("I forgot my password", email)):
            client.post(f"{path}/turns", json={"text": text, "nonce": str(n)}, headers=auth).raise_for_status()
            time.sleep(2)


def test_a_text_is_sent_back_replayed_and_put_in_force(
    browser: Browser, company: tuple[Served, Accounts], axe: Callable[[Page], None]
) -> None:
    served, accounts = company
    locked_out(served.url, "ana.ruiz@example.com")
    context = browser.new_context(reduced_motion="reduce")
    sign_in(context, served.url, "admin", accounts["admin"]["email"], accounts["admin"]["password"])
    page = context.new_page()
    page.goto(f"{served.url}/governance/policies")
    text = page.get_by_label("Rules", exact=True).input_value()
    read_at_every_width(page, axe)
    page.get_by_label("Rules", exact=True).fill(text + OPEN)
    page.get_by_role("button", name="Check and replay").press("Enter")
    expect(page.get_by_text("takes away what the guards demand")).to_be_visible()
    expect(page.get_by_label("Rules", exact=True)).to_have_value(re.compile('@id."open"'))
    page.get_by_role("link", name="Line").click()
    expect(page.get_by_label("Rules", exact=True)).to_be_focused()
    read_at_every_width(page, axe)
    page.get_by_label("Rules", exact=True).fill(text + NO_LOOK)
    page.get_by_role("button", name="Check and replay").click()
    expect(page.get_by_text("1 newly refused")).to_be_visible()
    expect(page.get_by_role("table", name="Past calls that would come out otherwise")).to_contain_text("no-codes")
    read_at_every_width(page, axe)
    page.get_by_label("Why it changes").fill("an incident with accounts")
    page.get_by_role("button", name="Put in force", exact=True).click()
    expect(page.get_by_text("It is in force.")).to_be_visible()
    locked_out(served.url, "ana.ruiz@example.com")
    page.reload()
    expect(page.get_by_role("table", name="Calls the gate refused")).to_contain_text("codes are sent by people today")
    expect(page.get_by_role("table", name="Versions of the policies")).to_contain_text("an incident with accounts")
    read_at_every_width(page, axe)
    page.get_by_role("link", name="Look at the version").first.click()
    expect(page.get_by_text("This is an earlier version.")).to_be_visible()
    context.close()
