"""The desk: a rep's whole day by mouse and by keyboard, live, on any screen, and nothing typed is ever lost."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from tests.browser.floors import UPSET, Customer, Floor, attended, dear_booking
from tests.browser.serving import Served, halcyon

pytestmark = pytest.mark.browser

PATIENCE_MS = 20_000

QUESTION = "How long does a refund take to reach my card?"


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("desk")
    with halcyon(home) as running:
        yield running


@pytest.fixture
def floor(served: Served) -> Iterator[Floor]:
    with attended(served) as made:
        yield made


@pytest.fixture
def desk(page: Page, floor: Floor) -> Page:
    page.set_default_timeout(PATIENCE_MS)
    floor.sign_in(page)
    return page


def taken(desk: Page, floor: Floor, name: str, *texts: str) -> Customer:
    """A customer whose conversation Jack took by its key."""
    came = floor.customer(name, *texts)
    expect(desk.locator(f"section[id^='offer-{came.key}']")).to_be_attached(timeout=PATIENCE_MS)
    desk.keyboard.press("t")
    expect(desk.locator("#work")).to_have_attribute("data-key-of", came.key, timeout=PATIENCE_MS)
    expect(desk.locator("#talk-h")).to_be_focused()
    return came


def test_a_rep_works_by_keyboard_alone(desk: Page, floor: Floor) -> None:
    first = floor.customer("keyboard-1")
    offered = desk.locator(f"section[id^='offer-{first.key}']")
    expect(offered).to_be_visible(timeout=PATIENCE_MS)
    offer = offered.inner_text().lower()
    assert "why you" in offer
    assert not {"high", "medium", "low", "mood"} & set(offer.split()), "nothing tells how hard it is before it is taken"
    desk.keyboard.press("t")
    expect(desk.locator("#talk-h")).to_be_focused(timeout=PATIENCE_MS)
    expect(desk.locator(".conv-line[aria-current] .cx")).to_be_visible()

    first.says(QUESTION)
    expect(desk.locator("#suggestion-1")).to_be_visible()
    expect(desk.locator("#side")).to_contain_text("What is understood")
    desk.keyboard.press("e")
    expect(desk.locator("textarea[data-reply]")).to_be_focused()
    desk.keyboard.type(" I am on it now.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator(".turn.rep .said")).to_contain_text("I am on it now.")
    assert first.heard()[-1]["text"].endswith("I am on it now.")
    expect(desk.locator("textarea[data-reply]")).to_have_value("")

    desk.keyboard.press("Escape")
    desk.keyboard.press("Tab")  # out of the text, so that single keys are keys again
    desk.keyboard.press("h")
    expect(desk.locator("#to-queue")).to_be_focused()
    desk.keyboard.type("App")  # a queue that Jack does not serve
    desk.keyboard.press("Tab")
    desk.keyboard.type("The refund is fine, the sign-in is not.")
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#work.is-empty")).to_be_visible()

    second = taken(desk, floor, "keyboard-2")
    desk.keyboard.press("w")
    expect(desk.locator("#wrap-form input:focus")).to_be_visible()
    desk.keyboard.press("ArrowDown")
    desk.locator("#wrap-form").press("Tab")
    desk.locator("#wrap-done").focus()
    desk.keyboard.press("Enter")
    expect(desk.locator("#wrap")).to_have_count(0)
    expect(desk.locator(f"#mine-{second.key}")).to_have_count(0)
    expect(desk.locator("#left")).to_contain_text("0 of 3 places")


def test_an_offer_is_passed_by_its_key(desk: Page, floor: Floor) -> None:
    floor.customer("passed")
    expect(desk.locator(".offer")).to_be_visible(timeout=PATIENCE_MS)
    desk.keyboard.press("p")
    expect(desk.locator(".offer")).to_have_count(0)
    expect(desk.locator("#left")).to_contain_text("1 passed")


def test_new_turns_come_in_without_moving_focus_or_text(desk: Page, floor: Floor) -> None:
    came = taken(desk, floor, "live")
    desk.keyboard.press("r")
    desk.keyboard.type("Hello, I hve read")
    for _ in "ve read":
        desk.keyboard.press("ArrowLeft")
    came.says("Is anybody there?")
    expect(desk.locator(".turn.customer").last).to_contain_text("Is anybody there?")
    desk.keyboard.type("a")
    expect(desk.locator("textarea[data-reply]")).to_have_value("Hello, I have read")
    expect(desk.locator("textarea[data-reply]")).to_be_focused()
    assert desk.locator("#turns").get_attribute("role") == "log"


def test_a_turn_is_text_and_never_html(desk: Page, floor: Floor) -> None:
    bad = "<img src=x onerror=alert(1)> <b>bold</b>"
    came = taken(desk, floor, "markup", f"My refund? {bad}", UPSET)
    came.says(bad)
    expect(desk.locator(".turn.customer .said").last).to_have_text(bad)
    assert desk.locator("#work img, #work .said b").count() == 0


def test_a_draft_is_kept_for_each_conversation(desk: Page, floor: Floor) -> None:
    one = taken(desk, floor, "draft-1")
    desk.fill(f"#reply-{one.key}", "Dear first customer")
    desk.locator("#talk-h").focus()
    two = taken(desk, floor, "draft-2")
    expect(desk.locator(f"#reply-{two.key}")).to_have_value("")
    desk.fill(f"#reply-{two.key}", "Dear second customer")
    desk.locator("#talk-h").focus()
    desk.keyboard.press("1")
    expect(desk.locator(f"#reply-{one.key}")).to_have_value("Dear first customer")
    desk.reload()
    expect(desk.locator(f"#reply-{one.key}")).to_have_value("Dear first customer")
    desk.locator("#talk-h").focus()
    desk.keyboard.press("2")
    expect(desk.locator(f"#reply-{two.key}")).to_have_value("Dear second customer")


def test_when_hands_changed_it_is_told_and_the_text_stays(desk: Page, floor: Floor) -> None:
    came = taken(desk, floor, "hands")
    desk.fill(f"#reply-{came.key}", "I was just about to say")
    assert floor.api("supervisor", f"conversations/{came.key}/takeover", reason="help").status_code == 202
    expect(desk.locator("#hands")).to_contain_text("Mara Nilsen has this conversation now")
    expect(desk.locator(f"#reply-{came.key}")).to_have_value("I was just about to say")
    expect(desk.locator("#send")).to_be_disabled()
    floor.api("supervisor", f"conversations/{came.key}/wrap-up", disposition="answered", need_met="yes")


def test_a_refused_turn_says_why_and_keeps_the_text(desk: Page, floor: Floor) -> None:
    came = taken(desk, floor, "refused")
    desk.fill(f"#reply-{came.key}", "Too late")
    with desk.expect_response("**/say") as answered:
        floor.api("supervisor", f"conversations/{came.key}/takeover", reason="help")
        desk.evaluate("document.getElementById('reply-form').requestSubmit()")
    assert answered.value.status == 409
    expect(desk.locator("#toasts")).to_contain_text("Mara Nilsen has it")
    expect(desk.locator(f"#reply-{came.key}")).to_have_value("Too late")
    floor.api("supervisor", f"conversations/{came.key}/wrap-up", disposition="answered", need_met="yes")


def test_wrap_up_says_what_is_missing_and_then_closes(desk: Page, floor: Floor) -> None:
    came = taken(desk, floor, "wrap")
    desk.keyboard.press("w")
    desk.fill(f"#promise-{came.key}", "To call back about the refund")
    desk.locator("#wrap-done").click()
    expect(desk.locator("#wrap [data-problem]")).to_contain_text("A promise needs a date")
    desk.fill(f"#due-{came.key}", "2030-01-02")
    desk.get_by_label("How hard was it?").select_option("high")
    desk.locator("#wrap-done").click()
    expect(desk.locator("#wrap")).to_have_count(0)
    expect(desk.locator("#left")).to_contain_text("1 open one")
    again = taken(desk, floor, "wrap")
    expect(desk.locator("#side")).to_contain_text("1 earlier contact in 7 days")
    assert again.key != came.key


def test_a_suggestion_that_was_not_used_gives_way_to_the_next(desk: Page, floor: Floor) -> None:
    came = taken(desk, floor, "suggested")
    came.says(QUESTION)
    expect(desk.locator(".turn.customer").last).to_contain_text("How long")
    shown = desk.locator(".suggestion:visible")
    expect(shown).to_have_count(1)
    count = int(desk.locator("#suggestions").get_attribute("data-count") or 0)
    for _ in range(count):
        shown.get_by_role("button", name="Not this").click()
    expect(shown).to_have_count(0)
    desk.fill(f"#reply-{came.key}", "In my own words.")
    with desk.expect_request("**/say") as sent:
        desk.keyboard.press("Control+Enter")
    assert "suggestion=&" in (sent.value.post_data or "") + "&", "shown and not used: that is counted"


def test_knowledge_is_searched_and_read_beside_the_conversation(desk: Page, floor: Floor) -> None:
    came = taken(desk, floor, "knowledge")
    desk.keyboard.press("/")
    desk.keyboard.type("lost bag")
    expect(desk.locator("#found")).to_contain_text("for “lost bag”")
    desk.locator("#found a").first.click()
    expect(desk.locator("#article")).to_be_visible()
    desk.get_by_role("button", name="Put in the reply").click()
    assert desk.locator(f"#reply-{came.key}").input_value()


def test_presence_is_said_with_a_reason(desk: Page, floor: Floor) -> None:
    desk.locator("#presence-now").click()
    desk.get_by_role("button", name="Break: meal").click()
    expect(desk.locator("#presence-now")).to_contain_text("On a break: meal")
    expect(desk.locator("#left")).to_contain_text("You are on a break")
    desk.locator("#be-available").click()
    expect(desk.locator("#presence-now")).to_contain_text("Available")
    expect(desk.locator("#left")).to_contain_text("Nothing in hand")


def test_a_small_screen_shows_one_pane_at_a_time(desk: Page, floor: Floor) -> None:
    desk.set_viewport_size({"width": 320, "height": 640})
    came = taken(desk, floor, "small")
    expect(desk.locator(f"#reply-{came.key}")).to_be_visible()
    expect(desk.locator("#side")).to_be_hidden()
    desk.get_by_role("link", name="Context").click()
    expect(desk.locator("#side")).to_be_visible()
    expect(desk.locator("#work")).to_be_hidden()
    desk.get_by_role("link", name="Mine").click()
    expect(desk.locator("#mine-h")).to_be_visible()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 320])
def test_the_desk_passes_axe_and_fits(browser: Browser, floor: Floor, axe, width: int, theme) -> None:
    context: BrowserContext = browser.new_context(
        viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce", timezone_id="UTC"
    )
    page = context.new_page()
    page.set_default_timeout(PATIENCE_MS)
    floor.sign_in(page)
    axe(page)
    taken(page, floor, f"axe-{theme}-{width}")
    floor.customer(f"axe-offer-{theme}-{width}")
    expect(page.locator(".offer")).to_be_attached(timeout=PATIENCE_MS)
    for view in ("list", "work", "side") if width < 1100 else ("work",):
        page.evaluate("v => document.querySelector(`.desk-views a[data-view=${v}]`).click()", view)
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{view} scrolls sideways at {width}"
    page.evaluate("document.querySelector('.desk-views a[data-view=work]').click()")
    page.locator("#talk-h").focus()
    for key, dialog in (("n", "#note"), ("h", "#hand-over"), ("w", "#wrap")):
        page.keyboard.press(key)
        expect(page.locator(dialog)).to_be_visible()
        if dialog == "#wrap":
            expect(page.locator("#wrap-form")).to_be_visible()
        axe(page)
        page.keyboard.press("Escape")
        page.locator("#talk-h").focus()
    context.close()


def test_without_script_an_offer_is_taken_and_answered(browser: Browser, floor: Floor) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    came = floor.customer("plain")
    floor.sign_in(page)
    for _ in range(40):
        if page.get_by_role("button", name="Take").count():
            break
        page.reload()
    page.get_by_role("button", name="Take").first.click()
    page.locator("textarea[name=text]").first.fill("Hello, I have read everything.")
    page.get_by_role("button", name="Send").click()
    expect(page.locator(".turn.rep .said")).to_have_text("Hello, I have read everything.")
    assert came.heard()[-1]["text"] == "Hello, I have read everything."
    context.close()


def test_an_approval_is_answered_where_it_is_asked(desk: Page, floor: Floor) -> None:
    code, family = dear_booking()
    came = floor.writes("approval", f"Please refund my booking {code}").answered().says(family)
    expect(desk.locator(".offer")).to_contain_text("May it refund?", timeout=PATIENCE_MS)
    desk.keyboard.press("t")
    expect(desk.locator("#asked-h")).to_be_visible(timeout=PATIENCE_MS)
    expect(desk.locator("#work")).to_contain_text("With your approval it asks the customer")
    desk.keyboard.press("y")
    expect(desk.locator("#work.is-empty")).to_be_visible(timeout=PATIENCE_MS)
    expect(desk.locator("#left")).to_contain_text("0 of 3 places")
    expect(desk.locator(f"[id^='mine-{came.key}']")).to_have_count(0)
