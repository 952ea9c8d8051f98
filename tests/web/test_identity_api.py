"""People, keys, roles and sessions over HTTP: what an administrator's other systems need, with the rights and the checks of the pages."""

import httpx
import pytest

from tests.channels.serving import PASSWORD, Place
from tests.web.staffed import EVERYBODY, key, refused, signed_in, told

pytestmark = pytest.mark.scene
PEOPLE, KEYS, ROLES = "/api/admin/people", "/api/admin/keys", "/api/admin/roles"
IDA = {
    "name": "Ida Berg",
    "email": "Ida@halcyon.example",
    "role": "rep",
    "skills": ["refunds:4", "bags"],
    "attributes": {"team": "refunds"},
}
SENIOR = {"title": "Senior rep", "kind": "rep", "allows": ["desk:open", "desk:serve", "performance:open"]}


# ---- people ----


async def test_a_system_signs_in_and_looks_after_an_account_to_its_end(place: Place) -> None:
    place.app.accounts.add(EVERYBODY["dara"], PASSWORD)
    async with place.http() as system, place.http() as ida:
        came = await system.post("/api/sign-in", json={"email": "dara@halcyon.example", "password": PASSWORD})
        system.headers["x-csrf-token"] = came.json()["csrf"]
        made = await system.post(PEOPLE, json=IDA)
        assert (made.status_code, made.headers["cache-control"]) == (201, "no-store"), made.text
        person, link = made.json()["person"], made.json()["link"]
        assert (person["email"], person["role"], person["skills"], person["attributes"]["team"]) == (
            "ida@halcyon.example", "rep", ["refunds:4", "bags"], "refunds",
        )  # fmt: skip
        assert (await ida.get(link["link"])).status_code == 200, "it opens the form for a password"
        here = f"{PEOPLE}/{person['id']}"
        told_now = await system.patch(here, json={"capacity": 2, "was": person["version"]})
        assert (told_now.json()["capacity"], told_now.json()["name"]) == (2, "Ida Berg"), "what is left out stays"
        signed_in(place, place.app.accounts.by_id(person["id"]))
        assert len((await system.get(f"{here}/sessions")).json()["sessions"]) == 1
        given_role = await system.post(f"{here}/role", json={"role": "planner", "why": "she plans now", "was": "rep"})
        assert given_role.json()["role"] == "planner"
        assert (await system.get(f"{here}/sessions")).json()["sessions"] == [], "a new role signs out"
        assert (await system.post(f"{here}/close", json={"why": "left"})).json()["closed"] is True
        assert (await ida.get(link["link"])).status_code == 404, "a closed account has no link"
        assert [p["id"] for p in (await system.get(PEOPLE, params={"state": "closed"})).json()["people"]] == [
            person["id"]
        ]
        assert (await system.post(f"{here}/open", json={"why": "back"})).json()["closed"] is False
        happened = (await system.get(f"{here}/history")).json()["history"]
    assert [each["what"] for each in happened][:3] == ["Account opened again", "Account closed", "Role: Rep → Planner"]
    assert {each["by"] for each in happened} == {"Dara Quinn"}
    assert await told(place, person["id"]) == [
        "AccountMade", "LinkMade", "AccountChanged", "RoleGiven", "AccountClosed", "AccountOpened",
    ]  # fmt: skip


async def test_everybody_is_listed_in_pages_that_end(admin: httpx.AsyncClient) -> None:
    found: list[str] = []
    after = ""
    while True:
        page = (await admin.get(PEOPLE, params={"limit": 4, "after": after})).json()
        assert page["found"] == len(EVERYBODY)
        found += [each["id"] for each in page["people"]]
        after = page["next"]
        if not after:
            break
    assert found == sorted(EVERYBODY)
    assert [each["id"] for each in (await admin.get(PEOPLE, params={"q": "NILSEN"})).json()["people"]] == ["mara"]
    refused(await admin.get(PEOPLE, params={"limit": 0}), 422, "invalid")


