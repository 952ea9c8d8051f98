"""Performance: a share opens its conversations, a contained chat stands beside the call that followed, every figure has its definition and rows."""

import csv
import io
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.serving import Served
from tests.browser.transcripts import baton, fits, history, sign_in, write

pytestmark = pytest.mark.browser

LOADED = "main:not(:has(.skeleton))"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("performance")
    with baton(home, ("csv", write(history(), home / "transcripts.csv"))) as running:
        yield running


@pytest.fixture
def analyst(page: Page, context: BrowserContext, served: Served) -> Page:
    sign_in(context, served.url, "analyst")
    page.goto(f"{served.url}/performance")
    expect(page.locator(LOADED)).to_be_attached()
    return page


def listed(page: Page) -> int:
    """How many conversations or needs the list says it holds."""
    found = re.search(r"(\d+) (?:need|conversation)", page.locator("#list > header").inner_text())
    assert found, page.locator("#list > header").inner_text()
    return int(found[1])


def test_the_gap_opens_the_needs_it_names(analyst: Page) -> None:
    note = analyst.locator("#part-ledger .note").first
    expect(note).to_contain_text("Containment says")
    link = note.get_by_role("link", name=re.compile("Open the"))
    named = int(link.inner_text().split()[-1])
    link.click()
    assert listed(analyst) == named > 0
    expect(analyst.locator(".chip", has_text="Ended without a person and not met")).to_be_visible()


def test_every_number_of_the_ledger_opens_as_many_needs(analyst: Page, served: Served) -> None:
    links = analyst.locator("#outcomes td.n a")
    told = [(link.inner_text(), link.get_attribute("href")) for link in links.all()]
    assert len(told) >= 4
    for figure, href in told:
        analyst.goto(f"{served.url}{href}")
        assert listed(analyst) == int(figure), href


def test_the_nine_states_sum_to_all_needs(analyst: Page) -> None:
    rows = analyst.locator("#outcomes tbody tr")
    expect(rows).to_have_count(9)
    needs = [int(row.locator("td").first.inner_text()) for row in rows.all()]
    assert sum(needs) == int(analyst.locator("#outcomes tfoot td").first.inner_text())


def test_tuesdays_chat_stands_beside_thursdays_call(analyst: Page) -> None:
    pair = analyst.locator("#pairs tbody tr", has_text="Refund status")
    expect(pair).to_have_count(1)
    expect(pair).to_contain_text("2 days later")
    pair.get_by_role("link", name=re.compile("Side by side")).click()
    expect(analyst.locator("#side-1")).to_contain_text("Where is my zebra refund?")
    expect(analyst.locator("#side-1")).to_contain_text("counted as contained")
    expect(analyst.locator("#side-2")).to_contain_text("I see it was returned, I send it again.")
    expect(analyst.locator("main .note").first).to_contain_text("It ended without a person")
    analyst.locator("#side-2").get_by_role("link", name="Open").click()
    expect(analyst.locator("#said")).to_contain_text("I chatted about my refund")


def test_a_definition_opens_by_key_and_leads_to_its_rows(analyst: Page) -> None:
    term = analyst.locator("#outcomes").get_by_role("link", name="Confirmed", exact=True)
    term.focus()
    analyst.keyboard.press("Enter")
    drawer = analyst.locator("#meaning")
    expect(drawer).to_be_focused()
    expect(drawer).to_contain_text("Definition")
    expect(drawer).to_contain_text("Left out")
    analyst.keyboard.press("Escape")
    expect(drawer).to_have_count(0)
    expect(term).to_be_focused()
    analyst.keyboard.press("Enter")
    drawer.get_by_role("link", name="See the rows").click()
    expect(analyst.get_by_role("heading", level=1)).to_contain_text("Rows: Needs confirmed")
    analyst.locator("tbody th a").first.click()
    expect(analyst.locator("#turns")).to_be_visible()


def test_filters_are_kept_in_the_address(analyst: Page) -> None:
    analyst.locator("select[name=intent]").select_option("seat_change")
    analyst.wait_for_url("**intent=seat_change**")
    expect(analyst.locator("#ledger-card")).to_contain_text("56 needs")
    analyst.locator("select[name=took]").select_option("people")
    analyst.wait_for_url("**took=people**")
    expect(analyst.locator("select[name=intent]")).to_have_value("seat_change")


def test_the_table_can_be_kept_as_csv(analyst: Page) -> None:
    with analyst.expect_download() as kept:
        analyst.locator("#ledger-card").get_by_role("link", name="CSV").click()
    rows = list(csv.DictReader(io.StringIO(Path(kept.value.path()).read_text())))
    assert {row["state"] for row in rows} >= {"confirmed", "unaccounted", "reversed"}
    shown = {
        row.locator("th").inner_text(): row.locator("td").first.inner_text()
        for row in analyst.locator("#outcomes tbody tr").all()
    }
    assert shown["Confirmed"] == next(row["needs"] for row in rows if row["state"] == "confirmed")


def test_how_it_is_decided_shows_each_change_with_its_evidence(analyst: Page) -> None:
    analyst.get_by_role("link", name="How this is decided").click()
    expect(analyst.locator("#rule")).to_contain_text("Silence is no evidence")
    expect(analyst.locator("#history")).to_contain_text("stated by outcome")


