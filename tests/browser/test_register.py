"""The AI register and the agreement with the works council, in the browser: written by one, approved by another, read by who it is about."""

from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Served, halcyon

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with halcyon(tmp_path_factory.mktemp("register")) as running:
        yield running


def test_an_entry_is_edited_by_a_supervisor_and_approved_by_an_administrator(
    signed_in: Callable[[str], Page], served: Served, axe: Callable[[Page], None]
) -> None:
    mara = signed_in("supervisor")
    mara.goto(f"{served.url}/governance/register")
    expect(mara.get_by_text("3 of 3")).to_be_visible()
    axe(mara)
    mara.get_by_role("link", name="Refund agent").click()
    expect(mara.get_by_text("in force", exact=True)).to_be_visible()
    axe(mara)
    mara.get_by_role("link", name="Edit the entry").click()
    axe(mara)
    mara.get_by_label("Customer need it serves").fill("Customers want their money back, and to know when.")
    mara.get_by_label("Why it changes").fill("said more plainly")
    mara.click("#save")
    expect(mara.get_by_text("was edited after it was approved").first).to_be_visible()
    dara = signed_in("admin")
    dara.goto(f"{served.url}/governance/register/refund-agent")
    dara.get_by_label("Why it may speak").fill("reads well")
    dara.click("#approve")
    expect(dara.get_by_text("reads well")).to_be_visible()
    expect(dara.get_by_text("was edited after it was approved")).to_have_count(0)


def test_an_incident_is_opened_and_closed(signed_in: Callable[[str], Page], served: Served) -> None:
    mara = signed_in("supervisor")
    mara.goto(f"{served.url}/governance/register/bag-tracer")
    mara.click("#open-incident summary")
    mara.get_by_label("What happened").fill("It named a bag that was not there.")
    mara.select_option("#incident-owner", label="Mara Nilsen")
    mara.fill("#incident-due", "2099-01-31")
    mara.get_by_role("button", name="Open it").click()
    expect(mara.get_by_text("It named a bag that was not there.")).to_be_visible()
    mara.locator("summary", has_text="Say what is done").click()
    mara.get_by_label("What is done").fill("The file number is asked twice.")
    mara.get_by_label("It is over").check()
    mara.get_by_role("button", name="Keep it").click()
    expect(mara.get_by_text("closed", exact=True)).to_be_visible()


@pytest.mark.parametrize("width", [1280, 768, 320])
def test_it_fits_and_a_rep_reads_what_may_be_known_of_them(
    width: int, signed_in: Callable[[str], Page], served: Served, axe: Callable[[Page], None]
) -> None:
    jack, dara = signed_in("rep"), signed_in("admin")
    paths = {
        jack: ["/governance/agreement"],
        dara: ["/governance/register", "/governance/register/assistant", "/governance/register/model-fast"],
    }
    for page, theirs in paths.items():
        page.set_viewport_size({"width": width, "height": 800})
        for path in theirs:
            page.goto(f"{served.url}{path}")
            assert page.evaluate("document.documentElement.scrollWidth") <= width, path
    expect(jack.get_by_text("never dismissal or pay")).to_be_visible()
    answer = jack.goto(f"{served.url}/governance/register")
    assert answer is not None and answer.status == 403
    axe(dara)
