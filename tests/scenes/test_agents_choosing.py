"""Scenes: where no section surely answers, those that may be meant are named, and one tap, word or number takes one."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import msgspec
import numpy as np
import pytest

from baton.capabilities.agents.answers import choosing
from baton.capabilities.agents.answers.lines import LINES
from baton.capabilities.knowledge.events import Articles, Cited
from baton.engines.looking import Answer, Looking
from baton.engines.meanings import Meanings, Near, Nearness
from baton.engines.models.slow import Guess
from baton.kernel.conversation import TurnSaid
from tests.scenes.agents_floor import Floor, articles, floor

pytestmark = pytest.mark.scene
QUESTION = "my lot wants to know about the dosh for the thing"
NEAR = ("art-13#1", "art-6#1", "art-38#1")
LONG = (
    "Debit and credit cards of the large networks are taken. The bank asks you to approve each payment in its own app. "
    "We never ask for a card number in a chat, by e-mail or by phone without the secure keypad. A voucher pays for a fare, not for a seat. "
    "The dosh for the thing is paid back to whoever paid. Cash is taken at the airport desk only, up to 200 euros a booking."
)


class Recorded(Meanings):
    """What the question was near to when it was recorded: to three sections, and to none of them much; to a procedure too, if at all."""

    def __init__(self, act: int = 0) -> None:
        super().__init__()
        self._act = act

    def near(self, vector: Any) -> Near | None:
        near = tuple(Nearness(name, 560 - 20 * n, 0, (540,)) for n, name in enumerate(NEAR))
        return Near(near, (Nearness("refund_status", 0, self._act),) if self._act else (), 380)


class Slow:
    """A pool that is not sure of any intent."""

    def map(self, work: Any, items: Any) -> Any:
        vector = np.ones(4, np.float32).tobytes()
        return [[Answer(Guess("", 300, "", 40, unsure=True), "slow-recorded", vector) for _ in items[0]]]


@asynccontextmanager
async def unsure(tmp_path: Path, act: int = 0) -> AsyncIterator[Floor]:
    """A conversation in which the customer has asked something that three sections may answer."""
    async with floor(tmp_path) as it:
        it.actor._tools = Looking(it.actor._tools, Slow(), meanings=Recorded(act))
        await it.begins()
        await says(it, QUESTION)
        yield it


async def says(it: Floor, text: str) -> str:
    """The customer says this; what is said last in answer, once the second look is back."""
    await it.customer(text)
    while it.actor._running:
        await asyncio.sleep(0.001)
        await it.rest()
    return it.said()[-1]


def with_section(article: str, number: int, text: str, title: str = "Cards") -> Articles:
    """Halcyon Air's articles with another text, under another title, in one section."""
    made = []
    for each in articles().articles:
        parts = [msgspec.structs.replace(s, title=title, text=text) if s.number == number else s for s in each.sections]
        made.append(msgspec.structs.replace(each, sections=tuple(parts)) if each.id == article else each)
    return msgspec.structs.replace(articles(), articles=tuple(made))


def newest(it: Floor) -> TurnSaid:
    """The agent's newest turn as it was logged."""
    events = [c.event for done in it.done for c in done.rest.caused if done.stream.id == "conversation/one"]
    return [event for event in events if isinstance(event, TurnSaid) and event.role == "agent"][-1]


def options(it: Floor) -> list[dict[str, str]]:
    """What can be tapped under the agent's newest turn."""
    told: list[dict[str, str]] = msgspec.json.decode(newest(it).card)["options"]
    return told


async def test_what_may_be_meant_is_asked_by_its_titles_and_nothing_is_claimed(tmp_path: Path) -> None:
    async with unsure(tmp_path) as it:
        (*taps, none) = options(it)
        assert it.last().action == "ask_back"
        cites = str(it.last().args["offer"]).split()
        assert tuple(cites) == NEAR
        titles = [f"{p.article.title}: {p.section.title}" for cite in cites if (p := articles().passage(cite))]
        assert [tap["text"] for tap in taps] == titles
        assert none == {"label": "None of these", "text": "No"}
        assert all(title in it.said()[-1] for title in titles), "who cannot tap reads them too"
        assert newest(it).cites == ()


