"""Jack again: told how long he takes by what he holds, chosen, honoured when he is free; told when he goes home; forgotten on a word."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from sqlalchemy import select

from baton.capabilities.individual.events import Choice, Chosen, Forgotten, Individual, LastRep, QuoteKept
from baton.capabilities.individual.tables import FORGOTTEN, METADATA, QUOTES
from baton.capabilities.routing.events import (
    MAIN,
    OfferPassed,
    OfferTaken,
    Place,
    Presence,
    RepReady,
    WaitTold,
    WrappedUp,
)
from baton.capabilities.workforce.events import ShiftPlanned
from baton.demo.policies import routing
from baton.kernel.conversation import Ended, Holder, Started, TurnSaid
from baton.kernel.rebuild import rebuild
from tests.scenes.agents_floor import Floor, crafts, floor

pytestmark = pytest.mark.scene
ASKS = "My refund is missing and I want to speak to a human"


@pytest.fixture
async def hall(tmp_path: Path) -> AsyncIterator[Floor]:
    """Jack and Sofia serve refunds, one customer at a time; Ana was served by Jack last week, Tom is with him now."""
    async with floor(tmp_path) as told:
        await told.policy(routing())
        await told.policy(Individual(claimed_too=True))
        await sits(told, "jack")
        await asks(told, "before", "ana")
        await takes(told, "jack", "before")
        await told.append("conversation/before", WrappedUp("jack", "solved"), by="rep/jack")
        await told.append("conversation/before", Ended("closed_by_rep"), by="rep/jack")
        await asks(told, "toms", "tom")
        await takes(told, "jack", "toms")
        await sits(told, "sofia")
        await asks(told, "kims", "kim")
        await takes(told, "sofia", "kims")
        yield told


async def sits(told: Floor, rep: str, presence: Presence = "available") -> None:
    ready = RepReady(rep, presence, rep.title(), ("refunds",), capacity=1)
    await told.append(MAIN, ready, by=f"rep/{rep}")


async def asks(told: Floor, id: str, customer: str) -> None:
    started = Started(customer=customer, verified="claimed", language="en")
    await told.append(f"conversation/{id}", started, by="customer")
    await told.append(f"conversation/{id}", TurnSaid("customer", ASKS), by="customer")


async def takes(told: Floor, rep: str, id: str) -> None:
    await told.append(MAIN, OfferTaken(rep, f"conversation/{id}"), by=f"rep/{rep}")


async def frees(told: Floor, rep: str, id: str) -> None:
    await told.append(f"conversation/{id}", WrappedUp(rep, "solved"), by=f"rep/{rep}")


def place(told: Floor, id: str) -> Place:
    board = told.committer.memory.peek(MAIN)
    found = board.facts.slot(Place, f"conversation/{id}") if board else None
    assert found is not None
    return found


def choice(told: Floor, id: str = "anas") -> Choice:
    found = told.fact(Choice, id)
    assert found is not None
    return found


async def wait_for_jack(told: Floor) -> int:
    """Ana asks four minutes after Tom came to Jack, is told about both ways, and waits for Jack; since when she stands in line."""
    told.clock.forward(240)
    await asks(told, "anas", "ana")
    await told.append("conversation/anas", Chosen("rep", choice(told).epoch), by="customer")
    mine = place(told, "anas")
    assert mine.wanted == "jack"
    return mine.since_ms


async def test_jack_is_busy_so_both_ways_are_quoted_and_the_choice_is_honoured(hall: Floor) -> None:
    since_ms = await wait_for_jack(hall)
    told = choice(hall)
    assert (told.rep, told.name, told.chosen) == ("jack", "Jack", "rep")
    assert told.rep_within_ms > told.rep_wait_ms > 60_000
    assert told.rep_within_ms > told.within_ms >= 10_000
    assert hall.fact(WaitTold, "anas") is not None
    await frees(hall, "sofia", "kims")
    assert place(hall, "anas").state == "waiting"
    hall.clock.forward(60)
    await frees(hall, "jack", "toms")
    mine = place(hall, "anas")
    assert (mine.state, mine.rep, mine.since_ms) == ("offered", "jack", since_ms)
    await takes(hall, "jack", "anas")
    assert hall.fact(Holder, "anas") == Holder("rep", "jack", 2, "Jack")
    kept = hall.stream("anas").facts.slot(QuoteKept, "1/rep")
    assert kept == QuoteKept("rep", "refunds", 1, told.rep_within_ms, 60_000, answered=True, kept=True)


async def test_jack_goes_home_so_ana_is_told_and_keeps_her_place(hall: Floor) -> None:
    since_ms = await wait_for_jack(hall)
    await asks(hall, "later", "zoe")
    await sits(hall, "jack", "offline")
    assert "Jack has gone home" in [t.text for t in hall.turns("anas") if t.role == "system"][-1]
    mine = place(hall, "anas")
    assert (mine.wanted, mine.since_ms) == ("", since_ms)
    kept = hall.stream("anas").facts.slot(QuoteKept, "1/rep")
    assert kept is not None
    assert kept.kept is False
    assert (choice(hall).rep, choice(hall).chosen) == ("", "anyone")
    await frees(hall, "sofia", "kims")
    assert place(hall, "anas").rep == "sofia"
    assert place(hall, "later").state == "waiting"


async def test_a_rep_who_goes_home_soon_is_not_promised_and_a_meal_is_waited_for(hall: Floor) -> None:
    hall.clock.forward(240)
    now_ms = hall.clock.now_ms()
    soon = ShiftPlanned("jack", "2026-11-27", now_ms - 3_600_000, now_ms + 30_000)
    await hall.append("schedule/2026-11-23", soon, by="system")
    await asks(hall, "anas", "ana")
    assert choice(hall).rep == ""
    later = ShiftPlanned("jack", "2026-11-27", now_ms - 3_600_000, now_ms + 14_400_000, now_ms + 1000)
    await hall.append("schedule/2026-11-23", later, by="system")
    await asks(hall, "again", "ana")
    assert choice(hall, "again").rep_wait_ms >= 1_800_000


async def test_jack_passes_so_somebody_else_is_asked_and_ana_is_told(hall: Floor) -> None:
    await wait_for_jack(hall)
    await frees(hall, "sofia", "kims")
    await frees(hall, "jack", "toms")
    await hall.append(MAIN, OfferPassed("jack", "conversation/anas"), by="rep/jack")
    assert "Jack cannot take it" in [t.text for t in hall.turns("anas") if t.role == "system"][-1]
    assert place(hall, "anas").rep == "sofia"


async def test_who_changes_their_mind_is_offered_to_whoever_is_free(hall: Floor) -> None:
    await wait_for_jack(hall)
    await frees(hall, "sofia", "kims")
    assert place(hall, "anas").state == "waiting"
    await hall.append("conversation/anas", Chosen("anyone", choice(hall).epoch), by="customer")
    assert place(hall, "anas").rep == "sofia"


async def test_who_leaves_early_tells_nothing_of_the_quote(hall: Floor) -> None:
    await wait_for_jack(hall)
    hall.clock.forward(5)
    await hall.append("conversation/anas", Ended("customer_left"), by="customer")
    kept = hall.stream("anas").facts.slot(QuoteKept, "1/rep")
    assert kept is not None
    assert (kept.kept, kept.answered, kept.took_ms) == (None, False, 5_000)


async def test_the_read_models_are_what_the_log_says(hall: Floor) -> None:
    await wait_for_jack(hall)
    await frees(hall, "jack", "toms")
    await takes(hall, "jack", "anas")
    await hall.append("customer/ana", Forgotten(hall.clock.now_ms()), by="customer")
    live = await rows(hall)
    named = [row for row in live[QUOTES.name] if row["whom"] == "rep"]
    assert [(row["conversation"], row["rep"], row["kept"], row["answered"]) for row in named] == [
        ("anas", "jack", 1, 1)
    ]
    await rebuild(hall.committer.store, hall.committer.codec, crafts(), METADATA.sorted_tables)
    assert await rows(hall) == live


async def rows(told: Floor) -> dict[str, list[dict[str, object]]]:
    """Everything that the read models hold."""
    store = told.committer.store
    return {
        t.name: [dict(row) for row in await store.rows(select(t).order_by(*t.primary_key))] for t in (QUOTES, FORGOTTEN)
    }


async def test_forgetting_is_forgetting(hall: Floor) -> None:
    await hall.append("customer/ana", Forgotten(hall.clock.now_ms()), by="customer")
    hall.clock.forward(240)
    await asks(hall, "anas", "ana")
    assert hall.fact(LastRep, "anas") is None
    assert choice(hall).rep == ""


async def test_a_name_that_is_only_claimed_is_told_nobody_unless_policy_says_so(hall: Floor) -> None:
    await hall.policy(Individual())
    await asks(hall, "anas", "ana")
    assert hall.fact(LastRep, "anas") is None
    assert choice(hall).rep == ""
