"""Memory: the streams this process has open, read from the store when first needed, dropped when unsure."""

import asyncio
from collections import OrderedDict
from collections.abc import Iterable, Sequence

from baton.kernel.codec import Codec
from baton.kernel.conversation import Entry, PolicyRevised, Started
from baton.kernel.events import Event, Fact, Unknown
from baton.kernel.lanes import LANES, lane_of
from baton.kernel.log import EntryRow, FactRow, Recorded, Store
from baton.kernel.loop import Caused, hold
from baton.kernel.stream import Policies, Stream

OPEN = 50_000


class Memory:
    """Streams by id, least recently used first, and the policies read so far.

    Only streams of the lanes owned here are kept: of the others, another process knows better. `quiet` is held while a
    commit is made, so that nobody sees what is not on disk.
    """

    def __init__(self, store: Store, codec: Codec, lanes: Iterable[int] = range(LANES)) -> None:
        self._store, self._codec = store, codec
        self.lanes = frozenset(lanes)
        self.quiet = asyncio.Lock()
        self.policies = Policies()
        self._streams: OrderedDict[str, Stream] = OrderedDict()

    def clear(self) -> None:
        """Forget every open stream: after an erasure."""
        self._streams.clear()

    def undo(self) -> None:
        """Forget all that a commit which failed may have changed; what is on disk is read anew."""
        self._streams.clear()
        self.policies.forget()

    def entry(self, row: EntryRow) -> Entry:
        """The entry of a stored row."""
        event = self._codec.decode(row.stream, row.body)
        return Entry(row.position, row.stream, event, row.by, row.at_ms, row.happened_at_ms, row.cause, row.once or "")

    async def stream(self, id: str) -> Stream:
        """The stream as it stands after its last worked input on disk; waits for a commit that is being made."""
        async with self.quiet:
            return await self.open(id)

    async def open(self, id: str) -> Stream:
        """The stream as it stands after its last worked input, for the commit that is being made."""
        known = self._streams.get(id)
        if known is None:
            known = await self._read(id)
            if lane_of(id) not in self.lanes:
                return known
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
                elif isinstance(caused.event, Unknown) and not row.slot:
                    stream.facts.absent.append(caused.event)
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
        changed, stream.facts.changed = stream.facts.changed, {}
        if not changed:
            return []
        single = changed.pop("", None)
        rows = [self._row(stream, "", stream.facts.single())] if single else []
        return rows + [
            self._row(stream, slot, None if fact is None else [fact]) for slot, fact in sorted(changed.items())
        ]

    def _row(self, stream: Stream, slot: str, facts: Sequence[Event] | None) -> FactRow:
        body = None if facts is None else self._codec.encode_all(stream.id, [Caused("", f) for f in facts])
        return FactRow(stream.id, slot, body)

    async def learn_policies(self) -> None:
        """Read every policy version there is that is not known yet."""
        self.learn(await self._store.policies(self.policies.newest))

    def learn(self, rows: Iterable[EntryRow]) -> None:
        """Know these policy versions from now on."""
        for row in rows:
            event = self._codec.decode(row.stream, row.body)
            if isinstance(event, PolicyRevised):
                self.policies.add(event.policy, row.position, bytes(event.body))


def recall(stream: Stream, entry: Entry, ordinal: int, caused: list[Caused]) -> None:
    """Bring `stream` to where it stood after `entry`, from what is recorded: nothing is decided again."""
    stream.entry, stream.ordinal = entry, ordinal
    if ordinal == 1 and isinstance(entry.event, Started):
        stream.started, stream.live = entry.event, entry.event.origin == "live"
    for n, event in enumerate([entry.event, *(c.event for c in caused)]):
        hold(event, stream, n)
