"""A directory provisions people: the tester of the standard passes, and what is closed there is closed here at once."""

import asyncio

import httpx
import pytest
from httpx2 import Client
from scim2_client.engines.httpx2 import SyncSCIMClient
from scim2_tester import Status, check_server

from baton.web.identity.keys import SCIM

pytestmark = pytest.mark.scene


def key(place, *scopes: str, who: str = "dara") -> dict[str, str]:
    return {"Authorization": f"Bearer {place.app.accounts.keys.make(who, 'directory', scopes)}"}


@pytest.fixture
async def directory(place):
    async with place.http(headers=key(place, SCIM)) as opened:
        yield opened


async def test_the_tester_of_the_standard_finds_nothing(place) -> None:
    headers = key(place, SCIM)

    def run() -> list:
        with Client(base_url=f"{place.url}/scim/v2", headers=headers, timeout=60) as http:
            return check_server(SyncSCIMClient(http))

    results = await asyncio.to_thread(run)
    wrong = [f"{r.title}: {r.reason}" for r in results if r.status in (Status.ERROR, Status.CRITICAL)]
    assert not wrong, "\n".join(wrong)
    assert sum(r.status == Status.SUCCESS for r in results) > 50


async def test_only_a_key_that_may_provision_of_an_owner_who_may_change_rights(place) -> None:
    async with place.http() as client:
        for headers, status in [
            ({}, 401), ({"Authorization": "Bearer bt_wrong"}, 401), (place.token("dara"), 403), (key(place, "admin:change"), 403),
            (key(place, SCIM, who="mara"), 403), (key(place, SCIM), 200),
        ]:  # fmt: skip
            answer = await client.get("/scim/v2/Users", headers=headers)
            assert answer.status_code == status, (headers, answer.text)
            assert answer.headers["content-type"] == "application/scim+json"
        assert (await client.get("/api/desk/state", headers=key(place, SCIM))).status_code == 403, "and nothing else"


NEW = {
    "schemas": ["urn:ietf:params:scim:schemas:core:2.0:User"], "userName": "ida@halcyon.example", "externalId": "00u1",
    "name": {"givenName": "Ida", "familyName": "Berg"}, "title": "Rep", "phoneNumbers": [{"value": "+47 1"}],
}  # fmt: skip


async def test_who_is_provisioned_has_no_rights_until_a_group_gives_a_role(place, directory) -> None:
    from baton.web.identity.events import GroupRole, SignIns
    from baton.web.identity.ruling import revise

    made = await directory.post("/scim/v2/Users", json=NEW)
    assert made.status_code == 201, made.text
    assert "phoneNumbers" not in made.json() and "title" not in made.json(), "what is not needed is not kept"
    ida = made.json()["id"]
    assert place.app.accounts.by_id(ida).role == "none"
    assert (await directory.post("/scim/v2/Users", json=NEW)).json()["scimType"] == "uniqueness"
    await revise(place.app, SignIns((GroupRole("Reps", "rep"),)), "dara", "map")
    group = {
        "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
        "displayName": "reps",
        "members": [{"value": ida}],
    }
    team = (await directory.post("/scim/v2/Groups", json=group)).json()["id"]
    assert place.app.accounts.by_id(ida).role == "rep"
    assert (await directory.get(f"/scim/v2/Users/{ida}")).json()["groups"][0]["display"] == "reps"
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "remove", "path": f'members[value eq "{ida}"]'}],
    }
    assert (await directory.patch(f"/scim/v2/Groups/{team}", json=patch)).status_code == 200
    assert place.app.accounts.by_id(ida).role == "none", "who had a role by a group loses it with the group"


