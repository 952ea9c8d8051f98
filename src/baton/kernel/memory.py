"""Memory: the streams this process has open, read from the store when first needed, dropped when unsure."""

from collections import OrderedDict

from baton.kernel.codec import Codec
from baton.kernel.conversation import Entry, PolicyRevised, Started
from baton.kernel.events import Fact
from baton.kernel.log import EntryRow, FactRow, Recorded, Store
from baton.kernel.loop import Caused, hold
from baton.kernel.stream import Policies, Stream

OPEN = 50_000


class Memory:
    """Streams by id, least recently used first, and the policies read so far."""

    def __init__(self, store: Store, codec: Codec) -> None:
        self._store, self._codec = store, codec
        self.policies = Policies()
        self._streams: OrderedDict[str, Stream] = OrderedDict()

    def clear(self) -> None:
        """Forget every open stream: after a failed commit, or an erasure."""
        self._streams.clear()

    def entry(self, row: EntryRow) -> Entry:
        """The entry of a stored row."""
        event = self._codec.decode(row.stream, row.body)
        return Entry(row.position, row.stream, event, row.by, row.at_ms, row.happened_at_ms, row.cause, row.once or "")

    async def stream(self, id: str) -> Stream:
        """The stream as it stands after its last worked input."""
        known = self._streams.get(id)
        if known is None:
            known = await self._read(id)
            self._streams[id] = known
            if len(self._streams) > OPEN:
                self._streams.popitem(last=False)
        else:
            self._streams.move_to_end(id)
        return known

    def peek(self, id: str) -> Stream | None:
        """The stream, where it is open here."""
        return self._streams.get(id)

    async def _read(self, id: str) -> Stream:
        stream = Stream(id, self.policies)
        for row in await self._store.facts(id):
            for caused in self._codec.decode_all(id, row.body or b"[]"):
                if isinstance(caused.event, Fact):
                    stream.facts.put(caused.event)
        if id.startswith("conversation/"):
            for recorded in await self._store.stream(id):
                if recorded.caused is not None:
                    self._recall(stream, recorded)
        else:
            stream.ordinal = await self._store.ordinal(id)
        stream.facts.changed.clear()
        return stream

    def _recall(self, stream: Stream, recorded: Recorded) -> None:
        entry = self.entry(recorded.entry)
        caused = self._codec.decode_all(stream.id, recorded.caused or b"[]")
        recall(stream, entry, recorded.ordinal, caused)

    def fact_rows(self, stream: Stream) -> list[FactRow]:
        """What changed of the stream's facts since it was last written."""
        changed, stream.facts.changed = stream.facts.changed, set()
        rows = []
        if "" in changed:
            changed.discard("")
            rows.append(self._row(stream, "", stream.facts.single()))
        by_slot = {f"{f.event_name}:{f.slot}": f for f in stream.facts if f.slot} if changed else {}
        rows += [self._row(stream, s, [by_slot[s]] if s in by_slot else None) for s in sorted(changed)]
        return rows

    def _row(self, stream: Stream, slot: str, facts: list[Fact] | None) -> FactRow:
        body = None if facts is None else self._codec.encode_all(stream.id, [Caused("", f) for f in facts])
        return FactRow(stream.id, slot, body)

    async def learn_policies(self) -> None:
        """Read every policy version there is that is not known yet."""
        for row in await self._store.policies(self.policies.newest):
            event = self._codec.decode(row.stream, row.body)
            if isinstance(event, PolicyRevised):
                self.policies.add(event.policy, row.position, bytes(event.body))


def recall(stream: Stream, entry: Entry, ordinal: int, caused: list[Caused]) -> None:
    """Bring `stream` to where it stood after `entry`, from what is recorded: nothing is decided again."""
    stream.entry, stream.ordinal = entry, ordinal
    if isinstance(entry.event, Started):
        stream.started, stream.live = entry.event, entry.event.origin == "live"
    for n, event in enumerate([entry.event, *(c.event for c in caused)]):
        hold(event, stream, n)
