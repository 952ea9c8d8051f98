"""AI suggestions in reps' hands, live and per day."""

import csv
from pathlib import Path

import pytest

from baton.capabilities.performance.ai_use import ai_use, figures, write_csv
from baton.capabilities.performance.ai_use.days import day_of
from baton.capabilities.performance.events import SuggestionRequested, SuggestionUsed
from baton.capabilities.performance.registry import metrics
from baton.capabilities.performance.tables import AI_USE, OFFERS
from baton.capabilities.routing.events import Assigned, OfferPassed, OfferTaken
from baton.kernel.conversation import Started
from tests.scenes.ledger_room import Room, room

pytestmark = pytest.mark.scene

ALONE = ("lake", "performance", "resolution", "empathy")


async def worked(here: Room) -> None:
    """Kim: three requests, one sent as it was, one edited lightly, one edited by half. Bo: served, asked for nothing."""
    await here.append("conversation/one", Started(source="", queue="bags"), Assigned("kim", "Kim", 1000))
    await here.append("conversation/one", SuggestionRequested("kim", 3), SuggestionUsed("kim", "picked"))
    await here.append("conversation/one", SuggestionRequested("kim", 2), SuggestionUsed("kim", "edited", 100))
    here.clock.forward(86_400)
    await here.append("conversation/two", Started(queue="bags"), Assigned("kim", "Kim", 1000))
    await here.append(
        "conversation/two",
        SuggestionRequested("kim"),
        SuggestionUsed("kim", "edited", 500),
        SuggestionUsed("kim", "own_words", 1000),
    )
    await here.append("conversation/three", Started(queue="bags"), Assigned("bo", "Bo", 1000))


async def test_what_each_rep_did_with_suggestions(tmp_path: Path) -> None:
    async with room(tmp_path, only=ALONE) as here:
        await worked(here)
        kim, bo = await ai_use(here.store)
        assert (kim.rep, kim.requested, kim.shown, kim.picked, kim.edited, kim.own_words, kim.reworked, kim.conversations) == (
            "kim", 3, 6, 1, 2, 1, 1, 2,
        )  # fmt: skip
        assert (kim.picked_permille, bo.rep, bo.requested) == (250, "bo", 0)
        assert len({row["day"] for row in await here.rows(AI_USE)}) == 2
        by = {f.metric: (f.y, f.x) for f in await metrics(here.store, [
            "suggestions_requested", "suggestions_picked", "suggestions_edited", "suggestions_own_words", "silent_rework",
        ])}  # fmt: skip
        assert by == {
            "suggestions_requested": (3, 2), "suggestions_picked": (1, 4), "suggestions_edited": (2, 4),
            "suggestions_own_words": (1, 4), "silent_rework": (1, 3),
        }  # fmt: skip


async def test_the_table_of_reps(tmp_path: Path) -> None:
    async with room(tmp_path, only=ALONE) as here:
        await worked(here)
        uses = await ai_use(here.store)
        assert figures(uses) == {"reps": 2, "requested": 3, "picked": 1, "own_words": 1}
        write_csv(uses, tmp_path / "use.csv")
        with (tmp_path / "use.csv").open() as told:
            rows = list(csv.DictReader(told))
        assert [(r["rep"], r["requested"], r["picked_permille"]) for r in rows] == [
            ("kim", "3", "250"),
            ("bo", "0", "0"),
        ]


async def test_offers_are_counted_by_class_after_they_were_made(tmp_path: Path) -> None:
    async with room(tmp_path, only=ALONE) as here:
        await worked(here)
        board = "assignment/main"
        await here.append(
            board,
            OfferPassed("kim", "conversation/one"),
            OfferTaken("bo", "conversation/one"),
            OfferPassed("kim", "conversation/two"),
        )
        assert {(r["rep"], r["conversation"], r["taken"], r["passed"]) for r in await here.rows(OFFERS)} == {
            ("kim", "one", 0, 1), ("bo", "one", 1, 0), ("kim", "two", 0, 1),
        }  # fmt: skip
        by_rep = {f.group["rep"]: (f.y, f.x) for f in await metrics(here.store, ["offers_passed"], ["rep"])}
        assert by_rep == {"kim": (2, 2), "bo": (0, 1)}


@pytest.mark.parametrize(
    ("at_ms", "day"),
    [
        (0, "1970-01-01"),
        (951_782_400_000, "2000-02-29"),
        (1_772_618_400_000, "2026-03-04"),
        (1_798_761_599_999, "2026-12-31"),
    ],
)
def test_the_day_of_a_time(at_ms: int, day: str) -> None:
    assert day_of(at_ms) == day
