"""Working: one commit's inputs worked to rest, one after another, and everything that is then written of them."""

import logging
from collections.abc import Mapping, Sequence

import msgspec

from baton.kernel.capability import Crafts
from baton.kernel.codec import Codec
from baton.kernel.conversation import ActionDone, Entry, Failed
from baton.kernel.lanes import lane_of
from baton.kernel.log import ActRow, CausedRow, EntryRow, SendRow, Work
from baton.kernel.loop import Caused, Rest, to_rest
from baton.kernel.memory import Memory, recall
from baton.kernel.ports import Keys, Models
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables

NONE_UNFIT: Mapping[int, str] = {}
log = logging.getLogger(__name__)


class Done(msgspec.Struct, gc=False):
    """An input that was worked, and all it caused.

    `ordinal` counts the inputs of its stream. `stream` may have gone on since, where a commit holds later inputs of it.
    """

    entry: Entry
    stream: Stream
    rest: Rest
    ordinal: int = 0


class Working:
    """Works inputs in position order; a measure sees the stream as it stood after the input it measures."""

    def __init__(self, crafts: Crafts, models: Models, memory: Memory) -> None:
        self._crafts, self._models, self._memory = crafts, models, memory
        self.done: list[Done] = []
        self.tables = Tables()

    async def take(self, entries: Sequence[Entry], unfit: Mapping[int, str] = NONE_UNFIT) -> None:
        """Ask the models ahead about all of `entries`, then work each to rest; an `unfit` one only says why it failed."""
        try:
            self._models.ahead([text for e in entries if (text := getattr(e.event, "text", ""))])
        except Exception:
            log.exception("the models could not be asked ahead: size=%d", len(entries))
        for entry in entries:
            stream = await self._memory.open(entry.stream)
            if entry.position in unfit:
                self.done.append(_passed_over(entry, stream, unfit[entry.position]))
                continue
            rest = to_rest(entry, stream, self._crafts, self._models)
            done = Done(entry, stream, rest, stream.ordinal)
            self.done.append(done)
            measure(done, self._crafts, self.tables)

    def written(
        self, rows: list[EntryRow], codec: Codec, keys: Keys, cursors: Mapping[int, int], sent: list[str]
    ) -> Work:
        """All that is to be written: inputs, what was caused, facts, sends, acts, cursors and read models."""
        work = Work(rows, [], [], [], sent, [], [], {}, self.tables)
        keys.make({s for d in self.done for s in (d.stream.id, *(to.stream for to in d.rest.sends))})
        for each in self.done:
            at, lane = each.entry.position, lane_of(each.entry.stream)
            body = codec.encode_all(each.stream.id, each.rest.caused)
            work.caused.append(CausedRow(at, lane, each.stream.id, each.ordinal, body))
            work.sends += _sends(each, lane, codec)
            if each.rest.outside is not None:
                work.acts.append(ActRow(each.rest.outside.key, lane, each.stream.id, at))
            if isinstance(each.entry.event, ActionDone):
                work.acted.append(each.entry.event.key)
            was = work.cursors.get(lane, (cursors.get(lane, 0), 0))[0]
            work.cursors[lane] = (was, at)
        for stream in {d.stream.id: d.stream for d in self.done}.values():
            work.facts += self._memory.fact_rows(stream)
        return work


def _passed_over(entry: Entry, stream: Stream, why: str) -> Done:
    caused = [Caused("kernel", Failed("kernel", "commit", why))]
    recall(stream, entry, stream.ordinal + 1, caused)
    return Done(entry, stream, Rest(caused, []), stream.ordinal)


def _sends(each: Done, lane: int, codec: Codec) -> list[SendRow]:
    at = each.entry
    when = 0 if each.stream.live and at.at_ms == at.happened_at_ms else at.happened_at_ms
    return [
        SendRow(f"{at.position}.{n}", lane, to.stream, to.at_ms, when and max(when, to.at_ms), "system",
                codec.encode(to.stream, to.event))
        for n, to in enumerate(each.rest.sends)
    ]  # fmt: skip


def measure(done: Done, crafts: Crafts, tables: Tables) -> None:
    """Fold one input and all it caused into the read models."""
    for n, event in enumerate([done.entry.event, *(c.event for c in done.rest.caused)]):
        for filed in crafts.measure.get(type(event), ()):
            try:
                filed.run(event, done.stream, tables)
            except Exception:
                log.exception("a measure failed: capability=%s position=%d", filed.capability, done.entry.position + n)
