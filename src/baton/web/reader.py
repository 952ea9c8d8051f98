"""Reader: streams as they are committed, read beside the writer. For pages, replays and whoever works no lane."""

from baton.capabilities.routing.events import Assigned, TakenOver
from baton.kernel.committer import Committer
from baton.kernel.conversation import Entry, Holder, TurnSaid
from baton.kernel.events import Event, Fact
from baton.kernel.log import Recorded
from baton.kernel.memory import recall
from baton.kernel.stream import Stream

Told = tuple[Entry, list[Event]]


class Reader:
    """Reads committed streams."""

    def __init__(self, committer: Committer) -> None:
        self._committer = committer

    async def stream(self, id: str) -> Stream | None:
        """The stream as it stands on disk; None where nothing was ever appended to it."""
        store, codec = self._committer.store, self._committer.codec
        stream = Stream(id, self._committer.memory.policies)
        for row in await store.held(id):
            for caused in codec.decode_all(id, row.body or b"[]"):
                if isinstance(caused.event, Fact):
                    stream.facts.put(caused.event)
        recorded = await store.history(id)
        for each in recorded:
            if each.caused is not None:
                recall(
                    stream, self._committer.memory.entry(each.entry), each.ordinal, codec.decode_all(id, each.caused)
                )
        return stream if recorded else None

    async def told(self, id: str, after: int = 0) -> list[Told]:
        """The inputs of a stream after the input at or before `after`, each with what it caused, in order."""
        return [self._told(each) for each in await self._committer.store.history(id, after)]

    async def reps_of(self, id: str) -> set[str]:
        """Every rep who held or holds the conversation, or spoke in it."""
        reps: set[str] = set()
        for entry, caused in await self.told(id):
            for event in (entry.event, *caused):
                reps |= _reps(event)
        return reps

    def _told(self, recorded: Recorded) -> Told:
        entry = self._committer.memory.entry(recorded.entry)
        caused = self._committer.codec.decode_all(entry.stream, recorded.caused or b"[]")
        return entry, [c.event for c in caused]


def _reps(event: Event) -> set[str]:
    if isinstance(event, Assigned | TakenOver):
        return {event.rep}
    if isinstance(event, Holder) and event.kind == "rep":
        return {event.who}
    return {event.who} if isinstance(event, TurnSaid) and event.role == "rep" and event.who else set()
