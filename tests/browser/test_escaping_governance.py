"""Texts that carry HTML, script and formulas, typed into every field of governance and sign-in: on no page do they become more than text."""

import csv
import io
import json
import zipfile
from collections.abc import Iterator
from datetime import UTC, datetime
from urllib.parse import quote

import httpx
import pytest
from playwright.sync_api import Dialog, Page

from baton.web.guard import SESSION
from baton.web.identity.tables import PASSKEYS
from tests.channels.serving import PEOPLE, Place, crafts, in_thread

pytestmark = pytest.mark.browser
ALSO = ("agents", "governance", "knowledge", "lake", "orchestration", "performance", "resolution")
EVIL = "\"'><b data-evil=1>x</b><img src=x onerror=hit=1><svg onload=hit=1></svg><script>hit=1</script>{{7*7}}</textarea></title></style>--><a href=javascript:hit=1>k</a>"
FORMULA = "=HYPERLINK(1)+cmd|' /C calc'!A0"
SHORT = "'\"><img src=x data-evil=1 onerror=hit=1>"
PAGES = (
    "/governance", "/governance/policies", "/governance/register", "/governance/register/echo", "/governance/register/echo/edit", "/governance/register/print",
    "/governance/agreement", "/governance/privacy", "/governance/privacy/holds", "/governance/privacy/keep", "/governance/privacy/looks", "/governance/audit",
    "/admin/people", "/admin/people/eve", "/admin/people/dara", "/admin/keys", "/admin/roles", "/admin/roles/evil", "/admin/sign-in", "/me",
    "/agents/drafts", "/agents/outcomes", "/agents/procedures/evil", "/conversations", "/conversations/{talk}", "/governance/privacy/people/{subject}",
    "/governance/audit?who={evil}&on={evil}", "/admin/people?q={evil}", "/governance/privacy/looks?staff={evil}&customer={evil}", "/sign-in?next={evil}&told={evil}",
     "/agents/procedures/evil?done={evil}",
)  # fmt: skip


@pytest.fixture(scope="module")
def place(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Place]:
    with in_thread(tmp_path_factory.mktemp("evil"), made=crafts(*ALSO)) as served:
        yield served


@pytest.fixture(scope="module")
def planted(place: Place) -> dict[str, str]:
    """Everything typed in; the ids that pages ask for."""
    app = place.app
    app.tools = lambda: {SHORT: "irreversible", FORMULA: "read"}
    secret = app.accounts.open_session(next(p for p in PEOPLE if p.id == "dara"))
    headers = {"cookie": f"{SESSION}={secret}", "x-csrf-token": app.signer.sign("csrf", secret), "user-agent": EVIL}
    with httpx.Client(base_url=place.url, headers=headers, timeout=30) as dara:
        told = _staff(place, dara) | _entries(dara) | _talk(place, dara)
        _rules(dara)
    return told


def sent(answer: httpx.Response) -> httpx.Response:
    assert answer.status_code < 400, (str(answer.request.url), answer.status_code, answer.text[:600])
    return answer


def _staff(place: Place, dara: httpx.Client) -> dict[str, str]:
    sent(dara.post("/admin/people", data={"name": EVIL, "email": "eve@halcyon.example", "role": "rep"}))
    eve = place.app.accounts.by_email("eve@halcyon.example")
    assert eve is not None
    details = {"name": EVIL, "capacity": "1", "skills": SHORT, "languages": SHORT, "team": SHORT, "site": FORMULA}
    sent(dara.post(f"/admin/people/{eve.id}/details", data=details))
    sent(dara.post(f"/admin/people/{eve.id}/role", data={"role": "planner", "why": EVIL}))
    sent(dara.post("/me/keys", data={"name": SHORT, "days": "30", "scope": ["admin:open"]}))
    row = {"id": "x", "staff": "dara", "name": EVIL, "public": b"x", "counter": 0, "made_ms": 1, "used_ms": 1}
    with place.app.accounts.db.begin() as db:
        db.execute(PASSKEYS.insert().values({name: value for name, value in row.items() if name in PASSKEYS.c}))
    directory = {"authorization": f"Bearer {place.app.accounts.keys.make('dara', 'd', ('scim',))}"}
    group = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": EVIL,
        "members": [{"value": eve.id}],
    }
    assert httpx.post(f"{place.url}/scim/v2/Groups", json=group, headers=directory).status_code == 201
    agent = {"User-Agent": f"Mozilla/5.0 {EVIL} Chrome/141.0 Safari/537.36"}
    httpx.post(f"{place.url}/api/sign-in", json={"email": EVIL, "password": "x"}, headers=agent)
    return {"eve": eve.id}


def _entries(dara: httpx.Client) -> dict[str, str]:
    text = dict.fromkeys(
        ("purpose", "need", "baseline", "target", "autonomy", "allowed", "risks", "model", "rationale"), EVIL
    )
    lines = {"name": SHORT, "vendor": FORMULA, "owner": "dara"}
    entry = {
        **text,
        **lines,
        "why": EVIL,
        "cap_cents": 100,
        "stop_on": "2099-01-01",
        "review_on": "2098-01-01",
        "disclosures": {"en": SHORT},
    }
    sent(dara.put("/api/governance/register/echo", json=entry))
    incident = {"kind": "other", "severity": "low", "owner": "dara", "due_on": "2030-01-01", "what": EVIL}
    made = sent(dara.post("/api/governance/register/echo/incidents", json=incident)).json()["incident"]
    sent(dara.post(f"/api/governance/register/echo/incidents/{made}", json={"action": EVIL}))
    today = datetime.now(UTC).date().isoformat()
    accord = {"site": SHORT, "text": EVIL, "parties": EVIL, "why": EVIL, "from_day": today, "smallest_group": 5}
    sent(dara.post("/api/governance/agreement", json=accord))
    sent(dara.post("/api/governance/stop", json={"agent": "echo", "why": EVIL}))
    sent(dara.post("/api/governance/start", json={"agent": "echo", "why": FORMULA}))
    return {}


