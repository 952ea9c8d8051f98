"""Who holds what is not theirs any more, or never was: a stolen session, a narrow key, a closed account, a second tab, a role that one takes from oneself."""

import asyncio
import re
from pathlib import Path

import httpx
import msgspec
import pytest

from baton.kernel.clock import FakeClock
from baton.kernel.errors import BatonError
from baton.web.identity.events import MadeRole, Roles
from baton.web.identity.rights import administrators, give_role
from baton.web.identity.roles.proposing import put_in_force
from baton.web.identity.ruling import revise, version
from tests.channels.serving import PASSWORD, Place, serving
from tests.web.staffed import EVERYBODY, key, signed_in, told

pytestmark = pytest.mark.scene
PEOPLE, ROLES = "/api/admin/people", "/api/admin/roles"


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
async def place(tmp_path: Path, clock: FakeClock):
    async with serving(tmp_path, clock) as served:
        for each in ("dara", "jack"):
            served.app.accounts.add(EVERYBODY[each], PASSWORD)
        yield served


@pytest.fixture
async def admin(place: Place):
    async with signed_in(place, "dara") as client:
        yield client


# ---- a stolen session ----


async def test_a_stolen_session_is_seen_and_what_was_made_with_it_is_seen_and_ended_too(place: Place) -> None:
    firefox = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
    async with place.http(headers={"user-agent": firefox}) as jack, place.http() as thief:
        csrf = (await jack.post("/api/sign-in", json={"email": "jack@halcyon.example", "password": PASSWORD})).json()[
            "csrf"
        ]
        jack.headers["x-csrf-token"] = csrf
        thief.cookies.set("baton_session", jack.cookies["baton_session"])
        assert (await thief.get("/api/desk/state")).status_code == 200, "a cookie is all it takes"
        assert (await thief.post("/api/me/keys", json={"name": "x", "scopes": ["desk:open"]})).status_code == 403, (
            "and a form token to change"
        )
        thief.headers["x-csrf-token"] = re.findall(r'name="csrf" value="([^"]+)"', (await thief.get("/me")).text)[0]
        stolen = (await thief.post("/api/me/keys", json={"name": "backup", "scopes": ["desk:open"]})).json()["secret"]
        mine = (await jack.get("/api/me/sessions")).json()["sessions"]
        assert [(each["this"], each["device"]) for each in mine] == [(True, "Firefox on Linux")], (
            "the thief is this very session"
        )
        (made,) = (await jack.get("/api/me/keys")).json()["keys"]
        assert (made["name"], made["made_by"]) == ("backup", "jack")
        assert (await jack.post("/sign-out")).status_code == 303
        assert (await thief.get("/api/me")).status_code == 401, "signing out ends it for both"
        assert (await thief.get("/", headers={"Authorization": f"Bearer {stolen}"})).status_code in {403, 303}
    async with signed_in(place, "dara") as dara:
        await dara.delete(f"/api/admin/keys/{made['id']}")
    async with place.http(headers={"Authorization": f"Bearer {stolen}"}) as gone:
        assert (await gone.get("/api/me")).status_code == 401
    assert await told(place, "jack") == ["SignedIn", "KeyMade", "KeyRevoked"], "all of it is on the log"


async def test_a_stolen_session_of_an_administrator_ends_with_a_new_password_role_or_word_of_another(
    place: Place,
) -> None:
    async with signed_in(place, "dara") as dara:
        await dara.post(f"{PEOPLE}/mara/role", json={"role": "admin"})
        mara = place.app.accounts.by_id("mara")
        for end in ("sessions", "role", "password", "close"):
            async with signed_in(place, mara) as stolen:
                assert (await stolen.get(PEOPLE)).status_code == 200, end
                if end == "sessions":
                    assert (await dara.delete(f"{PEOPLE}/mara/sessions")).json()["ended"] >= 1
                elif end == "role":
                    await dara.post(f"{PEOPLE}/mara/role", json={"role": "analyst"})
                    await dara.post(f"{PEOPLE}/mara/role", json={"role": "admin"})
                elif end == "password":
                    place.app.accounts.set_password("mara", PASSWORD)
                else:
                    await dara.post(f"{PEOPLE}/mara/close", json={"why": "gone"})
                assert (await stolen.get(PEOPLE)).status_code == 401, end


