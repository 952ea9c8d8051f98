"""Fit: how much of what was asked a section speaks of, beside what the search says.

A search score says which section is best, not whether it answers. What a section covers is the share of the question's
words it holds, each weighted by how rare it is in the knowledge base (inverse document frequency, Spärck Jones 1972): a rare word
that no section holds weighs most, so that a question about something nobody wrote about finds nothing.
"""

import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from math import log
from typing import Final

from baton.capabilities.knowledge.events import Articles, Cited, Passage, Section, passages
from baton.kernel.ports import Hit, Judgement
from baton.kernel.words import content_words

COVERED: Final = 500
"""Permille of the question's weight that a section must hold to be found at all."""
AMOUNT_BONUS: Final = 120
"""For a section with figures, where a time or an amount was asked for."""
WAY_BONUS: Final = 80
"""For a section that says how, where that was asked."""
SAME_INTENT: Final = 150
"""For an article written for the intent of the turn, where the model is `CERTAIN` of it (permille)."""
CERTAIN: Final = 600
MOST: Final = 3
WHOLE: Final = 900
GOOD: Final = 600
SURE: Final = 850
FAR_AHEAD: Final = 350
AHEAD: Final = 50
"""Permille from which words decide alone: what is held of the question, and by how much another article is worse, for a sure score and any."""
EMPTY_INTRO: Final = 250
"""Taken from an introduction that itself holds none of the words asked for: only its title was met."""
_AMOUNT: Final = re.compile(
    r"\bhow (?:long|much|many|early|late|often|big|heavy|old)\b|\bwhen\b|\bwhat time\b|\b(?:cost|price|fee|weigh)",
    re.IGNORECASE,
)
_WAY: Final = re.compile(r"\bhow (?:do|can|could|should|to|would)\b", re.IGNORECASE)
_SENTENCES: Final = re.compile(r"(?<=[.?!])\s+")
_FIGURE: Final = re.compile(r"\d")

Weights = tuple[dict[str, int], int]
_KEPT = 8
_weights: dict[int, tuple[Articles, Weights]] = {}


def asking(text: str) -> str:
    """The sentences that ask, where any does: a greeting before and a name after are no part of the question."""
    if "?" not in text:
        return text
    return " ".join(part for part in _SENTENCES.split(text) if part.endswith("?")) or text


class Question:
    """What was asked: its content words with their weights, and whether it asks for an amount or a way."""

    __slots__ = ("amount", "total", "way", "weights")

    def __init__(self, text: str, articles: Articles) -> None:
        known, unseen = weights(articles)
        self.weights = {word: known.get(word, unseen) for word in content_words(asking(text))}
        self.total = sum(self.weights.values())
        self.amount, self.way = bool(_AMOUNT.search(text)), bool(_WAY.search(text))

    def covered(self, words: frozenset[str]) -> int:
        """Permille of the question that these words hold."""
        held = self.weights.keys() & words
        return 1000 * sum(map(self.weights.__getitem__, held)) // self.total if self.total else 0


def good(text: str, hits: Sequence[Hit], articles: Articles, judged: Judgement) -> tuple[Cited, ...]:
    """The hits that answer `text`, best first; none where nothing is good enough. What is not in force is left out."""
    known = passages(articles)
    in_force = [(hit, known[cite]) for hit in hits if (cite := f"{hit.article}#{hit.section}") in known]
    if not in_force:
        return ()
    asked = Question(text, articles)
    scored = [(score(hit, passage, asked, _is_about(passage, judged)), hit) for hit, passage in in_force]
    scored.sort(key=lambda pair: -pair[0])
    fit = [(told, hit) for told, hit in scored if told >= articles.floor]
    return tuple(Cited(hit.article, hit.section, min(1000, told)) for told, hit in fit[:MOST])


def clear(text: str, hits: Sequence[Cited], articles: Articles) -> bool:
    """Whether the words alone decide which section answers: it holds nearly all of the question, and no other article comes near."""
    passage = articles.passage(hits[0].cite) if hits else None
    if passage is None:
        return False
    asked, score = Question(text, articles), hits[0].score
    if asked.covered(_words(passage)[1]) < WHOLE or (len(asked.weights) < 2 and score < SURE):
        return False
    lead = score - next((hit.score for hit in hits if hit.article != hits[0].article), 0)
    return (score >= GOOD and lead >= FAR_AHEAD) or (score >= SURE and lead >= AHEAD)


def _is_about(passage: Passage, judged: Judgement) -> bool:
    return judged.intent_confidence >= CERTAIN and judged.intent in passage.article.intents


def score(hit: Hit, passage: Passage, asked: Question, same_intent: bool = False) -> int:
    """How well a section found answers the question, in permille: half what the search says, half what it covers. 0: it does not."""
    body, whole = _words(passage)
    covered = asked.covered(whole)
    if covered < (COVERED // 2 if same_intent else COVERED):
        return 0
    told = (hit.score + covered) // 2 + SAME_INTENT * same_intent
    if passage.section.number == 0 and body.isdisjoint(asked.weights):
        told -= EMPTY_INTRO
    if asked.way and passage.section.title.lower().startswith("how"):
        told += WAY_BONUS
    if asked.amount and _FIGURE.search(passage.section.text):
        told += AMOUNT_BONUS
    return max(0, told)


def weights(articles: Articles) -> Weights:
    """The weight of each word of these articles in 1/100 nat, and that of a word none of them holds
    (as if half a section held it). Worked out once a version.
    """
    known = _weights.get(id(articles))
    if known is None or known[0] is not articles:
        if len(_weights) >= _KEPT:
            _weights.clear()
        known = _weights[id(articles)] = (articles, _weigh(list(passages(articles).values())))
    return known[1]


def _weigh(sections: list[Passage]) -> Weights:
    held = Counter(word for passage in sections for word in _words(passage)[1])
    most = len(sections) + 1
    return {word: round(100 * log(most / count)) for word, count in held.items()}, round(100 * log(2 * most))


@lru_cache(65_536)
def _of(title: str, section: Section) -> tuple[frozenset[str], frozenset[str]]:
    body = content_words(" ".join((section.text, *section.asked)))
    return body, body | content_words(title) | content_words(section.title)


def _words(passage: Passage) -> tuple[frozenset[str], frozenset[str]]:
    """The words of a section's text and of what customers ask of it, and those of its titles with them."""
    return _of(passage.article.title, passage.section)
