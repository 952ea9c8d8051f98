"""An agent with a mind: it asks a model where words do not decide, and what the model proposes is judged like anything else."""

import asyncio
from collections.abc import Mapping
from pathlib import Path

import msgspec
import pytest

from baton.assembly.parts import read_models
from baton.capabilities.agents.events import Attempts, Confirmation, Underway
from baton.capabilities.agents.tables import THOUGHTS
from baton.capabilities.agents.thinking.answers import VERSION
from baton.capabilities.lake.screen.words import Names, fact, line
from baton.capabilities.routing.events import TakenOver
from baton.kernel.conversation import ActionDone, Holder, TurnSaid
from baton.kernel.digest import digest
from baton.kernel.explain import explained, in_words
from baton.kernel.rebuild import rework
from baton.stores.sqlite import SqliteStore
from tests.scenes.agents_floor import articles, crafts, models, world
from tests.scenes.agents_mind import MINDED, Mind, answer, does, minded

pytestmark = pytest.mark.scene

HEAVY = "How many kilograms do you let us hand over?"
"""A question that words alone leave without a section that is good enough."""
ALLOWANCE = "art-19#1"
RESTS = "Standard and Flex: one checked bag of 23 kg."
EAGER = msgspec.structs.replace(MINDED, thinks="first")


def the_agent(said: list[str]) -> str:
    """The one thing it said, without its disclosure."""
    (one,) = said
    return one.partition("one tap away. ")[2] or one


async def test_where_words_do_not_decide_the_model_is_asked_and_answers_with_its_source(tmp_path: Path) -> None:
    async with minded(tmp_path, answer((RESTS, ALLOWANCE))) as it:
        assert the_agent(await it.says(HEAVY)).startswith(RESTS)
        assert it.actions() == ["think", "reply"]
        (turn,) = [e for d in it.floor.done for c in d.rest.caused if isinstance(e := c.event, TurnSaid)]
        assert turn.cites == (ALLOWANCE,)
        decided = it.floor.last()
        assert decided.by == "agents"
        assert {p.action for p in decided.over} >= {"ask_back", "escalate"}, "it beat what could be done without it"
        attempts = it.floor.fact(Attempts)
        assert attempts is not None
        assert (attempts.answered, attempts.last, attempts.last_cite) == (1, "answer", ALLOWANCE)


async def test_the_call_is_told_in_labels_and_numbers_and_counted(tmp_path: Path) -> None:
    async with minded(tmp_path, answer((RESTS, ALLOWANCE))) as it:
        await it.says(HEAVY)
        (thought,) = it.thoughts
        told = (thought.model, thought.provider, thought.served, thought.outcome, thought.finish, thought.purpose)
        assert told == ("model-1", "127.0.0.1", "recorded-1", "ok", "stop", "turn")
        assert (thought.input_tokens, thought.output_tokens, thought.cost_micros) == (1200, 60, 1200 + 4 * 60)
        assert (thought.agent, thought.version, thought.prompt) == ("assistant", "1", VERSION)
        (row,) = await it.floor.committer.store.rows(THOUGHTS.select())
        assert (row["calls"], row["cost_micros"], row["outcome"]) == (1, 1440, "ok")


async def test_the_customer_may_read_in_full_why_it_was_said(tmp_path: Path) -> None:
    async with minded(tmp_path, answer((RESTS, ALLOWANCE))) as it:
        await it.says(HEAVY)
        told = "\n".join(
            line
            for each in await explained(it.floor.committer.store, it.floor.committer.codec, "one")
            for line in in_words(each)
        )
        assert "decided (agents): think" in told
        assert f"the model's sentences rest on {ALLOWANCE}" in told
        assert "outcome=ok" in told
        assert "cost_micros=1440" in told


async def test_what_words_decide_costs_no_model(tmp_path: Path) -> None:
    async with minded(tmp_path, "hands_over") as it:
        await it.says("hello")
        await it.says("I forgot my password")
        assert it.server.asked == []
        assert it.actions()[-1] == "start_procedure"


async def test_an_agent_that_prefers_to_think_is_asked_first(tmp_path: Path) -> None:
    async with minded(tmp_path, "hands_over", agent=EAGER) as it:
        await it.says("I forgot my password")
        assert it.actions()[:2] == ["think", "escalate"]


async def test_an_agent_without_a_mind_never_thinks(tmp_path: Path) -> None:
    without = msgspec.structs.replace(MINDED, model="")
    async with minded(tmp_path, answer((RESTS, ALLOWANCE)), agent=without) as it:
        await it.says(HEAVY)
        assert it.actions() == ["look_again", "ask_back"]
        assert it.server.asked == []


async def test_a_model_that_is_not_connected_leaves_the_words(tmp_path: Path) -> None:
    other = msgspec.structs.replace(MINDED, model="another-model")
    async with minded(tmp_path, answer((RESTS, ALLOWANCE)), agent=other) as it:
        await it.says(HEAVY)
        assert it.server.asked == []
        assert it.ideas[-1].why == "no_model"
        assert it.actions()[:2] == ["think", "escalate"]


