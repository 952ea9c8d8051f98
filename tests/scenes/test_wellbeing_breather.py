"""A scene on a real store: three hostile customers in a row, a breather is priced, offered and taken; the read model knows a team, and nobody's name."""

from pathlib import Path

import pytest
from sqlalchemy import select

from baton.capabilities.ai_use.events import Employed
from baton.capabilities.complexity.events import ComplexityOverridden
from baton.capabilities.routing.events import MAIN, OfferTaken, Post, RepReady, WrappedUp
from baton.capabilities.sentiment.events import Mood
from baton.capabilities.wellbeing.events import Breather, BreatherAnswered, BreatherPriced, Load, Wellbeing, team_stream
from baton.capabilities.wellbeing.tables import BREATHERS, METADATA, RESERVED
from baton.demo.policies import routing
from baton.kernel.conversation import TurnSaid
from baton.kernel.rebuild import rebuild
from tests.scenes.agents_floor import Floor, crafts, floor

pytestmark = pytest.mark.scene


async def served(told: Floor, name: str) -> None:
    """One hostile customer, from asking for a person until kim wraps up."""
    stream = f"conversation/{name}"
    await told.begins(name)
    await told.append(stream, TurnSaid("customer", "I want to speak to a human"), by="customer")
    await told.append(MAIN, OfferTaken("kim", stream), by="rep/kim")
    await told.append(stream, Mood(-800), ComplexityOverridden("high", "kim"))
    told.clock.forward(240)
    await told.append(stream, WrappedUp("kim", "solved"), by="rep/kim")


def post_of(told: Floor) -> Post:
    """Kim's post."""
    board = told.committer.memory.peek(MAIN)
    found = board.facts.slot(Post, "kim") if board is not None else None
    assert found is not None
    return found


async def test_three_hostile_customers_in_a_row(tmp_path: Path) -> None:
    async with floor(tmp_path) as told:
        await told.policy(routing())
        await told.policy(Wellbeing(reserve_permille=1000))
        await told.append("rep/kim", Employed("kim", "Lisbon", 0))
        everything = tuple(queue.skill for queue in routing().queues if queue.skill)
        await told.append(MAIN, RepReady("kim", "available", "Kim", everything, capacity=1), by="rep/kim")
        for name in ("a", "b", "c"):
            await served(told, name)
        rep = told.committer.memory.peek("rep/kim")
        assert rep is not None
        asked, load = rep.facts.get(Breather), rep.facts.get(Load)
        assert asked is not None
        assert load is not None
        assert (asked.state, load.run) == ("asked", 3)
        await told.append(team_stream("Lisbon"), BreatherPriced(asked.ref, 4))
        await told.append("rep/kim", BreatherAnswered(asked.ref, "take"), by="rep/kim")
        post = post_of(told)
        assert (post.presence, post.reason) == ("break", "breather")
        rows = await told.committer.store.rows(select(BREATHERS))
        assert [(row["team"], row["state"], row["late_permille"]) for row in rows] == [("Lisbon", "taken", 4)]
        assert "kim" not in str(dict(rows[0]))
        told.clock.forward(300)
        await told.rest()
        assert post_of(told).presence == "available"
        await kept_for_kim(told)
        live = await kept_rows(told)
        await rebuild(told.committer.store, told.committer.codec, crafts(), METADATA.sorted_tables)
        assert await kept_rows(told) == live


async def kept_for_kim(told: Floor) -> None:
    """An easy conversation goes to people first; its wait and the time it took are counted."""
    await told.begins("easy")
    await told.append("conversation/easy", TurnSaid("customer", "Where is my refund?"), by="customer")
    told.clock.forward(5)
    await told.append(MAIN, OfferTaken("kim", "conversation/easy"), by="rep/kim")
    await told.append("conversation/easy", WrappedUp("kim", "answered", handle_ms=90_000), by="rep/kim")
    (row,) = await told.committer.store.rows(select(RESERVED))
    assert (row["conversation"], row["why"], row["waited_ms"], row["handled_ms"]) == ("easy", "breather", 5_000, 90_000)


async def kept_rows(told: Floor) -> dict[str, list[str]]:
    """Every row of the read models."""
    store = told.committer.store
    return {table.name: sorted(map(str, await store.rows(select(table)))) for table in METADATA.sorted_tables}