async def test_what_is_left_out_of_a_change_stays_and_nothing_is_cut_short(
    place: Place, admin: httpx.AsyncClient
) -> None:
    here, queues = f"{PEOPLE}/jack", [f"a queue with a long name {n}" for n in range(40)]
    said = {"skills": queues, "attributes": {"brand": "halcyon", "team": "bags"}}
    told = await admin.patch(here, json=said)
    assert told.json()["skills"] == queues
    told = await admin.patch(here, json={"attributes": {"team": "refunds", "brand": ""}})
    assert told.json()["attributes"] == {"brand": "", "site": "", "employer": "", "team": "refunds"}
    told = await admin.patch(here, json={"attributes": {"site": "Porto"}})
    assert (told.json()["attributes"]["team"], told.json()["skills"]) == ("refunds", queues)
    typed = {
        **told.json()["attributes"],
        "name": "Jack",
        "skills": ", ".join(queues),
        "languages": "en",
        "capacity": "3",
    }
    assert (await admin.post("/admin/people/jack/details", data=typed)).status_code == 303
    assert (await admin.get(here)).json()["skills"] == queues, "the page keeps them too"
    long = {"skills": [f"{'long ' * 50}{n}" for n in range(40)]}
    refused(await admin.patch(here, json=long), 422, "bad_details", "3000 characters", "Nothing was changed")
    assert (await admin.get(here)).json()["skills"] == queues


async def test_what_cannot_be_is_refused_with_what_to_do(place: Place, admin: httpx.AsyncClient) -> None:
    refused(
        await admin.post(PEOPLE, json={**IDA, "email": "jack@halcyon.example"}), 409, "address_taken", "open or closed"
    )
    refused(await admin.post(PEOPLE, json={**IDA, "email": "nobody"}), 422, "bad_address", "Write it like")
    refused(await admin.post(PEOPLE, json={**IDA, "role": "root"}), 422, "unknown_role", "Use one of")
    refused(await admin.post(PEOPLE, json={**IDA, "name": "   "}), 422, "bad_details", "A name is needed")
    refused(await admin.post(PEOPLE, json={**IDA, "admin": True}), 422, "invalid")
    refused(await admin.patch(f"{PEOPLE}/jack", json={"capacity": 51}), 422, "invalid")
    refused(
        await admin.post(f"{PEOPLE}/dara/close", json={}),
        409,
        "last_administrator",
        "Give somebody else that right first",
    )
    refused(await admin.post(f"{PEOPLE}/dara/role", json={"role": "rep"}), 409, "last_administrator")
    for path in (
        f"{PEOPLE}/nobody",
        f"{PEOPLE}/nobody/sessions",
        f"{PEOPLE}/nobody/history",
        f"{PEOPLE}/nobody/scopes",
    ):
        refused(await admin.get(path), 404, "not_found")
    for path in (
        f"{PEOPLE}/jack/sessions/{'a' * 64}",
        f"{KEYS}/{'a' * 64}",
        f"/api/me/keys/{'a' * 64}",
        "/api/me/sessions/a",
    ):
        refused(await admin.delete(path), 404, "not_found")
    assert len(place.app.accounts.rows()) == len(EVERYBODY), "nothing was made"


# ---- keys ----


async def test_a_key_is_made_for_a_program_shown_once_listed_and_revoked(
    place: Place, admin: httpx.AsyncClient
) -> None:
    may = (await admin.get(f"{PEOPLE}/bridge/scopes")).json()["scopes"]
    assert "conversations:export" in may and "admin:open" not in may
    made = await admin.post(
        KEYS, json={"owner": "bridge", "name": "Nightly", "days": 30, "scopes": ["conversations:export"]}
    )
    assert (made.status_code, made.headers["cache-control"]) == (201, "no-store"), made.text
    secret, one = made.json()["secret"], made.json()["key"]
    (listed,) = (await admin.get(KEYS, params={"owner": "bridge"})).json()["keys"]
    assert listed == one and secret not in str(listed) and one["made_by"] == "dara"
    async with place.http(headers={"Authorization": f"Bearer {secret}"}) as program:
        who = (await program.get("/api/me")).json()
        assert (who["id"], who["how"], who["scopes"], who["may"]) == (
            "bridge", "key", ["conversations:export"], {"conversations": ["export"]},
        )  # fmt: skip
        assert (await admin.delete(f"{KEYS}/{one['id']}")).status_code == 204
        assert (await program.get("/api/me")).status_code == 401
    assert await told(place, "bridge") == ["KeyMade", "KeyRevoked"]