def _rules(dara: httpx.Client) -> None:
    now = dara.get("/api/governance/policies").json()
    offered = {"text": f"// {EVIL}\n{now['text']}", "tests": now["tests"]}
    sent(dara.post("/governance/policies/emergency", data={**offered, "why": EVIL}))
    dara.post("/governance/policies/emergency", data={**offered, "why": FORMULA})
    sent(dara.post("/agents/drafts", data={"id": "evil"}))
    procedure = f"id = 'evil'\ntitle = {json.dumps(SHORT)}\nsummary = {json.dumps(EVIL)}\n[[step]]\nid = {json.dumps(SHORT)}\ndo = 'say'\ntext = {json.dumps(EVIL)}\n"
    sent(dara.post("/agents/procedures/evil/draft", data={"text": procedure}))
    shown = sent(
        dara.post("/admin/roles/show", data={"title": "Evil", "kind": "rep", "allow": "desk:open", "was": "0"})
    )
    assert "Evil" in shown.text
    role = {"roles": [{"id": "evil", "title": SHORT.replace('"', ""), "kind": "rep", "allows": ["desk:open"]}]}
    sent(dara.post("/admin/roles", data={"body": json.dumps(role), "why": EVIL, "was": "0"}))
    sent(dara.post("/admin/sign-in", data={"group": EVIL[:190], "role": "rep", "why": EVIL, "was": "0"}))


def _talk(place: Place, dara: httpx.Client) -> dict[str, str]:
    made = httpx.post(f"{place.url}/api/chat/conversations", json={"customer": SHORT}).json()
    at, auth = f"{place.url}/api/chat/conversations/{made['id']}", {"authorization": f"Bearer {made['token']}"}
    sent(httpx.post(f"{at}/turns", json={"text": EVIL, "nonce": "n"}, headers=auth))
    consent = {"purpose": "training", "given": False, "wording": EVIL, "version": SHORT}
    sent(httpx.post(f"{at}/consents", json=consent, headers=auth))
    subject = sent(dara.post("/api/privacy/find", json={"said": SHORT})).json()["subject"]
    hold = {"scope": "customer", "ref": subject.partition("/")[2], "why": EVIL, "until_ms": 2_000_000_000_000}
    sent(dara.post("/api/privacy/holds", json=hold))
    sent(dara.get(f"/api/privacy/people/{subject}.zip"))
    sent(dara.put("/api/privacy/retention", json={"keep": [], "why": EVIL, "sure": True}))
    return {"talk": made["id"], "subject": subject}


def test_nothing_that_was_typed_runs_or_becomes_an_element_on_any_page(
    place: Place, planted: dict[str, str], page: Page
) -> None:
    secret = place.app.accounts.open_session(next(p for p in PEOPLE if p.id == "dara"))
    page.context.add_cookies([{"name": SESSION, "value": secret, "url": place.url}])
    dialogs: list[str] = []

    def heard(dialog: Dialog) -> None:
        dialogs.append(dialog.message)
        dialog.dismiss()

    page.on("dialog", heard)
    seen = 0
    for path in PAGES:
        at = path.format(**planted, evil=quote(EVIL)).replace("/eve", f"/{planted['eve']}")
        answer = page.goto(place.url + at)
        assert answer is not None and answer.status == 200, (at, answer and answer.status)
        assert page.evaluate("document.querySelectorAll('[data-evil]').length") == 0, path
        assert page.evaluate("typeof window.hit") == "undefined", path
        assert page.evaluate("document.querySelectorAll('a[href^=javascript]').length") == 0, path
        seen += "data-evil" in page.content() or "HYPERLINK" in page.content()
    assert not dialogs
    assert seen >= 18, f"what was typed is shown on {seen} pages only: the test looks past it"


def test_no_cell_of_any_file_begins_a_formula(place: Place, planted: dict[str, str]) -> None:
    auth = place.token("dara")
    for path in ("/governance/audit.csv", "/api/governance/register?format=csv"):
        answer = httpx.get(place.url + path, headers=auth)
        assert answer.status_code == 200 and answer.headers["content-type"].startswith("text/csv"), path
        cells = [cell for row in csv.reader(io.StringIO(answer.text)) for cell in row]
        assert any("HYPERLINK" in cell for cell in cells), path
        assert not [
            cell
            for cell in cells
            if cell.startswith(("=", "+", "-", "@", "\t", "\r")) and not cell.lstrip("-").replace(".", "").isdigit()
        ], path


def test_files_to_take_out_hold_no_script_and_are_not_shown_in_the_browser(
    place: Place, planted: dict[str, str]
) -> None:
    auth = place.token("dara")
    for path in ("/api/governance/register-bundle", f"/api/privacy/people/{planted['subject']}.zip"):
        answer = httpx.get(place.url + path, headers=auth)
        assert answer.status_code == 200 and answer.headers["content-type"] == "application/zip"
        assert answer.headers["x-content-type-options"] == "nosniff"
        with zipfile.ZipFile(io.BytesIO(answer.content)) as files:
            for name in files.namelist():
                assert not name.startswith("/") and ".." not in name
                if name.endswith((".html", ".htm", ".svg")):
                    assert b"<img src=x" not in files.read(name) and b"<b data-evil" not in files.read(name), name
