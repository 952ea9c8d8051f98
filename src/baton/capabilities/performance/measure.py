"""The read models of performance."""

from baton.capabilities.performance.ai_use.days import day_of
from baton.capabilities.performance.events import SuggestionRequested, SuggestionUsed
from baton.capabilities.performance.tables import AI_USE, OFFERS
from baton.capabilities.routing.events import OfferPassed, OfferTaken
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables, Value

REWORKED_PERMILLE = 200


def requested(event: SuggestionRequested, stream: Stream, tables: Tables) -> None:
    """Suggestions asked for, and how many were shown."""
    tables.add(AI_USE, _row(event.rep, stream.key, stream), **{**_NONE, "requested": 1, "shown": event.shown})


def used(event: SuggestionUsed, stream: Stream, tables: Tables) -> None:
    """What the rep sent: a suggestion as it was, an edited one, or own words."""
    edited = event.how == "edited"
    told = {
        event.how: 1, "requested": event.asked, "shown": event.asked, "changed": event.changed_permille if edited else 0,
        "reworked": int(edited and event.changed_permille >= REWORKED_PERMILLE),
    }  # fmt: skip
    tables.add(AI_USE, _row(event.rep, stream.key, stream), **{**_NONE, **told})


def offered(event: OfferTaken | OfferPassed, stream: Stream, tables: Tables) -> None:
    """An offer taken or passed, on the assignment stream."""
    taken = isinstance(event, OfferTaken)
    row = _row(event.rep, event.conversation.rpartition("/")[2], stream)
    tables.add(OFFERS, row, taken=int(taken), passed=int(not taken))


_NONE = dict.fromkeys(("requested", "shown", "picked", "edited", "own_words", "changed", "reworked"), 0)


def _row(rep: str, conversation: str, stream: Stream) -> dict[str, Value]:
    return {"rep": rep, "day": day_of(stream.now_ms), "conversation": conversation}
