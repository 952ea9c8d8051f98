"""Acting for the floor: the known issue is said, by the AI where it holds the baton, as a notice where the customer waits."""

from collections.abc import Iterator

from baton.capabilities.floor.events import OutageTold, Warned
from baton.capabilities.floor.leading import words
from baton.capabilities.governance.events import disclosure, serving
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
        yield from _by_the_agent(text, holder, language, stream)
    else:
        yield TurnSaid("system", text)


def _by_the_agent(text: str, holder: Holder, language: str, stream: Stream) -> Iterator[Event]:
    """Its first words, where these are, say that it is an AI; where none may speak it is a notice."""
    agent = serving(stream)
    if agent is None:
        yield TurnSaid("system", text)
        return
    first, told = disclosure(stream, agent, language)
    if told is not None:
        yield told
    yield TurnSaid("agent", f"{first} {text}".strip(), who=holder.who or agent.id)
