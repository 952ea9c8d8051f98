"""Leading the floor in the browser: help is asked and answered, a third joins, work and people move, an outage is told and ended."""

import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.floors import Floor, attended
from tests.browser.serving import Served, halcyon

pytestmark = pytest.mark.browser

PATIENCE_MS = 20_000


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("leading")
    with halcyon(home) as running:
        yield running


@pytest.fixture
def floor(served: Served) -> Iterator[Floor]:
    with attended(served) as made:
        yield made


@pytest.fixture
def live(floor: Floor, page: Page) -> Page:
    page.set_default_timeout(PATIENCE_MS)
    floor.sign_in(page, "supervisor")
    page.goto(f"{floor.url}/live")
    return page


def test_a_rep_asks_for_help_by_keyboard_and_a_supervisor_takes_it_and_joins(
    browser: Browser, floor: Floor, live: Page, axe
) -> None:
    context = browser.new_context(viewport={"width": 1280, "height": 900})
    desk = context.new_page()
    desk.set_default_timeout(PATIENCE_MS)
    floor.sign_in(desk)
    came = floor.customer("helped")
    expect(desk.locator(f"section[id^='offer-{came.key}']")).to_be_attached(timeout=PATIENCE_MS)
    desk.keyboard.press("t")
    expect(desk.locator("#talk-h")).to_be_focused()
    expect(desk.locator("#room")).to_have_text("1 chat")
    desk.keyboard.press("a")
    expect(desk.locator("#ask-whom")).to_be_focused()
    desk.keyboard.press("Tab")
    desk.keyboard.type("May I refund twice?")
    axe(desk)
    desk.keyboard.press("Control+Enter")
    expect(desk.locator("#consults")).to_contain_text("You asked a supervisor")

    alert = f"help-{came.key}"
    expect(live.locator("#alerts")).to_contain_text("Jack Moreau asks for help", timeout=PATIENCE_MS)
    live.locator(f"#alert-taken-{alert}").click()
    expect(live.locator("#alerts")).to_contain_text("you have it", timeout=PATIENCE_MS)
    axe(live)
    live.locator(f"#alert-join-{alert}").click()
    live.locator("#join-text").fill("I approve it.")
    live.locator("#join-text").press("Control+Enter")
    expect(live.locator("#toasts")).to_contain_text("Said, with your name")
    expect(live.locator("#alerts")).not_to_contain_text("asks for help", timeout=PATIENCE_MS)
    assert [t["by"].partition("/")[0] for t in came.heard()] == ["rep"]
    expect(desk.locator("#turns")).to_contain_text("I approve it.")
    expect(desk.locator("#consults")).not_to_contain_text("You asked a supervisor")
    context.close()
    floor.api("rep", f"conversations/{came.key}/wrap-up", disposition="solved")


def test_ticked_work_moves_to_another_queue_and_a_person_is_moved_for_a_while(floor: Floor, live: Page) -> None:
    floor.api("rep", "presence", presence="break")
    came = floor.customer("moved")
    live.locator("#open-waiting").click()
    live.locator(f"#move-{came.key}").check(timeout=PATIENCE_MS)
    live.locator("#move-queue").select_option(label="Rebooking")
    live.locator("#move-now").click()
    expect(live.locator("#toasts")).to_contain_text("1 moved to Rebooking")
    expect(live.locator("#q-rebooking td").first).to_have_text("1", timeout=PATIENCE_MS)
    live.goto(f"{floor.url}/live")
    live.locator("#rep-jack\\.moreau").click()
    live.locator("#lend-queue").select_option(label="Rebooking")
    live.locator("#lend-now").click()
    expect(live.locator("#toasts")).to_contain_text("Jack Moreau serves Rebooking for 1\u00a0h")
    expect(live.locator("#people")).to_contain_text("Rebooking until", timeout=PATIENCE_MS)
    live.goto(f"{floor.url}/live")
    live.locator("#rep-jack\\.moreau").click()
    live.locator("#lend-back").click()
    expect(live.locator("#people")).not_to_contain_text("Rebooking until", timeout=PATIENCE_MS)


def test_an_outage_is_told_by_one_switch_on_a_phone_and_ended_with_its_figures(
    browser: Browser, floor: Floor, axe
) -> None:
    context = browser.new_context(viewport={"width": 320, "height": 700})
    phone = context.new_page()
    phone.set_default_timeout(PATIENCE_MS)
    floor.sign_in(phone, "supervisor")
    phone.goto(f"{floor.url}/live/outage")
    axe(phone)
    phone.locator("#outage-title").fill("Payments down")
    phone.locator("#outage-text").fill("Card payments fail at the moment. Nothing is charged twice.")
    phone.locator("#outage-begin").click()
    expect(phone.locator("#outage")).to_contain_text("Outage: Payments down")
    axe(phone)
    assert phone.evaluate("document.documentElement.scrollWidth") <= 320
    comes = floor.writes("meanwhile")
    told = "We know about a problem right now: Card payments fail"
    deadline = time.monotonic() + 10
    while told not in floor.http.get(f"/api/chat/conversations/{comes.key}/transcript", headers=comes.auth).text:
        assert time.monotonic() < deadline
        time.sleep(0.1)
    phone.locator("#outage-over").click()
    expect(phone.locator("#outage-summary")).to_contain_text("Outage, over")
    axe(phone)
    context.close()
