"""Who may do what: the page says what the policies say, and every operation asks them."""

from pathlib import Path

import pytest

from baton.kernel.capability import load
from baton.web.permissions import ACTS, SCREENS, Permissions, page
from baton.web.staff import ROLES, Staff
from tests.channels.serving import PEOPLE, serving
from tests.conftest import ROOT

pytestmark = pytest.mark.scene
ASKED = Permissions()
OPEN = {
    ("GET", "/health"), ("GET", "/metrics"), ("POST", "/api/sign-in"), ("POST", "/api/chat/conversations"),
    ("GET", "/api/chat/openers"), ("GET", "/api/chat/passages/{cite}"),
}  # fmt: skip
DESK = {
    ("GET", "/api/desk/state"): ("open", "desk"), ("GET", "/api/desk/conversations/{id}"): ("open", "desk"),
    ("POST", "/api/desk/conversations/{id}/takeover"): ("take_over", "live"),
}  # fmt: skip
BODIES = {
    "presence": {"presence": "away"}, "pass": {}, "turns": {"text": "Hello", "nonce": "n"}, "typing": {}, "takeover": {},
    "notes": {"text": "Hello", "nonce": "n"}, "wrap-up": {"disposition": "done"}, "transfer": {"queue": "refunds"},
    "approve": {"approval": "a", "ok": True}, "consults": {"queue": "refunds"},
}  # fmt: skip


def packages() -> list[str]:
    root = ROOT / "src" / "baton" / "capabilities"
    return [f"baton.capabilities.{f.parent.name}" for f in sorted(root.glob("*/__init__.py"))]


def test_the_page_says_what_the_policies_say() -> None:
    assert (ROOT / "docs" / "reference" / "permissions.md").read_text() == page()


def test_nobody_may_what_no_policy_names() -> None:
    assert not any(ASKED.may("customer", act, screen) for act in ACTS for screen in SCREENS)
    assert not ASKED.may("admin", "open", "nowhere")
    assert not ASKED.may("admin", "destroy", "desk")
    assert not ASKED.may("root", "open", "desk")
    assert not ASKED.may("admin", "serve", "desk"), "who administers does not serve customers"


@pytest.mark.parametrize(("role", "screens"), [
    ("rep", {"desk", "conversations", "knowledge", "cases"}),
    ("planner", {"live", "performance", "planning"}),
    ("integration", {"conversations", "performance", "cases", "value"}),
])  # fmt: skip
def test_a_role_opens_its_screens_and_no_other(role: str, screens: set[str]) -> None:
    assert set(ASKED.opened_by(role)) == screens


def test_a_rep_sees_what_they_hold_held_or_were_offered() -> None:
    jack = Staff("jack", "jack@halcyon.example", "Jack", "rep")
    assert ASKED.may_with(jack, "see", "c1", ["sofia", "jack"])
    assert not ASKED.may_with(jack, "see", "c1", ["sofia"])
    assert not ASKED.may_with(jack, "speak", "c1", ["jack"], "sofia")
    assert ASKED.may_with(jack, "speak", "c1", [], "jack")


def operations(document: dict) -> list[tuple[str, str]]:
    return [(method.upper(), path) for path, found in document["paths"].items() for method in found]


async def test_every_operation_of_the_desk_asks_for_the_role(tmp_path: Path) -> None:
    async with serving(tmp_path) as place, place.http() as client:
        document = (await client.get("/openapi.json")).json()
        desk = [op for op in operations(document) if op[1].startswith("/api/desk/")]
        assert len(desk) >= 14
        for method, path in desk:
            act, screen = DESK.get((method, path), ("serve", "desk"))
            for person in PEOPLE:
                url = path.replace("{id}", "AAAAAAAAAAAAAAAA").replace("{conversation}", "AAAAAAAAAAAAAAAA")
                body = BODIES.get(path.rpartition("/")[2], {}) if method == "POST" else None
                answer = await client.request(method, url, json=body, headers=place.token(person.id))
                allowed = ASKED.may(person.role, act, screen)
                assert (answer.status_code != 403) == allowed, (person.role, method, path, answer.text)
                if allowed and "AAAA" in url:
                    assert answer.status_code == 404, (person.role, method, path, answer.text)


async def test_no_operation_of_any_capability_is_open(tmp_path: Path) -> None:
    async with serving(tmp_path, made=load(packages())) as place, place.http() as client:
        document = (await client.get("/openapi.json")).json()
        for method, path in operations(document):
            if (method, path) in OPEN:
                continue
            url = path.replace("{", "").replace("}", "")
            answer = await client.request(method, url, json={} if method != "GET" else None)
            body = {"text": "x", "nonce": "n"}
            if answer.status_code == 422:
                answer = await client.request(method, url, json=body)
            assert answer.status_code in (401, 422), (method, path, answer.status_code, answer.text)
            customer = await client.request(
                method, url, json={} if method != "GET" else None, headers=place.token("ana")
            )
            assert customer.status_code in (401, 403, 404, 422), (method, path, customer.status_code, customer.text)


async def test_every_operation_tells_its_problems(tmp_path: Path) -> None:
    async with serving(tmp_path, made=load(packages())) as place, place.http() as client:
        document = (await client.get("/openapi.json")).json()
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            told = operation["responses"]
            wanted = {"400", "401", "403", "404", "405", "422", "429", "500"} | (
                {"413", "415"} if "requestBody" in operation else set()
            )
            assert wanted <= told.keys(), (method, path)
            for status, answer in told.items():
                if int(status) >= 400:
                    assert "application/problem+json" in answer["content"], (method, path, status)


def test_every_role_is_tried() -> None:
    assert {person.role for person in PEOPLE} == set(ROLES)
