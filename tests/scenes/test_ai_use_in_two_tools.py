"""Scenes: drafts used in the desk and in another tool stand side by side, people's files are kept, and all of it is the fold of the log."""

import asyncio
from pathlib import Path

import pytest
from sqlalchemy import select

from baton.capabilities.ai_use.events import AiUsed, Employed, Trained, stream_of
from baton.capabilities.ai_use.tables import BANDS, DRAFTS, METADATA, PEOPLE, TRAINING
from baton.capabilities.performance.events import SuggestionRequested, SuggestionUsed
from baton.kernel.capability import load
from baton.kernel.clock import FakeClock
from baton.kernel.committer import Committer
from baton.kernel.conversation import Started
from baton.kernel.rebuild import rebuild
from baton.stores.keys import SqliteKeys
from baton.stores.sqlite import SqliteStore
from tests.ports.logs import NoModels

pytestmark = pytest.mark.scene

TABLES = METADATA.sorted_tables
DAY_MS = 86_400_000


async def told(committer: Committer) -> None:
    """Jack is hired, trained, sends one draft as it was and one reworked in the desk, and one through a translator."""
    appends = [
        committer.append("rep/jack", Employed("jack", "Lisbon", 20 * DAY_MS, pay_band="P2"), by="import/hr"),
        committer.append("rep/jack", Trained("jack", "Calm words", 90, 30 * DAY_MS), by="import/training"),
        committer.append("conversation/one", Started(), by="customer"),
        committer.append("conversation/one", SuggestionRequested("jack", 2), by="rep/jack"),
        committer.append("conversation/one", SuggestionUsed("jack", "picked"), by="rep/jack"),
        committer.append("conversation/one", SuggestionUsed("jack", "edited", 300), by="rep/jack"),
        committer.append(
            stream_of("https://t.example"), AiUsed("jack", "translator", "sent", "one", 40), by="machine/t"
        ),
    ]
    asked = asyncio.gather(*appends)
    while not asked.done():
        await asyncio.sleep(0)
        await committer.settle()
    await asked
    await committer.settle()


async def test_two_tools_one_funnel_and_the_band_is_a_count_of_the_team(tmp_path: Path) -> None:
    store, keys = SqliteStore(tmp_path / "log.db"), SqliteKeys(tmp_path / "keys.db")
    await store.open(TABLES)
    crafts = load(["baton.capabilities.ai_use"])
    committer = Committer(store, crafts, keys, NoModels(), FakeClock())
    await committer.start()
    await told(committer)
    drafts = {row["tool"]: row for row in await store.rows(select(DRAFTS))}
    assert (drafts["baton"]["shown"], drafts["baton"]["sent"], drafts["baton"]["reworked"]) == (1, 2, 1)
    assert (drafts["translator"]["sent"], drafts["translator"]["light"]) == (1, 1)
    (person,) = await store.rows(select(PEOPLE))
    assert (person["team"], "pay_band" in person) == ("Lisbon", False)
    assert [dict(row) for row in await store.rows(select(BANDS))] == [{"team": "Lisbon", "pay_band": "P2", "people": 1}]
    assert [row["minutes"] for row in await store.rows(select(TRAINING))] == [90]
    live = {table.name: sorted(map(str, await store.rows(select(table)))) for table in TABLES}
    await rebuild(store, committer.codec, crafts, TABLES)
    assert {table.name: sorted(map(str, await store.rows(select(table)))) for table in TABLES} == live
    await store.close()
    keys.close()
