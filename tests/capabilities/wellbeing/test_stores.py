"""What the pages read is asked alike on both stores."""

import asyncio
from collections.abc import Coroutine
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from baton.assembly.parts import read_models
from baton.capabilities.ai_use.events import Employed
from baton.capabilities.routing.events import Post, Queue, Routing
from baton.capabilities.wellbeing.breathers.pricing import Pricing, cost
from baton.capabilities.wellbeing.events import BreatherAsked, Wellbeing, team_stream
from baton.capabilities.wellbeing.reading.reserve import reserve
from baton.capabilities.wellbeing.reading.teams import teams
from baton.kernel.capability import load
from baton.kernel.clock import FakeClock
from baton.kernel.committer import Committer
from baton.stores.keys import SqliteKeys
from baton.stores.postgres import PostgresStore
from tests.ports.logs import NoModels

pytestmark = pytest.mark.port
CRAFTS = [
    f"baton.capabilities.{name}" for name in ("ai_use", "complexity", "lake", "routing", "sentiment", "wellbeing")
]
NOW = 1_767_225_600_000


async def test_teams_prices_and_the_reserve_are_read_from_postgres(postgres_url: str, tmp_path: Path) -> None:
    crafts, store, clock = load(CRAFTS), PostgresStore(postgres_url), FakeClock(NOW)
    await store.open(read_models(crafts))
    try:
        committer = Committer(store, crafts, SqliteKeys(tmp_path / "keys.db"), NoModels(), clock)
        await committer.start()
        kim = Post("kim", "available", NOW, skills=("refunds",), capacity=2)
        policies: dict[type, object] = {
            Routing: Routing((Queue("refunds", "Refunds", "refunds"),)),
            Wellbeing: Wellbeing(),
        }
        app: Any = SimpleNamespace(
            store=store, clock=clock, committer=committer, board=SimpleNamespace(posts={"kim": kim}, paces={}),
            policy=lambda kind: policies.get(kind, kind()),
        )  # fmt: skip
        hired = [committer.append(f"rep/r{n}", Employed(f"r{n}", "Lisbon", 0), by="import/hr") for n in range(8)]
        asked = BreatherAsked("ab", "r1", "Lisbon", 300, ("refunds",))
        await settled(committer, *hired, committer.append(team_stream("Lisbon"), asked, by="system"))
        await settled(committer, Pricing(app).look())
        (team,) = (await teams(app)).teams
        told = (team.name, team.people, team.waiting, team.granted_s)
        assert told == ("Lisbon", 8, 0, 0), "granted, and given back: r1 had not asked"
        assert (await cost(app, ("refunds",), 300)).late_permille == 0
        assert (await reserve(app)).conversations == 0
    finally:
        await store.close()


async def settled(committer: Committer, *asked: Coroutine[Any, Any, object]) -> None:
    """Let appends and the commits they wait for go on together, until nothing is left to do."""
    running = asyncio.gather(*asked)
    while not running.done():
        await asyncio.sleep(0)
        await committer.settle()
    await running
    await committer.settle()
