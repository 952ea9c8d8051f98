"""Meant: which sections answer by words and meaning together, where words alone leave it open.

A section is as near as the nearest of three: all of it, one of its sentences with its titles, and the questions that customers ask of it.
The first two rank together with the words; whether the best is an answer at all is told by how near it is, how far the next article
is behind, and how near the question is to things that nobody wrote about. Weights and floors were chosen on questions written by
somebody who knew the articles and nothing of the search (decision 0032); whole numbers, so that a replay comes to the same.
"""

from collections.abc import Sequence
from typing import Final, NamedTuple

from baton.capabilities.knowledge.events import Articles, Cited
from baton.capabilities.orchestration.events import Near, SecondLook
from baton.kernel.ports import Hit

MOST: Final = 3
ASKED: Final = 3
"""How much the nearest question counts beside the whole, the nearest sentence and the words."""
NEARNESS: Final = 7500
STRANGENESS: Final = -7700
LEAD: Final = 1250
START: Final = -1490
"""The log-odds that the best section answers, in thousandths: of its nearness, of strangeness, of its lead, and where they begin."""
PLAIN: Final = 1500
"""Log-odds in thousandths from which an answer is given plainly: at `PLAIN_SCORE`, an agent's usual floor."""
PLAIN_SCORE: Final = 350
ABOVE: Final = 160
BELOW: Final = 25
"""Permille of score for each whole log-odd above and below `PLAIN`."""
BESIDE: Final = 400
"""How much lower a section may rank and still be named beside the nearest, where none answers plainly."""


class _Ranked(NamedTuple):
    height: int
    near: Near
    closest: int


def meant(look: SecondLook, hits: Sequence[Hit], articles: Articles) -> tuple[Cited, ...]:
    """The sections that answer best, best first; none where even the best most likely does not."""
    ranked = _ranked(look.near, {f"{hit.article}#{hit.section}": hit.score for hit in hits}, articles)
    if not ranked:
        return ()
    first = ranked[0]
    behind = next((each.height for each in ranked if _article(each) != _article(first)), 0)
    odds = START + (NEARNESS * first.closest + STRANGENESS * look.strange + LEAD * (first.height - behind)) // 1000
    best = score_of(odds)
    told = (_cited(each, _beside(best, first.height - each.height, articles.floor)) for each in ranked)
    return tuple(hit for hit in told if hit.score >= articles.floor)[:MOST]


def score_of(odds: int) -> int:
    """Log-odds in thousandths as a score in permille."""
    beyond = odds - PLAIN
    return max(0, min(1000, PLAIN_SCORE + beyond * (ABOVE if beyond > 0 else BELOW) // 1000))


def _beside(best: int, lower: int, floor: int) -> int:
    """The score of a section that ranks so much lower than the best: where that is not plain, what is close stays to be asked about."""
    told = best - lower // 10
    return max(told, min(best, floor)) if best < PLAIN_SCORE and lower <= BESIDE else told


def _ranked(nearest: Sequence[Near], words: dict[str, int], articles: Articles) -> list[_Ranked]:
    found = []
    for near in nearest:
        if articles.passage(near.name) is not None:
            sentence = max(near.sentences, default=0)
            closest = max(near.whole, sentence, near.asked)
            height = near.whole + sentence + ASKED * closest + words.get(near.name, 0)
            found.append(_Ranked(height, near, closest))
    return sorted(found, key=lambda each: (-each.height, each.near.name))


def _article(ranked: _Ranked) -> str:
    return ranked.near.name.partition("#")[0]


def _cited(ranked: _Ranked, score: int) -> Cited:
    article, _, section = ranked.near.name.partition("#")
    return Cited(article, int(section), max(0, score))
