"""Live: a supervisor sees who waits, watches, whispers and takes, stops an AI agent at once and starts it again, by mouse and by keyboard."""

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import httpx
import pytest
from playwright.sync_api import Browser, BrowserContext, Locator, Page, expect

from tests.browser.serving import Served, halcyon

pytestmark = pytest.mark.browser

PATIENCE_MS = 20_000
SIZES = ((1280, 900), (768, 1000), (320, 700))


@dataclass
class Customer:
    """A customer's end of one conversation."""

    http: httpx.Client
    key: str = ""
    auth: dict[str, str] = field(default_factory=dict)
    said: int = 0

    def says(self, text: str) -> "Customer":
        self.said += 1
        body = {"text": text, "nonce": f"n{self.said}"}
        self.http.post(f"/api/chat/conversations/{self.key}/turns", json=body, headers=self.auth).raise_for_status()
        return self

    def asks_for_a_person(self) -> "Customer":
        self.http.post(f"/api/chat/conversations/{self.key}/person", headers=self.auth).raise_for_status()
        return self

    def turns(self) -> list[dict[str, str]]:
        told: list[dict[str, str]] = self.http.get(
            f"/api/chat/conversations/{self.key}/transcript", headers=self.auth
        ).json()["turns"]
        return told

    def leaves(self) -> None:
        self.http.post(f"/api/chat/conversations/{self.key}/end", headers=self.auth)