async def test_a_stolen_session_lives_no_longer_by_being_used(place: Place, clock: FakeClock) -> None:
    async with signed_in(place, "dara") as stolen:
        for _ in range(7):
            clock.forward(100 * 60)
            last = (await stolen.get("/api/me")).status_code
            assert last == 200
        clock.forward(30 * 60)
        assert (await stolen.get("/api/me")).status_code == 401, "twelve hours are all there are"


async def test_who_comes_in_as_somebody_by_a_link_is_told_of_to_them(place: Place, admin: httpx.AsyncClient) -> None:
    """An administrator can make a link for anybody's password, which cannot be done in the dark."""
    link = (await admin.post(f"{PEOPLE}/jack/link")).json()["link"]
    words = "river lamp orchard nine"
    async with place.http() as browser, signed_in(place, "jack") as jack:
        csrf = re.findall(r'name="csrf" value="([^"]+)"', (await browser.get(link)).text)[0]
        assert (await browser.post(link, data={"csrf": csrf, "password": words})).status_code == 303
        assert (await jack.get("/me")).status_code == 401, "their sessions ended"
        right = {"email": "jack@halcyon.example", "password": PASSWORD}
        assert (await browser.post("/api/sign-in", json=right)).status_code == 401, (
            "their password does not work any more"
        )
    async with signed_in(place, "jack") as jack:
        page = (await jack.get("/me")).text
        assert "Link for a password made" in page and "by Dara Quinn" in page
        found = [(h["what"], h["by"]) for h in (await jack.get("/api/me/history")).json()["history"]]
        assert found == [("Password set by link", ""), ("Link for a password made", "Dara Quinn")]


# ---- a key with a narrow scope ----


async def test_a_narrow_key_cannot_be_made_wider_by_whoever_holds_it(place: Place) -> None:
    narrow = key(place, "dara", "admin:open", "admin:change")
    async with place.http(headers=narrow) as thief:
        tries = [
            thief.post("/api/me/keys", json={"name": "x", "scopes": ["agents:approve"]}),
            thief.post("/api/admin/keys", json={"owner": "dara", "name": "x", "scopes": ["agents:approve"]}),
            thief.post("/me/keys", data={"name": "x", "days": "30", "scope": "agents:approve"}),
            thief.post(f"{PEOPLE}/dara/link"), thief.post("/admin/people/dara/link"), thief.post(f"{PEOPLE}/jack/role", json={"role": "admin"}),
            thief.post(PEOPLE, json={"name": "Me", "email": "me@evil.example", "role": "admin"}),
            thief.post("/me/passkeys/begin"), thief.post("/admin/sign-in", data={"group": "x", "role": "admin", "why": "x"}),
            thief.post(ROLES, json={"role": {"title": "Mine", "kind": "admin", "allows": []}, "why": "x", "was": 0}),
        ]  # fmt: skip
        answers = [await each for each in tries]
        assert [answer.status_code for answer in answers] == [403] * len(tries), [a.text[:80] for a in answers]
    assert len(place.app.accounts.rows()) == len(EVERYBODY) and place.app.policy(Roles) == Roles()
    assert place.app.accounts.by_id("jack") == EVERYBODY["jack"]


async def test_a_key_opens_nothing_again_that_was_closed_and_moves_nothing_that_rights_hang_on(
    place: Place, admin
) -> None:
    """Somebody who left, still knows their password, and has a key of a colleague's."""
    export = 'permit (principal in Role::"senior", action == Action::"export", resource == Screen::"performance") when { principal has team && principal.team == "refunds" };'
    await revise(place.app, Roles((MadeRole("senior", "Senior", "rep", ("desk:open",), export),)), "dara", "seniors")
    await admin.post(f"{PEOPLE}/jack/role", json={"role": "senior"})
    await admin.post(f"{PEOPLE}/jack/close", json={"why": "left"})
    held = key(place, "dara", "admin:open", "admin:change")
    async with place.http(headers=held) as thief:
        assert (await thief.post(f"{PEOPLE}/jack/open", json={})).json()["code"] == "session_needed"
        assert (await thief.post("/admin/people/jack/open")).status_code == 403
        assert (await thief.patch(f"{PEOPLE}/jack", json={"attributes": {"team": "refunds"}})).status_code == 403
        form = {"name": "Jack Moreau", "capacity": "3", "skills": "refunds", "languages": "en", "team": "refunds"}
        assert (await thief.post("/admin/people/jack/details", data=form)).status_code == 403
    jack = place.app.accounts.row("jack")
    assert jack is not None and jack.disabled and jack.attributes == ""


# ---- an account that a directory closed ----


