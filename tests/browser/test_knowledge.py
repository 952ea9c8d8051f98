"""Knowledge: a manager finds what an agent would answer from, reads an article, sees what is overdue and what was asked in vain."""

import re
from collections.abc import Callable, Iterator

import httpx
import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.serving import Served, halcyon
from tests.browser.transcripts import sign_in

pytestmark = pytest.mark.browser

SIZES = ((1280, 1400), (768, 1400), (320, 1400))


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    with halcyon(tmp_path_factory.mktemp("knowledge"), 1) as running:
        yield running


def enter(served: Served, page: Page, role: str) -> None:
    account = served.accounts()[role]
    sign_in(page.context, served.url, role, account["email"], account["password"])
    page.goto(served.url)


@pytest.fixture
def knowledge(served: Served, page: Page) -> Page:
    enter(served, page, "knowledge_manager")
    expect(page).to_have_url(re.compile("/knowledge$"))
    return page


def test_a_question_finds_its_section_with_citation_and_owner(knowledge: Page) -> None:
    knowledge.get_by_label("Ask as a customer would").fill("How do I reset my password?")
    knowledge.keyboard.press("Enter")
    answers = knowledge.get_by_role("region", name="Answers")
    expect(answers.get_by_role("listitem").first).to_contain_text("art-31#")
    answers.get_by_role("link").first.click()
    expect(knowledge.get_by_role("heading", name="Resetting your password", level=1)).to_be_visible()
    expect(knowledge).to_have_url(re.compile(r"/knowledge/articles/art-31#s-\d"))
    expect(knowledge.get_by_role("region", name="About it")).to_contain_text("Owner")


def test_what_nobody_wrote_about_finds_nothing(knowledge: Page) -> None:
    knowledge.get_by_label("Ask as a customer would").fill("zebra crossing permit in Ulaanbaatar")
    knowledge.get_by_role("button", name="Search", exact=True).click()
    expect(knowledge.get_by_role("region", name="Answers")).to_contain_text("No section answers this")


def test_articles_overdue_for_review_are_found_by_the_filter(knowledge: Page) -> None:
    knowledge.wait_for_load_state()
    knowledge.locator("select[name=review]").select_option("overdue")
    expect(knowledge).to_have_url(re.compile("review=overdue"))
    rows = knowledge.get_by_role("region", name="Articles", exact=True).locator("tbody tr")
    expect(rows.first).to_contain_text("overdue")
    for row in rows.all():
        expect(row).to_contain_text("overdue")


def test_what_was_asked_in_vain_is_counted(served: Served, knowledge: Page) -> None:
    with httpx.Client(base_url=served.url, timeout=20) as http:
        made = http.post("/api/chat/conversations", json={"customer": "zoe", "language": "en"}).json()
        body = {"text": "What colour is the paint of flight HA 207?", "nonce": "n"}
        auth = {"Authorization": f"Bearer {made['token']}"}
        http.post(f"/api/chat/conversations/{made['id']}/turns", json=body, headers=auth).raise_for_status()
    knowledge.get_by_role("link", name="Gaps").click()
    asked = knowledge.get_by_role("region", name="Asked in vain", exact=True)
    expect(asked.locator("tbody tr").first).to_be_visible()
    for row in asked.locator("tbody tr").all():
        figures = [int(re.sub(r"\D", "", text)) for text in row.locator("td").all_inner_texts()[:2]]
        assert 0 < figures[1] <= figures[0]


def test_a_rep_reads_and_a_planner_may_not(served: Served, browser: Browser) -> None:
    for role, status in (("rep", 200), ("planner", 403)):
        context = browser.new_context()
        page = context.new_page()
        enter(served, page, role)
        answer = page.goto(f"{served.url}/knowledge")
        assert answer is not None
        assert answer.status == status
        context.close()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/knowledge?q=refund", "/knowledge/gaps", "/knowledge/articles/art-30"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    served: Served, browser: Browser, axe: Callable[[Page], None], theme: str, path: str
) -> None:
    context = browser.new_context(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    enter(served, page, "knowledge_manager")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{served.url}{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    context.close()