async def test_a_sentence_that_rests_on_nothing_is_not_said(tmp_path: Path) -> None:
    made_up = "Bags of 45 kg are welcome on every flight."
    async with minded(tmp_path, answer((RESTS, ALLOWANCE), (made_up, ALLOWANCE))) as it:
        said = the_agent(await it.says(HEAVY))
        assert RESTS in said
        assert "45" not in said
        assert it.ideas[-1].dropped == 1


async def test_where_too_little_remains_the_section_speaks_for_itself(tmp_path: Path) -> None:
    async with minded(tmp_path, answer(("Bags of 45 kg are welcome on every flight.", ALLOWANCE))) as it:
        said = the_agent(await it.says(HEAVY))
        assert "one checked bag of 23 kg" in said
        assert it.actions() == ["think", "answer"]
        assert it.floor.last().why == "the model's words did not rest on it, its own do"


async def test_an_answer_without_a_source_goes_to_a_person(tmp_path: Path) -> None:
    async with minded(tmp_path, answer(("Bags may weigh 23 kg.", "art-99#9"), (RESTS, ""))) as it:
        assert await it.says(HEAVY) == []
        assert it.actions()[:2] == ["think", "escalate"]
        holder = it.floor.fact(Holder)
        assert holder is not None
        assert holder.kind == "queue"


async def test_a_procedure_the_model_chooses_begins_and_binds_nothing_without_a_yes(tmp_path: Path) -> None:
    async with minded(tmp_path, does("start_procedure", procedure="booking_cancel"), agent=EAGER) as it:
        await it.says("the trip in May is off for us")
        underway = it.floor.fact(Underway)
        assert underway is not None
        assert (underway.procedure, it.actions()) == ("booking_cancel", ["think", "start_procedure"])
        assert it.floor.fact(Confirmation) is None
        assert it.floor.record.ledger("booking") == ()


async def test_a_slot_is_filled_with_the_customers_own_words(tmp_path: Path) -> None:
    fills = does("fill_slots", values={"code": "QX7RT2"})
    async with minded(tmp_path, fills) as it:
        await it.says("I want to cancel my booking")
        said = the_agent(await it.says("the letters on my paper are qx7rt2-, I think"))
        underway = it.floor.fact(Underway)
        assert underway is not None
        assert it.actions()[-2:] == ["think", "fill_slots"]
        assert "code" in underway.slots
        assert said


async def test_a_question_on_the_way_is_answered_and_the_step_asked_again(tmp_path: Path) -> None:
    async with minded(tmp_path, answer((RESTS, ALLOWANCE))) as it:
        (first,) = await it.says("I want to cancel my booking")
        said = the_agent(await it.says("by the way, the heaviest a checked bag may be"))
        assert it.actions()[-2:] == ["think", "reply"]
        assert said.startswith(RESTS)
        assert len(said) > len(RESTS)
        assert first.endswith(said.removeprefix(RESTS).strip())


async def test_a_value_the_customer_never_said_fills_nothing(tmp_path: Path) -> None:
    async with minded(tmp_path, does("fill_slots", values={"code": "ZZZZZ9"})) as it:
        await it.says("I want to cancel my booking")
        said = await it.says("it is on the paper somewhere")
        underway = it.floor.fact(Underway)
        assert underway is not None
        assert underway.slots == {}
        assert it.ideas[-1].why == "not_said"
        assert len(said) == 1, "the procedure asks again, as it does without a model"


async def test_a_question_of_the_models_is_asked(tmp_path: Path) -> None:
    async with minded(tmp_path, "asks") as it:
        assert the_agent(await it.says(HEAVY)) == "Which of your bookings is it about?"


async def test_a_tool_is_read_with_what_the_customer_gave_and_shown_to_the_model(tmp_path: Path) -> None:
    booking = next(b for b in world().bookings.values() if b.state == "confirmed")
    name = world().by_id[booking.customer_id].last_name
    reads = does("look_up", tool="booking", values={"code": booking.code, "last_name": name})
    called: list[tuple[str, Mapping[str, str]]] = []

    async def calls(tool: str, args: Mapping[str, str], key: str) -> Mapping[str, str | int | bool]:
        called.append((tool, args))
        return {"state": "confirmed", "seat": "12A", "email": "somebody.else@example.org", "paid_cents": 12_000}

    says = answer(("The booking state is confirmed, seat 12A, paid €120.", "tool:booking"))
    async with minded(tmp_path, reads, says, agent=EAGER, calls=calls) as it:
        said = the_agent(await it.says(f"What do you know of booking {booking.code}, my last name is {name}?"))
        assert it.actions() == ["think", "look_up", "think", "reply"]
        assert called == [("booking", {"code": booking.code, "last_name": name})]
        assert "seat: 12A" in it.server.prompts[1]
        assert "somebody.else@example.org" not in str(it.server.asked)
        assert said.startswith("The booking state is confirmed, seat 12A, paid €120.")


