"""Isolation: each operation of governance, privacy, audit and people, tried as everybody, with every scope, and with what is somebody else's."""

import re
from typing import Any

import httpx
import pytest

from baton.kernel.conversation import TurnSaid
from baton.web.app import asgi
from baton.web.permissions import ACTS, SCREENS, Permissions
from baton.web.staff import Staff
from tests.channels.serving import PEOPLE, Place, crafts, serving

pytestmark = pytest.mark.scene
ALSO = ("agents", "governance", "knowledge", "lake", "orchestration", "resolution")
HERE = ("/governance", "/api/governance", "/api/privacy", "/api/audit", "/admin", "/api/admin")
ASKED = Permissions()
NOBODY = "AAAAAAAAAAAAAAAA"
HASH = "a" * 64
TEXT = {"text": "permit (principal, action, resource);", "tests": ""}
ENTRY = {"why": "for a test", "name": "Assistant"}
INCIDENT = {"kind": "other", "severity": "low", "owner": "dara", "due_on": "2027-01-01", "what": "it went wrong"}
ACCORD = {"text": "agreed", "parties": "both", "from_day": "2030-01-01", "why": "for a test", "smallest_group": 5}
HEAD = {"log": "x", "size": 1, "root": HASH, "at_ms": 1, "signer": "a" * 16, "signature": "a" * 128}
HOLD = {"scope": "customer", "ref": NOBODY, "why": "court", "until_ms": 4_000_000_000_000}
CONSENT = {"purpose": "training", "given": False}

