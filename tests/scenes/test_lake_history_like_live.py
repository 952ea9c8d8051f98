"""Imported history is understood, measured and shown like live traffic, and never acts."""

from pathlib import Path

import pytest

from baton.capabilities.complexity.events import Complexity
from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.lake.vcon import export_vcon
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.sentiment.events import Mood
from baton.engines.models.fast import FastTier
from baton.engines.understanding import Understanding
from baton.kernel.conversation import Decided
from tests.scenes.ledger_room import room

pytestmark = pytest.mark.scene

TALK = """conversation,at,role,text,customer
c1,2026-03-03 10:00,customer,I forgot my password and cannot sign in,ana
c1,2026-03-03 10:00:05,agent,You can reset it under settings.,ana
c1,2026-03-03 10:01,customer,This is the third time I ask! I want to talk to a real person,ana
"""


async def test_a_transcript_is_understood_and_nothing_answers_it(tmp_path: Path) -> None:
    async with room(tmp_path, Understanding(FastTier())) as here:
        await here.imported("csv", TALK)
        (row,) = await here.conversations()
        stream = await here.committer.memory.stream(f"conversation/{row['conversation']}")
        intent, needed = stream.facts.get(Intent), stream.facts.get(PersonNeeded)
        assert intent is not None and intent.label == "password_reset"
        assert needed is not None
        assert stream.facts.get(Mood) is not None and stream.facts.get(Complexity) is not None
        assert len(stream.turns) == 3, "Nobody answers history"
        recorded = await here.store.history(stream.id)
        events = [c.event for r in recorded for c in here.committer.codec.decode_all(stream.id, r.caused or b"[]")]
        assert not [e for e in events if isinstance(e, Decided)]
        assert (row["intent"], row["origin"], row["turns_customer"]) == ("password_reset", "imported", 2)
        vcon = await export_vcon(here.committer, stream.id)
        assert vcon["vcon"] == "0.4.0"
