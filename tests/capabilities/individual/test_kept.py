"""Kept by hand: who left early is lost from sight, a rep who went home broke a promise; what came teaches the next quote."""

from collections.abc import Mapping
from math import inf

import msgspec
import pytest
from sqlalchemy import Select

from baton.capabilities.individual.events import Choice, Learned, QuoteKept
from baton.capabilities.individual.learn import quotes as learn
from baton.capabilities.individual.quoting.line import Line
from baton.capabilities.individual.quoting.pooled import Waited
from baton.capabilities.individual.waiting import outcomes
from baton.capabilities.individual.waiting.kept import by, hour_in, of
from baton.capabilities.individual.waiting.learning import Seen, learned, named_of, waited_of
from baton.capabilities.individual.waiting.telling import level_of
from baton.engines.pool import InlinePool
from baton.kernel.stats import share_by

pytestmark = pytest.mark.unit
MINUTE = 60_000


def row(
    took_ms: int, answered: int = 1, kept: int | None = 1, within_ms: int = MINUTE, **more: object
) -> dict[str, object]:
    told = {
        "took_ms": took_ms,
        "answered": answered,
        "kept": kept,
        "within_ms": within_ms,
        "wait_ms": 30_000,
        "at_ms": 0,
    }
    return {**told, "queue": "refunds", "whom": "anyone", "hour": 9, "found": "", **more}


def test_the_share_by_a_time_where_some_were_lost_from_sight() -> None:
    found = share_by([(0.5, True), (0.8, True), (1.5, True), (0.6, False)], 1.0)
    assert found.value == pytest.approx(0.625)
    assert 0 < found.low < 0.625 < found.high < 1
    assert share_by([(0.5, True), (inf, False)], 1.0).value == pytest.approx(0.5)
    assert share_by([(0.5, True)] * 3, 1.0).value == 1.0
    assert share_by([], 1.0).n == 0


def test_what_was_kept() -> None:
    rows = [row(30_000), row(48_000), row(90_000, kept=0), row(36_000, answered=0, kept=None)]
    found = of("Refunds", rows)
    assert found.kept.value == pytest.approx(0.625)
    assert (found.quotes, found.unknown) == (4, 1)
    assert found.error is not None
    assert found.error.value == pytest.approx((0 + 18 + 60) / 3)
    assert of("Jack", [row(10_000, answered=0, kept=0)]).kept.value == 0.0


def test_hours_are_those_of_the_organisation() -> None:
    rows = [row(1000, at_ms=0), row(1000, at_ms=3_600_000)]
    assert [kept.label for kept in by(rows, hour_in("Europe/Lisbon"))] == ["01:00", "02:00"]


def was_kept(found: QuoteKept | None) -> bool | None:
    assert found is not None
    return found.kept


def test_outcomes() -> None:
    told = Choice("refunds", 1, 1000, 9, 30_000, 60_000, rep="jack", rep_within_ms=120_000)
    assert was_kept(outcomes.answered(told, 61_000)) is True
    assert was_kept(outcomes.answered(told, 62_000)) is False
    assert was_kept(outcomes.gave_up(told, 31_000)) is None
    assert was_kept(outcomes.gave_up(told, 91_000)) is False
    assert was_kept(outcomes.broken(told, 31_000)) is False
    assert outcomes.answered(Choice("refunds", 1, 1000, 9), 2000) is None


def test_the_level_that_would_have_kept_it() -> None:
    ways = tuple(n * MINUTE for n in range(1, 20))
    assert level_of(ways, 16 * MINUTE) == pytest.approx(0.8, abs=0.001)
    assert level_of(ways, 0) == 0.0
    assert level_of(ways, 99 * MINUTE) == 1.0
    assert level_of(ways, None) == 1.0


def test_what_came_becomes_policy_and_a_few_more_waits_change_nothing() -> None:
    line = Line(2, 0, 4, 5 * MINUTE, 10 * MINUTE, 1000, 2000, 3000)
    waits = [Waited("refunds", 9, line, (60 + n % 60) * 1000, answered=True) for n in range(1000)]
    handled = [("refunds", (200 + n % 200) * 1000) for n in range(400)]
    named = [("refunds", 9, tuple(range(1000, 20_000, 1000)), 1000 * (n % 20)) for n in range(200)]
    found = learned(Seen(handled, waits, named))
    assert found.waits == 1000
    assert set(found.laws) == {"", "refunds"}
    assert "refunds|9" in found.factors
    assert found.levels["|"] == pytest.approx(800, abs=50)
    assert learned(Seen([*handled, *handled[:50]], [*waits, *waits[:50]], named)) == found
    assert learned(Seen([], [], [])) == Learned()


def test_rows_become_what_is_learned_from() -> None:
    waited = waited_of(row(5000, found="2,0,4,300000,600000,1000,2000,3000"))
    assert waited == Waited("refunds", 9, Line(2, 0, 4, 300_000, 600_000, 1000, 2000, 3000), 5000, answered=True)
    assert waited_of(row(5000)) is None
    assert named_of(row(5000, answered=0, kept=0, found="1000,2000")) == ("refunds", 9, (1000, 2000), None)


class Remembered:
    """Read models with two hundred conversations of refunds, and nothing else."""

    async def survey(self, query: Select[tuple[object, ...]]) -> list[Mapping[str, object]]:
        if "lake_segments" in str(query):
            return [{"queue": "refunds", "took_ms": 1000 * (100 + n)} for n in range(200)]
        return [row(30_000, found="2,0,4,300000,600000,1000,2000,3000")]


async def test_learning_revises_one_policy_and_says_from_what() -> None:
    (revised,) = await learn(Remembered(), InlinePool())
    assert (revised.policy, revised.why) == ("individual.Learned", "0 waits and 200 handle times")
    assert msgspec.json.decode(revised.body, type=Learned).laws["refunds"][10] == pytest.approx(199_500, rel=0.02)
