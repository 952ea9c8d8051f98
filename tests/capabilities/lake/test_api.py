"""Conversations over HTTP: who may ask, what is told, what a spreadsheet gets, and vCons brought in."""

import csv
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

from baton.capabilities.governance.events import Looked
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import site

pytestmark = pytest.mark.scene

TALK = (
    "conversation,at,role,text,rep,customer,channel,intent,outcome,queue\n"
    "c1,2026-03-02 10:00,customer,Where is my refund?,,ana,chat,refund,yes,refunds\n"
    "c1,2026-03-02 10:03,rep,It is on its way.,kim,ana,,,,\n"
    "c2,2026-03-03 10:00,customer,Hello,,bo,email,=cmd|calc,,bags\nc2,2026-03-03 10:03,agent,Hi,,bo,,,,\n"
)
VCON: dict[str, Any] = {
    "vcon": "0.4.0", "uuid": "0195544b-91a1-8000-8000-000000000001", "created_at": "2026-03-02T10:00:00Z",
    "parties": [{"name": "anonymous", "type": "person", "role": "customer"}, {"type": "bot", "role": "agent"}],
    "dialog": [{"type": "text", "start": "2026-03-02T10:00:00Z", "parties": [0, 1], "mediatype": "text/plain", "encoding": "none", "body": "Hi"}],
}  # fmt: skip
MEDIA = "application/vcon"


async def test_conversations_by_what_is_known_of_them(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.imported("csv", TALK)
        async with site(here) as web:
            told = await web.told("/api/conversations")
            assert (told["total"], [c["channel"] for c in told["conversations"]]) == (2, ["email", "chat"])
            one = (await web.told("/api/conversations?intent=refund&queue=refunds&rep=kim&path=rep&state=provisional"))[
                "conversations"
            ]
            assert [(c["turns_customer"], c["turns_rep"], c["verdict"], c["contained"]) for c in one] == [
                (1, 1, "met", False)
            ]
            assert (await web.told("/api/conversations?from=1772500000000"))["total"] == 1
            assert (await web.told("/api/conversations?to=1772500000000"))["total"] == 1
            assert (await web.told("/api/conversations?size=1&page=2"))["conversations"][0]["channel"] == "chat"
            assert (await web.told("/api/conversations?state=failed"))["conversations"] == []


async def test_a_spreadsheet_runs_nothing(tmp_path: Path) -> None:
    text = TALK.replace("email", "=HYPERLINK(1)").replace("bags", "+bags")
    async with room(tmp_path) as here:
        await here.imported("csv", text)
        async with site(here) as web:
            answer = await web.get("/api/conversations", accept="text/csv")
            assert answer.headers["content-type"] == "text/csv; charset=utf-8"
            rows = list(csv.DictReader(io.StringIO(answer.text)))
            assert len(rows) == 2
            assert not [
                cell for row in rows for cell in row.values() if cell.startswith(("=", "+", "-", "@", "\t", "\r"))
            ]
            assert (await web.get("/api/conversations?format=csv", "knowledge_manager")).status_code == 403


async def test_a_rep_sees_what_they_hold_or_held(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.imported("csv", TALK)
        async with site(here) as web:
            theirs = (await web.told("/api/conversations", "rep"))["conversations"]
            others = [c for c in (await web.told("/api/conversations"))["conversations"] if c["rep"] != "kim"]
            assert [c["rep"] for c in theirs] == ["kim"]
            assert (await web.get(f"/api/conversations/{theirs[0]['conversation']}", "rep")).status_code == 200
            foreign = await web.get(f"/api/conversations/{others[0]['conversation']}", "rep")
            missing = await web.get("/api/conversations/ffffffffffffffffffffffff", "rep")
            assert (foreign.status_code, missing.status_code) == (404, 404)
            assert foreign.json()["detail"] == missing.json()["detail"]
            assert (await web.get("/api/conversations", "")).status_code == 401
            assert (await web.get("/api/conversations", "customer")).status_code == 403


async def looks(here: Room) -> list[tuple[str, str]]:
    day = here.clock.now_ms() // 86_400_000
    rows = await here.store.history(f"access/{day}")
    events = [here.committer.memory.entry(row.entry).event for row in rows]
    return [(e.staff, e.conversation) for e in events if isinstance(e, Looked)]


async def test_turns_are_told_and_that_somebody_looked_is_kept(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.imported("csv", TALK)
        async with site(here) as web:
            key = (await web.told("/api/conversations?queue=refunds"))["conversations"][0]["conversation"]
            told = await web.told(f"/api/conversations/{key}")
            assert [(t["role"], t["who"], t["text"]) for t in told["turns"]] == [
                ("customer", "", "Where is my refund?"), ("rep", "kim", "It is on its way."),
            ]  # fmt: skip
            assert told["turns"][0]["position"] < told["turns"][1]["position"]
            assert [s["rep"] for s in told["segments"]] == ["kim"]
            assert {(each["what"], each["label"]) for each in told["labels"]} == {
                ("intent", "refund"),
                ("outcome", "met"),
            }
            vcon = await web.get(f"/api/conversations/{key}.vcon")
            assert (vcon.headers["content-type"], vcon.json()["vcon"]) == (MEDIA, "0.4.0")
            assert await looks(here) == [("analyst", key), ("analyst", key)]
            assert (await web.get(f"/api/conversations/{key}.vcon", "knowledge_manager")).status_code == 403


async def test_a_vcon_is_brought_in_once(tmp_path: Path) -> None:
    async with room(tmp_path) as here, site(here) as web:
        first = await web.post("/api/vcons", json.dumps(VCON).encode(), MEDIA)
        assert first.status_code == 201
        assert first.json()["turns"] == 1
        again = await web.post("/api/vcons", gzip.compress(json.dumps(VCON).encode()), "application/vcon+gzip")
        assert (again.status_code, again.json()["code"]) == (409, "already_here")
        told = await web.told(f"/api/conversations/{first.json()['conversation']}")
        assert [t["text"] for t in told["turns"]] == ["Hi"]


@pytest.mark.parametrize(
    ("body", "media", "status", "at"),
    [
        (b"{", MEDIA, 400, None),
        (b'{"uuid": "\xff"}', MEDIA, 400, None),
        (b"\x1f\x8bnot gzip", "application/gzip", 400, None),
        (b"[]", MEDIA, 422, "body/"),
        (json.dumps({**VCON, "critical": ["telepathy"]}).encode(), MEDIA, 422, "body/critical"),
        (json.dumps({**VCON, "dialog": "no"}).encode(), MEDIA, 422, "body/dialog"),
        (json.dumps({**VCON, "dialog": []}).encode(), MEDIA, 422, "body/dialog"),
        (json.dumps(VCON).encode(), "text/plain", 415, None),
        (gzip.compress(b"0" * (9 << 20)), "application/gzip", 413, None),
    ],
)
async def test_a_vcon_that_is_none_says_what_is_wrong_and_keeps_nothing(
    tmp_path: Path, body: bytes, media: str, status: int, at: str | None
) -> None:
    async with room(tmp_path) as here:
        async with site(here) as web:
            answer = await web.post("/api/vcons", body, media)
            assert answer.status_code == status
            assert answer.headers["content-type"] == "application/problem+json"
            assert [e["at"] for e in answer.json()["errors"]] == ([at] if at else [])
            assert (await web.post("/api/vcons", body, media, "rep")).status_code == 403
        assert await here.count() == 0
