"""Read models of AI use."""

from baton.capabilities.ai_use.events import AiUsed, BandCounted, Employed, Trained
from baton.capabilities.ai_use.reading.drafts import NONE, OWN, counts_of
from baton.capabilities.ai_use.tables import BANDS, DRAFTS, PEOPLE, TRAINING
from baton.capabilities.performance.events import SuggestionRequested, SuggestionUsed
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables, Value

DAY_MS = 86_400_000


def requested(event: SuggestionRequested, stream: Stream, tables: Tables) -> None:
    """Drafts were shown in Baton's desk, once however many."""
    _add(tables, _row(event.rep, stream.key, OWN, stream), asked=1, shown=int(event.shown > 0))


def used(event: SuggestionUsed, stream: Stream, tables: Tables) -> None:
    """What a rep sent in Baton's desk. History tells here what was asked before."""
    told = counts_of(event.how, event.changed_permille)
    _add(tables, _row(event.rep, stream.key, OWN, stream), **told, asked=event.asked, shown=event.asked)


def elsewhere(event: AiUsed, stream: Stream, tables: Tables) -> None:
    """AI help in another tool."""
    row = _row(event.rep, event.conversation, event.tool, stream)
    if event.action == "sent":
        told = counts_of("edited" if event.changed_permille else "picked", event.changed_permille)
        _add(tables, row, **{name: n * event.count for name, n in told.items() if name != "inserted"})
    else:
        _add(tables, row, **{event.action: event.count})


def people(event: Employed, stream: Stream, tables: Tables) -> None:
    """A rep's team and days; not what they earn."""
    tables.put(
        PEOPLE, {"rep": event.rep}, team=event.team, hired_ms=event.hired_ms, left_ms=event.left_ms, source=event.source
    )


def bands(event: BandCounted, stream: Stream, tables: Tables) -> None:
    """One more or less in a band."""
    tables.add(BANDS, {"team": event.team, "pay_band": event.pay_band}, people=event.change)


def training(event: Trained, stream: Stream, tables: Tables) -> None:
    """A course."""
    tables.add(TRAINING, {"rep": event.rep, "day": event.on_ms // DAY_MS}, minutes=event.minutes, courses=1)


def _row(rep: str, conversation: str, tool: str, stream: Stream) -> dict[str, Value]:
    return {"rep": rep, "day": stream.now_ms // DAY_MS, "conversation": conversation, "tool": tool}


def _add(tables: Tables, row: dict[str, Value], **told: int) -> None:
    tables.add(DRAFTS, row, **{**NONE, **told})
