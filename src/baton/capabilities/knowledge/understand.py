"""Understanding: which sections answer what the customer just asked."""

from collections.abc import Iterator

from baton.capabilities.knowledge.articles.fit import clear, good
from baton.capabilities.knowledge.articles.meant import meant
from baton.capabilities.knowledge.events import Articles, Found
from baton.capabilities.orchestration.events import SecondLook, text_at, understood
from baton.kernel.conversation import TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Judgement, Models
from baton.kernel.stream import Stream


def found(event: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Found]:
    """Search for every customer turn that is more than small talk; an empty `Found` is a gap."""
    if event.role not in ("customer", "machine") or not event.text:
        return
    judged = understood(event.text, stream, models)
    if judged.small_talk >= 500 and not judged.intent:
        return
    articles = stream.policy(Articles)
    if articles.articles:
        hits = good(event.text, models.search(event.text), articles, judged)
        open_ = not clear(event.text, hits, articles)
        yield Found(hits=hits, position=stream.entry.position, intent=judged.intent, open=open_)


def found_again(event: SecondLook, stream: Stream, facts: Facts, models: Models) -> Iterator[Found]:
    """A second look tells what the question is near to in meaning; or at least names what it is about, so that an article written for that may answer."""
    before = facts.get(Found)
    if not event.done or before is None or before.position != event.position or not (event.near or event.intent):
        return
    text, articles = text_at(stream, event.position), stream.policy(Articles)
    if event.near:
        hits = meant(event, models.search(text), articles)
    else:
        judged = Judgement(intent=event.intent, intent_confidence=event.confidence)
        hits = good(text, models.search(text), articles, judged)
    intent = event.intent or before.intent
    yield Found(hits=hits, position=event.position, intent=intent, again=True, before=before.hits, was=before.intent)
