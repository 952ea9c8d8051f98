"""The five-minute demo: a month of contact records and transcripts, and what "contained" customers did next."""

from pathlib import Path

import pytest

from baton.capabilities.performance.registry.ledger import ledger, recontact_pairs
from baton.kernel.explain import explained, in_words
from tests.scenes.ledger_room import room

pytestmark = pytest.mark.scene

TRANSCRIPTS = """conversation;at;role;text;customer;intent;outcome
chat-17;2026-03-03 10:00;customer;Where is my refund?;ana@example.com;Refund status;resolved
chat-17;2026-03-03 10:00:04;agent;Refunds take five to ten days. Is that all?;ana@example.com;;
chat-17;2026-03-03 10:01;customer;I suppose so;ana@example.com;;
chat-18;2026-03-03 11:00;customer;Where is my bag?;bo@example.com;Bag;resolved
chat-18;2026-03-03 11:00:03;agent;It is at desk 4.;bo@example.com;;
"""
CONTACTS = """Contact ID,Customer phone,Channel,Queue name,Start time,Connected to agent,End time,Agent,Reason,Site
7001,ana@example.com,Inbound call,Refunds,03/05/2026 09:00:00,03/05/2026 09:02:10,03/05/2026 09:11:00,Kim Larsen,refund status,Oslo
7002,cy@example.com,Inbound call,Refunds,03/29/2026 09:00:00,03/29/2026 09:00:10,03/29/2026 09:04:00,Kim Larsen,refund status,Oslo
"""


async def test_who_rang_on_thursday_about_tuesdays_chat(tmp_path: Path) -> None:
    async with room(tmp_path) as here:
        chats = await here.imported("csv", TRANSCRIPTS.encode("utf-16"), "transcripts.csv")
        calls = await here.imported("contacts", CONTACTS, "acd.csv.gz")
        assert (chats.conversations, calls.conversations, chats.skipped + calls.skipped) == (2, 2, 0)

        (pair,) = (await recontact_pairs(here.store)).shown
        assert (pair.issue, pair.first.channel, pair.then.channel) == ("refund_status", "chat", "voice")
        assert pair.first.contained
        assert 1.9 < pair.gap_ms / 86_400_000 < 2.0

        bar = await ledger(here.store)
        assert {s.state: s.needs for s in bar.shares if s.needs} == {"reversed": 1, "provisional": 1, "unaccounted": 1}
        assert (bar.contained.y, bar.contained.x, bar.resolved_in_contained.y) == (2, 2, 0)

        told = await explained(here.store, here.committer.codec, pair.first.conversation)
        assert any("Evidence" in line or "resolution" in line for each in told for line in in_words(each))
        everything = str([await here.conversations(), await here.contacts(), await here.needs()])
        assert "example.com" not in everything
        assert "Larsen" not in everything
