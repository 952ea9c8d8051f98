"""Acting for the floor: the known issue is said, by the AI where it holds the baton, as a notice where the customer waits."""

from collections.abc import Iterator

from baton.capabilities.floor.events import OutageTold, Warned
from baton.capabilities.floor.leading import words
from baton.capabilities.orchestration.events import Intent
from baton.kernel.conversation import Decided, Holder, TurnSaid
from baton.kernel.events import Event
from baton.kernel.stream import Stream


def announce(decided: Decided, stream: Stream) -> Iterator[Event]:
    """One turn, in the customer's language where the sentence around the notice is known in it."""
    told, holder = stream.entry.event, stream.facts.get(Holder) or Holder("nobody")
    if not isinstance(told, OutageTold):
        return
    intent = stream.facts.get(Intent)
    language = (stream.started.language if stream.started else "") or (intent.language if intent else "")
    yield Warned(told.outage, told.over)
    text = words.solved(language) if told.over else words.known(language, told.text, waits=holder.kind == "queue")
    if holder.kind == "agent":
        yield TurnSaid("agent", text, who=holder.who)
    else:
        yield TurnSaid("system", text)
