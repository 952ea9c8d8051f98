"""Understanding in a browser: give rows, read the refusal, teach, see the figures, switch and undo; and correct an intent."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.serving import Accounts, Served, halcyon
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

SIZES = ((1280, 900), (768, 1000), (320, 700))
EXAMPLES = Path("examples/labels.csv")


@pytest.fixture(scope="module")
def company(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Served, Accounts]]:
    """Halcyon Air with one invented day, and its accounts by role."""
    with halcyon(tmp_path_factory.mktemp("taught"), 1) as running:
        yield running, running.accounts()


def signed_in(browser: Browser, company: tuple[Served, Accounts], script: bool = True) -> BrowserContext:
    served, accounts = company
    context = browser.new_context(reduced_motion="reduce", java_script_enabled=script)
    account = accounts["admin"]
    sign_in(context, served.url, "admin", account["email"], account["password"])
    return context


def give(page: Page, file: Path) -> None:
    page.set_input_files("#file", file)
    page.get_by_role("button", name="Check and teach").click()


def read_at_every_width(page: Page, axe: Callable[[Page], None]) -> None:
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    page.set_viewport_size({"width": 1280, "height": 900})
    page.emulate_media(color_scheme="dark")
    axe(page)
    page.emulate_media(color_scheme="light")


def test_give_rows_read_the_refusal_teach_see_switch_and_undo(
    browser: Browser, company: tuple[Served, Accounts], axe: Callable[[Page], None], tmp_path: Path
) -> None:
    one, faulty = tmp_path / "one.csv", tmp_path / "faulty.csv"
    one.write_text("text,label\nthe boiler is cold,heating\nmy flat is cold,heating\n")
    faulty.write_text(EXAMPLES.read_text() + "the radiator is cold,heating_broken\n")
    context = signed_in(browser, company)
    page = context.new_page()
    page.goto(f"{company[0].url}/performance")
    page.get_by_role("link", name="Understanding").click()
    give(page, one)
    expect(page.get_by_role("alert")).to_contain_text("1 label(s) ['heating']")
    axe(page)
    page.locator("summary", has_text="More").click()
    page.get_by_label("Out-of-scope label").fill("Something else")
    give(page, faulty)
    expect(page.get_by_role("alert")).to_contain_text("1 row repeating an earlier row")
    axe(page)
    page.get_by_role("button", name="Leave them out and teach").click()
    expect(page.get_by_role("heading", name="On rows that no head has seen")).to_be_visible(timeout=90_000)
    expect(page.get_by_text("Better than the live head")).to_be_visible()
    read_at_every_width(page, axe)
    page.get_by_label("Why?").fill("better on our customers' words")
    page.get_by_role("button", name="Switch to this head").click()
    live = page.locator("#live")
    expect(live).to_contain_text("faulty")
    page.get_by_role("button", name="Give Lost key this queue").click()
    page.get_by_role("button", name="Put it live").click(timeout=90_000)
    expect(page.get_by_text("It went live")).to_be_visible()
    page.goto(f"{company[0].url}/understanding")
    expect(page.get_by_role("button", name="Give Lost key this queue")).to_have_count(0)
    read_at_every_width(page, axe)
    live.get_by_label("Why go back").fill("articles first")
    live.get_by_role("button", name="Undo the switch").click()
    expect(live).to_contain_text("The head that ships with Baton")
    context.close()


@pytest.mark.parametrize("script", [True, False])
def test_an_intent_is_corrected_beside_the_conversation(
    browser: Browser, company: tuple[Served, Accounts], script: bool
) -> None:
    context = signed_in(browser, company, script)
    page = context.new_page()
    page.goto(f"{company[0].url}/conversations")
    page.locator("tbody a").first.click()
    page.get_by_role("link", name="Correct the intent").click()
    page.get_by_label("Or another label").fill("Parking trouble" if script else "Lost umbrella")
    page.get_by_role("button", name="Correct", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Parking trouble" if script else "Lost umbrella")
    context.close()
