"""Scenes: an agent answers from knowledge, says what it is, and stops when it does not help."""

from pathlib import Path

import msgspec
import pytest
from sqlalchemy import select

from baton.capabilities.agents.answers.lines import LINES, OFFERED
from baton.capabilities.agents.events import Attempts
from baton.capabilities.agents.procedures.wording import LINES as WORDS
from baton.capabilities.knowledge.tables import GAPS, USE
from baton.capabilities.routing.events import HandedBack
from baton.kernel.conversation import Holder, TurnSaid
from tests.scenes.agents_floor import ASSISTANT, floor

pytestmark = pytest.mark.scene


async def test_the_first_turn_says_that_an_ai_speaks_and_how_to_reach_a_person(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        first = await it.customer("Hello")
        assert first == [f"{ASSISTANT.disclosure} {LINES['greeting']}"]
        (second,) = await it.customer("How long do refunds take?")
        assert ASSISTANT.disclosure not in second


async def test_a_question_is_answered_with_whole_sentences_and_their_citation(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        (said,) = await it.customer("How long do refunds take?")
        assert "Card: 5 to 10 working days." in said
        assert it.last().action == "answer"
        assert it.last().args["cite"] == "art-13#1"
        used = await it.committer.store.rows(select(USE).where(USE.c.article == "art-13", USE.c.answered > 0))
        assert [(row["section"], row["answered"]) for row in used] == [(1, 1)]


async def test_what_nobody_wrote_about_is_asked_back_once_and_then_a_person_takes_it(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        (asked,) = await it.customer("Is there wifi on the plane to Vienna?")
        assert asked.endswith(LINES["unclear"])
        await it.customer("I mean wireless internet during the flight")
        gone = [d for d in it.decisions["conversation/one"] if d.action == "escalate"]
        assert gone[0].args["reason"] == "no_answer"
        gaps = await it.committer.store.rows(select(GAPS))
        assert sum(int(str(row["nothing_found"])) for row in gaps) == 2


async def test_two_failed_attempts_hand_over(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("How long do refunds take?")
        await it.customer("No, that did not help at all")
        await it.customer("That is still not what I asked")
        reasons = [d.args["reason"] for d in it.decisions["conversation/one"] if d.action == "escalate"]
        assert reasons == ["failed_attempts"]
        attempts = it.fact(Attempts)
        assert attempts is not None
        assert attempts.failed == 2
        holder = it.fact(Holder)
        assert holder is not None
        assert holder.kind == "queue"


async def test_the_same_answer_is_not_given_again_where_it_did_not_help(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("How long do refunds take?")
        await it.customer("That does not answer it. How long do refunds take on weekends?")
        cites = [d.args.get("cite") for d in it.decisions["conversation/one"] if d.action == "answer"]
        assert len(set(cites)) == len(cites) == 2


async def test_after_the_handover_the_agent_is_silent_and_after_the_hand_back_it_speaks(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("I want to talk to a person")
        epoch = it.fact(Holder)
        assert epoch is not None
        assert await it.customer("How long do refunds take?") == []
        await it.append("conversation/one", Holder(kind="rep", who="mina.okafor", epoch=epoch.epoch + 1), by="system")
        assert await it.customer("How long do refunds take?") == []
        await it.append(
            "conversation/one", TurnSaid("rep", "Five to ten days.", who="mina.okafor"), by="rep/mina.okafor"
        )
        before = len(it.said())
        await it.append("conversation/one", HandedBack(by="rep/mina.okafor"), by="rep/mina.okafor")
        assert it.said()[before:] == [f"{ASSISTANT.disclosure} {LINES['resumed']}"], "the first an AI says here"
        (said,) = await it.customer("What time do I need to be at the airport?")
        assert "60 minutes" in said


async def test_a_customer_who_says_it_is_solved_is_thanked_and_the_conversation_stays_open(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("How long do refunds take?")
        (said,) = await it.customer("yes, thanks, that helps")
        assert said == LINES["solved"]
        assert it.last().action == "close"
        assert await it.customer("What time do I need to be at the airport?")


async def test_an_agent_that_is_not_approved_takes_no_turn_and_a_person_is_offered(tmp_path: Path) -> None:
    async with floor(tmp_path, agent=msgspec.structs.replace(ASSISTANT, approved=False)) as it:
        await it.begins()
        said = await it.customer("How long do refunds take?")
        assert "5 to 10" not in " ".join(said)
        gone = [d for d in it.decisions["conversation/one"] if d.action == "escalate"]
        assert gone[0].args["reason"] == "agent_off"


def test_no_line_plays_a_feeling() -> None:
    played = ("sorry", "understand how", "feel", "happy to", "glad", "i care", "apolog", "unfortunately", "delighted")
    assert not [line for line in (*LINES.values(), *WORDS.values()) if any(word in line.lower() for word in played)]


async def test_a_question_about_how_it_is_done_is_answered_and_the_doing_is_offered(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        (said,) = await it.customer("How do I reset my password?")
        assert it.last().args == {"cite": "art-31#1", "offer": "password_reset"}
        assert said.endswith(OFFERED)
        (asked,) = await it.customer("yes please")
        assert asked.endswith("Which e-mail address is on your account?")


async def test_an_offer_that_is_not_taken_is_left(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("How do I reset my password?")
        assert await it.customer("no") == [LINES["no"]]


async def test_where_it_is_not_sure_it_asks_one_question_with_its_best_guess(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        (asked,) = await it.customer("I am locked out of the app and need a new password.")
        assert "Do you mean this?" in asked
        assert await it.customer("yes") != []
        assert it.last().action == "start_procedure"


@pytest.mark.parametrize("text", ["Are you a real person?", "are you a robot", "who are you?", "is this an AI"])
async def test_asked_what_it_is_it_says_that_it_is_an_ai(tmp_path: Path, text: str) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        (said,) = await it.customer(text)
        assert LINES["identity"] in said


async def test_a_language_nobody_wrote_articles_in_goes_to_a_person(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.begins()
        await it.customer("¿Dónde está mi equipaje? No lo encuentro en ninguna parte")
        gone = [d for d in it.decisions["conversation/one"] if d.action == "escalate"]
        assert gone[0].args["reason"] == "no_answer"
