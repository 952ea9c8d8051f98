"""Other tools tell of AI use over HTTP: once for each event, with the right to, and refused with every fault named."""

from pathlib import Path

import pytest

from baton.assembly.parts import packages
from baton.kernel.capability import load
from tests.channels.serving import serving

pytestmark = pytest.mark.scene

EVENT = {
    "specversion": "1.0", "id": "7", "source": "https://tool.example", "type": "baton.ai-use.sent",
    "data": {"rep": "jack", "tool": "translator"},
}  # fmt: skip
ONE = {"Content-Type": "application/cloudevents+json"}


async def test_an_event_is_kept_once_by_who_may_and_a_bad_one_is_told_what_is_wrong(tmp_path: Path) -> None:
    async with serving(tmp_path, made=load(packages())) as place, place.http() as client:
        bridge, jack = place.token("bridge"), place.token("jack")
        first = await client.post("/api/ai-use", json=EVENT, headers={**bridge, **ONE})
        assert (first.status_code, first.json()) == (202, {"accepted": 1, "known": 0})
        again = await client.post("/api/ai-use", json=EVENT, headers={**bridge, **ONE})
        assert again.json() == {"accepted": 0, "known": 1}
        assert (await client.post("/api/ai-use", json=EVENT, headers={**jack, **ONE})).status_code == 403
        assert (await client.post("/api/ai-use", json=EVENT, headers=ONE)).status_code == 401
        assert (await client.post("/api/ai-use", json=EVENT, headers=bridge)).status_code == 415
        bad = await client.post("/api/ai-use", json={**EVENT, "type": "x"}, headers={**bridge, **ONE})
        assert bad.status_code == 422
        assert [error["at"] for error in bad.json()["errors"]] == ["/type"]
