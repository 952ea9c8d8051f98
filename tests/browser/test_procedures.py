"""Procedures: an owner reads one as steps, breaks it and is told where, mends it, rehearses it and puts it in force."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Served, halcyon
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

SIZES = ((1280, 1400), (768, 1400), (320, 1400))
ONE = "/agents/procedures/refund_request"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with halcyon(tmp_path_factory.mktemp("procedures"), 1) as running:
        yield running


@pytest.fixture
def owner(served: Served, page: Page) -> Page:
    account = served.accounts()["admin"]
    sign_in(page.context, served.url, "admin", account["email"], account["password"])
    return page


def test_a_procedure_is_broken_mended_rehearsed_and_put_in_force(owner: Page, served: Served) -> None:
    owner.goto(f"{served.url}/agents/procedures")
    owner.get_by_role("link", name="Refund a booking").click()
    expect(owner.get_by_text("4 of 4 go as they should")).to_be_visible()
    file = owner.get_by_label("File of the procedure")
    text = file.input_value()
    file.fill(text.replace('do = "confirm"', 'do = "say"'))
    owner.get_by_role("button", name="Check and rehearse").click()
    owner.get_by_role("link", name="Line ").first.click()
    expect(file).to_be_focused()
    expect(owner.get_by_text("can run before the customer has said yes")).to_be_visible()
    file.fill(text.replace("Shall I refund", "May I refund"))
    owner.get_by_role("button", name="Check and rehearse").click()
    expect(owner.get_by_text("conversations would have started it")).to_be_visible()
    owner.get_by_label("Why it changes").fill("a friendlier question")
    owner.get_by_role("button", name="Put in force").click()
    expect(owner.get_by_text("in force, version 5")).to_be_visible()
    expect(owner.get_by_role("cell", name="a friendlier question")).to_be_visible()


def test_the_pages_hold_at_every_width_and_axe_finds_nothing(
    owner: Page, served: Served, axe: Callable[[Page], None]
) -> None:
    for path in ("/agents/procedures", "/agents/drafts", "/agents/outcomes", ONE):
        owner.goto(f"{served.url}{path}")
        for width, height in SIZES:
            owner.set_viewport_size({"width": width, "height": height})
            assert owner.evaluate("document.documentElement.scrollWidth") <= width, (path, width)
            axe(owner)
