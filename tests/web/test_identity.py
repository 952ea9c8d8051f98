"""Rights are given and taken by administrators alone, at once, on the log; keys and sessions end when they should."""

import asyncio
import html
import re
from pathlib import Path
from typing import Any

import httpx
import pytest

from baton.kernel.clock import FakeClock
from baton.web.app import asgi
from baton.web.staff import Staff
from tests.channels.serving import PASSWORD, PEOPLE, serving

pytestmark = pytest.mark.scene
DARA = next(each for each in PEOPLE if each.id == "dara")
JACK = next(each for each in PEOPLE if each.id == "jack")
WORDS = "river lamp orchard nine"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def place(tmp_path: Path, clock: FakeClock):
    async with serving(tmp_path, clock) as served:
        for person in (DARA, JACK):
            served.app.accounts.add(person, PASSWORD)
        yield served


@pytest.fixture
async def admin(place):
    async with signed_in(place, DARA) as client:
        yield client


def signed_in(place, person: Staff, **headers: str) -> httpx.AsyncClient:
    secret = place.app.accounts.open_session(person)
    csrf = place.app.signer.sign("csrf", secret)
    client: httpx.AsyncClient = place.http(cookies={"baton_session": secret}, headers={"x-csrf-token": csrf, **headers})
    return client


def key(place, who: str, *scopes: str, **more) -> dict[str, str]:
    return {"Authorization": f"Bearer {place.app.accounts.keys.make(who, 'test', scopes, **more)}"}


def shown(page: str, id: str) -> str:
    found = re.search(rf'id="{id}">([^<]+)<', page)
    assert found is not None, page[:2000]
    return html.unescape(found[1])


async def told(place, staff: str) -> list[str]:
    return [type(entry.event).__name__ for entry, _ in await place.app.reader.told(f"staff/{staff}")]


# ---- keys ----


async def test_a_key_does_what_its_scopes_name_and_its_owner_may_and_nothing_else(place) -> None:
    async with place.http() as client:
        rules = "/api/routing/rules"
        cases = [
            (key(place, "mara", "desk:open"), "/api/desk/state", 200), (key(place, "mara", "live:open"), "/api/desk/state", 403),
            (key(place, "mara", "planning:open"), rules, 200), (key(place, "mara", "planning:*"), rules, 200), (place.token("mara"), rules, 200),
            (key(place, "mara", "live:open"), rules, 403), (key(place, "jack", "planning:open"), rules, 403), (key(place, "mara", "scim"), rules, 403),
            (key(place, "mara", "live:open"), "/", 403), (key(place, "mara", "live:open"), "/me", 403),
            (key(place, "dara", "admin:open"), "/admin/people", 200), (key(place, "mara", "admin:open"), "/admin/people", 403),
        ]  # fmt: skip
        for headers, path, status in cases:
            answer = await client.get(path, headers=headers)
            assert answer.status_code == status, (path, status, answer.text[:200])
        wrote = await client.post("/admin/people/jack/close", headers=key(place, "dara", "admin:open"))
        assert wrote.status_code == 403, "reading is not changing"


async def test_a_key_is_shown_once_kept_as_a_hash_and_ends_by_age_or_by_hand(place, admin, clock: FakeClock) -> None:
    made = await admin.post("/me/keys", data={"name": "Nightly", "days": "30", "scope": ["admin:open", "live:open"]})
    assert made.status_code == 201
    secret = shown(made.text, "made-key")
    page = (await admin.get("/me")).text
    assert secret not in page and secret[:8] in page and "Nightly" in page
    headers = {"Authorization": f"Bearer {secret}"}
    async with place.http() as program:
        assert (await program.get("/admin/people", headers=headers)).status_code == 200
        assert place.app.accounts.keys.listed("dara")[0].used_ms == clock.now_ms()
        clock.forward(30 * 86_400 + 1)
        assert (await program.get("/admin/people", headers=headers)).status_code == 401, "expired"
    async with signed_in(place, DARA) as later:
        mine = place.app.accounts.keys.listed("dara")[0].id
        async with signed_in(place, JACK) as jack:
            assert (await jack.post("/me/keys/revoke", data={"key": mine})).status_code == 404, (
                "another's key is not there"
            )
        assert (await later.post("/me/keys/revoke", data={"key": mine})).status_code == 303
    assert [name for name in await told(place, "dara") if name.startswith("Key")] == ["KeyMade", "KeyRevoked"]


