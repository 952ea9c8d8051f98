"""Acts of individual: what a waiting customer is told."""

from collections.abc import Iterator

from baton.capabilities.individual.waiting import words
from baton.kernel.conversation import Decided, TurnSaid
from baton.kernel.events import Event
from baton.kernel.stream import Stream


def tell_rep_left(decided: Decided, stream: Stream) -> Iterator[Event]:
    """The rep they wait for has gone home, or cannot take it."""
    language = stream.started.language if stream.started else ""
    yield TurnSaid("system", words.rep_left(language, str(decided.args["name"]), str(decided.args["why"])))
