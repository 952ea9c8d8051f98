"""Evidence of first words and incidents equal the fold of the log."""

from pathlib import Path

import pytest
from sqlalchemy import select

from baton.capabilities.governance.events import IncidentAnswered, IncidentOpened
from baton.capabilities.governance.tables import DISCLOSURES, INCIDENTS
from baton.kernel.rebuild import rebuild
from tests.scenes.agents_floor import crafts, floor

pytestmark = pytest.mark.scene


async def test_evidence_and_incidents_are_the_fold_of_the_log(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("Hello")
        await it.append(
            "register/assistant", IncidentOpened("i1", "complaint", "low", "mara", "2099-01-31", "x"), by="staff/mara"
        )
        await it.append("register/assistant", IncidentAnswered("i1", "done", True), by="staff/mara")
        store = it.committer.store
        live = [await store.rows(select(t)) for t in (DISCLOSURES, INCIDENTS)]
        assert all(live)
        await rebuild(store, it.committer.codec, crafts(), (DISCLOSURES, INCIDENTS))
        assert [await store.rows(select(t)) for t in (DISCLOSURES, INCIDENTS)] == live