@dataclass
class Floor:
    """Halcyon Air without traffic: customers come as a test says."""

    url: str
    http: httpx.Client
    accounts: dict[str, dict[str, str]]

    def post(self, role: str, path: str, **body: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.accounts[role]['token']}"}
        return self.http.post(path, json=body, headers=headers)

    def holder(self, key: str) -> str:
        headers = {"Authorization": f"Bearer {self.accounts['supervisor']['token']}"}
        return str(self.http.get(f"/api/desk/conversations/{key}", headers=headers).json()["holder"])

    def customer(self, *texts: str, name: str = "ana") -> Customer:
        made = self.http.post("/api/chat/conversations", json={"customer": name, "language": "en"}).json()
        came = Customer(self.http, made["id"], {"Authorization": f"Bearer {made['token']}"})
        for text in texts:
            came.says(text)
        return came

    def sign_in(self, page: Page, role: str = "supervisor") -> None:
        account = self.accounts[role]
        page.goto(f"{self.url}/sign-in")
        page.fill("[name=email]", account["email"])
        page.fill("[name=password]", account["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url(lambda url: "sign-in" not in url)


@pytest.fixture(scope="module")
def served(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Served]:
    home = tmp_path_factory.mktemp("live")
    with halcyon(home, 1) as running:
        yield running


@pytest.fixture
def floor(served: Served) -> Iterator[Floor]:
    with httpx.Client(base_url=served.url, timeout=20) as http:
        yield Floor(served.url, http, served.accounts())


@pytest.fixture
def live(floor: Floor, page: Page) -> Page:
    floor.sign_in(page)
    expect(page.get_by_role("heading", name="Live", level=1)).to_be_visible()
    return page


def card(page: Page, name: str) -> Locator:
    return page.get_by_role("region", name=name, exact=True)


def until(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + PATIENCE_MS / 1000
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_waiting_customer_is_seen_at_once_and_by_queue(floor: Floor, live: Page) -> None:
    waiting = live.locator("#tile-waiting")
    expect(waiting).to_contain_text("nobody waits")
    ana = floor.customer("My refund for booking QK7M2P has not arrived.").asks_for_a_person()
    expect(waiting).to_contain_text("longest", timeout=PATIENCE_MS)
    refunds = live.locator("#q-refunds")
    expect(refunds.locator("td").first).to_have_text("1")
    expect(live.locator("#alerts")).to_contain_text("Refunds: 1 customer waits and nobody who serves it is at work.")
    live.locator("#queue-bags").click()
    expect(live).to_have_url(f"{floor.url}/live?queue=bags")
    expect(live.locator("#tile-waiting")).to_contain_text("nobody waits")
    live.wait_for_load_state()
    live.locator("select[name=queue]").select_option("refunds")
    expect(live.locator("#q-refunds")).to_contain_text("1")
    ana.leaves()
    expect(live.locator("#tile-waiting")).to_contain_text("nobody waits", timeout=PATIENCE_MS)


def test_nothing_moves_under_the_reader(floor: Floor, live: Page) -> None:
    live.locator("#stop-assistant").focus()
    live.evaluate("() => { window.before = document.querySelector('#stop-assistant') }")
    ana = floor.customer("I want to choose a seat.").asks_for_a_person()
    expect(live.locator("#tile-waiting")).to_contain_text("longest", timeout=PATIENCE_MS)
    expect(live.locator("#stop-assistant")).to_be_focused()
    live.locator("#figures-open").click()
    live.keyboard.press("Escape")
    expect(live.locator("#figures-open")).to_be_focused()
    grief = floor.customer("My father died last week and I have to change his booking.")
    live.locator(f"#watch-{grief.key}").focus(timeout=PATIENCE_MS)
    grief.leaves()
    expect(live.locator(f"#watch-{grief.key}")).to_have_count(0, timeout=PATIENCE_MS)
    expect(live.locator("#risk")).to_be_focused()
    ana.leaves()


def test_what_stands_behind_a_number_and_a_person_is_listed(floor: Floor, live: Page) -> None:
    floor.post("rep", "/api/desk/presence", presence="available")
    ana = floor.customer("My refund for booking QK7M2P has not arrived.").asks_for_a_person()
    until(lambda: floor.post("rep", f"/api/desk/offers/{ana.key}/take").status_code == 202)
    bo = floor.customer("Can I choose a seat?", name="bo")
    live.get_by_role("link", name="Jack Moreau").click()
    drawer = live.locator("[data-drawer]")
    expect(drawer).to_contain_text("of 3 places in use, available")
    drawer.locator(f"#list-watch-{ana.key}").click()
    expect(drawer).to_contain_text("has not arrived.")
    live.keyboard.press("Escape")
    live.locator("#open-ai").click()
    expect(drawer.locator(f"#list-watch-{bo.key}")).to_be_visible()
    floor.post("rep", f"/api/desk/conversations/{ana.key}/wrap-up", disposition="answered", need_met="yes")
    floor.post("rep", "/api/desk/presence", presence="offline")
    bo.leaves()


def test_what_the_reader_opened_stays_open(floor: Floor, live: Page) -> None:
    floor.post("rep", "/api/desk/presence", presence="available")
    ana = floor.customer("My refund for booking QK7M2P has not arrived.").asks_for_a_person()
    until(lambda: floor.post("rep", f"/api/desk/offers/{ana.key}/take").status_code == 202)
    offers = live.locator("#team-offers")
    offers.locator("summary").click()
    expect(offers.locator("table")).to_contain_text("Passed")
    floor.post("rep", "/api/desk/presence", presence="break", reason="coffee")
    expect(card(live, "People")).to_contain_text("break", timeout=PATIENCE_MS)
    expect(offers.locator("table")).to_be_visible()
    floor.post("rep", f"/api/desk/conversations/{ana.key}/wrap-up", disposition="answered", need_met="yes")
    floor.post("rep", "/api/desk/presence", presence="offline")


def test_a_conversation_is_watched_whispered_about_and_taken(floor: Floor, live: Page) -> None:
    floor.post("rep", "/api/desk/presence", presence="available")
    ana = floor.customer("My refund for booking QK7M2P has not arrived. Where is it?").asks_for_a_person()
    until(lambda: floor.post("rep", f"/api/desk/offers/{ana.key}/take").status_code == 202)
    live.goto(f"{floor.url}/live?watch={ana.key}")
    drawer = live.locator("[data-drawer]")
    expect(drawer).to_contain_text("has not arrived. Where is it?")
    expect(drawer).to_contain_text("Jack Moreau")
    expect(drawer.get_by_role("textbox")).to_have_count(0)
    ana.says("This is the fourth time I ask, nobody helps me!")
    expect(drawer).to_contain_text("This is the fourth time I ask", timeout=PATIENCE_MS)
    drawer.get_by_role("button", name="Whisper").click()
    dialog = live.get_by_role("dialog", name="Whisper to the rep")
    expect(dialog.get_by_label("Note to the rep")).to_be_focused()
    live.keyboard.type("Waive the fee, I approve it.")
    live.keyboard.press("Control+Enter")
    expect(dialog).to_be_hidden()
    expect(drawer).to_contain_text("Note by Mara Nilsen, not shown to the customer.", timeout=PATIENCE_MS)
    assert not any("Waive" in turn["text"] for turn in ana.turns())
    drawer.get_by_role("button", name="Take", exact=True).click()
    expect(live.locator("#toasts")).to_contain_text("You have it now.")
    until(lambda: floor.holder(ana.key) == "rep")
    expect(drawer).to_contain_text("Mara Nilsen took over", timeout=PATIENCE_MS)
    live.keyboard.press("Escape")
    expect(card(live, "Changed in the last hour")).to_contain_text("Took over a conversation at once.")
    live.get_by_role("link", name="Why: Took over").first.click()
    expect(live.locator("[data-drawer]")).to_contain_text("Mara Nilsen")
    floor.post("supervisor", f"/api/desk/conversations/{ana.key}/wrap-up", disposition="answered", need_met="yes")
    floor.post("rep", "/api/desk/presence", presence="offline")


def test_a_conversation_at_risk_is_taken_by_keyboard(floor: Floor, live: Page) -> None:
    ana = floor.customer("My father died last week and I have to change his booking.")
    at_risk = card(live, "At risk")
    expect(at_risk.locator(f"#r-{ana.key}")).to_contain_text("Told of a death", timeout=PATIENCE_MS)
    live.keyboard.press("t")
    dialog = live.get_by_role("dialog", name="Take the conversation")
    expect(dialog.get_by_label("Why")).to_be_focused()
    live.keyboard.type("grief")
    live.keyboard.press("Enter")
    expect(dialog).to_be_hidden()
    until(lambda: floor.holder(ana.key) == "rep")
    expect(at_risk.locator(f"#r-{ana.key}")).to_have_count(0, timeout=PATIENCE_MS)
    floor.post("supervisor", f"/api/desk/conversations/{ana.key}/wrap-up", disposition="answered", need_met="yes")


def test_an_agent_is_stopped_its_customers_reach_people_and_it_starts_again(floor: Floor, live: Page) -> None:
    ana = floor.customer("How do I check in online?")
    assert floor.holder(ana.key) == "agent"
    live.goto(f"{floor.url}/live")
    for agent in ("Halcyon assistant", "Refund agent", "Bag tracer"):
        live.get_by_role("button", name=f"Stop {agent}").click()
        dialog = live.get_by_role("dialog", name="Stop at once")
        expect(dialog).to_contain_text(agent)
        dialog.get_by_label("Why").fill("wrong answers about check-in")
        dialog.get_by_role("button", name="Stop now").click()
        expect(dialog).to_be_hidden()
        expect(live.get_by_role("button", name=f"Start {agent} again")).to_be_visible(timeout=PATIENCE_MS)
    until(lambda: floor.holder(ana.key) == "queue")
    expect(live.locator("#alerts")).to_contain_text("Every AI agent is stopped.", timeout=PATIENCE_MS)
    live.get_by_role("link", name="Why: Stopped Bag tracer.").first.click()
    expect(live.locator("[data-drawer]")).to_contain_text("wrong answers about check-in")
    live.keyboard.press("Escape")
    for agent in ("Halcyon assistant", "Refund agent", "Bag tracer"):
        live.get_by_role("button", name=f"Start {agent} again").click()
        expect(live.get_by_role("button", name=f"Stop {agent}")).to_be_visible(timeout=PATIENCE_MS)
    expect(live.locator("#alerts")).not_to_contain_text("stopped")
    assert floor.holder(ana.key) == "queue"
    assert floor.holder(floor.customer("How do I check in online?", name="bo").key) == "agent"
    ana.leaves()


def test_the_kill_switch_keeps_who_and_why(floor: Floor, live: Page, axe: Callable[[Page], None]) -> None:
    live.goto(f"{floor.url}/governance")
    live.get_by_role("button", name="Stop all").click()
    dialog = live.get_by_role("dialog", name="Stop at once")
    dialog.get_by_label("Why").fill("this is an exercise")
    dialog.get_by_role("button", name="Stop now").click()
    turns = card(live, "How the switch was turned")
    expect(turns).to_contain_text("Stopped every AI agent.", timeout=PATIENCE_MS)
    expect(turns).to_contain_text("an exercise")
    axe(live)
    live.get_by_role("button", name="Start all again").click()
    expect(turns).to_contain_text("Started every AI agent again.", timeout=PATIENCE_MS)


def test_an_agent_is_stopped_without_script(floor: Floor, browser: Browser) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    floor.sign_in(page)
    page.goto(f"{floor.url}/live")
    page.get_by_role("button", name="Stop Bag tracer").click()
    expect(page.get_by_role("heading", name="Stop at once", level=1)).to_be_visible()
    page.get_by_role("button", name="Stop now").click()
    expect(page.get_by_role("button", name="Start Bag tracer again")).to_be_visible()
    page.get_by_role("button", name="Start Bag tracer again").click()
    expect(page.get_by_role("button", name="Stop Bag tracer")).to_be_visible()
    context.close()


def test_what_cannot_be_fetched_is_said_once_and_comes_back(floor: Floor, live: Page) -> None:
    live.route("**/live/parts*", lambda route: route.fulfill(status=500, body="{}"))
    ana = floor.customer("I want to choose a seat.").says("A seat by the window.")
    expect(live.get_by_role("alert")).to_contain_text("The figures could not be fetched", timeout=PATIENCE_MS)
    expect(live.locator("#toasts .toast")).to_have_count(0)
    live.unroute("**/live/parts*")
    ana.says("Row 12, please.")
    expect(live.locator("#live-failed")).to_be_hidden(timeout=PATIENCE_MS)
    ana.leaves()


def test_an_analyst_sees_and_changes_nothing_and_a_planner_sees_no_customer(floor: Floor, browser: Browser) -> None:
    ana = floor.customer("My father died last week and I have to change his booking.")
    for role in ("analyst", "planner"):
        context = browser.new_context(viewport={"width": 1280, "height": 900})
        page = context.new_page()
        floor.sign_in(page, role)
        page.goto(f"{floor.url}/live")
        expect(page.locator(f"#r-{ana.key}")).to_be_visible(timeout=PATIENCE_MS)
        expect(page.get_by_role("button", name="Take")).to_have_count(0)
        expect(page.get_by_role("button", name="Stop")).to_have_count(0)
        expect(page.locator(f"#watch-{ana.key}")).to_have_count(1 if role == "analyst" else 0)
        context.close()
    ana.leaves()


@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("path", ["/live", "/governance"])
def test_axe_finds_nothing_and_no_page_scrolls_sideways(
    floor: Floor, browser: Browser, axe: Callable[[Page], None], theme: str, path: str
) -> None:
    ana = floor.customer("My father died last week and I have to change his booking.").asks_for_a_person()
    context: BrowserContext = browser.new_context(color_scheme=theme, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    floor.sign_in(page)
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.goto(f"{floor.url}{path}")
        axe(page)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    if path == "/live":
        page.goto(f"{floor.url}/live?watch={ana.key}")
        expect(page.locator("[data-drawer]")).to_be_visible()
        axe(page)
    context.close()
    ana.leaves()
