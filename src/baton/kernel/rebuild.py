"""Rebuild and rework: the log is the truth, everything else follows from it again.

A rebuild folds what is recorded into empty read models and decides nothing anew. A rework works every input again from
nothing into a fresh store: the two digests are equal, or some decision did not depend on its stream alone.
"""

from collections.abc import AsyncIterator, Iterable

from sqlalchemy import Table

from baton.kernel.capability import Crafts
from baton.kernel.codec import Codec
from baton.kernel.lanes import lane_of
from baton.kernel.log import Recorded, Store, Work
from baton.kernel.loop import Rest
from baton.kernel.memory import Memory, recall
from baton.kernel.ports import Keys, Models
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables
from baton.kernel.working import Done, Working, measure

BATCH = 256


async def rebuild(store: Store, codec: Codec, crafts: Crafts, tables: Iterable[Table]) -> None:
    """Empty the read models in `tables` and fold the recorded log into them again. Nothing else may write meanwhile."""
    await store.empty(tables)
    memory = Memory(store, codec)
    await memory.learn_policies()
    streams: dict[str, Stream] = {}
    async for batch in _batches(store):
        folded = Tables()
        for row in batch:
            if row.caused is not None:
                measure(_again(row, memory, codec, streams), crafts, folded)
        await _put(store, (), Work([], [], [], [], [], [], [], {}, folded))


async def rework(store: Store, fresh: Store, crafts: Crafts, keys: Keys, models: Models) -> None:
    """Work every input of `store` again, at its old position, into the empty store `fresh`.

    What was said to other streams is in the log as their inputs already, so no outbox is kept.
    """
    codec = Codec(keys)
    memory = Memory(fresh, codec)
    cursors: dict[int, int] = {}
    async for batch in _batches(store):
        rows = [row.entry for row in batch]
        working = Working(crafts, models, memory)
        await working.take([memory.entry(row) for row in rows])
        work = working.written(rows, codec, keys, cursors, [])
        work.sends.clear()
        await _put(fresh, sorted({lane_of(row.stream) for row in rows}), work)
        cursors.update({lane: to for lane, (_, to) in work.cursors.items()})


def _again(row: Recorded, memory: Memory, codec: Codec, streams: dict[str, Stream]) -> Done:
    stream = streams.get(row.entry.stream)
    if stream is None:
        stream = streams[row.entry.stream] = Stream(row.entry.stream, memory.policies)
    entry, caused = memory.entry(row.entry), codec.decode_all(stream.id, row.caused or b"[]")
    recall(stream, entry, row.ordinal, caused)
    return Done(entry, stream, Rest(caused, []), row.ordinal)


async def _batches(store: Store) -> AsyncIterator[list[Recorded]]:
    after = 0
    while batch := await store.recorded(after, BATCH):
        yield batch
        after = batch[-1].entry.position


async def _put(store: Store, lanes: Iterable[int], work: Work) -> None:
    await store.begin(list(lanes))
    try:
        await store.put(work)
        await store.commit()
    except BaseException:
        await store.rollback()
        raise
