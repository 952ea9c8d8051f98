"""Saying: the words of an answer with their citations: of the section that answers best, and of its article where that answers as well."""

from typing import Final

from baton.capabilities.agents.answers.extract import MOST_CHARACTERS, answer
from baton.capabilities.agents.events import Attempts
from baton.capabilities.knowledge.events import Articles, Found, Passage
from baton.capabilities.orchestration.events import SecondLook
from baton.kernel.stream import Stream
from baton.kernel.words import content_words

AS_GOOD: Final = 60
AFTER_INTRO: Final = 200
"""Permille of score by which another section of the article may be worse and still be said; and after a few words of introduction."""
SHORT: Final = 120
LEAST_ROOM: Final = 60


def words_of(cite: str, stream: Stream) -> tuple[str, tuple[str, ...]]:
    """What the section `cite` says to what the customer asked, with what is cited for it; empty where no such section is in force, or it is a title alone."""
    articles, question = stream.policy(Articles), _question(cite, stream)
    text, cites = "", list[str]()
    for passage in _passages(cite, stream, articles):
        room = MOST_CHARACTERS - len(text) - bool(text)
        more = _cut(passage, question, stream, room) if room >= LEAST_ROOM or not text else ""
        if more and (not text or len(more) <= room):
            text, cites = f"{text} {more}".strip(), [*cites, passage.cite]
    return text, tuple(cites)


def title_of(passage: Passage) -> str:
    """The section's title, where it says what it is about; else the article's."""
    return passage.section.title if content_words(passage.section.title) else passage.article.title


def _question(cite: str, stream: Stream) -> str:
    """The newest turn; with the one before, where the section was offered for that one: "the second" asks nothing by itself."""
    said, attempts = [turn.text for turn in stream.asking()], stream.facts.get(Attempts)
    was_offered = attempts is not None and cite in attempts.offered.split()
    return " ".join(said[-2 if was_offered else -1 :])


def _passages(cite: str, stream: Stream, articles: Articles) -> list[Passage]:
    """The section, then sections of its article that were found right after it and are nearly as good."""
    first, found = articles.passage(cite), stream.facts.get(Found)
    if first is None:
        return []
    hits = found.hits if found is not None else ()
    intro = first.section.number == 0 and len(first.section.text) < SHORT
    at = next((n for n, hit in enumerate(hits) if hit.cite == cite), None)
    more = []
    for hit in hits[at + 1 :] if at is not None and found is not None and found.again else ():
        passage = articles.passage(hit.cite)
        if (
            passage is None
            or hit.article != first.article.id
            or hit.score < hits[at or 0].score - (AFTER_INTRO if intro else AS_GOOD)
        ):
            break
        more.append(passage)
    return [first, *more]


def _cut(passage: Passage, question: str, stream: Stream, room: int) -> str:
    look = stream.facts.get(SecondLook)
    near = next((each.sentences for each in look.near if each.name == passage.cite), ()) if look is not None else ()
    return answer(passage.section.text, question, near, title_of(passage), room)
