"""Signing in by passkey in a real browser, and administration by keyboard: a role is made, shown, put in force and given."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.browser.serving import Accounts, Served, halcyon

pytestmark = pytest.mark.browser

DEVICE = {
    "protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True, "isUserVerified": True,
    "automaticPresenceSimulation": True,
}  # fmt: skip


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("identity")
    with halcyon(home) as running:
        yield running


@pytest.fixture
def accounts(served: Served) -> Accounts:
    return served.accounts()


@pytest.fixture
def local(served: Served) -> str:
    """The same place by the name that passkeys are bound to."""
    return served.url.replace("127.0.0.1", "localhost")


def sign_in(page: Page, at: str, account: dict[str, str]) -> None:
    page.goto(f"{at}/sign-in")
    page.fill("[name=email]", account["email"])
    page.fill("[name=password]", account["password"])
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda url: "/sign-in" not in url)


def test_a_passkey_is_added_and_signs_in_and_is_taken_away(
    page: Page, context: BrowserContext, local: str, accounts: Accounts, axe
) -> None:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    device = session.send("WebAuthn.addVirtualAuthenticator", {"options": DEVICE})["authenticatorId"]
    sign_in(page, local, accounts["supervisor"])
    page.goto(f"{local}/me")
    page.get_by_label("Name of the new passkey").fill("Work laptop")
    page.get_by_role("button", name="Add a passkey").press("Enter")
    expect(page.get_by_role("rowheader", name="Work laptop")).to_be_visible()
    axe(page)
    assert len(session.send("WebAuthn.getCredentials", {"authenticatorId": device})["credentials"]) == 1

    context.clear_cookies()
    page.goto(f"{local}/sign-in?next=/me")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page).to_have_url(re.compile("/me$"))
    expect(page.locator("#sessions")).to_contain_text("passkey")

    page.get_by_role("button", name="Remove passkey Work laptop").click()
    expect(page.locator("#passkeys")).to_contain_text("You have none yet")
    context.clear_cookies()
    page.goto(f"{local}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("does not open an account")
    axe(page)


def test_a_person_who_does_not_prove_who_they_are_is_told_so(page: Page, context: BrowserContext, local: str) -> None:
    session = context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    session.send("WebAuthn.addVirtualAuthenticator", {"options": {**DEVICE, "isUserVerified": False}})
    page.goto(f"{local}/sign-in")
    page.get_by_role("button", name="Sign in with a passkey").click()
    expect(page.get_by_role("alert")).to_contain_text("No passkey was used", timeout=90_000)


def test_an_administrator_makes_a_role_sees_what_it_changes_and_gives_it(
    page: Page, served: Served, accounts: Accounts, axe
) -> None:
    sign_in(page, served.url, accounts["admin"])
    page.get_by_role("link", name="Admin").click()
    expect(page.get_by_role("navigation", name="Administration")).to_be_visible()
    axe(page)
    page.get_by_role("navigation", name="Administration").get_by_role("link", name="Roles").click()
    axe(page)
    page.get_by_role("button", name="Make a role").click()
    page.get_by_label("Title").fill("Senior rep")
    page.get_by_label("Performance: open").check()
    axe(page)
    page.get_by_role("button", name="Show what would change").click()
    expect(page.locator("#changes")).to_contain_text("performance: open")
    axe(page)
    page.get_by_label("Why").fill("They look after numbers")
    page.get_by_role("button", name="Put in force").click()
    expect(page.locator("#own")).to_contain_text("Senior rep")
    expect(page.locator("#past")).to_contain_text("They look after numbers")

    page.goto(f"{served.url}/admin/people?q=jack")
    page.get_by_role("link", name="Jack").first.click()
    page.locator("select[name=role]").select_option(label="Senior rep")
    page.get_by_role("button", name="Give the role").click()
    expect(page.locator("#history")).to_contain_text("Role: Rep → Senior rep")
    axe(page)


@pytest.mark.parametrize(
    "path",
    [
        "/me",
        "/admin/people",
        "/admin/keys?owner=payments.bridge",
        "/admin/roles",
        "/admin/roles/new?kind=rep",
        "/admin/sign-in",
    ],
)
def test_the_pages_fit_a_phone(page: Page, served: Served, accounts: Accounts, path: str, axe) -> None:
    sign_in(page, served.url, accounts["admin"])
    for width in (768, 320):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(f"{served.url}{path}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
    axe(page)