@pytest.mark.parametrize("form", [
    {"name": "x", "days": "30", "scope": "admin:open"}, {"name": "x", "days": "30", "scope": "scim"}, {"name": "x", "days": "30"},
    {"name": " ", "days": "30", "scope": "desk:open"}, {"name": "x", "days": "4000", "scope": "desk:open"}, {"name": "x", "days": "30", "scope": "*"},
])  # fmt: skip
async def test_nobody_makes_a_key_that_does_more_than_they_may(place, form: dict) -> None:
    async with signed_in(place, JACK) as jack:
        assert (await jack.post("/me/keys", data=form)).status_code == 422
    assert place.app.accounts.keys.listed("jack") == []


async def test_an_administrator_sees_every_key_and_makes_one_for_an_account(place, admin) -> None:
    form = {"owner": "bridge", "name": "Fetch", "days": "90", "scope": "conversations:export"}
    made = await admin.post("/admin/keys", data=form)
    assert made.status_code == 201 and shown(made.text, "made-key").startswith("bt_")
    assert (await admin.post("/admin/keys", data={**form, "scope": "admin:open"})).status_code == 422, (
        "its owner may not"
    )
    found = place.app.accounts.keys.listed("bridge")[0]
    assert (found.made_by, found.scopes) == ("dara", ("conversations:export",))
    assert (await admin.post("/admin/keys/revoke", data={"key": found.id})).status_code == 303
    assert (await admin.post("/admin/keys/revoke", data={"key": found.id})).status_code == 404


# ---- sessions ----


async def test_sessions_tell_where_they_are_and_end_one_by_one_or_all_others(place) -> None:
    chrome = "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 Chrome/141.0 Safari/537.36"
    async with (
        place.http(headers={"user-agent": chrome}) as here,
        signed_in(place, JACK) as there,
        signed_in(place, JACK) as third,
    ):
        body = {"email": JACK.email, "password": PASSWORD}
        csrf = (await here.post("/api/sign-in", json=body)).json()["csrf"]
        assert "Chrome on Linux" in (await here.get("/me")).text
        mine = place.app.accounts.sessions.of("jack")
        assert len(mine) == 3 and {each.address for each in mine} == {"", "127.0.0.1"}
        headers = {"x-csrf-token": csrf}
        other = next(each.id for each in mine if not each.device)
        assert (await here.post("/me/sessions/end", data={"session": other}, headers=headers)).status_code == 303
        assert len(place.app.accounts.sessions.of("jack")) == 2
        foreign = place.app.accounts.open_session(DARA)
        dara = place.app.accounts.sessions.of("dara")[0].id
        assert (await here.post("/me/sessions/end", data={"session": dara}, headers=headers)).status_code == 404
        assert place.app.accounts.of_session(foreign) is not None
        await here.post("/me/sessions/end", headers=headers)
        assert (await here.get("/api/desk/state")).status_code == 200
        assert {(await c.get("/api/desk/state")).status_code for c in (there, third)} == {401}


async def test_an_open_event_stream_ends_with_its_session(place, monkeypatch) -> None:
    monkeypatch.setattr("baton.web.live.LOOK_S", 0.1)
    async with signed_in(place, JACK) as jack, jack.stream("GET", "/api/live", params={"topics": "assignment"}) as feed:
        assert feed.status_code == 200
        place.app.accounts.close_sessions("jack")
        async with asyncio.timeout(5):
            async for _ in feed.aiter_bytes():
                pass


