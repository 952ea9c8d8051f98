"""The look: every component is shown, passes axe in both themes and at every width, and works by keyboard, without script, and live."""

from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path
from typing import Literal

import pytest
from playwright.sync_api import Browser, Page, expect

from baton.web.templating import STATIC, TEMPLATES
from tests.browser.previews import Preview, preview

pytestmark = pytest.mark.browser

PAGES = ("gallery", "sign-in", "error")
Theme = Literal["light", "dark"]


@pytest.fixture
def served() -> Iterator[Preview]:
    with preview() as made:
        yield made


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 768, 320])
def test_every_component_passes_axe_and_fits(browser: Browser, served: Preview, axe, width: int, theme: Theme) -> None:
    context = browser.new_context(viewport={"width": width, "height": 900}, color_scheme=theme, reduced_motion="reduce")
    page = context.new_page()
    said: list[str] = []
    page.on("console", lambda message: said.append(message.text))
    for name in PAGES:
        page.goto(f"{served.url}/{name}")
        assert page.evaluate("document.documentElement.scrollWidth") <= width, f"{name} scrolls sideways at {width}"
    assert not said, said  # nothing breaks the Content-Security-Policy, nothing is missing
    for name in PAGES:
        page.goto(f"{served.url}/{name}")
        axe(page)
    context.close()


@pytest.mark.parametrize("wish", ["contrast", "forced colours"])
def test_what_the_reader_asks_of_the_system_passes_axe(browser: Browser, served: Preview, axe, wish: str) -> None:
    context = browser.new_context(reduced_motion="reduce")
    page = context.new_page()
    if wish == "contrast":
        page.emulate_media(contrast="more")
    else:
        page.emulate_media(forced_colors="active")
    page.goto(f"{served.url}/gallery")
    axe(page)
    context.close()


def test_what_opens_passes_axe_and_closes_with_escape(page: Page, served: Preview, axe) -> None:
    page.goto(f"{served.url}/gallery")
    page.emulate_media(reduced_motion="reduce")
    for key, what in (("Control+k", "#palette"), ("?", "#keys")):
        page.keyboard.press(key)
        expect(page.locator(what)).to_be_visible()
        axe(page)
        page.keyboard.press("Escape")
        expect(page.locator(what)).to_be_hidden()
    page.get_by_role("link", name="Open a drawer").click()
    expect(page.locator("#decided")).to_be_visible()
    axe(page)
    page.keyboard.press("Escape")
    expect(page.locator("#decided")).to_be_hidden()


