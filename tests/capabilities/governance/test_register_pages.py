"""The register over HTTP: written by one, approved by another, withdrawn at once; incidents; who may see it; what an auditor takes."""

import io
import json
import zipfile
from pathlib import Path
from typing import Any

import httpx
import msgspec
import pytest

from baton.assembly.forgetting import reasons
from baton.capabilities.agents.events import Agent, Agents
from baton.capabilities.governance.events import Agreement, GatePolicies, Overspent, Register, Stop
from baton.capabilities.governance.gate.tools import built_in, built_in_tests
from baton.capabilities.governance.register.beginning import begin
from baton.capabilities.governance.register.spending import look
from baton.capabilities.performance.events import Costs
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name
from tests.channels.serving import Place, crafts, serving

pytestmark = pytest.mark.scene
ALSO = (
    "governance",
    "agents",
    "performance",
    "lake",
    "orchestration",
    "resolution",
    "sentiment",
    "complexity",
    "empathy",
)
ENTRY = {
    "name": "Echo", "owner": "mara", "need": "To be heard.", "baseline": "Nobody answered.", "target": "Everybody is.", "cap_cents": 100,
    "stop_on": "2099-12-31", "review_on": "2099-06-30", "why": "first version",
}  # fmt: skip
HERE = "/api/governance/register"


async def revise(place: Place, policy: msgspec.Struct) -> None:
    name = policy_name(type(policy))
    revised = PolicyRevised(name, msgspec.Raw(msgspec.json.encode(policy)), "dara", "test")
    await place.app.committer.append(f"policy/{name}", revised, by="system")


async def entry(client: httpx.AsyncClient, place: Place, **more: Any) -> dict:
    told: dict = (await client.get(f"{HERE}/echo", headers=place.token("dara"), **more)).raise_for_status().json()
    return told


async def approve(client: httpx.AsyncClient, place: Place, who: str = "dara", **other: object) -> httpx.Response:
    now = await entry(client, place)
    body = {"configuration": now["configuration"], "revision": now.get("revision", 0), "why": "it is ready", **other}
    return await client.post(f"{HERE}/echo/approve", json=body, headers=place.token(who))


async def put(client: httpx.AsyncClient, place: Place, who: str = "mara", **told: object) -> httpx.Response:
    now = await entry(client, place)
    body = {**ENTRY, "revision": now.get("revision", 0), **told}
    return await client.put(f"{HERE}/echo", json=body, headers=place.token(who))


async def test_one_writes_another_approves_and_a_change_makes_it_unapproved(tmp_path: Path) -> None:
    async with serving(tmp_path, made=crafts(*ALSO)) as place, place.http() as client:
        await begin(place.app.committer)
        assert (await entry(client, place))["state"] == "not approved", "the flag of the agent approves nothing"
        refused = await approve(client, place)
        assert refused.status_code == 422
        for named in (
            "an owner",
            "the need it serves",
            "a baseline",
            "a target",
            "a cost cap",
            "a stop date",
            "a review date",
        ):
            assert named in refused.json()["detail"]
        (await put(client, place)).raise_for_status()
        assert (await approve(client, place, "mara")).status_code == 403, "supervisors write, and do not approve"
        assert (await approve(client, place, revision=7)).status_code == 409
        assert (await approve(client, place, configuration="0" * 64)).status_code == 409
        told = (await approve(client, place)).raise_for_status().json()
        assert (told["state"], told["approvals"][0]["by"], told["approvals"][0]["author"]) == (
            "in force",
            "dara",
            "mara",
        )
        (await put(client, place, "dara", why="better", need="More.")).raise_for_status()
        assert (await entry(client, place))["state"] == "in force", (
            "what was approved counts until somebody approves the new one"
        )
        own = await approve(client, place)
        assert (own.status_code, own.json()["type"].rsplit(":", 1)[-1]) == (403, "four_eyes")
        await revise(place, Agents((Agent("echo", "Echo", approved=True, answer_floor=100),)))
        assert (await entry(client, place))["state"] == "changed since it was approved"
        page = await client.get("/governance/register/echo", headers=place.token("mara"))
        assert "changed since it was approved" in page.text


