"""Tree: roots, proofs and heads, read from what sealing keeps. A proof reads some hundred hashes, however long the log."""

from collections.abc import Mapping

import msgspec
from sqlalchemy import desc, select

from baton.engines.audit.heads import Head
from baton.engines.audit.proofs import Range, consistency, inclusion
from baton.engines.audit.tables import HEADS, LEAVES, NODES
from baton.engines.audit.verify import Frontier, folded, leaf_bytes
from baton.kernel.lanes import SEALER
from baton.kernel.log import STEP, Recorded, Store

TILE = 8


class Proof(msgspec.Struct, frozen=True):
    """That the input at `position` is leaf `index` under `head`: fold `hash` with `path` (RFC 9162, 2.1.3.2), get the root.

    `leaf` is what was hashed, ciphertext as stored (base64 in JSON). Hashes are hex.
    """

    position: int
    index: int
    hash: str
    path: tuple[str, ...]
    head: Head
    leaf: bytes


class Tree:
    """The tree as committed."""

    def __init__(self, store: Store) -> None:
        self.store = store

    async def size(self) -> int:
        """How many inputs were sealed."""
        return (await self.store.cursors([SEALER])).get(SEALER, 0)

    async def frontier(self, size: int) -> Frontier:
        """The tree of `size`, ready to grow."""
        return Frontier(size, await self._peaks(0, size))

    async def root(self, low: int, high: int) -> bytes:
        """The root over leaves `low` to `high`, as such a range stands in a tree."""
        return folded(await self._peaks(low, high))

    async def _peaks(self, low: int, high: int) -> list[bytes]:
        peaks = []
        while low < high:
            level = (high - low).bit_length() - 1
            peaks.append(await self._span(low, level))
            low += 1 << level
        return peaks

    async def _span(self, low: int, level: int) -> bytes:
        """The root of the full subtree of 2^level leaves from `low`, which is a multiple of that."""
        kept = level // TILE * TILE
        first, count = low >> kept, 1 << level - kept
        if kept:
            of = select(NODES.c.hash).where(NODES.c.level == kept, NODES.c.n >= first, NODES.c.n < first + count)
            rows = await self.store.rows(of.order_by(NODES.c.n))
        else:
            leaves = select(LEAVES.c.hash).where(LEAVES.c.seq >= first, LEAVES.c.seq < first + count)
            rows = await self.store.rows(leaves.order_by(LEAVES.c.seq))
        whole = Frontier()
        for row in rows:
            whole.append(bytes.fromhex(str(row["hash"])))
        return whole.root()

    async def _roots(self, ranges: list[Range]) -> tuple[str, ...]:
        return tuple([(await self.root(low, high)).hex() for low, high in ranges])

    async def heads(self, after: int = 0, limit: int = 1000) -> list[Head]:
        """The log's own heads of more than `after` inputs, in order."""
        query = select(HEADS).where(HEADS.c.size > after).order_by(HEADS.c.size).limit(limit)
        return [_head(row) for row in await self.store.rows(query)]

    async def newest(self) -> Head | None:
        """The latest head."""
        rows = await self.store.rows(select(HEADS).order_by(desc(HEADS.c.size)).limit(1))
        return _head(rows[0]) if rows else None

    async def of_size(self, size: int) -> Head | None:
        """The head of exactly this size."""
        rows = await self.store.rows(select(HEADS).where(HEADS.c.size == size))
        return _head(rows[0]) if rows else None

    async def consistency(self, first: int, second: int) -> tuple[str, ...]:
        """Hashes that prove that the tree of size `second` begins with that of size `first`."""
        return await self._roots(consistency(first, second))

    async def proof(self, position: int, head: Head | None = None) -> Proof | None:
        """The proof of whatever stands at `position` under `head` (the latest), or None where no head covers it yet."""
        input_at = position // STEP * STEP
        rows = await self.store.rows(select(LEAVES).where(LEAVES.c.position == input_at))
        head, recorded = head or await self.newest(), await self.store.at(input_at)
        if not rows or head is None or recorded is None or int(str(rows[0]["seq"])) >= head.size:
            return None
        index = int(str(rows[0]["seq"]))
        path = await self._roots(inclusion(index, head.size))
        return Proof(input_at, index, str(rows[0]["hash"]), path, head, leaf_of(recorded))


def leaf_of(row: Recorded) -> bytes:
    """The bytes of an input's leaf."""
    e = row.entry
    return leaf_bytes(
        e.position, e.lane, e.stream, e.once, e.by, e.cause, e.at_ms, e.happened_at_ms, e.body, row.ordinal, row.caused
    )


def _head(row: Mapping[str, object]) -> Head:
    return msgspec.convert(dict(row), Head)