async def test_nobody_makes_a_key_of_another_person_by_any_way(place: Place, admin: httpx.AsyncClient) -> None:
    body: dict[str, object] = {"name": "Theirs", "days": 90, "scopes": ["desk:open"]}
    for who in ("jack", "mara", "ruth"):
        refused(await admin.post(KEYS, json={**body, "owner": who}), 403, "key_of_a_person", "at /me", "'integration'")
        refused(await admin.get(f"{PEOPLE}/{who}/scopes"), 403, "key_of_a_person")
        page = await admin.post(
            "/admin/keys", data={"owner": who, "name": "Theirs", "days": "90", "scope": "desk:open"}
        )
        assert page.status_code == 403 and "logged as its owner" in page.text
        chosen = await admin.get("/admin/keys", params={"owner": who})
        assert chosen.status_code == 200 and 'name="scope"' not in chosen.text
        assert f'<option value="{who}"' not in chosen.text and '<option value="bridge"' in chosen.text
        assert place.app.accounts.keys.listed(who) == []
    own = {**body, "owner": "dara", "scopes": ["admin:open"]}
    assert (await admin.post(KEYS, json=own)).status_code == 201, "one's own"


async def test_a_key_for_a_program_is_no_wider_than_what_its_maker_may(place: Place, admin: httpx.AsyncClient) -> None:
    change = {"role": {"title": "People desk", "kind": "admin", "allows": ["admin:open", "admin:change", "cases:open"]}}
    now = (await admin.post(f"{ROLES}/propose", json=change)).json()["version"]
    assert (await admin.post(ROLES, json={**change, "why": "they look after people", "was": now})).status_code == 200
    await admin.post(f"{PEOPLE}/mara/role", json={"role": "people_desk"})
    async with signed_in(place, place.app.accounts.by_id("mara")) as mara:
        assert (await mara.get(f"{PEOPLE}/bridge/scopes")).json()["scopes"] == ["cases:open"]
        body = {"owner": "bridge", "name": "Wider", "scopes": ["cases:open", "value:export"]}
        refused(await mara.post(KEYS, json=body), 422, "no_such_scope", "whoever makes it")
        assert (await mara.post(KEYS, json={**body, "scopes": ["cases:open"]})).status_code == 201
    refused(await admin.post(KEYS, json={**body, "scopes": ["scim"]}), 422, "no_such_scope")


async def test_keys_end_when_a_person_becomes_a_program_or_a_program_a_person(
    place: Place, admin: httpx.AsyncClient
) -> None:
    """Else an administrator would make a key for the program somebody is for a minute, and have one of the person."""
    await admin.post(f"{PEOPLE}/jack/role", json={"role": "integration"})
    made = await admin.post(KEYS, json={"owner": "jack", "name": "Borrowed", "scopes": ["conversations:open"]})
    assert made.status_code == 201
    await admin.post(f"{PEOPLE}/jack/role", json={"role": "supervisor"})
    async with place.http(headers={"Authorization": f"Bearer {made.json()['secret']}"}) as program:
        assert (await program.get("/api/me")).status_code == 401
    place.app.accounts.keys.make("mara", "hers", ("live:open",))
    await admin.post(f"{PEOPLE}/mara/role", json={"role": "analyst"})
    assert len(place.app.accounts.keys.listed("mara")) == 1, "another role of a person takes no key"


# ---- what a key may ----


