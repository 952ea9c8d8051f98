"""Administrators who make a mistake, or try to: their own entries, the last of them, loops, empty rules, and a log that is changed under a running Baton."""

import asyncio
import sqlite3
from datetime import UTC, datetime
from pathlib import Path

import httpx
import pytest

from baton.capabilities.governance.audit.standing import standing
from baton.engines.audit.checking import newest_fits
from baton.engines.audit.heads import signing_of
from baton.engines.audit.sealing import Sealer
from baton.web.identity.events import GroupRole, SignIns
from baton.web.identity.ruling import revise
from tests.channels.serving import PEOPLE, Place, crafts, serving

pytestmark = pytest.mark.scene
ALSO = ("agents", "governance", "knowledge", "lake", "orchestration", "resolution", "performance")
ENTRY = {
    "name": "Assistant", "owner": "dara", "need": "refunds at night", "baseline": "40 % of 900", "target": "60 %", "cap_cents": 10_000,
    "stop_on": "2099-01-01", "review_on": "2098-01-01", "purpose": "answers", "why": "it is to go live",
}  # fmt: skip


@pytest.fixture
async def place(tmp_path: Path):
    async with serving(tmp_path, made=crafts(*ALSO)) as served:
        yield served


def signed_in(place: Place, who: str) -> httpx.AsyncClient:
    secret = place.app.accounts.open_session(next(p for p in PEOPLE if p.id == who))
    csrf = place.app.signer.sign("csrf", secret)
    return place.http(cookies={"baton_session": secret}, headers={"x-csrf-token": csrf})


async def second_administrator(place: Place, dara: httpx.AsyncClient, who: str = "mara") -> None:
    assert (await dara.post(f"/admin/people/{who}/role", data={"role": "admin"})).status_code == 303


async def test_two_administrators_cannot_each_approve_what_they_wrote(place: Place) -> None:
    async with signed_in(place, "dara") as dara:
        await second_administrator(place, dara)
        async with signed_in(place, "mara") as mara:
            at = "/api/governance/register/echo"
            wrote = await dara.put(at, json=ENTRY)
            assert wrote.status_code == 200, wrote.text
            entry = wrote.json()
            lacks = entry["lacks"]
            assert not lacks, lacks
            body = {"configuration": entry["configuration"], "revision": 1, "why": "mine"}
            assert (await dara.post(f"{at}/approve", json=body)).status_code == 403, "four eyes"
            assert (await mara.put(at, json={**ENTRY, "revision": 1})).status_code == 200
            tried = await asyncio.gather(
                mara.post(f"{at}/approve", json={**body, "revision": 2}), dara.post(f"{at}/approve", json=body)
            )
            assert [answer.status_code for answer in tried] == [403, 409], "her own, and one that is not the newest"
            assert (await dara.post(f"{at}/approve", json={**body, "revision": 2})).status_code == 200


async def test_the_last_administrator_is_kept_by_every_way_to_lose_them(place: Place) -> None:
    app, keys = place.app, place.app.accounts.keys
    directory = {"authorization": f"Bearer {keys.make('dara', 'directory', ('scim',))}"}
    async with signed_in(place, "dara") as dara, place.http() as outside:
        await revise(app, SignIns((GroupRole("reps", "rep"), GroupRole("people", "planner"))), "dara", "set up")
        group = {
            "schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"],
            "displayName": "Reps",
            "members": [{"value": "dara"}],
        }
        answers = [
            await dara.post("/admin/people/dara/role", data={"role": "none"}),
            await dara.post("/admin/people/dara/close"),
            await outside.delete("/scim/v2/Users/dara", headers=directory),
            await dara.post("/admin/sign-in", data={"group": "reps", "role": "rep", "why": "x", "was": "0"}),
        ]  # fmt: skip
        assert all(answer.status_code in {400, 409} for answer in answers), [answer.status_code for answer in answers]
        assert (await outside.post("/scim/v2/Groups", json=group, headers=directory)).status_code == 201
        assert [each.id for each in app.accounts.everyone() if app.may(each, "change", "admin")] == ["dara"]
        assert (await dara.get("/admin/people")).status_code == 200


async def test_a_group_that_would_take_the_last_administrator_stops_nobody_elses_role(place: Place) -> None:
    app = place.app
    directory = {"authorization": f"Bearer {app.accounts.keys.make('dara', 'directory', ('scim',))}"}
    await revise(app, SignIns((GroupRole("planners", "planner"),)), "dara", "set up")
    members = [{"value": each} for each in ("dara", "jack", "sofia")]
    group = {"schemas": ["urn:ietf:params:scim:schemas:core:2.0:Group"], "displayName": "Planners", "members": members}
    async with place.http() as outside:
        made = await outside.post("/scim/v2/Groups", json=group, headers=directory)
    assert made.status_code == 201, "a directory that is told no makes the group again and again"
    roles = {each.id: each.rights for each in app.accounts.everyone()}
    assert (roles["dara"], roles["jack"], roles["sofia"]) == ("admin", "planner", "planner")


