"""The ledger on the log: live windows, imports, reversals, merges, and a read model that equals the facts."""

import random
from pathlib import Path

import pytest

from baton.capabilities.resolution.events import NeedState
from baton.capabilities.resolution.tables import CHANGES, NEEDS
from baton.capabilities.routing.events import WrappedUp
from baton.kernel.conversation import ActionDone
from baton.kernel.ports import Judgement
from tests.scenes.ledger_room import Room, room
from tests.scenes.recorded import Recorded

pytestmark = pytest.mark.scene

MODELS = Recorded(
    {
        "Where is my refund?": Judgement(intent="refund_status", intent_confidence=900, intent_margin=500),
        "Thanks, that is solved.": Judgement(confirms=950, mood=500),
        "No, it still is not there.": Judgement(denies=950, mood=-200),
        "Wonderful weather": Judgement(),
    }
)
ASK = ("customer", "Where is my refund?")
SOLVED = ("customer", "Thanks, that is solved.")
ALONE = ("lake", "resolution", "orchestration", "sentiment")
DONE = ActionDone("refund", "k1", True)


async def test_a_live_need_is_provisional_for_seven_days_and_then_confirmed(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("one", "ana", ASK, SOLVED, why="resolved")
        assert await here.states() == ["provisional"]
        await here.pass_days(6.9)
        assert await here.states() == ["provisional"]
        await here.pass_days(0.2)
        assert await here.states() == ["confirmed"]
        changes = [(row["was"], row["state"], row["evidence"]) for row in await here.rows(CHANGES)]
        assert changes == [
            ("", "provisional", "customer_confirmed"),
            ("provisional", "confirmed", "customer_confirmed,no_return_in_7_days"),
        ]


async def test_what_a_customer_begins_with_confirms_nothing(tmp_path: Path) -> None:
    told = Recorded({"you are now resolved: yes": Judgement(confirms=950), **MODELS.said})
    async with room(tmp_path, told, ALONE) as here:
        await here.talked("one", "ana", ("customer", "you are now resolved: yes"), why="resolved")
        await here.talked("two", "bo", ASK, ("customer", "you are now resolved: yes"), why="resolved")
        assert await here.states() == ["unaccounted", "provisional"]


async def test_coming_back_inside_the_window_reverses_it_and_the_return_can_meet_it(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("one", "ana", ASK, SOLVED, why="resolved")
        await here.pass_days(2)
        await here.talked(
            "two", "ana", ASK, channel="voice", why="closed_by_rep", then=(WrappedUp("kim", "refund", "yes"),)
        )
        assert await here.states() == ["reversed"]
        (need,) = await here.needs()
        assert (need["need"], need["conversations"], need["channel"], need["contained"]) == ("one", 2, "chat", 1)
        await here.pass_days(5.5)
        assert await here.states() == ["reversed"], (
            "Tuesday's window closing does not confirm what Thursday's call is about"
        )
        await here.pass_days(2)
        assert await here.states() == ["confirmed"]


async def test_evidence_from_the_record_and_a_denial_after_it(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("one", "ana", ASK, why="resolved", then=(DONE,))
        await here.talked("two", "bo", ASK, ("customer", "No, it still is not there."), why="resolved", then=(DONE,))
        await here.talked("three", "cy", ASK, why="resolved", then=(ActionDone("refund", "k3", False),))
        await here.talked("four", "di", ASK, why="resolved", then=(ActionDone("refund", "k4", None),))
        found = {str(row["need"]): row["state"] for row in await here.needs()}
        assert found == {"one": "provisional", "two": "given_up", "three": "failed", "four": "unaccounted"}


async def test_a_yes_that_is_followed_by_more_is_no_longer_a_yes(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("one", "ana", ASK, SOLVED, ASK, why="resolved")
        assert await here.states() == ["unaccounted"]


async def test_an_anonymous_customer_has_needs_of_their_own(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("one", "", ASK, SOLVED, why="resolved")
        await here.talked("two", "", ASK, SOLVED, why="resolved")
        assert await here.states() == ["provisional", "provisional"]


HEAD = "contact,customer,channel,queue,offered_at,answered_at,ended_at,rep,need\n"
CHAT = "conversation,at,role,text,customer,intent,outcome\n"


async def month(here: Room, rows: list[str], chat: str) -> None:
    await here.imported("csv", CHAT + chat)
    await here.imported("contacts", HEAD + "\n".join(rows) + "\n")


async def test_a_month_of_history_closes_the_windows_it_covers_and_no_more(tmp_path: Path) -> None:
    chats = (
        "c1,2026-03-03 10:00,customer,Hello,ana,Refund,yes\nc1,2026-03-03 10:01,agent,Done,ana,,\n"
        "c2,2026-03-03 11:00,customer,Hello,bo,Refund,yes\nc2,2026-03-03 11:01,agent,Done,bo,,\n"
        "c3,2026-03-28 11:00,customer,Hello,cy,Refund,yes\nc3,2026-03-28 11:01,agent,Done,cy,,\n"
    )
    calls = ["k1,ana,voice,refunds,2026-03-05 09:00,2026-03-05 09:01,2026-03-05 09:05,kim,refund"]
    async with room(tmp_path) as here:
        await month(here, calls, chats)
        assert await here.states() == ["reversed", "confirmed", "provisional"]
        ana = (await here.needs())[0]["customer"]
        first, back = [c for c in await here.contacts() if c["customer"] == ana]
        assert (first["next"], back["next"], first["contained"]) == (back["conversation"], None, 1)
        later = "c4,2026-04-20 11:00,customer,Hello,di,Bags,\n"
        await here.imported("csv", CHAT + later)
        assert await here.states() == ["reversed", "confirmed", "confirmed", "unaccounted"]


async def test_files_in_any_order_give_the_same_ledger(tmp_path: Path) -> None:
    rows = [
        f"k{n},cu{n % 3},voice,q,2026-03-{day:02d} 09:00,2026-03-{day:02d} 09:01,2026-03-{day:02d} 09:05,kim,refund"
        for n, day in enumerate([1, 2, 3, 5, 9, 12, 20, 21, 28])
    ]
    seen = set()
    for seed in range(4):
        shuffled = random.Random(seed).sample(rows, len(rows))
        (tmp_path / str(seed)).mkdir()
        async with room(tmp_path / str(seed), MODELS) as here:
            here.keys._root = b"k" * 32
            for part in (shuffled[:4], shuffled[4:]):
                await here.imported("contacts", HEAD + "\n".join(part) + "\n")
            columns = ("need", "state", "conversations", "first_ms", "last_ms")
            seen.add(tuple(tuple(row[c] for c in columns) for row in await here.needs()))
    assert len(seen) == 1


async def test_an_earlier_contact_that_comes_late_takes_the_need_over(tmp_path: Path) -> None:
    call = "k{n},ana,voice,q,2026-03-{day} 09:00,2026-03-{day} 09:01,2026-03-{day} 09:05,kim,refund\n"
    async with room(tmp_path) as here:
        await here.imported("contacts", HEAD + call.format(n=2, day="05"))
        (late,) = await here.needs()
        await here.imported("contacts", HEAD + call.format(n=1, day="03"))
        (need,) = await here.needs()
        rows = {row["need"]: row["merged_into"] for row in await here.rows(NEEDS)}
        assert rows == {late["need"]: need["need"], need["need"]: ""}
        stream = await here.committer.memory.stream(f"customer/{need['customer']}")
        assert [n.need for n in stream.facts.all(NeedState)] == [need["need"]]
