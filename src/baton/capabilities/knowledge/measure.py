"""Read models of knowledge, from what was found and what was cited."""

from baton.capabilities.knowledge.events import Found
from baton.capabilities.knowledge.tables import GAPS, USE
from baton.kernel.conversation import TurnSaid
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables

DAY_MS = 86_400_000


def asked(event: Found, stream: Stream, tables: Tables) -> None:
    """Count what was asked, what was found, and what was not."""
    day = stream.now_ms // DAY_MS
    tables.add(GAPS, {"intent": event.intent, "day": day}, asked=1, nothing_found=int(not event.hits))
    for hit in event.hits:
        tables.add(USE, {"article": hit.article, "section": hit.section, "day": day}, found=1, answered=0)


def cited(event: TurnSaid, stream: Stream, tables: Tables) -> None:
    """Count the sections a turn rests on."""
    for cite in event.cites:
        article, _, section = cite.partition("#")
        if section.isdigit():
            day = stream.now_ms // DAY_MS
            tables.add(USE, {"article": article, "section": int(section), "day": day}, found=0, answered=1)
