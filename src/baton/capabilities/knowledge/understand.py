"""Understanding: which sections answer what the customer just asked."""

from collections.abc import Iterator

from baton.capabilities.knowledge.articles.fit import good
from baton.capabilities.knowledge.events import Articles, Found
from baton.kernel.conversation import TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Models
from baton.kernel.stream import Stream


def found(event: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Found]:
    """Search for every customer turn that is more than small talk; an empty `Found` is a gap."""
    if event.role not in ("customer", "machine") or not event.text:
        return
    judged = models.judge(event.text)
    if judged.small_talk >= 500 and not judged.intent:
        return
    articles = stream.policy(Articles)
    if articles.articles:
        hits = good(event.text, models.search(event.text), articles, judged)
        yield Found(hits=hits, position=stream.entry.position, intent=judged.intent)