OPERATIONS = """
GET /api/governance/access                             open admin
POST /api/governance/start                             stop agents
POST /api/governance/stop                              stop agents
GET /api/governance/switches                           open agents
GET /api/governance/vetoes                             open agents
GET /api/governance/policies                           open agents
POST /api/governance/policies                          approve agents
POST /api/governance/policies/check                    change agents
GET /api/governance/register                           open agents
GET /api/governance/register-bundle                    export agents
GET /api/governance/register/{id}                      open agents
PUT /api/governance/register/{id}                      change agents
POST /api/governance/register/{id}/approve             approve agents
GET /api/governance/register/{id}/incidents            open agents
POST /api/governance/register/{id}/incidents           change agents
POST /api/governance/register/{id}/incidents/{incident}  change agents
POST /api/governance/register/{id}/withdraw            stop agents
POST /api/governance/agreement                         change admin
GET /api/privacy/customers/{key}/consents              open admin
POST /api/privacy/customers/{key}/consents             change admin
GET /api/privacy/erasures                              open admin
POST /api/privacy/erasures                             change admin
GET /api/privacy/erasures/{kind}/{key}                 open admin
POST /api/privacy/find                                 open admin
GET /api/privacy/holds                                 open admin
POST /api/privacy/holds                                change admin
DELETE /api/privacy/holds/{key}                        change admin
GET /api/privacy/looks                                 open admin
GET /api/privacy/people/{kind}/{key}.zip               export admin
GET /api/privacy/retention                             open admin
PUT /api/privacy/retention                             change admin
GET /api/audit                                         open admin
GET /api/audit/heads                                   open admin
GET /api/audit/records                                 open admin
GET /api/audit/witness                                 witness admin
POST /api/audit/witness                                witness admin
GET /governance                                        open agents
GET /governance/parts                                  open agents
GET /governance/agents/{agent}/stop                    stop agents
POST /governance/agents/{agent}/start                  stop agents
POST /governance/agents/{agent}/stop                   stop agents
POST /governance/agreement                             change admin
GET /governance/audit                                  open admin
GET /governance/audit.csv                              export admin
GET /governance/audit/{position}                       open admin
GET /governance/policies                               open agents
POST /governance/policies/add                          change agents
GET /governance/policies/calls                         open agents
POST /governance/policies/check                        change agents
POST /governance/policies/emergency                    approve agents
POST /governance/policies/force                        approve agents
GET /governance/privacy                                open admin
POST /governance/privacy/erase                         change admin
GET /governance/privacy/erasures/{kind}/{key}          open admin
POST /governance/privacy/find                          open admin
GET /governance/privacy/holds                          open admin
POST /governance/privacy/holds                         change admin
POST /governance/privacy/holds/{key}/end               change admin
GET /governance/privacy/keep                           open admin
POST /governance/privacy/keep                          change admin
POST /governance/privacy/keep/purposes                 change admin
GET /governance/privacy/looks                          open admin
GET /governance/privacy/people/{kind}/{key}            open admin
POST /governance/privacy/take-out                      export admin
GET /governance/register                               open agents
GET /governance/register/bundle.zip                    export agents
POST /governance/register/again                        approve agents
GET /governance/register/print                         export agents
GET /governance/register/{id}                          open agents
POST /governance/register/{id}                         change agents
POST /governance/register/{id}/approve                 approve agents
GET /governance/register/{id}/edit                     change agents
POST /governance/register/{id}/incidents               change agents
POST /governance/register/{id}/incidents/{incident}    change agents
POST /governance/register/{id}/withdraw                stop agents
GET /admin                                             open admin
GET /admin/keys                                        open admin
POST /admin/keys                                       change admin
POST /admin/keys/revoke                                change admin
GET /admin/people                                      open admin
POST /admin/people                                     change admin
GET /admin/people/{id}                                 open admin
POST /admin/people/{id}/close                          change admin
POST /admin/people/{id}/details                        change admin
POST /admin/people/{id}/link                           change admin
POST /admin/people/{id}/open                           change admin
POST /admin/people/{id}/role                           change admin
POST /admin/people/{id}/sessions/end                   change admin
GET /admin/roles                                       open admin
POST /admin/roles                                      change admin
POST /admin/roles/back                                 change admin
GET /admin/roles/new                                   open admin
POST /admin/roles/retire                               change admin
POST /admin/roles/show                                 change admin
GET /admin/roles/{id}                                  open admin
GET /api/admin/keys                                    open admin
POST /api/admin/keys                                   change admin
DELETE /api/admin/keys/{id}                            change admin
GET /api/admin/people                                  open admin
POST /api/admin/people                                 change admin
GET /api/admin/people/{id}                             open admin
PATCH /api/admin/people/{id}                           change admin
POST /api/admin/people/{id}/close                      change admin
GET /api/admin/people/{id}/history                     open admin
POST /api/admin/people/{id}/link                       change admin
POST /api/admin/people/{id}/open                       change admin
POST /api/admin/people/{id}/role                       change admin
GET /api/admin/people/{id}/scopes                      open admin
GET /api/admin/people/{id}/sessions                    open admin
DELETE /api/admin/people/{id}/sessions                 change admin
DELETE /api/admin/people/{id}/sessions/{session}       change admin
GET /api/admin/roles                                   open admin
POST /api/admin/roles                                  change admin
POST /api/admin/roles/propose                          change admin
GET /api/admin/roles/{id}                              open admin
GET /api/admin/role-versions                           open admin
GET /admin/sign-in                                     open admin
POST /admin/sign-in                                    change admin
"""
EVERYBODY = {("GET", "/api/governance/agreement"), ("GET", "/governance/agreement")}
"""Whom the agreement is about reads it: every member of staff."""
PROOF = {("GET", "/api/audit/proof")}
"""Also opens to customers, for their own conversation: test_audit.py."""
BY_SESSION = {("POST", path) for path in (
    "/admin/keys", "/admin/people", "/admin/people/{id}/link", "/admin/people/{id}/open", "/admin/people/{id}/role", "/admin/roles",
    "/admin/sign-in", "/api/admin/keys", "/api/admin/people", "/api/admin/people/{id}/link", "/api/admin/people/{id}/open",
    "/api/admin/people/{id}/role", "/api/admin/roles",
)}  # fmt: skip
"""What gives anybody more than a key's scopes name: no key does it, whatever its scopes."""
SENT = {
    "/api/governance/start": {"agent": "*"}, "/api/governance/stop": {"agent": "nobody"},
    "/api/governance/policies": {**TEXT, "why": "x", "told": "", "seen": ""}, "/api/governance/policies/check": {**TEXT, "text": "no policy"},
    "/api/governance/register/{id}": ENTRY, "/api/governance/register/{id}/approve": {"configuration": HASH, "revision": 1},
    "/api/governance/register/{id}/incidents": INCIDENT, "/api/governance/register/{id}/incidents/{incident}": {"action": "looked at it"},
    "/api/governance/register/{id}/withdraw": {"why": "for a test"}, "/api/governance/agreement": {**ACCORD, "from_day": "2000-01-01"},
    "/api/privacy/customers/{key}/consents": CONSENT, "/api/privacy/erasures": {"subject": f"customer/{NOBODY}"}, "/api/privacy/find": {"said": NOBODY},
    "/api/privacy/holds": {**HOLD, "until_ms": 1}, "/api/privacy/retention": {"keep": [], "sure": False, "why": ""}, "/api/audit/witness": {"head": HEAD},
    "/api/admin/people": {"name": "Ida", "email": "nobody"}, "/api/admin/people/{id}/role": {"role": "rep"}, "/api/admin/people/{id}/close": {},
    "/api/admin/people/{id}/open": {}, "/api/admin/people/{id}": {"name": "Ida"}, "/api/admin/roles/propose": {"retire": "nothing"},
    "/api/admin/keys": {"owner": NOBODY, "name": "x", "scopes": ["cases:open"]}, "/api/admin/roles": {"retire": "nothing", "why": "x", "was": 0},
    "/governance/privacy/erase": {"subject": f"customer/{NOBODY}"}, "/governance/privacy/take-out": {"subject": f"customer/{NOBODY}"},
    "/governance/register/{id}/approve": {"configuration": HASH, "revision": "1"}, "/governance/register/{id}/withdraw": {"why": "for a test"},
    "/governance/register/{id}/incidents": INCIDENT, "/governance/register/{id}/incidents/{incident}": {"action": "looked at it"},
}  # fmt: skip