async def test_a_new_role_ends_sessions_and_holds_at_once(place, admin) -> None:
    async with signed_in(place, JACK) as jack:
        assert (await jack.get("/api/desk/state")).status_code == 200
        assert (
            await admin.post("/admin/people/jack/role", data={"role": "planner", "why": "moved"})
        ).status_code == 303
        assert (await jack.get("/api/desk/state")).status_code == 401
    async with signed_in(place, place.app.accounts.by_id("jack")) as again:
        assert (await again.get("/api/desk/state")).status_code == 403
    assert "RoleGiven" in await told(place, "jack")


# ---- people ----


async def test_somebody_is_added_and_sets_a_password_by_a_link_that_opens_once_within_a_day(
    place, admin, clock: FakeClock
) -> None:
    made = await admin.post("/admin/people", data={"name": "Ida Berg", "email": "Ida@halcyon.example", "role": "rep"})
    assert made.status_code == 201
    link = shown(made.text, "link")
    ida = place.app.accounts.by_email("ida@halcyon.example")
    assert ida is not None and ida.role == "rep" and "ida" not in ida.id
    async with place.http() as client:
        page = (await client.get(link)).text
        csrf = {"csrf": re.findall(r'name="csrf" value="([^"]+)"', page)[0]}
        for weak in ("short", "aaaaaaaaaaaaaa", "ida berg ida", "halcyon.example"[:5] * 1):
            assert (await client.post(link, data={**csrf, "password": weak})).status_code == 422
        assert (await client.post(link, data={"password": WORDS})).status_code == 403, "a form of nobody's"
        assert (await client.post(link, data={**csrf, "password": WORDS})).status_code == 303
        assert (await client.post(link, data={**csrf, "password": WORDS})).status_code == 404, "used"
        assert (await client.get(link)).status_code == 404
        right = {"email": "ida@halcyon.example", "password": WORDS}
        assert (await client.post("/api/sign-in", json=right)).status_code == 200
    first = shown((await admin.post(f"/admin/people/{ida.id}/link")).text, "link")
    second = shown((await admin.post(f"/admin/people/{ida.id}/link")).text, "link")
    async with place.http() as client:
        assert (await client.get(first)).status_code == 404, "a newer link was made"
        assert (await client.get(second)).status_code == 200
        clock.forward(86_401)
        assert (await client.get(second)).status_code == 404, "a day is over"
    assert await told(place, ida.id) == ["AccountMade", "LinkMade", "PasswordSet", "SignedIn", "LinkMade", "LinkMade"]


@pytest.mark.parametrize("form", [
    {"name": "X", "email": "jack@halcyon.example", "role": "rep"}, {"name": "X", "email": "nobody", "role": "rep"}, {"name": "", "email": "a@b.c"},
    {"name": "X", "email": "a@b.c", "role": "root"},
])  # fmt: skip
async def test_an_account_that_cannot_be_is_refused_and_what_was_typed_stays(place, admin, form: dict) -> None:
    before = len(place.app.accounts.rows())
    answer = await admin.post("/admin/people", data=form)
    assert answer.status_code in (409, 422)
    assert f'value="{form["email"]}"' in answer.text
    assert len(place.app.accounts.rows()) == before


async def test_the_last_administrator_can_neither_leave_nor_be_closed(place, admin) -> None:
    for path, form in [("role", {"role": "rep"}), ("close", {})]:
        answer = await admin.post(f"/admin/people/dara/{path}", data=form)
        assert answer.status_code == 409 and "Nobody else may change rights" in answer.text
    await admin.post("/admin/people/mara/role", data={"role": "admin"})
    assert (await admin.post("/admin/people/dara/close")).status_code == 303
    assert (await admin.get("/admin/people")).status_code == 401


