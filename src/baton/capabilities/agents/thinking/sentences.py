"""Sentences: which of a model's may be said, each judged together with those before it. Pure.

A sentence may be said where it rests on what it cites, has no number and no link of its own making, and the reply gate lets it pass
with all that stands before it. What is shown while a model still writes and what is said in the end are told apart by nothing else,
so that the one begins the other.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from baton.capabilities.agents.thinking.answers import Sentence
from baton.capabilities.agents.thinking.choices import Choices
from baton.capabilities.agents.thinking.made_up import made_up_links, made_up_numbers, parts_of
from baton.capabilities.knowledge.events import Articles
from baton.kernel.replies.grounding import FLOOR, claims, grounded
from baton.kernel.replies.judging import refusals
from baton.kernel.replies.tokens import tokens
from baton.kernel.stream import Stream


class Rests(NamedTuple):
    """What sentences may rest on here: the choices, the articles in force, and what the customer said."""

    choices: Choices
    articles: Articles
    own: tuple[str, ...]


class Run(NamedTuple):
    """Sentences that may be said one after another. `cites` are sections, `grounded` is the weakest support (permille); `rests`: one cites something."""

    parts: tuple[str, ...] = ()
    cites: tuple[str, ...] = ()
    grounded: int = 1000
    rests: bool = False

    @property
    def text(self) -> str:
        """All of it."""
        return " ".join(self.parts)


def rests_on(stream: Stream, choices: Choices) -> Rests:
    """What may be rested on in this conversation now."""
    own = tuple(turn.text for turn in stream.asking())
    return Rests(choices, stream.policy(Articles), own)


def parts(sentences: Iterable[Sentence]) -> Iterator[tuple[str, Sequence[str]]]:
    """One sentence at a time, with what it cites."""
    return ((part, each.cites) for each in sentences for part in parts_of(each.text))


def longer(run: Run, part: str, named: Sequence[str], rests: Rests) -> Run | None:
    """The run with one sentence more, or None where that may not be said after the others."""
    choices = rests.choices
    known = {cite: text for cite, text in choices.sources.items() if cite in named}
    score = _score(part, known, choices)
    if score < FLOOR:
        return None
    new = tuple(cite for cite in known if cite in choices.passages and cite not in run.cites)
    made = Run((*run.parts, part), run.cites + new, min(score, run.grounded), run.rests or (bool(known) and says(part)))
    refused = refusals(made.text, rests.articles.texts(made.cites), rests.own, bool(choices.found))
    return None if refused else made


def support(part: str, named: Sequence[str], rests: Rests) -> int:
    """How far a sentence alone rests on what it cites, in permille."""
    known = {cite: text for cite, text in rests.choices.sources.items() if cite in named}
    return _score(part, known, rests.choices)


def says(part: str) -> bool:
    """Whether a sentence says anything that could rest on something: a courtesy, a question and mere small words do not."""
    told = tokens(part)
    return claims(part) and bool(told.stems or told.names or told.counts)


def _score(part: str, known: dict[str, str], choices: Choices) -> int:
    """How far a sentence rests on what it cites; 0 where it has a link or a number that is not there."""
    sources = tuple(known.values())
    open_ = [text for cite, text in known.items() if cite in choices.passages]
    made_up = made_up_links(part, open_) or made_up_numbers(part, sources)
    return 0 if made_up else grounded(part, sources)
