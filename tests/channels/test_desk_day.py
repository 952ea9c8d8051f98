"""The desk's own day is for whoever serves; who only looks is led to nothing they may not open."""

from pathlib import Path

import pytest

from tests.scenes.ledger_room import room
from tests.scenes.ledger_site import site

pytestmark = pytest.mark.scene


async def test_who_does_not_serve_has_no_day_of_service_to_look_at(tmp_path: Path) -> None:
    async with room(tmp_path) as here, site(here) as asked:
        for role, serves in (("rep", True), ("admin", False)):
            page = await asked.get("/desk", role)
            assert page.status_code == 200
            assert ("/wellbeing/mine/offer" in page.text, 'href="/schedule"' in page.text) == (serves, serves)
