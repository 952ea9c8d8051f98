"""A waiting customer is asked whether they want the same person again: by keyboard, at 320 pixels, with nothing for axe to find; and is told when that person goes home."""

import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Literal

import httpx
import pytest
from joserfc import jwt
from joserfc.jwk import OctKey
from playwright.sync_api import Page, expect

from tests.channels.serving import Place, crafts, in_thread

pytestmark = pytest.mark.browser
SECRET = "the site and Baton alone know this secret"
ASKS = "I want to speak to a person"


class Hall:
    """Reps with one desk each, and customers, over HTTP."""

    def __init__(self, place: Place, http: httpx.Client) -> None:
        self.place, self.http = place, http
        self.tokens = {who: place.token(who) for who in ("jack", "sofia", "mara")}

    def comes(self, rep: str, presence: str = "available") -> None:
        self.http.post("/api/desk/presence", json={"presence": presence}, headers=self.tokens[rep]).raise_for_status()

    def begin(self, customer: str = "") -> dict[str, Any]:
        claims = {"sub": customer, "aud": "baton", "exp": int(time.time()) + 600}
        body = {"identity": jwt.encode({"alg": "HS256"}, claims, OctKey.import_key(SECRET))} if customer else {}
        made = self.http.post("/api/chat/conversations", json=body).raise_for_status().json()
        auth = {"Authorization": f"Bearer {made['token']}"}
        said = {"text": ASKS, "nonce": "n1"}
        self.http.post(f"/api/chat/conversations/{made['id']}/turns", json=said, headers=auth).raise_for_status()
        return dict(made)

    def take(self, rep: str, id: str) -> None:
        until = time.monotonic() + 10
        while time.monotonic() < until:
            state = self.http.get("/api/desk/state", headers=self.tokens[rep]).json()
            if id in {offer["conversation"] for offer in state["offered"]}:
                taken = self.http.post(f"/api/desk/offers/{id}/take", headers=self.tokens[rep])
                assert taken.status_code == 202, taken.text
                return
            time.sleep(0.05)
        raise AssertionError(f"{rep} was not offered {id}")

    def wrap_up(self, rep: str, id: str) -> None:
        body = {"disposition": "solved", "need_met": "yes"}
        path = f"/api/desk/conversations/{id}/wrap-up"
        self.http.post(path, json=body, headers=self.tokens[rep]).raise_for_status()

    def serve_again(self, id: str) -> None:
        """Jack closes one conversation and takes this one."""
        state = self.http.get("/api/desk/state", headers=self.tokens["jack"]).json()
        self.wrap_up("jack", state["mine"][0]["conversation"])
        self.comes("jack")
        self.take("jack", id)


@pytest.fixture
def hall(tmp_path: Path) -> Iterator[Hall]:
    """Jack served Ana before, and has his hands full now; so has Sofia."""
    known = crafts("individual", "lake", "performance", "resolution", "workforce")
    with (
        in_thread(tmp_path, made=known, settings={"site_secret": SECRET}) as place,
        httpx.Client(base_url=place.url, timeout=20) as http,
    ):
        hall = Hall(place, http)
        hall.comes("jack")
        before = hall.begin("ana")
        hall.take("jack", before["id"])
        hall.wrap_up("jack", before["id"])
        for rep in ("jack", "sofia"):
            hall.comes(rep)
            for _ in range(3):
                hall.take(rep, hall.begin()["id"])
        yield hall


def waits(page: Page, hall: Hall) -> Page:
    """Ana asks for a person and waits."""
    made = hall.begin("ana")
    page.goto(hall.place.url + "/chat")
    kept = f"localStorage.setItem('baton:{hall.place.url}', JSON.stringify({{id: '{made['id']}', token: '{made['token']}', unsent: [], open: true, prefs: {{}}}}))"
    page.evaluate(kept)
    page.reload()
    expect(page.locator("baton-chat .choices > p")).to_have_text("Do you want to speak to Jack Moreau again?")
    return page


