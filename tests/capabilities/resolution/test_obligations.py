"""What was promised, on the log: found as it is said, due by the clock, chased, settled by a rep, and felt by the need it was made about."""

from pathlib import Path

import msgspec
import pytest

from baton.capabilities.agents.events import Underway
from baton.capabilities.resolution.events import ProbeAnswered, Probing, PromiseSettled
from baton.capabilities.resolution.tables import METADATA, PROBES, PROMISES
from baton.capabilities.routing.events import WrappedUp
from baton.kernel.conversation import ActionDone, PolicyRevised
from baton.kernel.ports import Judgement
from baton.kernel.rebuild import rebuild
from tests.scenes.ledger_room import Room, room
from tests.scenes.recorded import Recorded

pytestmark = pytest.mark.scene

ASK = ("customer", "Where is my refund?")
SOLVED = ("customer", "Thanks, that is solved.")
MODELS = Recorded(
    {
        ASK[1]: Judgement(intent="refund_status", intent_confidence=900, intent_margin=500),
        SOLVED[1]: Judgement(confirms=950, mood=500),
    }
)
ALONE = ("lake", "resolution", "orchestration", "sentiment")
CALL = ("rep", "I see it here. I will call you tomorrow.")
MET = (WrappedUp("kim", "answered", "yes"),)
Told = tuple[str, str, str, int]


async def promised(here: Room) -> list[Told]:
    return [(p["deed"], p["state"], p["evidence"], p["chased"]) for p in await here.rows(PROMISES)]


async def test_a_promise_keeps_a_need_open_is_chased_and_broken_when_nobody_says_it_was_kept(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("one", "ana", ASK, CALL, why="closed_by_rep", then=MET)
        assert await promised(here) == [("call_back", "open", "", 0)]
        assert await here.states() == ["open"], "The rep says it was met, and a promise is open"
        await here.pass_days(1.5)
        assert await promised(here) == [("call_back", "due", "nothing_shows_it_was_kept", 1)]
        await here.pass_days(1)
        assert await promised(here) == [("call_back", "due", "nothing_shows_it_was_kept", 2)]
        chased = (await here.committer.memory.stream("conversation/one")).ordinal
        await here.pass_days(1)
        await here.pass_days(1)
        ((_, state, evidence, times),) = await promised(here)
        assert (state, evidence, times) == ("broken", "nobody_says_it_was_kept", 3)
        assert (await here.committer.memory.stream("conversation/one")).ordinal == chased + 1, "told three times in all"
        (need,) = await here.needs()
        assert (need["state"], need["evidence"]) == ("failed", "promise_broken")


async def test_a_kept_promise_meets_the_need_and_its_window_begins_then(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        await here.talked("one", "ana", ASK, CALL, why="closed_by_rep", then=MET)
        await here.pass_days(1)
        await here.append("conversation/one", PromiseSettled("call_back", "kept", "kim"), by="rep/kim")
        assert await promised(here) == [("call_back", "kept", "somebody_says_so", 0)]
        assert await here.states() == ["provisional"]
        await here.pass_days(6.5)
        assert await here.states() == ["provisional"], "seven days from when it was kept"
        await here.pass_days(1)
        (need,) = await here.needs()
        assert (need["state"], need["evidence"]) == ("confirmed", "rep_says_met,promise_kept,no_return_in_7_days")


async def test_who_comes_back_after_the_day_shows_it_was_broken(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        money = ("agent", "Your refund will be on your card within 2 days.")
        await here.talked("one", "ana", ASK, money, SOLVED, why="resolved")
        assert await here.states() == ["open"], "Thanked for a promise"
        await here.pass_days(3)
        await here.talked("two", "ana", ASK, channel="voice", why="customer_left")
        assert await promised(here) == [("money", "broken", "came_back_after_it_was_due", 1)]
        (need,) = await here.needs()
        assert (need["need"], need["conversations"], need["state"]) == ("one", 2, "given_up")


async def test_the_date_at_wrap_up_counts_and_stands_alone_where_no_words_bind(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        due = here.clock.now_ms() + 5 * 86_400_000
        dated = WrappedUp("kim", "promise_made", "no", promise="To write about the refund", promise_due_ms=due)
        await here.talked("one", "ana", ASK, CALL, why="closed_by_rep", then=(dated,))
        await here.talked("two", "bo", ASK, ("rep", "One moment."), why="closed_by_rep", then=(dated,))
        rows = {p["conversation"]: (p["deed"], p["due_ms"], p["made_by"], p["who"]) for p in await here.rows(PROMISES)}
        assert rows == {"one": ("call_back", due, "rep", "kim"), "two": ("write", due, "rep", "kim")}


async def test_a_step_on_the_way_changes_nothing_that_was_asked_for(tmp_path: Path) -> None:
    code = ActionDone(
        "run_tool", "k1", True, args={"procedure": "password_reset", "tool": "send_code", "risk": "reversible"}
    )
    reset = ActionDone(
        "run_tool", "k2", True, args={"procedure": "password_reset", "tool": "reset", "risk": "irreversible"}
    )
    loose = ActionDone("send", "k3", True, args={"risk": "reversible"})
    over, stopped = (Underway("password_reset", "end", done=True, result=r) for r in ("done", "handed_over"))
    async with room(tmp_path, MODELS, (*ALONE, "agents")) as here:
        await here.talked("sent", "ana", ASK, why="resolved", then=(code,))
        await here.talked("stopped", "bo", ASK, why="resolved", then=(code, reset, stopped))
        await here.talked("done", "cy", ASK, why="resolved", then=(code, reset, over))
        await here.talked("loose", "di", ASK, why="resolved", then=(loose,))
        found = {str(row["need"]): (row["state"], row["evidence"]) for row in await here.needs()}
        silent = ("unaccounted", "")
        assert found == {
            "sent": silent, "stopped": silent, "loose": silent, "done": ("provisional", "record_changed"),
        }  # fmt: skip


async def test_a_random_part_of_needs_is_asked_about_and_the_draw_is_known(tmp_path: Path) -> None:
    async with room(tmp_path, MODELS, ALONE) as here:
        body = msgspec.Raw(msgspec.json.encode(Probing(permille=500)))
        await here.append("policy/resolution.Probing", PolicyRevised("resolution.Probing", body))
        for n in range(40):
            await here.talked(f"c{n}", f"cu{n}", ASK, SOLVED, why="resolved")
        drawn = {row["need"]: row["permille"] for row in await here.rows(PROBES)}
        assert set(drawn) == {f"c{n}" for n in range(40) if Probing(500).draws(f"c{n}")}
        assert set(drawn.values()) == {500}
        one = min(drawn)
        await here.append(f"conversation/{one}", ProbeAnswered("no", "customer"), by="customer")
        answers = {row["need"]: row["met"] for row in await here.rows(PROBES) if row["met"]}
        assert answers == {one: "no"}
        live = {table.name: sorted(map(str, await here.rows(table))) for table in METADATA.sorted_tables}
        await rebuild(here.store, here.committer.codec, here.committer.crafts, METADATA.sorted_tables)
        assert {table.name: sorted(map(str, await here.rows(table))) for table in METADATA.sorted_tables} == live


def test_the_share_drawn_is_the_share_named() -> None:
    drawn = sum(Probing(50).draws(str(n)) for n in range(20_000))
    assert 900 < drawn < 1100