LOOP = """
id = "circle"
title = "Circle"
version = 1
intents = ["refund_request"]
owner = "dara"
queue = "refunds"
risk = "read"
article = 1
summary = "I go in a circle."

[[slot]]
name = "email"
kind = "email"
ask = "Which address?"

[[step]]
id = "ask"
do = "ask"
slot = "email"

[[step]]
id = "one"
do = "branch"
cases = [{ field = "email", is = "a@b.c", go = "two" }]

[[step]]
id = "two"
do = "branch"
cases = [{ field = "email", is = "a@b.c", go = "one" }]

[[step]]
id = "over"
do = "say"
text = "Over."
end = "done"
"""


async def test_a_procedure_that_goes_in_a_circle_never_comes_into_force(place: Place) -> None:
    async with signed_in(place, "dara") as dara:
        assert (await dara.post("/agents/drafts", data={"id": "circle"})).status_code == 303
        shown = await dara.post("/agents/procedures/circle/rehearse", data={"text": LOOP})
        assert shown.status_code == 422 and "circle" in shown.text.lower()
        for seen in ("", "x" * 40):
            forced = await dara.post("/agents/procedures/circle/force", data={"text": LOOP, "why": "now", "seen": seen})
            assert forced.status_code in {409, 422}, forced.status_code
        assert "circle" not in [each["id"] for each in (await dara.get("/api/agents/procedures")).json()["procedures"]]


@pytest.mark.parametrize("text", [
    "permit (principal, action, resource);", 'permit (principal, action, resource) when { true };\nforbid (principal, action, resource);', "",
    'forbid (principal, action, resource) unless { context.amount > 1 && context.amount < 1 };',
])  # fmt: skip
async def test_rules_that_allow_everything_or_contradict_themselves_do_not_come_into_force(
    place: Place, text: str
) -> None:
    async with signed_in(place, "dara") as dara:
        before = (await dara.get("/api/governance/policies")).json()["text"]
        offered = {"text": text, "tests": ""}
        told = (await dara.post("/api/governance/policies/check", json=offered)).json()
        if told["faults"]:
            assert all(fault["says"] and fault["do"] for fault in told["faults"])
        forced = await dara.post(
            "/api/governance/policies", json={**offered, "why": "x", "told": told["told"], "seen": told["seen"]}
        )
        hurried = await dara.post("/governance/policies/emergency", data={**offered, "why": "now"})
        now = (await dara.get("/api/governance/policies")).json()
        assert now["text"] == before, (forced.status_code, hurried.status_code, told)


async def test_a_log_that_is_changed_under_a_running_baton_is_told_in_red(place: Place, tmp_path: Path) -> None:
    app = place.app
    async with place.http() as client:
        talk = await place.begin(client)
        await talk.say("I was never told about a fee", "n1")
        await talk.say("Not once", "n2")
    sealer = Sealer(app.store, app.committer.memory.quiet, app.clock, signing_of(tmp_path, None))
    await sealer.seal()
    await sealer.sign()
    public = signing_of(tmp_path, None).public
    assert await newest_fits(sealer.tree, public, 0) == ((await sealer.tree.size()), "")
    with sqlite3.connect(tmp_path / "log.db", timeout=10) as other:
        other.execute("UPDATE entries SET at_ms = at_ms + 1 WHERE stream LIKE 'conversation/%'")
    size, wrong = await newest_fits(sealer.tree, public, 0)
    assert size and wrong, "somebody else wrote into the file"
    assert (await standing(app)).kind in {"bad", "warn"}


async def test_a_link_to_figures_of_one_rep_that_was_kept_gives_nothing_once_the_agreement_forbids_it(
    place: Place,
) -> None:
    async with signed_in(place, "dara") as dara, signed_in(place, "mara") as mara:
        links = [
            "/performance/ai_use.csv?by=rep",
            "/api/performance/ai-use?by=rep&format=csv",
            "/ai-use/reps.csv",
            "/performance/metrics/handle_time/rows.csv?rep=jack",
        ]
        before = [(await mara.get(link)).status_code for link in links]
        accord = {
            "text": "No figures by rep.",
            "parties": "works council and company",
            "from_day": datetime.now(UTC).date().isoformat(),
            "why": "as agreed",
        }
        assert (await dara.post("/api/governance/agreement", json=accord)).status_code == 201
        for link, status in zip(links, before, strict=True):
            after = await mara.get(link)
            assert after.status_code in {403, 404, 422} or (
                "jack" not in after.text.lower() and "Moreau" not in after.text
            ), (link, status)