async def test_two_administrators_cannot_close_each_other_at_once(place, admin) -> None:
    await admin.post("/admin/people/mara/role", data={"role": "admin"})
    async with signed_in(place, place.app.accounts.by_id("mara")) as mara:
        both = await asyncio.gather(admin.post("/admin/people/mara/close"), mara.post("/admin/people/dara/close"))
    assert sorted(answer.status_code for answer in both) in ([303, 401], [303, 409])
    assert len([each for each in place.app.accounts.everyone() if each.role == "admin"]) == 1


async def test_details_change_and_the_log_names_what_and_not_to_what(place, admin) -> None:
    form = {
        "name": "Jack M.",
        "skills": "refunds:4, bags",
        "languages": "en,fr",
        "capacity": "2",
        "team": "refunds",
        "site": "",
    }
    assert (await admin.post("/admin/people/jack/details", data=form)).status_code == 303
    jack = place.app.accounts.by_id("jack")
    assert (jack.name, jack.skills, jack.capacity, jack.attributes) == (
        "Jack M.",
        ("refunds:4", "bags"),
        2,
        (("team", "refunds"),),
    )
    event = [entry.event for entry, _ in await place.app.reader.told("staff/jack")][-1]
    assert event.changed == ("attributes", "capacity", "languages", "name", "skills")
    assert (await admin.post("/admin/people/jack/details", data={**form, "capacity": "0"})).status_code == 422


async def test_what_people_are_called_is_shown_as_text(place, admin) -> None:
    evil = '<img src=x onerror="alert(1)">'
    await admin.post("/admin/people", data={"name": evil, "email": "e@halcyon.example", "role": "rep"})
    await admin.post("/admin/people/jack/close", data={"why": evil})
    for path in ("/admin/people", "/admin/people/jack", "/admin/keys", f"/admin/people?q={evil}"):
        assert "<img src=x" not in (await admin.get(path)).text


# ---- who may ----


def places(app) -> list[tuple[str, str]]:
    """Every route of identity that asks who somebody is: method and path with somebody's id."""
    found: list[tuple[str, str]] = []

    def walk(routes, prefix: str = "") -> None:
        for route in routes:
            inner = getattr(route, "original_router", None)
            if inner is not None:
                walk(inner.routes, prefix)
            elif getattr(route, "path", "").startswith(("/admin", "/me/")) or getattr(route, "path", "") == "/me":
                found.extend(
                    (method, route.path.replace("{id}", "jack")) for method in route.methods if method != "HEAD"
                )

    walk(asgi(app).router.routes)
    return sorted(set(found))


async def test_administration_opens_to_administrators_and_ones_own_sign_in_to_oneself(place) -> None:
    asked = places(place.app)
    assert len([path for _, path in asked if path.startswith("/admin")]) >= 20
    assert len([path for _, path in asked if path.startswith("/me")]) >= 7
    probes = 0
    for person in [None, *(each for each in PEOPLE if each.role != "admin")]:
        async with signed_in(place, person) if person else place.http() as client:
            for method, path in asked:
                if person is not None and path.startswith("/me"):
                    continue
                form = {"role": "admin", "owner": "dara"} if method == "POST" else None
                sent: dict[str, Any] = {"json": {"credential": {}}} if path == "/me/passkeys" else {"data": form}
                answer = await client.request(method, path, **sent)
                assert answer.status_code == (403 if person else 401), (person, method, path, answer.status_code)
                probes += 1
    assert probes >= 200
    assert place.app.accounts.by_id("jack").role == "rep"


async def test_nothing_is_changed_without_the_token_of_the_form(place) -> None:
    secret = place.app.accounts.open_session(DARA)
    async with place.http(cookies={"baton_session": secret}) as client:
        for method, path in places(place.app):
            if method == "POST":
                assert (await client.post(path, data={"why": "x"})).json()["code"] == "forged_form", path


async def test_a_missing_person_and_one_that_cannot_be_named_are_answered_alike(place, admin) -> None:
    answers = [await admin.get(f"/admin/people/{name}") for name in ("nobody", "%00", "..%2Fadmin", "x" * 5000)]
    assert {answer.status_code for answer in answers} == {404}
