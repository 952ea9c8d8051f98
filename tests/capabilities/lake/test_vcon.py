"""vCons in, of any draft; vCons out, strict."""

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import pytest
from pydantic import ValidationError

from baton.capabilities.lake.importing import import_file
from baton.capabilities.lake.vcon import export_vcon, exported, uuid8
from baton.capabilities.lake.vcon.model import Vcon
from baton.capabilities.routing.events import Assigned, HandedOver
from baton.kernel.conversation import Ended, Started, TurnSaid
from baton.kernel.errors import BatonError
from tests.scenes.ledger_room import Room, room

pytestmark = pytest.mark.scene

OLD: dict[str, Any] = {
    "vcon": "0.0.1", "uuid": "u-1", "created_at": "2026-03-02T10:00:00+00:00",
    "parties": [{"tel": "+4930", "meta": {"role": "agent"}}, {"mailto": "mailto:ana@example.com", "role": "contact"}],
    "dialog": [
        {"type": "text", "start": "2026-03-02T10:00:05", "parties": [1], "mimetype": "text/plain", "body": "Hello"},
        {"type": "text", "start": "2026-03-02T10:00:01", "parties": [0], "originator": 0, "mimetype": "text/plain",
         "encoding": "base64url", "body": base64.urlsafe_b64encode(b"Good day").decode().rstrip("=")},
    ],
}  # fmt: skip


def signed(vcon: dict[str, Any]) -> str:
    payload = base64.urlsafe_b64encode(json.dumps(vcon).encode()).decode().rstrip("=")
    return json.dumps({"payload": payload, "signatures": [{"signature": "x"}]})


async def turns(here: Room, key: str) -> list[tuple[str, str]]:
    stream = await here.committer.memory.stream(f"conversation/{key}")
    return [(t.role, t.text) for t in stream.turns]


async def only(here: Room) -> list[tuple[str, str]]:
    (row,) = await here.conversations()
    return await turns(here, row["conversation"])


