"""Understanding: which sections answer what the customer just asked."""

from collections.abc import Iterator

from baton.capabilities.knowledge.articles.fit import good
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
        yield Found(hits=hits, position=stream.entry.position, intent=judged.intent)


def found_again(event: SecondLook, stream: Stream, facts: Facts, models: Models) -> Iterator[Found]:
    """A second look names what was asked about: an article written for that may answer after all."""
    before = facts.get(Found)
    if not event.done or not event.intent or before is None or before.position != event.position:
        return
    text = text_at(stream, event.position)
    judged = Judgement(intent=event.intent, intent_confidence=event.confidence)
    hits = good(text, models.search(text), stream.policy(Articles), judged)
    yield Found(hits=hits, position=event.position, intent=event.intent, again=True, before=before.hits)