def table() -> dict[tuple[str, str], tuple[str, str]]:
    """Method and path of every operation, and the act and screen that it asks for."""
    rows = [line.split() for line in OPERATIONS.strip().splitlines()]
    return {(method, path): (act, screen) for method, path, act, screen in rows}


def routes(place: Place) -> set[tuple[str, str]]:
    """Every route that is served here."""
    found: set[tuple[str, str]] = set()

    def walk(listed) -> None:
        for route in listed:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                walk(inner.routes)
            elif getattr(route, "path", "").startswith(HERE):
                found.update((method, route.path) for method in route.methods or () if method != "HEAD")

    walk(asgi(place.app).router.routes)
    return found


def address(path: str, key: str = NOBODY) -> str:
    """The path with an id in it that nobody has."""
    return re.sub(r"\{\w+\}", key, path.replace("{kind}", "customer").replace("{position}", "77777777"))


async def asked(client: httpx.AsyncClient, method: str, path: str, headers: dict[str, str], key: str = NOBODY):
    body = SENT.get(path, {"x": "y"} if not path.startswith("/api") else {})
    sent: dict[str, Any] = (
        {} if method in {"GET", "DELETE"} else {"json": body} if path.startswith("/api") else {"data": body}
    )
    return await client.request(method, address(path, key), headers=headers, **sent)


def cookies(place: Place, person: Staff) -> dict[str, str]:
    secret = place.app.accounts.open_session(person)
    return {"cookie": f"baton_session={secret}", "x-csrf-token": place.app.signer.sign("csrf", secret)}


def key(place: Place, who: str, *scopes: str) -> dict[str, str]:
    return {"authorization": f"Bearer {place.app.accounts.keys.make(who, 'test', scopes)}"}


@pytest.fixture
async def place(tmp_path):
    async with serving(tmp_path, made=crafts(*ALSO)) as served:
        yield served


async def test_every_operation_opens_to_whom_the_permissions_name_and_to_nobody_else(place: Place) -> None:
    wanted = table()
    assert routes(place) == set(wanted) | EVERYBODY | PROOF, "an operation that nobody said who may"
    probes = 0
    async with place.http() as client:
        for person in PEOPLE:
            headers = cookies(place, person)
            for (method, path), (act, screen) in wanted.items():
                answer = await asked(client, method, path, headers)
                allowed = ASKED.may(person.role, act, screen)
                assert answer.status_code < 500, (person.role, method, path, answer.text)
                assert (answer.status_code != 403) == allowed, (
                    person.role,
                    method,
                    path,
                    answer.status_code,
                    answer.text,
                )
                probes += 1
            for method, path in EVERYBODY:
                status = (await asked(client, method, path, headers)).status_code
                assert status == (403 if person.role == "customer" else 200), (person.role, path)
        for method, path in (*wanted, *EVERYBODY):
            assert (await asked(client, method, path, {})).status_code == 401, (method, path)
            forged = {"authorization": f"Bearer bt_{NOBODY}"}
            assert (await asked(client, method, path, forged)).status_code == 401, (method, path)
            probes += 2
    assert probes >= 1000


async def test_a_key_reaches_no_operation_that_its_scopes_do_not_name(place: Place) -> None:
    wanted = table()
    every = {f"{screen}:{act}" for screen in SCREENS for act in ACTS}
    async with place.http() as client:
        for (method, path), (act, screen) in wanted.items():
            needed = f"{screen}:{act}"
            missing = key(place, "dara", "scim", *sorted(every - {needed}))
            answer = await asked(client, method, path, missing)
            assert answer.status_code == 403, ("every other scope", method, path, answer.status_code)
            for headers in (key(place, "dara", "scim"), key(place, "jack", needed)):
                assert (await asked(client, method, path, headers)).status_code == 403, (method, path)
            both = [needed] if act == "open" else [needed, f"{screen}:open"]
            answer = await asked(client, method, path, key(place, "dara", *both))
            told = (method, path, answer.status_code, answer.text)
            if (method, path) in BY_SESSION:
                assert answer.status_code == 403 and "session_needed" in answer.text, told
            else:
                assert answer.status_code not in {401, 403}, told


