"""The customer widget in Chromium: a main task by keyboard alone, reload and network loss, no markup from a turn, axe."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from tests.channels.serving import Place, in_thread

pytestmark = pytest.mark.browser
NASTY = '<img src=x onerror="document.title=1"><b>bold</b>'


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with in_thread(tmp_path) as served:
        yield served


def opened(page: Page, place: Place, path: str = "/chat") -> Page:
    page.goto(place.url + path)
    page.locator("baton-chat .launch").click()
    return page


def say(page: Page, text: str) -> None:
    page.locator("baton-chat textarea").fill(text)
    page.locator("baton-chat textarea").press("Enter")


def test_a_customer_is_answered_and_keeps_it_after_a_reload(page: Page, place: Place) -> None:
    opened(page, place)
    expect(page.locator("baton-chat .head p")).to_have_text("You are chatting with an AI")
    page.get_by_role("button", name="Where is my bag?", exact=True).click()
    expect(page.locator("baton-chat article.agent .say-box")).to_have_text("You said: Where is my bag?")
    page.reload()
    expect(page.locator("baton-chat article .say-box")).to_have_text(["Where is my bag?", "You said: Where is my bag?"])


def test_markup_in_a_turn_stays_text(page: Page, place: Place) -> None:
    opened(page, place)
    say(page, NASTY)
    expect(page.locator("baton-chat article.agent .say-box")).to_have_text(f"You said: {NASTY}")
    assert page.locator("baton-chat .log img, baton-chat .log b").count() == 0
    assert page.title() != "1"


def test_what_is_written_without_network_is_sent_once_when_it_is_back(
    page: Page, place: Place, context: BrowserContext
) -> None:
    opened(page, place)
    say(page, "First")
    expect(page.locator("baton-chat article.agent")).to_have_count(1)
    context.set_offline(True)
    say(page, "Second")
    expect(page.locator("baton-chat article.pending .state")).to_contain_text("Not sent yet")
    context.set_offline(False)
    expect(page.locator("baton-chat article.agent .say-box")).to_have_text(
        ["You said: First", "You said: Second"], timeout=20_000
    )
    expect(page.locator("baton-chat article.mine")).to_have_count(2)


def test_a_person_is_one_tap_away_and_the_wait_is_told_by_keyboard_alone(page: Page, place: Place) -> None:
    page.goto(place.url + "/chat")
    page.locator("baton-chat .launch").focus()
    page.keyboard.press("Enter")
    page.keyboard.press("Shift+Tab")
    for _ in range(30):
        if page.evaluate("document.querySelector('baton-chat').shadowRoot.activeElement?.className") == "person":
            break
        page.keyboard.press("Shift+Tab")
    page.keyboard.press("Enter")
    expect(page.locator("baton-chat .person")).to_contain_text("Nobody can take it now")
    expect(page.locator("baton-chat .choices > button")).to_have_count(3)
    page.locator("baton-chat .choices > button").nth(1).press("Enter")
    page.keyboard.type("+34 600 000 000")
    page.keyboard.press("Enter")
    expect(page.locator("baton-chat .choices > p")).to_have_text(
        "We will reach you at +34 600 000 000. Your place is kept."
    )
    page.keyboard.press("Escape")
    expect(page.locator("baton-chat .launch")).to_be_focused()


def test_forgetting_begins_anew(page: Page, place: Place) -> None:
    opened(page, place)
    say(page, "My name is Ana")
    expect(page.locator("baton-chat article.agent")).to_have_count(1)
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Forget me").click()
    page.get_by_role("button", name="This conversation").click()
    page.get_by_role("button", name="Yes, forget it").click()
    expect(page.locator("baton-chat .note")).to_have_text("It is forgotten. Nobody can read it any more.")
    expect(page.locator("baton-chat article")).to_have_count(0)
    assert "Ana" not in page.evaluate("JSON.stringify(localStorage)")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 320])
def test_axe_finds_nothing_and_the_page_does_not_scroll_sideways(
    page: Page, place: Place, axe, scheme: Literal["light", "dark"], width: int
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 720})
    opened(page, place)
    axe(page)
    say(page, "Where is my bag?")
    expect(page.locator("baton-chat article.agent")).to_have_count(1)
    page.locator("baton-chat .person").click()
    expect(page.locator("baton-chat .choices")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Settings").click()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_it_works_on_a_page_with_a_strict_policy(page: Page, place: Place) -> None:
    page.goto(place.url + "/chat/companion")
    expect(page.locator("baton-chat .panel")).to_be_visible()
    say(page, "Hello")
    expect(page.locator("baton-chat article.agent .say-box")).to_have_text("You said: Hello")


def test_a_conversation_that_is_over_may_be_rated(page: Page, place: Place, axe) -> None:
    opened(page, place)
    say(page, "Hello")
    expect(page.get_by_text("You said: Hello")).to_be_visible()
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="End conversation").click()
    page.get_by_role("button", name="4 of 5").click()
    expect(page.get_by_text("You gave 4 of 5. Thank you.")).to_be_visible()
    axe(page)
