"""The AI studio in the browser: a canary is read, a version is made, approved and tried, at every width, in light and dark."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.browser.serving import Accounts, Served

pytestmark = pytest.mark.browser
HERE = "/agents/versions/assistant"


@pytest.fixture(scope="module")
def served(company: tuple[Served, Accounts]) -> Served:
    return company[0]


def test_a_version_is_made_by_one_approved_by_another_and_the_canary_is_read(
    signed_in: Callable[..., Page], served: Served
) -> None:
    mara = signed_in("supervisor")
    mara.goto(f"{served.url}/agents")
    mara.get_by_role("link", name="Refund agent").click()
    expect(mara.get_by_text("No version is tried now")).to_be_visible()
    mara.get_by_role("link", name="Version 12").click()
    mara.get_by_label("Least score of an answer").fill("500")
    mara.locator("#new-why").fill("asks back sooner")
    mara.click("#make")
    expect(mara.get_by_text("It is not approved, so it takes no turn.")).to_be_visible()
    dara = signed_in("admin")
    dara.goto(f"{served.url}/agents/versions/refund-agent/13")
    dara.click("#approve")
    expect(dara.get_by_text("approved, gets nothing")).to_be_visible()
    dara.locator("#share-percent").fill("20")
    dara.locator("#share-why").fill("a fifth, for a week")
    if dara.locator("#share-forced").count():
        dara.locator("#share-forced").fill("tried by hand")
    dara.click("#try")
    expect(dara.get_by_text("20.0 %").first).to_be_visible()
    expect(dara.get_by_text("Nothing can be claimed yet").first).to_be_visible()
    dara.locator("#share-percent").fill("0")
    dara.locator("#share-why").fill("enough")
    dara.click("#set-share")
    expect(dara.get_by_text("The canary of version 13 was stopped.")).to_be_visible()


def test_the_canary_of_the_assistant_says_what_may_be_concluded_and_each_number_opens_its_rows(
    signed_in: Callable[..., Page], served: Served
) -> None:
    ruth = signed_in("analyst")
    ruth.goto(f"{served.url}{HERE}")
    canary = ruth.locator("#canary")
    expect(canary.locator(".note strong")).to_contain_text("claimed yet")
    link = canary.get_by_role("row").filter(has_text="Needs met").get_by_role("link").first
    met = int(link.inner_text().split(" of ")[0])
    assert met > 0
    link.click()
    expect(ruth.locator("#rows-card tbody tr")).to_have_count(met)


@pytest.mark.parametrize(("width", "scheme"), [(1280, "light"), (768, "dark"), (320, "light")])
def test_it_fits_and_reads_at_every_width(
    signed_in: Callable[..., Page], served: Served, axe: Callable[[Page], None], width: int, scheme: str
) -> None:
    page = signed_in("admin", width, scheme)
    for path in (
        "/agents",
        HERE,
        f"{HERE}/42",
        "/agents/rows/assistant?version=42",
        f"{HERE}?newer=41&other=42",
        "/agents/traces",
        "first trace",
    ):
        if path == "first trace":
            page.locator("#traces-card tbody a").first.click()
            page.locator(".wf summary").first.click()
        else:
            page.goto(f"{served.url}{path}")
        wide = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        assert wide <= 0, (path, wide)
        axe(page)
