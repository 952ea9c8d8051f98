"""Two identities of one person: a return on the other counts, promises follow, taking it back undoes all of it, and each can be forgotten alone."""

from pathlib import Path
from typing import Any

import pytest

from baton.capabilities.resolution.events import Contact, CustomersJoined, PromiseSettled
from baton.capabilities.resolution.tables import METADATA, PROMISES
from baton.capabilities.routing.events import WrappedUp
from baton.kernel.ports import Judgement
from baton.kernel.rebuild import rebuild
from tests.scenes.ledger_room import Room, room
from tests.scenes.recorded import Recorded

pytestmark = pytest.mark.scene

MODELS = Recorded(
    {
        "Where is my refund?": Judgement(intent="refund_status", intent_confidence=900, intent_margin=500),
        "Thanks, that is solved.": Judgement(confirms=950, mood=500),
    }
)
ASK = ("customer", "Where is my refund?")
SOLVED = ("customer", "Thanks, that is solved.")
MONEY = ("agent", "Your refund will be on your card within 2 days.")
ALONE = ("lake", "resolution", "orchestration", "sentiment")
EMAIL, PHONE = "aaa", "zzz"


async def joined(here: Room, same: bool = True) -> None:
    await here.append(f"customer/{PHONE}", CustomersJoined(EMAIL, "kim", same), by="rep/kim")


async def told(here: Room) -> list[tuple[Any, ...]]:
    return [(n["need"], n["customer"], n["state"], n["conversations"]) for n in await here.needs()]


async def chat_then_call(here: Room) -> None:
    await here.talked("chat", EMAIL, ASK, SOLVED, why="resolved")
    await here.pass_days(2)
    await here.talked("call", PHONE, ASK, channel="voice", why="customer_left")


async def test_a_return_by_phone_reverses_the_chat_once_both_are_known_to_be_one(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await chat_then_call(here)
        apart = await told(here)
        assert apart == [("chat", EMAIL, "provisional", 1), ("call", PHONE, "given_up", 1)]
        await joined(here)
        assert await told(here) == [("chat", EMAIL, "reversed", 2)]
        chat, call = await here.contacts()
        assert (chat["next"], chat["gap_ms"], call["need"], call["customer"]) == ("call", 172_800_000, "chat", EMAIL)
        await joined(here, same=False)
        assert await told(here) == apart
        assert [c["customer"] for c in await here.contacts()] == [EMAIL, PHONE]
        assert (await here.contacts())[0]["next"] == ""


async def test_whoever_comes_back_after_they_were_joined_is_seen_at_once(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("chat", EMAIL, ASK, SOLVED, why="resolved")
        await joined(here)
        await here.pass_days(1)
        await here.talked("call", PHONE, ASK, SOLVED, channel="voice", why="resolved")
        assert await told(here) == [("chat", EMAIL, "reversed", 2)]
        await here.pass_days(7.5)
        assert await told(here) == [("chat", EMAIL, "confirmed", 2)]
        await joined(here, same=False)
        assert await told(here) == [("chat", EMAIL, "confirmed", 1), ("call", PHONE, "confirmed", 1)]


async def test_a_promise_is_broken_by_a_return_on_the_other_identity_and_kept_by_who_says_so(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("chat", PHONE, ASK, MONEY, SOLVED, why="resolved")
        await joined(here)
        await here.pass_days(3)
        await here.talked("call", EMAIL, ASK, channel="voice", why="customer_left")
        (promise,) = await here.rows(PROMISES)
        assert (promise["state"], promise["customer"]) == ("broken", EMAIL)
        await here.append("conversation/chat", PromiseSettled("money", "kept", "kim"), by="rep/kim")
        (promise,) = await here.rows(PROMISES)
        assert (promise["state"], promise["evidence"]) == ("kept", "somebody_says_so")


async def test_the_owner_is_told_of_a_promise_no_more_often_because_it_moved(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        call = ("rep", "I will call you tomorrow.")
        await here.talked("chat", PHONE, ASK, call, why="closed_by_rep", then=(WrappedUp("kim", "refund", "yes"),))
        await here.pass_days(1.5)
        await joined(here)
        await here.pass_days(1)
        ((state, chased, customer),) = [(p["state"], p["chased"], p["customer"]) for p in await here.rows(PROMISES)]
        assert (state, chased, customer) == ("due", 2, EMAIL)


async def test_the_wrong_order_and_a_second_time_change_nothing(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await chat_then_call(here)
        before = await told(here)
        await here.append(f"customer/{EMAIL}", CustomersJoined(PHONE, "kim"), by="rep/kim")
        assert await told(here) == before, (
            "the stream whose id sorts first never moves, so that nothing goes in a circle"
        )
        await joined(here)
        after = await told(here)
        await joined(here)
        assert await told(here) == after


async def test_three_identities_meet_and_one_goes_home_from_the_farthest(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("one", EMAIL, ASK, SOLVED, why="resolved")
        await here.talked("two", "mmm", ASK, channel="voice", why="customer_left")
        await here.talked("three", PHONE, ASK, channel="email", why="customer_left")
        await here.append(f"customer/{PHONE}", CustomersJoined("mmm", "kim"), by="rep/kim")
        await here.append("customer/mmm", CustomersJoined(EMAIL, "kim"), by="rep/kim")
        assert [(n, k) for n, _, _, k in await told(here)] == [("one", 3)]
        await here.append(f"customer/{PHONE}", CustomersJoined("mmm", "kim", same=False), by="rep/kim")
        assert [(n, k) for n, _, _, k in await told(here)] == [("one", 2), ("three", 1)]


async def test_the_ledger_is_the_fold_of_the_log_through_joining_and_back(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await chat_then_call(here)
        for same in (True, False, True):
            await joined(here, same)
            live = {table.name: sorted(map(str, await here.rows(table))) for table in METADATA.sorted_tables}
            await rebuild(here.store, here.committer.codec, here.committer.crafts, METADATA.sorted_tables)
            assert {t.name: sorted(map(str, await here.rows(t))) for t in METADATA.sorted_tables} == live


async def test_forgetting_either_identity_forgets_what_it_said_and_leaves_the_other(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        here.keys.identify_all({f"customer/{c}": c for c in (EMAIL, PHONE)})
        here.keys.identify_all({"conversation/chat": EMAIL, "conversation/call": PHONE})
        await chat_then_call(here)
        await joined(here)
        assert here.keys.forget(PHONE) == 2
        assert here.keys.of("conversation/call") is None and here.keys.of("conversation/chat") is not None
        moved = await here.committer.memory.stream(f"customer/{EMAIL}")
        hashes = {c.conversation: bool(c.words) for c in moved.facts.all(Contact)}
        assert hashes == {"chat": True, "call": False}, "nothing that was said by phone went along"
        assert await told(here) == [("chat", EMAIL, "reversed", 2)]
        assert here.keys.forget(EMAIL) == 2
