"""What a rep sees of a return that somebody else had: that it was, and no link that leads nowhere."""

from pathlib import Path

import pytest

from tests.scenes.ledger_room import room
from tests.scenes.ledger_site import site

pytestmark = pytest.mark.scene

HEAD = "contact,customer,channel,queue,offered_at,answered_at,ended_at,rep,need\n"
CALLS = (
    "k1,ana,voice,q,2026-03-03 09:00,2026-03-03 09:01,2026-03-03 09:05,kim,refund\n"
    "k2,ana,voice,q,2026-03-05 09:00,2026-03-05 09:01,2026-03-05 09:05,lee,refund\n"
)


async def test_a_return_to_another_rep_is_told_and_not_linked(tmp_path: Path) -> None:
    async with room(tmp_path) as here, site(here) as web:
        await here.imported("contacts", HEAD + CALLS)
        own = (await web.get("/conversations?range=all", "rep")).text
        everybody = (await web.get("/conversations?range=all", "analyst")).text
        assert ("47\u00a0h 55\u00a0min" in own, "/beside/" in own, "/beside/" in everybody) == (True, False, True)
