"""Read models of knowledge, from what was found and what was cited."""

from collections.abc import Sequence

from baton.capabilities.knowledge.events import Cited, Found
from baton.capabilities.knowledge.tables import GAPS, USE
from baton.kernel.conversation import TurnSaid
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables

DAY_MS = 86_400_000


def asked(event: Found, stream: Stream, tables: Tables) -> None:
    """Count what was asked, what was found, and what was not."""
    day = stream.now_ms // DAY_MS
    if event.again:
        _count(event.was, event.before, -1, day, tables)
    _count(event.intent, event.hits, 1, day, tables)


def _count(intent: str, hits: Sequence[Cited], times: int, day: int, tables: Tables) -> None:
    tables.add(GAPS, {"intent": intent, "day": day}, asked=times, nothing_found=times * (not hits))
    for hit in hits:
        tables.add(USE, {"article": hit.article, "section": hit.section, "day": day}, found=times, answered=0)


def cited(event: TurnSaid, stream: Stream, tables: Tables) -> None:
    """Count the sections a turn rests on."""
    for cite in event.cites:
        article, _, section = cite.partition("#")
        if section.isdigit():
            day = stream.now_ms // DAY_MS
            tables.add(USE, {"article": article, "section": int(section), "day": day}, found=0, answered=1)