def test_a_definition_opens_by_key(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/gallery")
    page.get_by_role("button", name="Containment").focus()
    page.keyboard.press("Enter")
    expect(page.locator("#def-containment")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#def-containment")).to_be_hidden()


def test_g_and_a_letter_go_to_a_screen(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/gallery")
    page.keyboard.press("g")
    page.keyboard.press("l")
    page.wait_for_url("**/live")


def test_single_keys_can_be_turned_off(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/gallery")
    page.keyboard.press("?")
    page.get_by_label("Answer to single keys").uncheck()
    page.keyboard.press("Escape")
    page.reload()
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible()


def test_the_palette_finds_a_screen_and_opens_it(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/gallery")
    page.keyboard.press("Control+k")
    page.keyboard.type("live")
    expect(page.locator("[data-palette-list] li:visible")).to_have_count(1)
    page.keyboard.press("Enter")
    page.wait_for_url("**/live")


def test_theme_and_rail_are_remembered(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/gallery")
    page.get_by_role("button", name="Switch light and dark").click()
    page.get_by_role("button", name="Pin labels").click()
    page.reload()
    assert page.evaluate("[document.documentElement.dataset.theme, document.documentElement.dataset.rail]") == [
        "dark",
        "pinned",
    ]


def test_without_script_the_drawer_opens_and_filters_apply(browser: Browser, served: Preview) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{served.url}/gallery")
    page.get_by_role("link", name="Open a drawer").click()
    expect(page.locator("#decided")).to_be_visible()
    page.locator("select[name=queue]").select_option("refunds")
    page.get_by_role("button", name="Apply").click()
    assert "queue=refunds" in page.url
    context.close()


def test_labels_of_the_ledger_never_touch(page: Page, served: Preview) -> None:
    for width in (900, 1280, 1600):
        page.set_viewport_size({"width": width, "height": 900})
        page.goto(f"{served.url}/gallery")
        for bar in page.locator(".ledger").all():
            boxes = [box for text in bar.locator(".ledger-names text:visible").all() if (box := text.bounding_box())]
            boxes.sort(key=lambda box: box["x"])
            for left, right in pairwise(boxes):
                assert left["x"] + left["width"] <= right["x"], f"labels touch at {width}"


def test_text_of_a_turn_is_never_html(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/gallery")
    assert page.locator("#t2 .said b").count() == 0
    assert "<b>" in page.locator("#t2 .said").inner_text()


def test_an_event_fetches_its_part_again_and_keeps_what_is_half_typed(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/live")
    page.locator("#reply").press_sequentially("Hello Ana, I hve read")
    for _ in range(len("ve read")):
        page.keyboard.press("ArrowLeft")
    served.say.put('id: 7\nevent: assignment\ndata: {"stream": "assignment/1"}\n\n')
    expect(page.locator("#count")).to_have_text("fetched 1 times")
    page.keyboard.type("a")
    expect(page.locator("#reply")).to_have_value("Hello Ana, I have read")
    assert served.asked == [("assignment", "0")]


def test_the_stream_resumes_from_its_last_position(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/live")
    served.say.put("id: 41\nevent: assignment\ndata: {}\n\n")
    expect(page.locator("#count")).to_have_text("fetched 1 times")
    served.refusals = 2
    served.say.put("")  # the server hangs up
    expect(page.locator("[data-live-state]")).to_be_visible()
    served.say.put("id: 42\nevent: assignment\ndata: {}\n\n")
    expect(page.locator("#count")).to_have_text("fetched 2 times", timeout=10_000)
    expect(page.locator("[data-live-state]")).to_be_hidden()
    assert [last for _, last in served.asked] == ["0", "41", "41", "41"]


def test_what_happened_before_the_stream_opened_is_fetched(page: Page, served: Preview) -> None:
    served.say.put("id: 0\nevent: ready\ndata: {}\n\n")
    page.goto(f"{served.url}/live")
    page.wait_for_timeout(400)
    expect(page.locator("#count")).to_have_text("fetched 0 times")  # nothing was missed
    served.say.put("id: 9\nevent: ready\ndata: {}\n\n")
    expect(page.locator("#count")).to_have_text("fetched 1 times")


def test_what_could_not_be_done_is_told_in_the_servers_words(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/live")
    page.route(
        "**/part", lambda route: route.fulfill(status=409, json={"title": "Conflict", "detail": "Sofia took it first."})
    )
    served.say.put("id: 3\nevent: assignment\ndata: {}\n\n")
    expect(page.locator("#toasts")).to_have_text("Sofia took it first.")
    expect(page.locator("#count")).to_have_text("fetched 0 times")


def test_elapsed_time_ticks_in_place(page: Page, served: Preview) -> None:
    page.goto(f"{served.url}/live")
    expect(page.locator("#since")).to_have_text("4:14")


def test_nothing_is_written_inline_or_fetched_from_elsewhere() -> None:
    for file in [*TEMPLATES.rglob("*.html"), *STATIC.rglob("*.css"), *STATIC.rglob("*.js")]:
        text = Path(file).read_text()
        assert " style=" not in text, file
        assert "<style" not in text, file
        assert " onclick=" not in text, file
        assert "http://" not in text, file
        assert "https://" not in text, file
