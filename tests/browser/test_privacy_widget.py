"""A customer meets privacy in the chat: sees and changes what their words are used for, takes their data out, and is forgotten."""

import io
import json
import re
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path
from typing import Literal

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from playwright.sync_api import Page, expect

from tests.channels.serving import Place, crafts, in_thread

pytestmark = pytest.mark.browser

SECRET = "0123456789abcdef0123456789abcdef"
ALSO = ("governance", "lake", "resolution", "orchestration")
DAY_MS = 86_400_000


@pytest.fixture
def place(tmp_path: Path) -> Iterator[Place]:
    with in_thread(tmp_path, made=crafts(*ALSO), settings={"site_secret": SECRET}) as served:
        yield served


def signed(who: str) -> str:
    """What the embedding site signs."""
    claims = {"sub": who, "aud": "baton", "exp": int(time.time()) + 600}
    return jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))


def talking(page: Page, place: Place, language: str = "en", **who: str) -> Page:
    """The widget with one turn said, its customer as the page tells, and the settings open."""
    page.goto(place.url + "/chat")
    page.evaluate(
        "given => { const e = document.querySelector('baton-chat'); e.removeAttribute('customer');"
        " for (const [k, v] of Object.entries(given)) e.setAttribute(k, v); }",
        {**who, "language": language},
    )
    page.locator("baton-chat .launch").click()
    page.locator("baton-chat textarea").fill("My name is Ana Ruiz")
    page.locator("baton-chat textarea").press("Enter")
    expect(page.locator("baton-chat article.agent")).to_have_count(1)
    page.locator("baton-chat .head .icon").first.click()
    expect(page.locator("baton-chat .data .btn").first).to_be_visible()
    return page


def admin(place: Place, method: str, path: str, body: object = None) -> httpx.Response:
    return httpx.request(method, place.url + path, json=body, headers=place.token("dara"), timeout=20)


def key_of(page: Page) -> str:
    return str(page.evaluate("document.querySelector('baton-chat').state.id"))


def hold_everything(place: Place) -> None:
    until_ms = int(time.time() * 1000) + DAY_MS
    held = admin(place, "POST", "/api/privacy/holds", {"scope": "all", "why": "a case", "until_ms": until_ms})
    assert held.status_code == 201


def test_a_proved_customer_is_forgotten_everywhere_and_keeps_the_number_of_the_proof(
    page: Page, place: Place, axe
) -> None:
    before = httpx.post(f"{place.url}/api/chat/conversations", json={"identity": signed("ana")}).json()
    auth = {"Authorization": f"Bearer {before['token']}"}
    said = f"{place.url}/api/chat/conversations/{before['id']}"
    httpx.post(f"{said}/turns", json={"text": "Before, about my bag", "nonce": "a"}, headers=auth).raise_for_status()
    talking(page, place, identity=signed("ana"))
    page.get_by_role("button", name="Forget me").click()
    expect(page.get_by_text("All 2 of your conversations")).to_be_visible()
    axe(page)
    page.get_by_role("button", name="Everything about me").click()
    expect(page.locator("baton-chat .warn")).to_be_focused()
    expect(page.locator("baton-chat .warn")).to_contain_text("cannot be brought back")
    axe(page)
    page.get_by_role("button", name="Yes, forget it").click()
    expect(page.get_by_role("heading", name="You are forgotten")).to_be_focused()
    axe(page)
    number = page.locator("baton-chat .number").inner_text()
    proof = admin(place, "GET", f"/api/privacy/erasures/customer/{number}").json()
    assert proof["proof"]["values_that_still_open"] == 0 and proof["asked_by"] == "the person"
    expect(page.locator("baton-chat .stays li")).to_have_count(3)
    assert httpx.get(f"{said}/transcript", headers=auth).status_code == 404
    page.get_by_role("button", name="Done").click()
    expect(page.locator("baton-chat article")).to_have_count(0)
    expect(page.get_by_role("button", name="Where is my bag?", exact=True)).to_be_visible()
    assert "Ana" not in page.evaluate("JSON.stringify(localStorage)")


def test_a_customer_who_is_not_proved_forgets_this_conversation_and_no_other(page: Page, place: Place) -> None:
    talking(page, place, customer="ana@example.com")
    page.get_by_role("button", name="Forget me").click()
    expect(page.get_by_role("button", name="Everything about me")).to_be_disabled()
    expect(page.get_by_text("Only where the site has proved who you are")).to_be_visible()
    page.get_by_role("button", name="Keep everything").click()
    expect(page.get_by_role("button", name="Forget me")).to_be_focused()
    expect(page.locator("baton-chat article")).to_have_count(2)
    page.keyboard.press("Enter")
    page.get_by_role("button", name="This conversation").click()
    page.get_by_role("button", name="Yes, forget it").click()
    expect(page.locator("baton-chat .note")).to_have_text("It is forgotten. Nobody can read it any more.")
    expect(page.locator("baton-chat article")).to_have_count(0)