async def test_who_is_closed_in_the_directory_is_out_at_once_and_their_conversations_go_back_to_the_queue(
    place, directory
) -> None:
    app = place.app
    session = app.accounts.open_session(app.accounts.by_id("jack"))
    jack = place.token("jack")
    async with place.http() as client:
        await client.post("/api/desk/presence", json={"presence": "available"}, headers=jack)
        talk = await place.begin(client)
        await talk.say("a person please", "n1")
        await held_by(place, client, jack, talk.id)
        patch = {
            "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
            "Operations": [{"op": "Replace", "path": "active", "value": False}],
        }
        assert (await directory.patch("/scim/v2/Users/jack", json=patch)).json()["active"] is False
        assert (await client.get("/api/desk/state", headers=jack)).status_code == 401
        assert app.accounts.of_session(session) is None
        await until(lambda: app.board.places[f"conversation/{talk.id}"].state == "waiting")
    told = [type(entry.event).__name__ for entry, _ in await app.reader.told("staff/jack")]
    assert "AccountClosed" in told


async def held_by(place, client: httpx.AsyncClient, headers: dict[str, str], conversation: str) -> None:
    await until(lambda: place.app.board.places.get(f"conversation/{conversation}") is not None)
    await until(lambda: place.app.board.places[f"conversation/{conversation}"].state == "offered")
    taken = await client.post(f"/api/desk/offers/{conversation}/take", headers=headers)
    assert taken.status_code == 202, taken.text


async def until(true) -> None:
    for _ in range(200):
        if true():
            return
        await asyncio.sleep(0.05)
    raise AssertionError("it did not come to that")


async def test_the_last_administrator_cannot_be_closed_from_outside(place, directory) -> None:
    patch = {
        "schemas": ["urn:ietf:params:scim:api:messages:2.0:PatchOp"],
        "Operations": [{"op": "replace", "value": {"active": False}}],
    }
    answer = await directory.patch("/scim/v2/Users/dara", json=patch)
    assert (answer.status_code, answer.json()["scimType"]) == (400, "mutability")
    assert (await directory.delete("/scim/v2/Users/dara")).status_code == 400
    assert place.app.accounts.by_id("dara") is not None


async def test_a_change_to_another_version_than_was_read_is_refused(directory) -> None:
    read = await directory.get("/scim/v2/Users/ruth")
    tag = {"If-Match": read.headers["etag"]}
    body = {**read.json(), "displayName": "Ruth E."}
    assert (await directory.put("/scim/v2/Users/ruth", json=body, headers=tag)).status_code == 200
    assert (await directory.put("/scim/v2/Users/ruth", json=body, headers=tag)).status_code == 412
    assert (
        await directory.get("/scim/v2/Users/ruth", headers={"If-None-Match": read.headers["etag"]})
    ).status_code == 200


@pytest.mark.parametrize(("query", "found"), [
    ('userName eq "MARA@halcyon.example"', {"mara"}), ('displayName co "lind"', {"sofia"}), ('active eq false', set()),
    ('userName sw "jack" or userName sw "dara"', {"jack", "dara"}), ('not (userName pr)', set()),
])  # fmt: skip
async def test_people_are_found_by_filter(directory, query: str, found: set[str]) -> None:
    answer = await directory.get("/scim/v2/Users", params={"filter": query})
    assert {each["id"] for each in answer.json().get("Resources", [])} == found


async def test_pages_and_what_cannot_be_read(directory) -> None:
    page = (await directory.get("/scim/v2/Users", params={"startIndex": 3, "count": 2, "sortBy": "userName"})).json()
    assert (page["totalResults"], page["startIndex"], page["itemsPerPage"], len(page["Resources"])) == (9, 3, 2, 2)
    for bad in ({"filter": "userName eq"}, {"filter": 'nothing eq "x"'}, {"sortBy": "("}):
        assert (await directory.get("/scim/v2/Users", params=bad)).status_code == 400
    for body in (b"{", b"[]", b"\xff", b'{"schemas": []}'):
        assert (await directory.post("/scim/v2/Users", content=body)).status_code == 400
    assert (await directory.get("/scim/v2/Users/nobody")).status_code == 404