def test_a_part_that_fails_says_so_and_leaves_the_others(analyst: Page, served: Served) -> None:
    analyst.route("**/performance/part/figures*", lambda route: route.abort())
    analyst.reload()
    expect(analyst.locator("#toasts")).to_contain_text("could not be reached")
    expect(analyst.locator("#returns-card")).to_be_visible()


def test_without_script_every_part_is_one_press_away(browser: Browser, served: Served) -> None:
    context = browser.new_context(java_script_enabled=False)
    sign_in(context, served.url, "analyst")
    page = context.new_page()
    page.goto(f"{served.url}/performance")
    expect(page.locator("#outcomes")).to_be_visible()
    page.get_by_role("link", name="Show every part without script").first.click()
    expect(page.locator("#pairs")).to_be_visible()
    context.close()


def test_who_sees_rows_per_rep(browser: Browser, company: tuple[Served, dict[str, dict[str, str]]]) -> None:
    served, accounts = company
    seen: dict[str, list[str]] = {}
    for role, path in (
        ("analyst", "/performance?range=all"),
        ("supervisor", "/performance?range=all"),
        ("rep", "/performance?range=all"),
    ):
        context = browser.new_context()
        sign_in(context, served.url, role, accounts[role]["email"], accounts[role]["password"])
        page = context.new_page()
        page.goto(f"{served.url}{path}")
        expect(page.locator("#use-card, #use")).not_to_have_count(0)
        seen[role] = [row.get_attribute("id") or "" for row in page.locator("#use tbody tr").all()]
        context.close()
    assert len(seen["analyst"]) > 2 and seen["analyst"][-1] == "rep-team"
    assert seen["supervisor"] == ["rep-team"]
    assert len(seen["rep"]) <= 1 and "rep-team" not in seen["rep"]


@pytest.mark.parametrize(("width", "theme"), [(1280, "light"), (768, "dark"), (320, "light"), (320, "dark")])
def test_it_passes_axe_and_fits(
    browser: Browser,
    company: tuple[Served, dict[str, dict[str, str]]],
    axe,
    width: int,
    theme: Literal["light", "dark"],
) -> None:
    served, accounts = company
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
    sign_in(context, served.url, "analyst", accounts["analyst"]["email"], accounts["analyst"]["password"])
    page = context.new_page()
    for path in (
        "/performance?range=all",
        "/performance/changes?range=all",
        "/performance/metrics/aht?range=all",
        "/performance/metrics/containment/rows?range=all",
    ):
        page.goto(f"{served.url}{path}")
        expect(page.locator(LOADED)).to_be_attached()
        assert fits(page), path
        axe(page)
    context.close()


def test_invented_figures_are_labelled_and_nothing_is_claimed_without_ground(
    page: Page, context: BrowserContext, company: tuple[Served, dict[str, dict[str, str]]]
) -> None:
    served, accounts = company
    sign_in(context, served.url, "analyst", accounts["analyst"]["email"], accounts["analyst"]["password"])
    page.goto(f"{served.url}/performance?range=all")
    expect(page.locator("#ledger-card .badge", has_text="invented")).to_be_visible()
    expect(page.locator("#mix-card .note")).to_contain_text(re.compile("No difference can be claimed|meet more needs"))
    expect(page.locator("#pace-card")).to_be_visible()


def test_an_empty_baton_says_how_to_fill_it(page: Page, context: BrowserContext, tmp_path: Path, axe) -> None:
    with baton(tmp_path) as served:
        sign_in(context, served.url, "analyst")
        page.goto(f"{served.url}/performance")
        expect(page.locator("#ledger-card")).to_contain_text("baton import csv FILE")
        axe(page)
        page.goto(f"{served.url}/conversations")
        expect(page.locator("#list")).to_contain_text("No conversations yet")


def test_contained_is_not_resolved_in_the_simulated_airline(
    page: Page, context: BrowserContext, data_dir: Path, tmp_path: Path
) -> None:
    with baton(tmp_path, ("tau", data_dir / "tau" / "airline")) as served:
        sign_in(context, served.url, "analyst")
        page.goto(f"{served.url}/performance")
        card = page.locator("#stated-card")
        expect(card.locator(".note")).to_contain_text(
            "86 of 120 were contained; 53 were truly resolved, 28 of them contained."
        )
        expect(card).to_contain_text("The customers are simulated")
        figures = {
            row.locator("th").inner_text().splitlines()[0]: row.locator("td").first.inner_text()
            for row in card.locator("tbody tr").all()
        }
        assert figures["of the resolved: correct transfers to a person"].startswith("25")
        assert figures["of the resolved: no change of the record was expected"].startswith("38")
        expect(card.locator("tbody tr", has_text="Baton's estimate, without the label")).to_contain_text("of 120")
        expect(card).to_contain_text("a fold that never saw its task")
        for words, count in (("Truly resolved", 53), ("Resolved, of the contained", 28), ("Contained", 86)):
            page.goto(f"{served.url}/performance")
            page.locator("#stated-card").get_by_role("link", name=f"{words}: open {count}").click()
            assert listed(page) == count
