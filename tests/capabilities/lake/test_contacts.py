"""Contact records of any ACD."""

from pathlib import Path

import pytest

from baton.capabilities.lake.tables import SEGMENTS
from tests.scenes.ledger_room import room

pytestmark = pytest.mark.scene

HEAD = (
    "contact,customer,channel,queue,offered_at,answered_at,ended_at,hold_s,wrap_s,rep,need,transferred_to,abandoned\n"
)


async def test_segments_of_a_contact_are_one_conversation(tmp_path: Path) -> None:
    text = (
        HEAD
        + "k1,+4930123,voice,refunds,2026-03-02 10:05,2026-03-02 10:06,2026-03-02 10:09,30,20,bo,Refund status,,\n"
        + "k1,+4930123,voice,front,2026-03-02 10:00,2026-03-02 10:00:40,2026-03-02 10:05,0,10,kim,,refunds,\n"
    )
    async with room(tmp_path) as here:
        report = await here.imported("contacts", text)
        row, segments = (await here.conversations())[0], await here.rows(SEGMENTS)
        assert (report.conversations, report.turns) == (1, 0)
        assert (row["channel"], row["queue"], row["path"], row["stated_intent"], row["rep"]) == (
            "voice", "front", "rep", "refund_status", "bo",
        )  # fmt: skip
        assert [(s["number"], s["queue"], s["rep"], s["hold_ms"], s["wrap_ms"], s["transferred_to"]) for s in segments] == [
            (1, "front", "kim", 0, 10_000, "refunds"), (2, "refunds", "bo", 30_000, 20_000, ""),
        ]  # fmt: skip
        assert "4930123" not in str(row) + str(segments)


async def test_headers_of_common_exports(tmp_path: Path) -> None:
    amazon = (
        "Contact ID;Customer endpoint address;Channel;Queue name;Initiation timestamp;Connected to agent timestamp;"
        "Disconnect timestamp;Agent username;Customer hold duration;After contact work duration\n"
        "a-1;+49301;VOICE;Billing;2026-03-02T10:00:00Z;2026-03-02T10:00:09Z;2026-03-02T10:04:00Z;kim;00:00:12;31\n"
    )
    async with room(tmp_path) as here:
        assert (await here.imported("contacts", amazon)).conversations == 1
        segment = (await here.rows(SEGMENTS))[0]
        assert (segment["queue"], segment["rep"], segment["hold_ms"], segment["wrap_ms"]) == (
            "billing",
            "kim",
            12_000,
            31_000,
        )
        assert segment["answered_ms"] - segment["offered_ms"] == 9_000


async def test_a_name_of_a_rep_is_not_kept_and_who_left_the_queue_gave_up(tmp_path: Path) -> None:
    text = (
        HEAD + "k1,ana,chat,bags,2026-03-02 10:00,2026-03-02 10:01,2026-03-02 10:09,,,Kim Sørensen,,,\n"
        "k2,bo,chat,bags,2026-03-02 11:00,,2026-03-02 11:02,,,,,,yes\nk3,cy,chat,bags,2026-03-02 12:00,,2026-03-02 12:02,,,,,,\n"
    )
    async with room(tmp_path) as here:
        await here.imported("contacts", text)
        rows = await here.conversations()
        assert str(rows[0]["rep"]).startswith("rep-")
        assert [(c["verdict"], c["path"]) for c in await here.contacts()] == [
            ("silent", "rep"),
            ("given_up", "rep"),
            ("given_up", "rep"),
        ]


async def test_a_contact_with_times_in_the_wrong_order_is_left_out_whole(tmp_path: Path) -> None:
    text = (
        HEAD + "k1,ana,voice,bags,2026-03-02 10:00,2026-03-02 09:59,2026-03-02 10:09,,,kim,,,\n"
        "k1,ana,voice,bags,2026-03-02 10:10,2026-03-02 10:11,2026-03-02 10:12,,,kim,,,\n"
        "k2,ana,voice,bags,soon,,,,,,,,\nk3,bo,voice,bags,2026-03-02 10:00,2026-03-02 10:01,2026-03-02 10:09,,,kim,,,\n"
    )
    async with room(tmp_path) as here:
        report = await here.imported("contacts", text)
        assert report.conversations == 1
        assert report.reasons == {
            "answered before offered, or ended before answered; its contact was left out": 1,
            "no offered time that can be read; its contact was left out": 1,
        }
        assert report.examples["no offered time that can be read; its contact was left out"] == [
            "history.contacts.csv:4"
        ]
