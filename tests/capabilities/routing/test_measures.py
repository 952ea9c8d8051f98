"""Read models, from a real store: a customer who was served, one who left, one who went back, and offers by class."""

from pathlib import Path

import pytest
from sqlalchemy import Table, select

from baton.capabilities.empathy.tables import NEEDS
from baton.capabilities.routing.tables import CONVERSATIONS, MATCHES, OFFERS, QUEUE_MINUTES
from baton.demo.policies import routing
from tests.scenes.agents_floor import floor
from tests.scenes.runner import Scene

pytestmark = pytest.mark.scene

STORY = """
kim sits down: refunds; holds 1
customer: Where is my refund? I want to speak to a person
15 s pass
kim takes it
kim: Hello
kim wraps up: solved
customer b: Where is my refund? I want to speak to a person
kim passes b
5 s pass
the customer b leaves
customer c: Where is my refund? I want to speak to a person
25 s pass
mara takes over c
"""


async def rows(told: Scene, table: Table) -> list[dict[str, object]]:
    return [dict(row) for row in await told.floor.committer.store.rows(select(table))]


async def test_waits_offers_and_needs_are_counted(tmp_path: Path) -> None:
    async with floor(tmp_path) as on:
        await on.policy(routing())
        scene = Scene(on)
        for line in STORY.strip().splitlines():
            await scene.line(line)
        talks = {row["conversation"]: row for row in await rows(scene, CONVERSATIONS)}
        served, left, taken = talks["one"], talks["b"], talks["c"]
        assert (served["holder"], served["waited_ms"], served["handovers"]) == ("nobody", 15_000, 1)
        assert (left["left"], left["answered_ms"], left["reason"]) == ("left", None, "asked")
        assert (taken["holder"], taken["who"], taken["waited_ms"]) == ("rep", "mara", 25_000)
        minutes = await rows(scene, QUEUE_MINUTES)
        assert {str(row["queue"]) for row in minutes} == {"refunds"}
        total = {
            name: sum(int(str(row[name] or 0)) for row in minutes)
            for name in minutes[0]
            if name not in {"queue", "minute"}
        }
        assert total == {
            "offered": 3, "answered": 2, "answered_in_target": 1, "abandoned": 1, "to_agent": 0, "waited_ms": 40_000,
        }  # fmt: skip
        offers = {str(row["rep"]): row for row in await rows(scene, OFFERS)}
        assert [offers["kim"][name] for name in ("offered", "taken", "passed", "unanswered")] == [3, 1, 1, 1]
        asked = {str(row["conversation"]): row for row in await rows(scene, MATCHES)}
        assert (asked["one"]["rep"], asked["one"]["chance_permille"], asked["one"]["waited_ms"]) == ("kim", 1000, 0)
        assert asked["one"]["taken_ms"] is not None and asked["b"]["taken_ms"] is None
        needs = {str(row["conversation"]): row for row in await rows(scene, NEEDS)}
        assert [needs[name]["reached"] for name in ("one", "b", "c")] == [1, 0, 1]
        one = needs["one"]
        assert int(str(one["reached_ms"])) - int(str(one["needed_ms"])) == 15_000