async def test_an_approval_that_is_withdrawn_stops_the_agent_at_once(tmp_path: Path) -> None:
    async with serving(tmp_path, made=crafts(*ALSO)) as place, place.http() as client:
        await begin(place.app.committer)
        (await put(client, place)).raise_for_status()
        (await approve(client, place)).raise_for_status()
        talk = await place.begin(client)
        await talk.say("hello", "n1")
        done = await client.post(f"{HERE}/echo/withdraw", json={"why": "it lied"}, headers=place.token("mara"))
        assert done.raise_for_status().json()["approvals"] == []
        assert place.app.policy(Stop).agents == ("echo",)
        again = await client.post(f"{HERE}/echo/withdraw", json={"why": "it lied"}, headers=place.token("mara"))
        assert again.status_code == 404


async def test_reasons_are_kept_without_a_customers_values(tmp_path: Path) -> None:
    why = "Zyqbramble Vraxholm (zyq@canary.example) was told a lie"
    async with serving(tmp_path, made=crafts(*ALSO)) as place, place.http() as client:
        place.app.reason = reasons(place.app)
        await begin(place.app.committer)
        (await put(client, place, why=why)).raise_for_status()
        (await approve(client, place, why=why)).raise_for_status()
        dara, api = place.token("dara"), "/api/governance"
        (await client.post(f"{HERE}/echo/withdraw", json={"why": why}, headers=dara)).raise_for_status()
        forced = {"text": built_in(), "tests": built_in_tests(), "why": why}
        at_once = await client.post("/governance/policies/emergency", data=forced, headers=dara)
        assert at_once.status_code == 303, at_once.text
        terms = {"text": "As agreed.", "parties": "All.", "from_day": "2099-01-01", "terms": [], "why": why}
        (await client.post(f"{api}/agreement", json=terms, headers=dara)).raise_for_status()
        streams = [f"policy/{policy_name(kind)}" for kind in (Register, Stop, GatePolicies, Agreement)]
        told = [str(entry.event) for stream in streams for entry, _ in await place.app.reader.told(stream)]
    assert len([each for each in told if "was told a lie" in each]) == 6
    assert [each for each in told if "Vraxholm" in each or "zyq@" in each] == []


async def test_over_its_cap_it_is_stopped_where_it_speaks_and_the_entry_says_so(tmp_path: Path) -> None:
    async with serving(tmp_path, made=crafts(*ALSO)) as place, place.http() as client:
        await begin(place.app.committer)
        (await put(client, place)).raise_for_status()
        (await approve(client, place)).raise_for_status()
        await (await place.begin(client)).say("hello", "n1")
        assert await look(place.app) == [], "no prices are set"
        await revise(place, Costs(conversation=90_000))
        assert await look(place.app) == []
        assert any("90 %" in text for text in (await entry(client, place))["warnings"])
        await revise(place, Costs(conversation=100_000))
        assert await look(place.app) == ["echo"]
        assert await look(place.app) == [], "once"
        assert "echo" in place.app.policy(Overspent).until_ms
        now = await entry(client, place)
        assert (now["state"], now["spent_cents"]) == ("over its cost cap", 100)
        assert (now["evidence"]["shown"], now["evidence"]["missing"]) == (1, 0)
        await revise(place, Costs(conversation=1))
        await look(place.app)
        assert (await entry(client, place))["state"] == "in force"


