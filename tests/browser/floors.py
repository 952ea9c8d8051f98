"""A floor of a test's own: Halcyon Air without traffic, one rep, and customers who come as a scene says."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field

import httpx
from playwright.sync_api import Page

from baton.assembly.demo import SEED
from baton.demo.world import World
from tests.browser.serving import Served

ANSWER_S = 30.0
UPSET = "This is the fourth time I ask this, it is ridiculous. Nobody looks at it!"


@dataclass
class Customer:
    """A customer's end of one conversation."""

    http: httpx.Client
    name: str = "ana"
    said: int = 0
    key: str = ""
    auth: dict[str, str] = field(default_factory=dict)

    def begins(self) -> "Customer":
        made = self.http.post("/api/chat/conversations", json={"customer": self.name, "language": "en"}).json()
        self.key, self.auth = made["id"], {"Authorization": f"Bearer {made['token']}"}
        return self

    def says(self, text: str) -> "Customer":
        self.said += 1
        body = {"text": text, "nonce": f"n{self.said}"}
        self.http.post(f"/api/chat/conversations/{self.key}/turns", json=body, headers=self.auth).raise_for_status()
        return self

    def answered(self) -> "Customer":
        """Once the AI has answered, as somebody who reads before writing on."""
        deadline = time.monotonic() + ANSWER_S
        while not any(t["role"] == "agent" for t in self._turns()):
            assert time.monotonic() < deadline, self._turns()
            time.sleep(0.1)
        return self

    def asks_for_a_person(self) -> "Customer":
        self.http.post(f"/api/chat/conversations/{self.key}/person", headers=self.auth).raise_for_status()
        return self

    def leaves(self) -> None:
        self.http.post(f"/api/chat/conversations/{self.key}/end", headers=self.auth)

    def heard(self) -> list[dict[str, str]]:
        return [t for t in self._turns() if t["role"] == "rep"]

    def _turns(self) -> list[dict[str, str]]:
        told: list[dict[str, str]] = self.http.get(
            f"/api/chat/conversations/{self.key}/transcript", headers=self.auth
        ).json()["turns"]
        return told


@dataclass
class Floor:
    """Halcyon Air without traffic: customers come as a test says, and there is one rep, Jack."""

    url: str
    http: httpx.Client
    accounts: dict[str, dict[str, str]]
    came: list[Customer] = field(default_factory=list)

    def api(self, role: str, path: str, **body: object) -> httpx.Response:
        headers = {"Authorization": f"Bearer {self.accounts[role]['token']}"}
        return self.http.post(f"/api/desk/{path}", json=body, headers=headers)

    def state(self) -> dict[str, list[dict[str, str]]]:
        headers = {"Authorization": f"Bearer {self.accounts['rep']['token']}"}
        found: dict[str, list[dict[str, str]]] = self.http.get("/api/desk/state", headers=headers).json()
        return found

    def writes(self, name: str, *texts: str) -> Customer:
        came = Customer(self.http, name).begins()
        self.came.append(came)
        for text in texts:
            came.says(text)
        return came

    def customer(self, name: str, *texts: str) -> Customer:
        """A customer who wrote and then asked for a person."""
        said = texts or ("My refund for booking QK7M2P has not arrived. Where is it?", UPSET)
        return self.writes(name, *said).asks_for_a_person()

    def sign_in(self, page: Page, role: str = "rep") -> None:
        account = self.accounts[role]
        page.goto(f"{self.url}/sign-in")
        page.fill("[name=email]", account["email"])
        page.fill("[name=password]", account["password"])
        page.get_by_role("button", name="Sign in", exact=True).click()
        page.wait_for_url("**/desk*" if role == "rep" else "**/*")


def dear_booking() -> tuple[str, str]:
    """A booking that may be refunded and costs more than the AI may refund alone, with the last name on it."""
    world = World(SEED, int(time.time() * 1000))
    found = next(
        b for b in world.bookings.values() if b.fare == "flex" and b.state == "confirmed" and b.paid_cents > 45_000
    )
    return found.code, world.by_id[found.customer_id].name.split()[-1]


@contextmanager
def attended(served: Served) -> Iterator[Floor]:
    """The floor with Jack at his desk; at the end he and every customer are gone."""
    with httpx.Client(base_url=served.url, timeout=20) as http:
        made = Floor(served.url, http, served.accounts())
        made.api("rep", "presence", presence="available")
        yield made
        made.api("rep", "presence", presence="offline")
        for customer in made.came:
            customer.leaves()