def test_jack_again_by_keyboard_alone_and_told_when_he_goes_home(page: Page, hall: Hall) -> None:
    waits(page, hall)
    options = page.locator("baton-chat .choices > button")
    expect(options).to_have_count(4)
    expect(options.nth(0)).to_contain_text("Wait for Jack Moreau")
    expect(options.nth(0)).to_contain_text("in 8 of 10 cases")
    expect(options.nth(1)).to_have_attribute("aria-pressed", "true")
    options.nth(0).focus()
    page.keyboard.press("Enter")
    expect(options.nth(0)).to_have_attribute("aria-pressed", "true")
    expect(options.nth(0)).to_be_focused()
    expect(page.locator("baton-chat .person")).to_contain_text("You wait for Jack Moreau")
    hall.comes("jack", "offline")
    expect(page.locator("baton-chat .log")).to_contain_text("Jack Moreau has gone home. You keep your place in line")
    expect(options).to_have_count(3)
    expect(page.locator("baton-chat .person")).to_contain_text("You are next in line")


def test_who_waits_for_jack_is_with_jack_when_he_is_free(page: Page, hall: Hall) -> None:
    waits(page, hall)
    page.get_by_role("button", name="Wait for Jack Moreau").click()
    expect(page.locator("baton-chat .person")).to_contain_text("You wait for Jack Moreau")
    hall.serve_again(page.evaluate(f"JSON.parse(localStorage.getItem('baton:{hall.place.url}')).id"))
    expect(page.locator("baton-chat .person")).to_contain_text("Jack Moreau is with you")


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("width", [1280, 320])
def test_axe_finds_nothing_in_the_choice(
    page: Page, hall: Hall, axe, scheme: Literal["light", "dark"], width: int
) -> None:
    page.emulate_media(color_scheme=scheme, reduced_motion="reduce")
    page.set_viewport_size({"width": width, "height": 800})
    waits(page, hall)
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_forget_me_forgets_who_served_before(page: Page, hall: Hall) -> None:
    waits(page, hall)
    page.get_by_role("button", name="Settings").click()
    page.get_by_role("button", name="Forget me").click()
    page.get_by_role("button", name="This conversation").click()
    page.get_by_role("button", name="Yes, forget it").click()
    expect(page.locator("baton-chat .note")).to_have_text("It is forgotten. Nobody can read it any more.")
    made = hall.begin("ana")
    auth = {"Authorization": f"Bearer {made['token']}"}
    refused = hall.http.post(f"/api/chat/conversations/{made['id']}/choice", json={"whom": "rep"}, headers=auth)
    assert (refused.status_code, refused.json()["code"]) == (409, "no_choice")


@pytest.mark.parametrize("width", [1280, 320])
def test_waits_tells_what_was_kept(page: Page, hall: Hall, axe, width: int) -> None:
    page.set_viewport_size({"width": width, "height": 800})
    hall.serve_again(hall.begin("ana")["id"])
    page.set_extra_http_headers(hall.tokens["mara"])
    page.goto(hall.place.url + "/waits")
    expect(page.locator("main .tile").first).to_contain_text("promised 80")
    expect(page.get_by_role("heading", name="Kept, by hour")).to_be_visible()
    axe(page)
    assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_the_desk_says_what_is_remembered_and_why_and_forgets_it(page: Page, hall: Hall, axe) -> None:
    made = hall.begin("ana")
    hall.serve_again(made["id"])
    page.set_extra_http_headers(hall.tokens["jack"])
    page.goto(f"{hall.place.url}/desk?c={made['id']}")
    expect(page.locator("#memory")).to_contain_text("1 contact with them")
    axe(page)
    page.get_by_role("button", name="Forget all of this").click()
    expect(page.locator("#side")).to_be_visible()
    expect(page.locator("#memory")).to_have_count(0)
