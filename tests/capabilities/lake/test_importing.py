"""Importing: whole conversations, once; what is broken is left out and told."""

from pathlib import Path

import pytest

from baton.capabilities.lake.tables import CONVERSATIONS, LABELS, SEGMENTS
from baton.kernel.errors import BatonError
from tests.scenes.ledger_room import room

pytestmark = pytest.mark.scene

HEAD = "conversation,at,role,text,rep,customer,channel,intent,outcome,queue\n"
TALK = """c1,2026-03-02 10:00,customer,Where is my refund?,,ana,web chat,Refund status,resolved,refunds
c1,2026-03-02 10:00:20,agent,It left on Monday.,,ana,,,,
c1,2026-03-02 10:03,rep,"It is booked, it comes on Friday.",kim,ana,,,,
c1,2026-03-02 10:04,customer,Thank you,,ana,,,,
"""


async def test_a_transcript_becomes_a_conversation(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        report = await here.imported("csv", HEAD + TALK)
        row = (await here.conversations())[0]
        assert (report.conversations, report.turns, report.skipped) == (1, 4, 0)
        assert (row["turns_customer"], row["turns_agent"], row["turns_rep"]) == (2, 1, 1)
        assert (row["channel"], row["queue"], row["rep"], row["path"]) == ("chat", "refunds", "kim", "agent_rep")
        assert (row["contained"], row["handed_over"], row["stated_intent"]) == (0, 1, "refund_status")
        assert row["ended_ms"] - row["started_ms"] == 240_000
        assert "ana" not in str(row)
        segment = (await here.rows(SEGMENTS))[0]
        assert (segment["answered_ms"] - segment["offered_ms"], segment["rep"]) == (160_000, "kim")
        assert [r["label"] for r in await here.rows(LABELS)] == ["refund_status", "met"]


async def test_the_same_file_twice_changes_nothing(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        first = await here.imported("csv", HEAD + TALK, "talk.csv")
        before = [
            await here.count(t) for t in ("entries", "caused", "facts", "lake_conversations", "resolution_changes")
        ]
        again = await here.imported("csv", HEAD + TALK, "other-name.csv.gz")
        assert (first.conversations, again.conversations, again.already, again.turns) == (1, 0, 1, 0)
        assert before == [
            await here.count(t) for t in ("entries", "caused", "facts", "lake_conversations", "resolution_changes")
        ]


async def test_a_changed_file_under_the_same_ids_is_told_and_not_mixed_in(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.imported("csv", HEAD + TALK)
        with pytest.raises(BatonError, match="differs from what was imported"):
            await here.imported("csv", HEAD + TALK.replace("Monday", "Tuesday"))


async def test_one_broken_row_leaves_its_conversation_out_whole_and_the_rest_in(tmp_path: Path) -> None:
    broken = (
        HEAD
        + TALK
        + "c2,yesterday,customer,Hello,,,,,,\nc2,2026-03-02 11:00,customer,Hi,,,,,,\nc3,2026-03-02 12:00,boss,Hi,,,,,,\n"
    )
    async with room(tmp_path) as here:
        report = await here.imported(
            "csv", broken + ",2026-03-02 12:00,customer,Hi,,,,,,\nc4,2026-03-02 12:00,customer,Hi,,,,,,\n"
        )
        assert report.conversations == 2
        assert report.reasons == {
            "no conversation id": 1, "no time that can be read; its conversation was left out": 1,
            "an unknown role; its conversation was left out": 1,
        }  # fmt: skip
        assert report.examples["an unknown role; its conversation was left out"] == ["history.csv.csv:8"]
        mended = await here.imported(
            "csv", HEAD + TALK + "c2,2026-03-02 10:59,customer,Hello,,,,,,\nc2,2026-03-02 11:00,customer,Hi,,,,,,\n"
        )
        assert (mended.conversations, mended.already) == (1, 1)


async def test_half_a_file_gives_what_it_holds(tmp_path: Path) -> None:
    whole = (HEAD + TALK + TALK.replace("c1,", "c2,")).encode()
    async with room(tmp_path) as here:
        report = await here.imported("csv", whole[: len(HEAD) + len(TALK) + 20])
        assert report.conversations == 1
        assert report.reasons == {"an unknown role; its conversation was left out": 1}


async def test_a_utf16_file_of_semicolons_is_understood(tmp_path: Path) -> None:
    text = (HEAD + TALK).replace('"It is booked, it comes on Friday."', "It is booked").replace(",", ";")
    async with room(tmp_path) as here:
        report = await here.imported("csv", text.encode("utf-16"))
        assert (report.conversations, report.turns) == (1, 4)


@pytest.mark.parametrize(
    ("kind", "text", "told"),
    [
        ("csv", "", "holds nothing to import as csv: no column conversation, at, role, text"),
        ("contacts", "contact,queue\n1,a\n", "no column offered_at"),
        ("star", '{"DialogueID": 1, "Ev', "the line is not whole JSON"),
        ("tau", '{"id": 1}\n', "not a file of conversations"),
        ("vcon", "<html>", "not whole JSON"),
        ("zip", "x", "cannot import 'zip'. Kinds: star, tau, vcon, csv, contacts"),
    ],
)
async def test_a_file_that_is_nothing_says_what_to_do(tmp_path: Path, kind: str, text: str, told: str) -> None:
    async with room(tmp_path) as here:
        with pytest.raises(BatonError, match=told.replace("(", r"\(")):
            await here.imported(kind, text)
        assert await here.count() == 0


async def test_forgetting_a_customer_forgets_their_imported_conversations(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        await here.imported("csv", HEAD + TALK + "c9,2026-03-02 12:00,customer,Hi,,bo,,,,\n")
        ana, bo = [str(row["customer"]) for row in await here.conversations()]
        assert here.keys.forget(ana) == 2, "the conversation's key and the customer's stream's"
        here.committer.codec.forget()
        here.committer.memory.clear()
        rows = await here.conversations()
        texts = [
            [t.text for t in (await here.committer.memory.stream(f"conversation/{r['conversation']}")).turns]
            for r in rows
        ]
        assert set(texts[0]) == {"[erased]"}
        assert texts[1] == ["Hi"]
        assert here.keys.forget(bo) == 2


async def test_many_conversations_share_commits(tmp_path: Path) -> None:
    rows = "".join(f"c{n},2026-03-02 10:{m:02d},customer,Hello {m},,cu{n},,,,\n" for n in range(60) for m in range(4))
    async with room(tmp_path) as here:
        report = await here.imported("csv", HEAD + rows)
        assert report.turns == 240
        assert here.committer.syncs < 20
        assert len(await here.rows(CONVERSATIONS)) == 60