async def test_who_the_directory_closed_is_out_by_every_door_and_comes_back_with_nothing_old(
    place: Place, admin
) -> None:
    directory = {**key(place, "dara", "scim"), "content-type": "application/scim+json"}
    link = (await admin.post(f"{PEOPLE}/jack/link")).json()["link"]
    held = key(place, "jack", "desk:open")
    schema = "urn:ietf:params:scim:api:messages:2.0:PatchOp"

    async def active(value: bool) -> httpx.Response:
        body = {"schemas": [schema], "Operations": [{"op": "replace", "path": "active", "value": value}]}
        async with place.http() as outside:
            return await outside.patch("/scim/v2/Users/jack", json=body, headers=directory)

    async with signed_in(place, "jack") as jack, place.http() as outside:
        assert (await jack.get("/api/desk/state")).status_code == 200
        assert (await active(False)).status_code == 200
        right = {"email": "jack@halcyon.example", "password": PASSWORD}
        for _ in range(2):
            assert (await jack.get("/api/desk/state")).status_code == 401
            assert (await outside.get("/api/desk/state", headers=held)).status_code == 401
            assert (await outside.get(link)).status_code == 404
            if place.app.accounts.by_id("jack") is None:
                assert (await outside.post("/api/sign-in", json=right)).status_code == 401
                assert (await admin.post(f"{PEOPLE}/jack/link")).status_code == 404, (
                    "no link for an account that is closed"
                )
                assert (
                    await admin.post("/api/admin/keys", json={"owner": "jack", "name": "x", "scopes": ["desk:open"]})
                ).status_code == 422
                assert (await active(True)).status_code == 200
        assert (await outside.post("/api/sign-in", json=right)).status_code == 200, "back, by signing in anew"
    assert [name for name in await told(place, "jack") if name in {"AccountClosed", "AccountOpened"}] == [
        "AccountClosed",
        "AccountOpened",
    ]


# ---- two tabs ----


async def test_two_tabs_do_not_overwrite_each_others_details(place: Place, admin: httpx.AsyncClient) -> None:
    def shown(page: str) -> str:
        found: str = re.findall(r'action="/admin/people/jack/details">.*?name="was" value="([^"]+)"', page, re.DOTALL)[
            0
        ]
        return found

    first, second = (await admin.get("/admin/people/jack")).text, (await admin.get("/admin/people/jack")).text
    form = {"name": "Jack Moreau", "capacity": "3", "skills": "refunds", "languages": "en"}
    assert (
        await admin.post("/admin/people/jack/details", data={**form, "capacity": "5", "was": shown(first)})
    ).status_code == 303
    late = await admin.post("/admin/people/jack/details", data={**form, "skills": "bags", "was": shown(second)})
    assert late.status_code == 409 and "Somebody else changed this meanwhile" in late.text
    jack = place.app.accounts.by_id("jack")
    assert jack is not None and (jack.capacity, jack.skills) == (5, ("refunds",))
    again = await admin.post("/admin/people/jack/details", data={**form, "skills": "bags", "was": shown(late.text)})
    assert again.status_code == 303, "the page that told it has what is there now"
    stale = await admin.patch(f"{PEOPLE}/jack", json={"capacity": 2, "was": "0" * 16})
    assert (stale.status_code, stale.json()["code"]) == (409, "details_moved")


async def test_a_role_given_in_one_tab_is_not_taken_back_by_an_older_one(
    place: Place, admin: httpx.AsyncClient
) -> None:
    async with signed_in(place, "dara") as other:
        both = await asyncio.gather(
            admin.post("/admin/people/jack/role", data={"role": "supervisor", "was": "rep"}),
            other.post(f"{PEOPLE}/jack/role", json={"role": "planner", "was": "rep"}),
        )
    assert sorted(answer.status_code for answer in both) in ([200, 409], [303, 409])
    given = [each for each in await told(place, "jack") if each == "RoleGiven"]
    assert len(given) == 1, "one of them, once"


async def test_signing_in_in_a_second_tab_ends_the_first_sessions_forms_and_not_the_person(place: Place) -> None:
    async with place.http() as browser:
        right = {"email": "jack@halcyon.example", "password": PASSWORD}
        old = (await browser.post("/api/sign-in", json=right)).json()["csrf"]
        before = browser.cookies["baton_session"]
        new = (await browser.post("/api/sign-in", json=right)).json()["csrf"]
        assert place.app.accounts.of_session(before) is None, "the session before is gone, whoever kept its cookie"
        stale = await browser.delete("/api/me/sessions", headers={"x-csrf-token": old})
        assert (stale.status_code, stale.json()["code"]) == (403, "forged_form")
        assert (await browser.delete("/api/me/sessions", headers={"x-csrf-token": new})).status_code == 200