def test_a_hold_is_told_before_and_what_was_asked_is_noted_with_its_number(page: Page, place: Place) -> None:
    talking(page, place, identity=signed("ana"))
    hold_everything(place)
    page.get_by_role("button", name="Forget me").click()
    page.get_by_role("button", name="This conversation").click()
    expect(page.locator("baton-chat .warn")).to_contain_text("The law obliges us to keep this conversation")
    expect(page.get_by_role("button", name="Yes, forget it")).to_have_count(0)
    page.get_by_role("button", name="Keep it").click()
    page.get_by_role("button", name="Forget me").click()
    page.get_by_role("button", name="Everything about me").click()
    page.get_by_role("button", name="Note that I asked").click()
    expect(page.get_by_role("heading", name="Your request is noted")).to_be_visible()
    number = page.locator("baton-chat .number").inner_text()
    (asked,) = admin(place, "GET", "/api/privacy/erasures").json()["erasures"]
    assert (asked["subject"], asked["state"]) == (f"customer/{number}", "asked")
    page.get_by_role("button", name="Done").click()
    expect(page.locator("baton-chat article")).to_have_count(2)


def test_uses_are_turned_on_and_off_by_keyboard_with_the_words_that_were_seen(page: Page, place: Place, axe) -> None:
    talking(page, place, identity=signed("ana"))
    page.get_by_role("button", name="What may my words be used for?").press("Enter")
    expect(page.get_by_label("Serving you (always)")).to_be_disabled()
    training, offers = page.get_by_label("Training", exact=True), page.get_by_label("Offers", exact=True)
    expect(training).to_be_checked()
    expect(offers).not_to_be_checked()
    axe(page)
    training.press("Space")
    expect(page.locator("baton-chat .told")).to_have_text("Kept: Training is off.")
    offers.press("Space")
    expect(page.locator("baton-chat .told")).to_have_text("Kept: Offers is on.")
    expect(offers).to_be_focused()
    found = admin(place, "POST", "/api/privacy/find", {"said": "ana"}).json()["subject"]
    kept = admin(place, "GET", f"/api/privacy/customers/{found.split('/')[1]}/consents").json()["consents"]
    assert [(c["purpose"], c["valid"], c["version"], c["source"]) for c in kept] == [
        ("outreach", True, "2026-11", "widget"), ("training", False, "2026-11", "widget"),
    ]  # fmt: skip
    page.get_by_role("button", name="Done").click()
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="What may my words be used for?").click()
    expect(page.get_by_label("Training", exact=True)).not_to_be_checked()


def test_a_claimed_customer_may_refuse_and_is_told_how_to_agree(page: Page, place: Place) -> None:
    talking(page, place, customer="ana@example.com")
    page.get_by_role("button", name="What may my words be used for?").click()
    page.get_by_label("Training", exact=True).uncheck()
    expect(page.get_by_label("Training", exact=True)).to_be_disabled()
    expect(page.locator("baton-chat #use-training-why")).to_contain_text("To turn it on, sign in on the site")
    expect(page.locator("baton-chat #use-analytics-why")).to_be_empty()


def test_who_gave_no_name_can_choose_nothing_and_is_told_why(page: Page, place: Place) -> None:
    talking(page, place)
    page.get_by_role("button", name="What may my words be used for?").click()
    expect(page.get_by_text("The site has not said who you are")).to_be_visible()
    expect(page.get_by_label("Training", exact=True)).to_be_disabled()


def test_a_customer_takes_their_data_out_as_a_file(page: Page, place: Place) -> None:
    talking(page, place, identity=signed("ana"))
    with page.expect_download() as got:
        page.get_by_role("button", name="Take out my data").click()
    expect(page.locator("baton-chat .told")).to_have_text("Your file is saved as my-data.zip.")
    files = zipfile.ZipFile(io.BytesIO(Path(got.value.path()).read_bytes()))
    assert "My name is Ana Ruiz" in json.dumps(json.loads(files.read("person.json")))


@pytest.mark.parametrize("language", ["es", "de"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_it_fits_a_narrow_screen_in_every_language(
    page: Page, place: Place, axe, language: str, scheme: Literal["light", "dark"]
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": 320, "height": 640})
    talking(page, place, language, identity=signed("ana"))
    data = page.locator("baton-chat .data")
    data.locator("[aria-controls=uses]").click()
    expect(data.get_by_role("checkbox")).to_have_count(4)
    data.locator(".forget .btn").click()
    data.locator(".forget .btn").nth(1).click()
    expect(page.locator("baton-chat .warn")).to_be_visible()
    axe(page)
    assert not re.search(r"\{\w+\}|undefined", data.inner_text())
    data.locator(".forget .btn").first.click()
    expect(page.locator("baton-chat .number")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
    assert page.evaluate("(e => e.scrollWidth <= e.clientWidth)(document.querySelector('baton-chat').$sheet)")
