"""How long each kind of record is kept: told before, done when due, and what no period reaches stays and is said."""

from pathlib import Path
from typing import Any

import pytest

from baton.assembly.parts import read_models
from baton.capabilities.governance.privacy import holds
from baton.capabilities.governance.privacy.serving import due
from baton.capabilities.governance.tables import ACCESS
from baton.kernel.rebuild import rebuild
from tests.scenes.ledger_room import Room, room
from tests.scenes.ledger_site import Site, site

pytestmark = pytest.mark.scene

ALONE = ("lake", "resolution", "orchestration", "sentiment", "performance", "governance")
FORM = "application/x-www-form-urlencoded"
KEEP = "/governance/privacy/keep"
DAY_S = 86_400
EMPTY = {"staff": "", "act": "forgotten", "conversation": "", "role": ""}


async def put(asks: Site, *keep: tuple[str, int], sure: bool = True) -> Any:
    body = {"keep": [{"records": kind, "days": days} for kind, days in keep], "why": "as agreed", "sure": sure}
    headers = {"authorization": f"Bearer {asks.tokens['admin']}"}
    return await asks.client.request("PUT", "/api/privacy/retention", json=body, headers=headers)


def files(folder: Path) -> set[Path]:
    return {path for path in folder.rglob("*") if path.is_file()}


async def looked_at(here: Room, asks: Site, *keys: str) -> None:
    for key in keys:
        await here.talked(key, here.keys.pseudonym("customer", key), ("customer", f"I am {key}"))
        assert (await asks.get(f"/conversations/{key}", "supervisor")).status_code == 200


async def test_who_looked_drops_out_of_what_is_searched_when_its_days_are_over(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        await looked_at(here, asks, "old")
        here.clock.forward(80 * DAY_S)
        await looked_at(here, asks, "new")
        here.clock.forward(20 * DAY_S)
        told = (await put(asks, ("access_log", 90), sure=False)).json()
        assert told["due"][2] == {"records": "access_log", "dark": 1, "held": 0, "kept": 1}
        assert await due(asks.app) == 0, "nothing is in force before somebody says so again"
        await put(asks, ("access_log", 90))
        assert (await due(asks.app), await due(asks.app)) == (1, 0)
        old, new = sorted(await here.rows(ACCESS), key=lambda row: row["position"])
        assert {name: old[name] for name in EMPTY} == EMPTY and old["at_ms"]
        assert (new["staff"], new["conversation"]) == ("supervisor", "new")
        for path in ("/api/privacy/looks", "/api/governance/access", "/api/audit/records?kind=look"):
            assert "supervisor" in (seen := (await asks.get(path, "admin")).text), path
            assert "old" not in seen, path


async def test_what_was_forgotten_of_looks_is_the_same_when_all_is_folded_again(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        await looked_at(here, asks, "old")
        here.clock.forward(91 * DAY_S)
        await put(asks, ("access_log", 90))
        assert await due(asks.app) == 1
        live = await here.rows(ACCESS)
        await rebuild(here.store, here.committer.codec, here.committer.crafts, read_models(here.committer.crafts))
        assert await here.rows(ACCESS) == live


async def test_the_log_keeps_who_looked_and_the_page_says_so(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        await looked_at(here, asks, "old")
        (row,) = await here.rows(ACCESS)
        here.clock.forward(91 * DAY_S)
        await put(asks, ("access_log", 90))
        await due(asks.app)
        recorded = await here.store.at(int(row["position"]))
        assert recorded is not None and b"supervisor" in recorded.entry.body
        page = (await asks.get(KEEP, "admin")).text
        assert "to take one out would break the proof" in page and "not sealed" in page
        assert "Baton keeps none of it" in page


async def test_an_access_log_of_a_few_days_is_refused(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        refused = await put(asks, ("access_log", 89))
        assert (refused.status_code, refused.json()["code"]) == (422, "too_short")
        page = await asks.post(KEEP, b"access_log=1", FORM, "admin")
        assert "Nothing was changed" in page.text and "90 days or more" in page.text


async def test_a_hold_on_a_person_keeps_who_looked_at_theirs_and_no_other(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        await looked_at(here, asks, "ana", "bo")
        ana, until_ms = here.keys.pseudonym("customer", "ana"), here.clock.now_ms() + 200 * DAY_S * 1000
        await holds.place(here.committer, "h", "admin", "customer", ana, ("access_log",), "a case", until_ms)
        here.clock.forward(91 * DAY_S)
        told = (await put(asks, ("access_log", 90))).json()
        assert told["due"][2] == {"records": "access_log", "dark": 1, "held": 1, "kept": 0}
        assert await due(asks.app) == 1
        assert [row["conversation"] for row in await here.rows(ACCESS) if row["act"] != "forgotten"] == ["ana"]


async def test_what_is_taken_out_is_kept_nowhere(tmp_path: Path) -> None:
    async with room(tmp_path, None, ALONE) as here, site(here) as asks:
        await looked_at(here, asks, "ana")
        before = files(tmp_path)
        customer = here.keys.pseudonym("customer", "ana")
        got = await asks.get(f"/api/privacy/people/customer/{customer}.zip", "admin")
        assert got.status_code == 200 and len(got.content) > 500
        assert (await asks.get("/api/conversations/ana.vcon", "analyst")).status_code == 200
        assert files(tmp_path) == before