async def test_an_incident_has_an_owner_a_date_and_an_end(tmp_path: Path) -> None:
    async with serving(tmp_path, made=crafts(*ALSO)) as place, place.http() as client:
        body = {
            "kind": "wrong_act",
            "severity": "serious",
            "owner": "mara",
            "due_on": "2099-01-31",
            "what": "It echoed too much.",
        }
        headers = place.token("mara")
        made = (
            (await client.post(f"{HERE}/echo/incidents", json=body, headers=headers))
            .raise_for_status()
            .json()["incident"]
        )
        path = f"{HERE}/echo/incidents/{made}"
        (await client.post(path, json={"action": "It echoes less."}, headers=headers)).raise_for_status()
        (
            await client.post(path, json={"action": "Seen for a week.", "closed": True}, headers=headers)
        ).raise_for_status()
        assert (await client.post(path, json={"action": "Once more."}, headers=headers)).status_code == 404, (
            "it is closed"
        )
        (one,) = (await client.get(f"{HERE}/echo/incidents", headers=headers)).json()["incidents"]
        assert [step[2] for step in one["told"]] == ["It echoed too much.", "It echoes less.", "Seen for a week."]
        assert one["closed_ms"] > 0
        assert (
            await client.post(f"{HERE}/echo/incidents", json={**body, "owner": "x"}, headers=headers)
        ).status_code == 422
        page = (await client.get("/governance/register/echo", headers=headers)).text
        assert "It echoes less." in page and "Mara Nilsen" in page


async def test_what_an_auditor_takes_along(tmp_path: Path) -> None:
    async with serving(tmp_path, made=crafts(*ALSO)) as place, place.http() as client:
        await begin(place.app.committer)
        (await put(client, place)).raise_for_status()
        (await approve(client, place)).raise_for_status()
        packed = (await client.get(f"{HERE}-bundle", headers=place.token("dara"))).raise_for_status().content
        with zipfile.ZipFile(io.BytesIO(packed)) as folder:
            told = {name: folder.read(name).decode() for name in folder.namelist()}
        register = {e["id"]: e for e in json.loads(told["register.json"])}
        assert register["echo"]["baseline"] == "Nobody answered."
        assert register["model-fast"]["rep_emotion_inference"] == "off, always"
        assert json.loads(told["approvals.json"])["echo"][0]["by"] == "dara"
        whys = [v["why"] for v in json.loads(told["versions.json"])["versions"]]
        assert whys[1:] == ["echo: first version", "echo: approved version 1. it is ready"]
        rows = (await client.get(f"{HERE}?format=csv", headers=place.token("mara"))).text.splitlines()
        assert rows[0].startswith("id,kind,name,owner") and any(
            line.startswith("echo,agent,Echo,mara") for line in rows
        )


@pytest.mark.parametrize(
    ("who", "status"), [("jack", 403), ("viktor", 403), ("bridge", 403), ("ana", 403), ("ruth", 200), ("mara", 200)]
)
async def test_who_may_read_it(tmp_path: Path, who: str, status: int) -> None:
    async with serving(tmp_path, made=crafts(*ALSO)) as place, place.http() as client:
        for path in (HERE, f"{HERE}/echo", "/governance/register", "/governance/register/echo"):
            assert (await client.get(path, headers=place.token(who))).status_code == status, path
        assert (await client.get(HERE)).status_code == 401
        for path in (f"{HERE}/nobody", "/governance/register/nobody"):
            assert (await client.get(path, headers=place.token("dara"))).status_code == 404
        body = {**ENTRY, "revision": 0}
        wrote = await client.put(f"{HERE}/echo", json=body, headers=place.token(who))
        assert wrote.status_code == (200 if who == "mara" else 403)


async def test_what_is_typed_is_checked(tmp_path: Path) -> None:
    async with serving(tmp_path, made=crafts(*ALSO)) as place, place.http() as client:
        for wrong in (
            {"stop_on": "soon"},
            {"owner": "nobody.here"},
            {"disclosures": {"tlh": "nuqneH"}},
            {"cap_cents": -1},
            {"why": ""},
        ):
            assert (await put(client, place, **wrong)).status_code == 422, wrong
        assert (await put(client, place, purpose="<script>alert(1)</script>")).status_code == 200
        page = (await client.get("/governance/register/echo", headers=place.token("mara"))).text
        assert "<script>alert" not in page and "&lt;script&gt;" in page
