"""Suggestions: answers a rep may send, cut from the sections found and from the procedure under way, with citations."""

import msgspec

from baton.capabilities.agents.answers.extract import answer
from baton.capabilities.agents.answers.saying import title_of
from baton.capabilities.agents.events import Gave, Procedures, Underway
from baton.capabilities.agents.procedures.values import values_of
from baton.capabilities.agents.procedures.wording import spoken
from baton.capabilities.knowledge.events import Articles, Found
from baton.capabilities.orchestration.events import SecondLook
from baton.kernel.stream import Stream

MOST = 3


class Suggestion(msgspec.Struct, frozen=True):
    """A text a rep may send or change, what it rests on, and where it comes from (`article` or `procedure`)."""

    text: str
    cites: tuple[str, ...]
    source: str
    title: str
    score: int = 0


def suggestions(stream: Stream) -> list[Suggestion]:
    """What could be said next, best first; at most three."""
    return [*_of_procedure(stream), *_of_articles(stream)][:MOST]


def _of_articles(stream: Stream) -> list[Suggestion]:
    found, articles, look = stream.facts.get(Found), stream.policy(Articles), stream.facts.get(SecondLook)
    if found is None:
        return []
    asked = next((t.text for t in stream.turns if t.position == found.position and t.n == 0), "")
    made = []
    for hit in found.hits:
        passage = articles.passage(hit.cite)
        if passage is not None:
            near = {each.name: each.sentences for each in look.near} if look else {}
            text = answer(passage.section.text, asked, near.get(hit.cite, ()), title_of(passage))
            made.append(Suggestion(text, (hit.cite,), "article", passage.article.title, hit.score))
    return made


def _of_procedure(stream: Stream) -> list[Suggestion]:
    underway = stream.facts.get(Underway)
    procedure = stream.policy(Procedures).of(underway.procedure) if underway and not underway.done else None
    if underway is None or procedure is None:
        return []
    known = values_of(procedure, underway, stream.turns, stream.facts.all(Gave), stream.now_ms)
    text = spoken(procedure, underway, known)
    return (
        [Suggestion(text, (procedure.cite,) if procedure.cite else (), "procedure", procedure.title, 1000)]
        if text
        else []
    )