async def test_a_key_reads_with_the_scope_and_takes_away_but_gives_nobody_a_right(place: Place) -> None:
    reads, changes = key(place, "dara", "admin:open"), key(place, "dara", "admin:open", "admin:change")
    async with place.http() as client:
        for path in (
            PEOPLE,
            f"{PEOPLE}/jack",
            f"{PEOPLE}/jack/sessions",
            KEYS,
            ROLES,
            f"{ROLES}/rep",
            "/api/admin/role-versions",
        ):
            assert (await client.get(path, headers=reads)).status_code == 200, path
            for other in (
                key(place, "dara", "admin:export"),
                key(place, "mara", "admin:open"),
                key(place, "dara", "scim"),
            ):
                refused(await client.get(path, headers=other), 403, "not_allowed", "Ask an administrator")
        gives = {
            PEOPLE: IDA, f"{PEOPLE}/jack/role": {"role": "admin"}, f"{PEOPLE}/jack/link": {}, f"{PEOPLE}/jack/open": {},
            KEYS: {"owner": "bridge", "name": "x", "scopes": ["cases:open"]}, ROLES: {"role": SENIOR, "why": "x", "was": 0},
        }  # fmt: skip
        for path, body in gives.items():
            refused(
                await client.post(path, json=body, headers=changes), 403, "session_needed", "POST /api/sign-in", "SCIM"
            )
        team = {"attributes": {"team": "refunds"}}
        refused(await client.patch(f"{PEOPLE}/jack", json=team, headers=changes), 403, "session_needed")
        assert (await client.patch(f"{PEOPLE}/jack", json={"name": "Jack M."}, headers=changes)).status_code == 200
        assert (await client.patch(f"{PEOPLE}/jack", json={"name": "J."}, headers=reads)).status_code == 403
        assert (await client.delete(f"{PEOPLE}/jack/sessions", headers=changes)).json() == {"ended": 0}
        assert (await client.post(f"{ROLES}/propose", json={"role": SENIOR}, headers=changes)).status_code == 200
        assert (await client.post(f"{PEOPLE}/jack/close", json={"why": "gone"}, headers=changes)).status_code == 200
        for path in ("/api/me/keys", "/api/me/sessions", "/api/me/scopes", "/api/me/history"):
            refused(await client.get(path, headers=changes), 403, "session_needed")


# ---- one's own ----


async def test_one_looks_after_ones_own_sessions_and_keys(place: Place) -> None:
    async with signed_in(place, "jack") as jack, signed_in(place, "jack") as other, signed_in(place, "mara"):
        who = (await jack.get("/api/me")).json()
        assert (who["id"], who["scopes"], who["passkey_needed"]) == ("jack", None, False) and who["may"]["desk"] == [
            "open",
            "serve",
        ]
        mine = (await jack.get("/api/me/sessions")).json()["sessions"]
        assert sorted(each["this"] for each in mine) == [False, True]
        (theirs,) = place.app.accounts.sessions.of("mara")
        refused(await jack.delete(f"/api/me/sessions/{theirs.id}"), 404, "not_found")
        assert (await jack.delete("/api/me/sessions")).json() == {"ended": 1}
        assert (await other.get("/api/me")).status_code == 401
        made = await jack.post("/api/me/keys", json={"name": "Mine", "scopes": ["desk:open"]})
        assert made.status_code == 201 and made.json()["key"]["owner"] == "jack"
        refused(await jack.post("/api/me/keys", json={"name": "Wide", "scopes": ["admin:open"]}), 422, "no_such_scope")
        refused(await jack.post("/api/me/keys", json={"name": "All", "scopes": ["*"]}), 422, "no_such_scope")
        assert [each["name"] for each in (await jack.get("/api/me/keys")).json()["keys"]] == ["Mine"]
        async with signed_in(place, "mara") as mara:
            refused(await mara.delete(f"/api/me/keys/{made.json()['key']['id']}"), 404, "not_found")
        assert (await jack.delete(f"/api/me/keys/{made.json()['key']['id']}")).status_code == 204


async def test_customers_have_no_address_here_and_nobody_without_signing_in(place: Place) -> None:
    paths = ("/api/me", "/api/me/history", "/api/me/sessions", "/api/me/keys", "/api/me/scopes", PEOPLE, KEYS, ROLES)
    async with place.http() as nobody, signed_in(place, "ana") as ana:
        for path in paths:
            refused(await nobody.get(path), 401, "sign_in_needed", "Authorization: Bearer")
            refused(await ana.get(path), 403, "not_allowed")


async def test_a_form_of_another_site_changes_nothing(place: Place) -> None:
    secret = place.app.accounts.open_session(EVERYBODY["dara"])
    async with place.http(cookies={"baton_session": secret}) as forged:
        refused(await forged.post(f"{PEOPLE}/jack/close", json={}), 403, "forged_form")
        refused(await forged.delete(f"{PEOPLE}/jack/sessions"), 403, "forged_form")