@pytest.mark.parametrize(
    ("text", "takes"), [("{title}", 1), ("“{title}”", 1), ("2", 1), ("the second one please", 1), ("1", 0), ("Yes", 0)]
)
async def test_a_tap_its_words_a_number_or_a_yes_takes_a_section(tmp_path: Path, text: str, takes: int) -> None:
    async with unsure(tmp_path) as it:
        cites, title = str(it.last().args["offer"]).split(), options(it)[1]["text"]
        said = await says(it, text.format(title=title))
        assert (it.last().action, it.last().args["cite"]) == ("answer", cites[takes])
        assert newest(it).cites[0] == cites[takes]
        assert said.split(" Does this")[0]


@pytest.mark.parametrize("text", ["{title}", "2", "the second one please"])
async def test_of_a_long_section_that_is_taken_what_was_asked_at_first_is_said(tmp_path: Path, text: str) -> None:
    async with floor(tmp_path) as it:
        await it.policy(with_section("art-6", 1, LONG))
        it.actor._tools = Looking(it.actor._tools, Slow(), meanings=Recorded())
        await it.begins()
        await says(it, QUESTION)
        said = await says(it, text.format(title=options(it)[1]["text"]))
        assert newest(it).cites == ("art-6#1",)
        assert "The dosh for the thing is paid back" in said


async def test_a_section_that_is_a_title_alone_answers_nothing_and_nothing_is_claimed(tmp_path: Path) -> None:
    async with floor(tmp_path) as it:
        await it.policy(with_section("art-6", 1, ""))
        it.actor._tools = Looking(it.actor._tools, Slow(), meanings=Recorded())
        await it.begins()
        await says(it, QUESTION)
        assert await says(it, "2") == LINES["unclear"]
        assert newest(it).cites == ()


async def test_none_of_these_is_taken_as_a_no_and_the_next_words_are_a_new_question(tmp_path: Path) -> None:
    async with unsure(tmp_path) as it:
        assert await says(it, options(it)[-1]["text"]) == LINES["no"]
        await says(it, "2")
        assert it.last().action != "answer", "what was offered before is no longer on offer"


@pytest.mark.parametrize("text", ["3 weeks", "the first refund never came", "4", ""])
async def test_what_takes_nothing_is_no_choice(tmp_path: Path, text: str) -> None:
    async with unsure(tmp_path) as it:
        offer = str(it.last().args["offer"])
        stream = it.stream()
        stream.turns.append(msgspec.structs.replace(stream.turns[0], text=text))
        assert choosing.chosen(offer, False, stream) == ""


@pytest.mark.parametrize("title", ['What is "Flex"', "Seats etc.", "“Light” fares"])
async def test_a_title_with_a_sign_at_its_end_is_taken_by_its_tap(tmp_path: Path, title: str) -> None:
    async with floor(tmp_path) as it:
        await it.policy(with_section("art-6", 1, "A fare.", title))
        await it.begins()
        await it.customer(f"Ways to pay: {title}")
        assert choosing.chosen("art-13#1 art-6#1", False, it.stream()) == "art-6#1"


async def test_two_sections_of_one_title_are_one_choice_and_one_alone_is_agreed_to(tmp_path: Path) -> None:
    async with unsure(tmp_path) as it:
        same = choosing.offer(
            [Cited("art-13", 1, 320), Cited("art-13", 1, 310), Cited("gone", 1, 305)], None, it.stream()
        )
        assert same == "art-13#1"
        choices = choosing.offered(same, it.stream())
        assert choosing.question(choices).startswith("I found nothing that says exactly this")
        assert [each["text"] for each in msgspec.json.decode(choosing.card(choices))["options"]] == ["Yes", "No"]


async def test_a_procedure_that_is_near_stands_beside_and_a_tap_begins_it(tmp_path: Path) -> None:
    async with unsure(tmp_path, act=500) as it:
        assert str(it.last().args["offer"]).split() == [*NEAR[:2], "refund_status"]
        await says(it, options(it)[2]["text"])
        assert (it.last().action, it.last().args["procedure"]) == ("start_procedure", "refund_status")
