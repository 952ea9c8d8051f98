"""Reader: streams as they are committed, read beside the writer. For pages, replays and whoever works no lane."""

from baton.capabilities.agents.events import ApprovalGiven
from baton.capabilities.routing.events import Assigned, TakenOver
from baton.kernel.committer import Committer
from baton.kernel.conversation import Entry, Holder, TurnSaid
from baton.kernel.events import Event, Fact
from baton.kernel.log import Recorded
from baton.kernel.loop import Caused
from baton.kernel.memory import recall
from baton.kernel.stream import Stream

Told = tuple[Entry, list[Event]]
News = tuple[Entry, list[Event], bool]


class Reader:
    """Reads committed streams."""

    def __init__(self, committer: Committer) -> None:
        self._committer = committer

    async def stream(self, id: str) -> Stream | None:
        """The stream as it stands on disk; None where nothing was ever appended to it. Turns only of conversations."""
        store, codec = self._committer.store, self._committer.codec
        stream = Stream(id, self._committer.memory.policies)
        held = await store.held(id)
        for row in held:
            for caused in codec.decode_all(id, row.body or b"[]"):
                if isinstance(caused.event, Fact):
                    stream.facts.put(caused.event)
        if not id.startswith("conversation/"):
            return stream if held else None
        news = await self.news(id)
        for ordinal, (entry, events, _) in enumerate(news, 1):
            recall(stream, entry, ordinal, [Caused("", event) for event in events])
        return stream if news else None

    async def told(self, id: str, after: int = 0) -> list[Told]:
        """The inputs of a stream after the input at or before `after`, each with what it caused, in order."""
        return [(entry, caused) for entry, caused, _ in await self.news(id, after)]

    async def news(self, id: str, after: int = 0) -> list[News]:
        """The same, with whether each was worked: one that was not has caused nothing yet."""
        return [self._news(each) for each in await self._committer.store.history(id, after)]

    async def reps_of(self, id: str) -> set[str]:
        """Every rep who held or holds the conversation, spoke in it, or answered an approval."""
        reps: set[str] = set()
        for entry, caused in await self.told(id):
            for event in (entry.event, *caused):
                reps |= _reps(event)
        return reps

    def _news(self, recorded: Recorded) -> News:
        entry = self._committer.memory.entry(recorded.entry)
        caused = self._committer.codec.decode_all(entry.stream, recorded.caused or b"[]")
        return entry, [c.event for c in caused], recorded.caused is not None


def _reps(event: Event) -> set[str]:
    if isinstance(event, Assigned | TakenOver | ApprovalGiven):
        return {event.rep}
    if isinstance(event, Holder) and event.kind == "rep":
        return {event.who}
    return {event.who} if isinstance(event, TurnSaid) and event.role == "rep" and event.who else set()