async def test_who_wrote_more_meanwhile_gets_one_answer_to_all_of_it(tmp_path: Path) -> None:
    plays = (answer(("Light: a bag of 40 × 30 × 15 cm.", ALLOWANCE)), answer((RESTS, ALLOWANCE)))
    async with minded(tmp_path, *plays) as it:
        it.server.gate = asyncio.Event()
        await it.floor.customer(HEAVY)
        await it.floor.customer("hello")
        spoken = len(it.floor.said())
        it.server.gate.set()
        await it.rest()
        assert len(it.server.asked) == 2
        assert "hello" in it.server.prompts[1]
        assert [d for d in it.floor.decisions["conversation/one"] if d.action == "think"][1].args["again"] is True
        assert [RESTS in said for said in it.floor.said()[spoken:]] == [True]


async def test_a_turn_that_overtakes_another_is_the_only_one_answered(tmp_path: Path) -> None:
    async with minded(tmp_path, answer((RESTS, ALLOWANCE)), again=True) as it:
        it.server.gate = asyncio.Event()
        await it.floor.customer(HEAVY)
        await it.floor.customer("I mean, how many kilograms do you let us hand over at most?")
        it.server.gate.set()
        await it.rest()
        assert len(it.floor.said()) == 1
        assert [idea.why for idea in it.ideas if idea.kind == "none"] == ["overtaken"]


async def test_a_thought_that_comes_after_a_later_one_asks_nothing_again(tmp_path: Path) -> None:
    late = {**answer((RESTS, ALLOWANCE)), "hang_s": 1.5}
    async with minded(tmp_path, late, answer((RESTS, ALLOWANCE)), answer((RESTS, ALLOWANCE))) as it:
        await it.floor.customer(HEAVY)
        await asyncio.sleep(0.3)
        await it.says("I mean, how many kilograms do you let us hand over at most?")
        assert len(it.floor.said()) == 1
        assert [idea.why for idea in it.ideas if idea.kind == "none"] == ["overtaken"]


async def test_a_rep_who_took_over_meanwhile_is_not_spoken_over(tmp_path: Path) -> None:
    async with minded(tmp_path, answer((RESTS, ALLOWANCE))) as it:
        it.server.gate = asyncio.Event()
        await it.floor.customer(HEAVY)
        await it.floor.append("conversation/one", TakenOver("mina", "Mina"), by="rep/mina")
        it.server.gate.set()
        await it.rest()
        assert it.floor.said() == []
        assert it.ideas[-1].why == "moved"
        assert len(it.thoughts) == 1, "what it cost is counted all the same"


async def test_personal_values_do_not_leave_and_the_answer_names_them(tmp_path: Path) -> None:
    asks = does("ask", question="Shall I look under [email 1]?")
    async with minded(tmp_path, asks, agent=EAGER) as it:
        said = the_agent(await it.says("I am at ada.lovelace@example.org and something is odd with the thing"))
        assert "ada.lovelace" not in str(it.server.asked)
        assert said == "Shall I look under ada.lovelace@example.org?"


async def test_a_kill_while_it_thinks_changes_nothing_and_a_replay_asks_no_model(tmp_path: Path) -> None:
    names = []
    for kill in (False, True):
        folder = tmp_path / str(kill)
        folder.mkdir()
        async with minded(folder, answer((RESTS, ALLOWANCE))) as it:
            if kill:
                it.floor.committer.outside = lambda decided, stream: None
                await it.floor.customer(HEAVY)
                it.floor.committer.outside = it.floor.actor.start
                await _resumed(it)
            else:
                await it.says(HEAVY)
            assert len(it.server.asked) == 1
            tables = read_models(crafts())
            store, codec = it.floor.committer.store, it.floor.committer.codec
            names.append(await digest(store, codec, tables))
            fresh = SqliteStore(folder / "fresh.db")
            await fresh.open(tables)
            await rework(store, fresh, crafts(), it.floor.committer.keys, models())
            names.append(await digest(fresh, codec, tables))
            await fresh.close()
            assert len(it.server.asked) == 1, "a replay asks nobody"
            done = [d.entry.event for d in it.floor.done if isinstance(d.entry.event, ActionDone)]
            assert [d.args["risk"] for d in done] == ["read"], "it changes no record"
    assert names[0] == names[1]
    assert names[2] == names[3]


async def _resumed(it: Mind) -> None:
    (decided,) = it.floor.decisions["conversation/one"]
    it.floor.actor.start(decided, it.floor.stream())
    await it.rest()


def test_the_articles_of_these_scenes_say_what_the_scenes_rest_on() -> None:
    passage = articles().passage(ALLOWANCE)
    assert passage is not None
    assert "one checked bag of 23 kg" in passage.section.text


async def test_a_conversations_page_tells_of_thoughts_in_words(tmp_path: Path) -> None:
    async with minded(tmp_path, answer((RESTS, ALLOWANCE), ("Bags of 45 kg are welcome.", ALLOWANCE))) as it:
        await it.says(HEAVY)
        assert fact(it.ideas[-1]) == "the model would answer from art-19 §1, 1 sentence left out"
        assert fact(it.thoughts[-1]).startswith("model model-1: ok, 1,260 tokens, ")
        (done,) = [d.entry.event for d in it.floor.done if isinstance(d.entry.event, ActionDone)]
        assert line(done, Names({}, {}, {})) == "The model answered"
