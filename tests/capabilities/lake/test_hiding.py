"""Personal values in the text of conversations: who reads them, who reads their kind, and what an export holds."""

import json
from pathlib import Path

import pytest

from baton.capabilities.lake.vcon import export_vcon
from baton.engines.personal import hide
from tests.scenes.ledger_room import room
from tests.scenes.ledger_site import site

pytestmark = pytest.mark.scene

SAID = "My name is Anna Bell, call +1 (415) 555-2671"
TOLD = "My name is [name], call [phone]"
TALK = (
    f'conversation,at,role,text,rep\nc1,2026-03-02 10:00,customer,"{SAID}",\nc1,2026-03-02 10:03,rep,Thanks Anna,kim\n'
)


async def test_who_writes_articles_reads_the_kind_of_a_personal_value_and_who_serves_the_value(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.imported("csv", TALK)
        async with site(here) as web:
            web.app.hiding.hide = hide
            key = (await web.told("/api/conversations"))["conversations"][0]["conversation"]
            for role in ("rep", "supervisor", "analyst", "admin", "integration"):
                assert [t["text"] for t in (await web.told(f"/api/conversations/{key}", role))["turns"]] == [
                    SAID,
                    "Thanks Anna",
                ]
            read = await web.told(f"/api/conversations/{key}", "knowledge_manager")
            assert [t["text"] for t in read["turns"]] == [TOLD, "Thanks [name]"]
            for role, shown, kept in (("knowledge_manager", TOLD, SAID), ("supervisor", SAID, TOLD)):
                page = (await web.get(f"/conversations/{key}", role)).text
                assert shown in page and kept not in page
                assert ("personal values hidden" in page, "Redacted vCon" in page) == (
                    role != "supervisor",
                    role == "supervisor",
                )
            first = read["turns"][0]["position"]
            drawer = (await web.get(f"/conversations/{key}/explain/{first}", "knowledge_manager")).text
            assert TOLD in drawer and SAID not in drawer


async def test_where_nothing_finds_personal_values_whole_texts_are_hidden(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.imported("csv", TALK)
        async with site(here) as web:
            key = (await web.told("/api/conversations"))["conversations"][0]["conversation"]
            read = await web.told(f"/api/conversations/{key}", "knowledge_manager")
            assert {t["text"] for t in read["turns"]} == {"[hidden]"}


async def test_a_vcon_without_personal_values_names_the_one_it_was_made_of(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.imported("csv", TALK)
        async with site(here) as web:
            web.app.hiding.hide = hide
            key = (await web.told("/api/conversations"))["conversations"][0]["conversation"]
            plain = (await web.get(f"/api/conversations/{key}.vcon")).json()
            hidden = (await web.get(f"/api/conversations/{key}.vcon?personal=hidden")).json()
            assert [d["body"] for d in hidden["dialog"] if d["type"] == "text"] == [TOLD, "Thanks [name]"]
            assert [d["body"] for d in plain["dialog"] if d["type"] == "text"] == [SAID, "Thanks Anna"]
            assert hidden["redacted"] == {"uuid": plain["uuid"], "type": "personal values in texts"}
            assert hidden["uuid"] != plain["uuid"]
            assert "redacted" not in plain
            assert (await web.get(f"/api/conversations/{key}.vcon?personal=some")).status_code == 422
        assert json.dumps(await export_vcon(here.committer, key, hide)).count("Anna") == 0
