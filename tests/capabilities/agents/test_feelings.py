"""An AI plays no feelings: no line it can say does, and what a company writes is left out after a trigger."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from baton.capabilities.agents.answers import lines
from baton.capabilities.agents.answers.feelings import plain_spoken, plays_feelings
from baton.capabilities.agents.procedures import wording
from baton.capabilities.routing.handing import words
from baton.demo.halcyon import library
from baton.demo.policies import agents

pytestmark = pytest.mark.unit

PROCEDURES = Path(library.__file__).parent / "procedures"


def spoken() -> Iterator[str]:
    """Every text an agent, or the system in its place, can say."""
    yield from lines.LINES.values()
    for offers in lines.OFFERS_PERSON.values():
        yield from offers.values()
    yield from (lines.MEANT, lines.OFFERED, lines.HELPED)
    yield from wording.LINES.values()
    yield from (wording.UNCLEAR, wording.ONE_MOMENT, wording.AWAITS, wording.STARTED)
    yield from (agent.disclosure for agent in agents().agents)
    for language in ("en", "es", "de", "fr", "pt", "it"):
        yield words.passing_on(language, "no_answer")
        yield words.long_wait(language)
        yield words.nobody_there(language)
        yield words.called_back(language, "08:00")
    for article in library.articles():
        yield from (section.text for section in article.sections)
    for file in sorted(PROCEDURES.glob("*.toml")):
        yield from file.read_text("utf-8").splitlines()


def test_no_line_an_agent_can_say_plays_a_feeling() -> None:
    said = list(spoken())
    assert len(said) > 300
    assert [text for text in said if plays_feelings(text)] == []


@pytest.mark.parametrize(
    "text",
    [
        "I'm so sorry to hear that.", "I am sorry for the delay.", "I understand how you feel.", "I feel for you.",
        "We are truly sorry for your loss.", "My deepest condolences.", "Sorry for your loss.", "I can imagine how hard this is.",
        "Lo siento mucho.", "Lamentamos su pérdida.", "Mi más sentido pésame.", "Es tut mir sehr leid.", "Mein herzliches Beileid.",
        "Ich kann mir vorstellen, wie schwer das ist.", "Je suis vraiment désolée.", "Toutes mes condoléances.", "I\u2019m glad to help.",
    ],
)  # fmt: skip
def test_feelings_are_found_in_four_languages(text: str) -> None:
    assert plays_feelings(text)


@pytest.mark.parametrize(
    "text",
    ["I can do this with you here.", "A person takes over.", "Ich übergebe Sie jetzt an einen Menschen.", "I did not find this."],
)  # fmt: skip
def test_plain_lines_are_left_alone(text: str) -> None:
    assert plain_spoken(text) == text


def test_only_the_sentence_that_plays_a_feeling_is_left_out() -> None:
    text = "I'm so sorry to hear that. The fare for bereavement is half. Mein Beileid! Send the certificate within 30 days."
    assert plain_spoken(text) == "The fare for bereavement is half. Send the certificate within 30 days."
