"""A small model answers in plain words: shown little, held to what it was shown, and silent or wrong as it is, never beyond a person."""

from pathlib import Path

import msgspec
import pytest

from baton.capabilities.agents.thinking import brief
from baton.capabilities.agents.thinking.answers import Answer, Sentence
from baton.kernel.conversation import TurnSaid
from tests.engines.llm_server import Exchange
from tests.scenes.agents_mind import Mind, minded
from tests.scenes.test_agents_so_far import FIRST, INVENTED, PLANTED, SECOND, listening
from tests.scenes.test_agents_thinking import ALLOWANCE, EAGER, HEAVY, RESTS, the_agent
from tests.scenes.test_agents_thinking_fails import with_a_person

pytestmark = pytest.mark.scene

PASSAGES = {"art-1#1": "Bags. Included\nOne checked bag of 23 kg.", "art-2#1": "Refunds. When\nA refund takes 7 days."}


def says(text: str, **more: object) -> Exchange:
    """The model says these words."""
    return {"say": text, "usage": [180, 20], **more}


def small(it: Mind, weights: int = 135_000_000) -> None:
    """The server says how small its model is."""
    it.server.weights = weights


async def test_a_small_model_is_asked_briefly_and_its_words_are_said_with_their_source(tmp_path: Path) -> None:
    async with minded(tmp_path, says(f"{RESTS} {SECOND}")) as it:
        small(it)
        shown = listening(it)
        said = the_agent(await it.says(HEAVY))
        assert said.startswith(f"{RESTS} {SECOND}")
        assert shown == [f"{FIRST} {RESTS}"]
        (turn,) = [turn for turn in it.caused(TurnSaid) if turn.role == "agent"]
        assert turn.cites == (ALLOWANCE,)
        (asked,) = it.server.asked
        assert (asked["max_tokens"], "response_format" in asked) == (brief.MOST_TOKENS, False)
        assert len(it.server.prompts[0]) < 2_400
        assert [(t.outcome, t.prompt) for t in it.thoughts] == [("ok", brief.VERSION)]


async def test_a_large_model_is_held_to_the_schema(tmp_path: Path) -> None:
    async with minded(tmp_path, "hands_over") as it:
        small(it, 8_000_000_000)
        await it.says(HEAVY)
        assert "response_format" in it.server.asked[0]


async def test_what_a_small_model_invents_is_not_said(tmp_path: Path) -> None:
    async with minded(tmp_path, says(f"{RESTS} {INVENTED} {PLANTED}")) as it:
        small(it)
        said = the_agent(await it.says(HEAVY))
        assert RESTS in said
        assert "45" not in said
        assert "halcyon-pay" not in said


@pytest.mark.parametrize(
    ("text", "why"),
    [("UNKNOWN", "the model finds nothing that helps"), (INVENTED, "the model: ungrounded"), ("", "the model: empty"), ("I I I", "the model: ungrounded")],
)  # fmt: skip
async def test_where_it_does_not_know_or_rests_on_nothing_a_person_takes_over(
    tmp_path: Path, text: str, why: str
) -> None:
    async with minded(tmp_path, says(text), agent=EAGER) as it:
        small(it)
        assert await it.says(HEAVY) == []
        assert why in await with_a_person(it)


async def test_of_words_that_were_cut_off_the_whole_sentences_count(tmp_path: Path) -> None:
    async with minded(tmp_path, says(f"{RESTS} And a bag of 99 kg that", finish="length")) as it:
        small(it)
        assert the_agent(await it.says(HEAVY)).startswith(RESTS)
        assert [(t.outcome, t.finish) for t in it.thoughts] == [("ok", "length")]


async def test_personal_values_do_not_leave_in_a_brief_question_either(tmp_path: Path) -> None:
    async with minded(tmp_path, says("UNKNOWN"), agent=EAGER) as it:
        small(it)
        await it.says(f"I am ada.lovelace@example.org. {HEAVY}")
        assert "ada.lovelace" not in str(it.server.asked)
        assert "[email 1]" in it.server.prompts[0]


@pytest.mark.parametrize(
    ("words", "answer"),
    [
        ("One checked bag of 23 kg. [1]", [("One checked bag of 23 kg.", ["art-1#1"])]),
        ("One checked bag of 23 kg [2].", [("One checked bag of 23 kg.", ["art-2#1"])]),
        ("A refund takes 7 days. Sure! It is 9.", [("A refund takes 7 days.", ["art-2#1"]), ("Sure!", []), ("It is 9.", [])]),
        ("A bag.\nA refund takes 7 days", [("A bag.", ["art-1#1"]), ("A refund takes 7 days", ["art-2#1"])]),
        ("[7] [1]", []),
    ],
)  # fmt: skip
def test_words_are_read_sentence_by_sentence_with_what_each_rests_on(
    words: str, answer: list[tuple[str, list[str]]]
) -> None:
    made = Answer("answer", sentences=[Sentence(text, cites) for text, cites in answer])
    assert brief.read(PASSAGES, words) == made


def test_where_it_says_that_it_does_not_know_it_hands_over() -> None:
    assert msgspec.to_builtins(brief.read(PASSAGES, "UNKNOWN."))["do"] == "hand_over"