async def test_an_old_draft_is_understood(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        report = await here.imported("vcon", json.dumps(OLD, indent=1), "a.vcon")
        assert (report.conversations, report.turns, report.skipped) == (1, 2, 0)
        assert await only(here) == [("rep", "Good day"), ("customer", "Hello")]
        assert "ana@example" not in str(await here.conversations())
        again = await here.imported("vcon", json.dumps(OLD), "b.json")
        assert (again.conversations, again.already) == (0, 1)


async def test_a_signed_vcon_is_opened_and_an_encrypted_one_counted(tmp_path: Path) -> None:
    lines = [
        signed(OLD),
        json.dumps({"ciphertext": "x", "recipients": []}),
        json.dumps({**OLD, "critical": ["telepathy"]}),
        "{",
    ]
    async with room(tmp_path) as here:
        report = await here.imported("vcon", "\n".join(lines), "many.jsonl")
        assert report.reasons == {
            "imported, its signature was not checked": 1, "encrypted": 1, "needs the extension telepathy": 1, "not whole JSON": 1,
        }  # fmt: skip
        assert (report.conversations, report.skipped) == (1, 3)


async def test_a_transcript_counts_only_where_it_says_who_spoke(tmp_path: Path) -> None:
    call = {
        **OLD,
        "dialog": [
            {"type": "recording", "start": OLD["created_at"], "parties": [0, 1], "url": "https://x.example/a.wav"}
        ],
    }
    spoken = {
        "type": "transcript",
        "vendor": "x",
        "encoding": "json",
        "body": [{"parties": 1, "start": OLD["created_at"], "text": "Hi"}],
    }
    unclear = {"type": "transcript", "vendor": "x", "encoding": "none", "body": "Hi. Hello."}
    async with room(tmp_path) as here:
        told = [
            {**call, "uuid": "u-2", "analysis": [spoken]},
            {**call, "uuid": "u-3", "analysis": [unclear]},
            {**call, "uuid": "u-4"},
        ]
        report = await here.imported("vcon", "\n".join(map(json.dumps, told)), "calls.jsonl")
        assert await only(here) == [("customer", "Hi")]
        assert report.reasons == {"a transcript that does not say who spoke": 1, "a recording without a transcript": 1}


async def test_without_roles_who_speaks_first_is_the_customer(tmp_path: Path) -> None:
    plain = {**OLD, "parties": [{"name": "A"}, {"name": "B"}]}
    mail = "--x\r\nContent-Type: text/plain\r\n\r\nHello by mail\r\n--x--\r\n"
    plain["dialog"] = [
        {
            "type": "text",
            "start": "2026-03-02T10:00:00Z",
            "parties": [1, 0],
            "mediatype": 'multipart/mixed; boundary="x"',
            "body": mail,
        },
        {
            "type": "text",
            "start": "2026-03-02T10:01:00Z",
            "parties": [0, 1],
            "mediatype": "text/plain",
            "body": "Answer",
        },
        {"type": "text", "start": "2026-03-02T10:02:00Z", "parties": [0, 1], "mediatype": "image/png", "body": "AAAA"},
    ]
    async with room(tmp_path) as here:
        await here.imported("vcon", json.dumps(plain), "mail.vcon")
        assert await only(here) == [("customer", "Hello by mail"), ("rep", "Answer")]


async def live(here: Room) -> str:
    stream = "conversation/one"
    await here.append(stream, Started(customer="pseudonym", queue="refunds"))
    for role, text in (
        ("customer", "Hello ☕"),
        ("agent", "Hi"),
        ("customer", "A person, please"),
        ("system", "Kim joins you"),
    ):
        await here.append(stream, TurnSaid(role, text, who="otto" if role == "agent" else ""))  # type: ignore[arg-type]
    await here.append(stream, HandedOver("refunds", "asked"))
    await here.append(stream, Assigned("kim", "Kim", 5000, "refunds"))
    await here.append(stream, TurnSaid("rep", "Here I am", who="kim"))
    await here.append(stream, TurnSaid("customer", "Good"))
    await here.append(stream, Ended("closed_by_rep"))
    return "one"


ALONE = ("lake", "resolution")


async def test_a_conversation_is_exported_strictly(tmp_path: Path) -> None:
    async with room(tmp_path, only=ALONE) as here:
        vcon = await export_vcon(here.committer, await live(here))
        assert vcon == await export_vcon(here.committer, "conversation/one")
        parties: Any = vcon["parties"]
        dialog: Any = vcon["dialog"]
        assert [(p["type"], p["role"]) for p in parties] == [
            ("person", "customer"), ("bot", "agent"), ("bot", "thirdparty"), ("person", "agent"),
        ]  # fmt: skip
        assert [d["type"] for d in dialog] == ["text"] * 4 + ["transfer"] + ["text"] * 2
        assert dialog[4] == {
            "type": "transfer", "start": dialog[4]["start"], "transferee": 0, "transferor": 1, "transfer_target": 3, "original": [0, 1, 2, 3],
        }  # fmt: skip
        assert (dialog[0]["parties"], dialog[1]["parties"], dialog[5]["parties"]) == ([0, 1], [1, 0], [3, 0])
        assert dialog[0]["skill"] == ["refunds"]
        assert vcon["extensions"] == ["CC", "baton"]
        assert "lawful" not in json.dumps(vcon)
        products = {a["product"]: a for a in vcon["analysis"]}  # type: ignore[attr-defined]
        assert products["handover"]["body"] == {"reason": "asked", "queue": "refunds"}
        assert products["resolution"]["body"]["state"] == "correctly_handed_over"
        assert all(a["vendor"] == "baton" and a["encoding"] == "json" for a in products.values())


async def test_what_goes_out_comes_in_again_as_it_was(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    async with room(tmp_path / "a", only=ALONE) as here:
        vcon, said = await export_vcon(here.committer, await live(here)), await turns(here, "one")
    async with room(tmp_path / "b", only=ALONE) as there:
        await there.imported("vcon", gzip.compress(json.dumps(vcon).encode()), "one.vcon.gz")
        assert await only(there) == said
        (row,) = await there.conversations()
        assert (row["path"], row["handed_over"], row["turns_system"]) == ("agent_rep", 1, 1)
        again = await export_vcon(there.committer, row["conversation"])
        assert [d["body"] for d in again["dialog"] if d["type"] == "text"] == [text for _, text in said]  # type: ignore[attr-defined]


async def test_a_folder_of_vcons_is_imported_again(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    rows = "".join(f"c{n},2026-03-0{n} 10:00,customer,Hello {n},cu{n}\n" for n in range(1, 6))
    async with room(tmp_path / "a", only=ALONE) as here:
        await here.imported("csv", "conversation,at,role,text,customer\n" + rows)
        keys = await exported(here.committer, 1_772_409_600_000)
        (tmp_path / "out").mkdir()
        for key in keys:
            (tmp_path / "out" / f"{key}.vcon").write_text(json.dumps(await export_vcon(here.committer, key)))
    async with room(tmp_path / "b", only=ALONE) as there:
        report = await import_file("vcon", tmp_path / "out", there.committer, there.keys)
        assert (report.conversations, report.turns, report.skipped) == (4, 4, 0)


def test_a_uuid_is_of_version_8_and_says_its_time() -> None:
    told = uuid8(1_772_618_400_000, 256 * 5, "host.example")
    assert told == uuid8(1_772_618_400_000, 256 * 5, "host.example")
    assert int(told.replace("-", "")[:12], 16) == 1_772_618_400_000
    assert (told[14:18], told[19] in "89ab") == ("8005", True)
    assert told != uuid8(1_772_618_400_000, 256 * 6, "host.example")


@pytest.mark.parametrize(
    "wrong",
    [{"dialog": [{"type": "text", "start": "2026-03-02T10:00:00Z", "parties": [9], "mediatype": "text/plain", "encoding": "none", "body": "x"}]},
     {"dialog": [{"type": "text", "start": "2026-03-02T10:00:00Z", "parties": [0], "body": "x"}]},
     {"dialog": [{"type": "transfer", "start": "2026-03-02T10:00:00Z", "body": "x"}]},
     {"dialog": [{"type": "incomplete", "start": "2026-03-02T10:00:00Z"}]},
     {"extensions": ["baton"]}, {"uuid": "4b0c3b1e-0000-4000-8000-000000000000"}, {"group": []}],
)  # fmt: skip
def test_what_breaks_a_rule_of_the_draft_cannot_be_made(wrong: dict[str, Any]) -> None:
    right: dict[str, Any] = {
        "uuid": uuid8(1, 1), "created_at": "2026-03-02T10:00:00Z", "updated_at": "2026-03-02T10:00:00Z", "extensions": ["CC", "baton"],
        "parties": [{"type": "person", "role": "customer"}], "dialog": [], "analysis": [],
    }  # fmt: skip
    assert Vcon.model_validate_json(json.dumps(right)).vcon == "0.4.0"
    with pytest.raises(ValidationError):
        Vcon.model_validate_json(json.dumps({**right, **wrong}))


async def test_nothing_said_is_nothing_to_export(tmp_path: Path) -> None:
    async with room(tmp_path, only=ALONE) as here:
        with pytest.raises(BatonError, match="no conversation 'none'"):
            await export_vcon(here.committer, "none")
        assert await exported(here.committer) == []


async def test_the_drafts_own_schema_accepts_what_we_export(tmp_path: Path, data_dir: Path) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((data_dir / "vcon" / "ietf" / "vcon_json_schema.json").read_text())
    async with room(tmp_path, only=ALONE) as here:
        jsonschema.validate(await export_vcon(here.committer, await live(here)), schema)
        await import_file("tau", data_dir / "tau" / "airline", here.committer, here.keys)
        for key in (await exported(here.committer))[:20]:
            jsonschema.validate(await export_vcon(here.committer, key), schema)


async def test_the_public_vcons_import_and_what_cannot_is_counted(tmp_path: Path, data_dir: Path) -> None:
    async with room(tmp_path, only=ALONE) as here:
        report = await import_file("vcon", data_dir / "vcon" / "fake_vcons.jsonl.gz", here.committer, here.keys)
        assert report.conversations + report.skipped == 288
        assert report.reasons == {"a transcript that does not say who spoke": 288 - report.conversations}
        assert report.turns == 1317, "every text dialog that holds text"
        examples = await import_file("vcon", data_dir / "vcon" / "ietf", here.committer, here.keys)
        assert examples.conversations >= 5
        assert examples.reasons["encrypted"] == 1
        assert examples.reasons["imported, its signature was not checked"] == 2
