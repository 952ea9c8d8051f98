"""Understanding: which sections answer what the customer just asked."""

from collections.abc import Iterator, Sequence

from baton.capabilities.knowledge.articles.fit import Question, score
from baton.capabilities.knowledge.events import Articles, Cited, Found, Passage, passages
from baton.kernel.conversation import TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Hit, Judgement, Models
from baton.kernel.stream import Stream

SAME_INTENT = 150
"""Permille added where the article was written for the intent of the turn."""
CERTAIN = 600
MOST = 3


def found(event: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Found]:
    """Search for every customer turn that is more than small talk; an empty `Found` is a gap."""
    if event.role not in ("customer", "machine") or not event.text:
        return
    judged = models.judge(event.text)
    if judged.small_talk >= 500 and not judged.intent:
        return
    articles = stream.policy(Articles)
    if articles.articles:
        hits = _good(event.text, models.search(event.text), articles, judged)
        yield Found(hits=hits, position=stream.entry.position, intent=judged.intent)


def _good(text: str, hits: Sequence[Hit], articles: Articles, judged: Judgement) -> tuple[Cited, ...]:
    known = passages(articles)
    in_force = [(hit, known[cite]) for hit in hits if (cite := f"{hit.article}#{hit.section}") in known]
    if not in_force:
        return ()
    asked = Question(text, articles)
    scored = [(_score(hit, passage, asked, judged), hit) for hit, passage in in_force]
    scored.sort(key=lambda pair: -pair[0])
    good = [(told, hit) for told, hit in scored if told >= articles.floor]
    return tuple(Cited(hit.article, hit.section, min(1000, told)) for told, hit in good[:MOST])


def _score(hit: Hit, passage: Passage, asked: Question, judged: Judgement) -> int:
    fits = judged.intent_confidence >= CERTAIN and judged.intent in passage.article.intents
    told = score(hit, passage, asked)
    return told + SAME_INTENT if fits and told else told
