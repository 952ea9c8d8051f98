"""A thousand broken connections: what is read over all of them is the conversation, each turn once and in order."""

from pathlib import Path

import pytest

from tests.channels.serving import serving
from tests.channels.test_chat import drops

pytestmark = pytest.mark.long


@pytest.mark.timeout(600)
async def test_a_thousand_drops_leave_no_gap_and_no_duplicate(tmp_path: Path) -> None:
    async with serving(tmp_path) as place, place.http() as client:
        await drops(place, client, 1000, limit_s=500)
