"""A running Baton seals, signs and publishes by itself, and says when something is wrong."""

import asyncio
import json
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from baton.assembly.doctor import examine
from baton.assembly.parts import assemble, running
from baton.assembly.sealed import seal_now
from baton.engines.audit.verify import verify
from baton.kernel.conversation import Started, TurnSaid
from baton.settings import Settings

pytestmark = pytest.mark.scene


def settings_in(folder: Path, **more: object) -> Settings:
    made = Settings(home=folder / "home", slow_tier="off", audit_publish=str(folder / "far" / "heads.jsonl"))
    return made.model_copy(update=more)


async def test_what_was_said_before_a_stop_is_signed_and_published_when_it_has_stopped(tmp_path: Path) -> None:
    async with running(await assemble(settings_in(tmp_path))) as parts:
        await parts.committer.append("conversation/a", Started("chat"), by="customer")
        await parts.committer.append("conversation/a", TurnSaid("customer", "Where is my bag?", "1"), by="customer")
    heads = tmp_path / "far" / "heads.jsonl"
    found = verify(tmp_path / "home", heads, tmp_path / "home" / "audit.pub")
    assert found["ok"], found
    assert found["unsealed"] == 0
    assert json.loads(heads.read_text().splitlines()[-1])["size"] == found["entries"]
    assert int(str(found["entries"])) >= 2


async def test_it_goes_on_after_a_start_and_refuses_to_publish_on_top_of_a_rolled_back_log(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    for _ in range(2):
        async with running(await assemble(settings)) as parts:
            for n in range(3):
                await parts.committer.append(f"conversation/{n}", Started("chat"), by="customer")
    heads = tmp_path / "far" / "heads.jsonl"
    assert verify(tmp_path / "home", heads)["ok"]
    line = json.loads(heads.read_text().splitlines()[-1])
    heads.write_text(json.dumps({**line, "size": line["size"] + 5}) + "\n")
    async with running(await assemble(settings)) as parts:
        await parts.auditing.once()
    assert len(heads.read_text().splitlines()) == 1
    with closing(sqlite3.connect(tmp_path / "home" / "log.db")) as db:
        ok, told = db.execute("SELECT ok, told FROM audit_keeping WHERE what = ?", (str(heads),)).fetchone()
    assert ok == 0
    assert "rolled back or rebuilt" in told


async def test_a_file_of_something_else_is_left_alone_and_told_of(tmp_path: Path) -> None:
    heads = tmp_path / "far" / "heads.jsonl"
    heads.parent.mkdir()
    heads.write_text("a shopping list\n")
    async with running(await assemble(settings_in(tmp_path))) as parts:
        await parts.committer.append("conversation/a", Started("chat"), by="customer")
    assert heads.read_text() == "a shopping list\n"
    with closing(sqlite3.connect(tmp_path / "home" / "log.db")) as db:
        assert "nothing was published" in db.execute("SELECT told FROM audit_keeping WHERE ok = 0").fetchone()[0]


async def test_the_newest_part_is_read_again_now_and_then(tmp_path: Path) -> None:
    async with running(await assemble(settings_in(tmp_path, audit_every_s=0.05))) as parts:
        await parts.committer.append("conversation/a", Started("chat"), by="customer")
        await until_said(tmp_path, 1)
    with closing(sqlite3.connect(tmp_path / "home" / "log.db")) as db:
        db.execute("UPDATE entries SET by = 'somebody else' WHERE position = (SELECT max(position) FROM audit_leaves)")
        db.commit()
    async with running(await assemble(settings_in(tmp_path, audit_every_s=0.05))):
        assert "is not what was sealed" in await until_said(tmp_path, 0)


async def until_said(folder: Path, ok: int) -> str:
    for _ in range(1200):
        with closing(sqlite3.connect(folder / "home" / "log.db")) as db:
            found = db.execute("SELECT told FROM audit_keeping WHERE what = 'verified' AND ok = ?", (ok,)).fetchone()
        if found:
            return str(found[0])
        await asyncio.sleep(0.05)
    pytest.fail("nothing was said")


async def test_a_process_that_does_not_work_lane_0_leaves_it_to_the_one_that_does(tmp_path: Path) -> None:
    settings = settings_in(tmp_path, lanes="")
    async with running(await assemble(settings)):
        pass
    assert not (tmp_path / "far").exists()


async def test_the_doctor_tells_where_heads_are_published_and_where_they_are_not(tmp_path: Path) -> None:
    settings = settings_in(tmp_path)
    nowhere = settings.model_copy(update={"audit_publish": ""})
    beside = settings.model_copy(update={"audit_publish": str(tmp_path / "home" / "heads.jsonl")})
    async with running(await assemble(nowhere)) as parts:
        await parts.committer.append("conversation/a", Started("chat"), by="customer")
    assert "published nowhere" in (await examine(nowhere))["audit"]
    assert "beside the log itself" in (await examine(beside))["audit"]
    assert "does not have the last head yet" in (await examine(settings))["audit"]
    await seal_now(settings)
    assert (await examine(settings))["audit"].startswith("ok, ")