async def test_a_key_for_a_directory_opens_the_directory_alone_and_no_other_key_does(place: Place) -> None:
    async with place.http() as client:
        directory = key(place, "dara", "scim")
        for path in ("Users", "Groups", "Users/dara", "Schemas"):
            assert (await client.get(f"/scim/v2/{path}", headers=directory)).status_code == 200
            for headers, status in (
                ({}, 401), (cookies(place, PEOPLE[6]), 401), (key(place, "dara", "admin:open", "admin:change"), 403),
                (key(place, "mara", "scim"), 403), (key(place, "bridge", "scim"), 403),
            ):  # fmt: skip
                assert (await client.get(f"/scim/v2/{path}", headers=headers)).status_code == status, path
        made = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"],
            "userName": "eve@halcyon.example",
            "roles": [{"value": "admin"}],
        }
        answer = await client.post("/scim/v2/Users", json=made, headers=directory)
        assert answer.status_code == 201
        eve = place.app.accounts.by_email("eve@halcyon.example")
        assert eve is not None and not any(place.app.may(eve, act, screen) for act in ACTS for screen in SCREENS)


async def test_what_is_somebody_elses_and_what_is_not_there_answer_alike(place: Place) -> None:
    app = place.app
    dara, jack = (next(p for p in PEOPLE if p.id == who) for who in ("dara", "jack"))
    app.accounts.open_session(dara)
    app.accounts.keys.make("dara", "theirs", ("admin:open",))
    foreign = {"session": app.accounts.sessions.of("dara")[0].id, "key": app.accounts.keys.listed("dara")[0].id}
    async with place.http() as client:
        headers = cookies(place, jack)
        for path, field in (
            ("/me/sessions/end", "session"),
            ("/me/keys/revoke", "key"),
            ("/me/passkeys/remove", "passkey"),
        ):
            told = [
                await client.post(path, data={field: one}, headers=headers)
                for one in (foreign.get(field, "dara"), NOBODY)
            ]
            assert told[0].status_code == told[1].status_code == 404 and told[0].text == told[1].text, path
        assert len(app.accounts.sessions.of("dara")) == len(app.accounts.keys.listed("dara")) == 1
        talk = await place.begin(client)
        await talk.say("my orangutan glimmerstone", "n1")
        await place.app.committer.append(f"conversation/{talk.id}", TurnSaid("agent", "hm"), by="agent")
        position = (await place.app.reader.told(f"conversation/{talk.id}"))[0][0].position
        for path in (
            "/api/conversations/{}", "/api/conversations/{}.vcon", "/conversations/{}", "/conversations/{}/explain/" + str(position),
            "/conversations/{}/since/0", "/api/live?topics=conversation/{}", "/api/desk/conversations/{}",
        ):  # fmt: skip
            told = [await client.get(path.format(one), headers=headers) for one in (talk.id, NOBODY)]
            assert told[0].status_code == told[1].status_code, (path, told[0].status_code, told[1].status_code)
            assert told[0].status_code in {403, 404}, path
            assert told[0].text.replace(talk.id, "") == told[1].text.replace(NOBODY, ""), path


async def test_who_is_closed_or_signed_out_is_out_of_everything_at_once_and_of_what_is_open(
    place: Place, monkeypatch
) -> None:
    monkeypatch.setattr("baton.web.live.LOOK_S", 0.1)
    app, mara = place.app, next(p for p in PEOPLE if p.id == "mara")
    session, by_key = cookies(place, mara), key(place, "mara", "agents:open", "live:open")
    scoped = {"authorization": place.token("mara")["Authorization"]}
    async with place.http() as client, client.stream("GET", "/api/live?topics=policy", headers=session) as feed:
        for headers in (session, by_key, scoped):
            assert (await client.get("/api/governance/switches", headers=headers)).status_code == 200
        admin = cookies(place, next(p for p in PEOPLE if p.id == "dara"))
        assert (await client.post("/admin/people/mara/close", data={"why": "left"}, headers=admin)).status_code == 303
        for headers in (session, by_key, scoped):
            for method, path in table():
                assert (await asked(client, method, path, headers)).status_code == 401, (method, path)
        async for _ in feed.aiter_bytes():
            pass
        assert app.accounts.sessions.of("mara") == []