# ---- a role that takes one's own rights ----


async def test_who_takes_their_own_right_is_told_before_and_is_out_after(
    place: Place, admin: httpx.AsyncClient
) -> None:
    made = {"role": {"title": "People desk", "kind": "admin", "allows": ["admin:open", "admin:change"]}}
    first = (await admin.post(ROLES, json={**made, "why": "they look after people", "was": 0})).json()
    await admin.post(f"{PEOPLE}/mara/role", json={"role": "people_desk"})
    less = {"role": {"id": "people_desk", "title": "People desk", "kind": "admin", "allows": ["admin:open"]}}
    async with signed_in(place, place.app.accounts.by_id("mara")) as mara:
        shown = (await mara.post(f"{ROLES}/propose", json=less)).json()
        assert shown["yours"] == ["admin: change"]
        form = {
            "id": "people_desk",
            "title": "People desk",
            "kind": "admin",
            "allow": "admin:open",
            "was": first["version"],
        }
        page = await mara.post("/admin/roles/show", data=form)
        assert page.status_code == 200 and "You would lose this yourself" in page.text
        done = await mara.post(ROLES, json={**less, "why": "only to read", "was": first["version"]})
        assert done.status_code == 200 and (await mara.get(PEOPLE)).status_code == 401, "signed out with the rights"
    async with signed_in(place, place.app.accounts.by_id("mara")) as mara:
        assert (await mara.get(PEOPLE)).status_code == 200
        assert (await mara.post(f"{PEOPLE}/jack/close", json={})).status_code == 403
    assert (await admin.get(PEOPLE)).status_code == 200, "whoever has the right still is here to give it back"


async def test_nobody_takes_the_last_right_to_administer_by_what_rights_hang_on(
    place: Place, admin: httpx.AsyncClient
) -> None:
    """A role whose right to change rights hangs on the team: the last one who has it is not moved to another."""
    cedar = 'permit (principal in Role::"it", action, resource == Screen::"admin") when { principal has team && principal.team == "it" };'
    await admin.post(
        ROLES,
        json={
            "role": {"title": "It", "kind": "admin", "allows": ["admin:open"], "cedar": cedar},
            "why": "by team",
            "was": 0,
        },
    )
    await admin.patch(f"{PEOPLE}/mara", json={"attributes": {"team": "it"}})
    await admin.post(f"{PEOPLE}/mara/role", json={"role": "it"})
    async with signed_in(place, place.app.accounts.by_id("mara")) as mara:
        assert (await mara.post(f"{PEOPLE}/dara/role", json={"role": "analyst"})).status_code == 200
        moved = {"attributes": {"team": "floor"}}
        for answer in (
            await mara.patch(f"{PEOPLE}/mara", json=moved),
            await mara.post(
                "/admin/people/mara/details",
                data={"name": "Mara Nilsen", "capacity": "3", "languages": "en", "team": ""},
            ),
        ):
            assert answer.status_code == 409 and "Nobody else may change rights" in answer.text
        assert (await mara.get(PEOPLE)).status_code == 200
        assert (await mara.post(f"{PEOPLE}/dara/role", json={"role": "admin"})).status_code == 200
        assert (await mara.patch(f"{PEOPLE}/mara", json=moved)).status_code == 200
        assert (await mara.get(PEOPLE)).status_code == 401, "what their rights hang on changed: signed out"


async def test_a_role_and_its_last_administrator_do_not_lose_the_right_at_once(place: Place) -> None:
    """While one takes the right from a role, the other takes it from the only one who has another role."""
    app, keeper = place.app, MadeRole("keeper", "Keeper", "supervisor", ("admin:open", "admin:change"))
    await put_in_force(app, Roles((keeper,)), "dara", "two administrators", 0)
    await give_role(app, "mara", "keeper", "dara", "she helps")
    less = Roles((msgspec.structs.replace(keeper, allows=("admin:open",)),))
    taken = put_in_force(app, less, "dara", "not any more", version(app, Roles))
    both = await asyncio.gather(taken, give_role(app, "dara", "rep", "mara", "moved"), return_exceptions=True)
    assert sum(isinstance(each, BatonError) for each in both) == 1, both
    assert len(administrators(app)) == 1
