"""Sealing: a reader after the commit that gives every worked input its place in the tree, and signs heads.

Lanes of several processes commit positions out of order, so the order is the one in which sealing met them: a sequence that
only grows, kept beside the log. Its cursor is compared in the commit, like a lane's: of two that seal, one is fenced.
"""

import asyncio
from collections.abc import Iterable, Sequence
from typing import Final

import msgspec

from baton.engines.audit.heads import Head, Signing
from baton.engines.audit.tables import HEADS, LEAVES, NODES, REACHED
from baton.engines.audit.tree import Tree, leaf_of
from baton.engines.audit.verify import Frontier, leaf_hash
from baton.kernel.errors import Fenced
from baton.kernel.lanes import LANES, SEALER
from baton.kernel.log import Recorded, Store, Work
from baton.kernel.ports import Clock
from baton.kernel.tables import Tables

CHUNK: Final = 256
"""Inputs sealed in one commit: what a turn may wait for is one such commit, some milliseconds."""
REST_S: Final = 0.02
FENCES: Final = 5


class Sealer:
    """Seals one log. `quiet` is held by whoever commits on the store's connection (`Memory.quiet`)."""

    def __init__(self, store: Store, quiet: asyncio.Lock, clock: Clock, signing: Signing) -> None:
        self.tree, self.signing = Tree(store), signing
        self._store, self._quiet, self._clock = store, quiet, clock
        self._grown: Frontier | None = None
        self._reached: dict[int, int] = {}

    async def seal(self) -> int:
        """Seal all that was worked by now; returns how many inputs."""
        upto, sealed, fences = await self._store.cursors(range(LANES)), 0, 0
        while True:
            try:
                grown = self._grown or await self._read()
                rows = await self._next(upto)
                if not rows:
                    return sealed
                await self._put(rows, grown)
            except Fenced:
                self._grown, fences = None, fences + 1
                if fences > FENCES:
                    raise
            except BaseException:
                self._grown = None
                raise
            else:
                sealed += len(rows)
                await asyncio.sleep(REST_S)

    async def _read(self) -> Frontier:
        """Where sealing stands, from what is committed."""
        rows = await self._store.rows(REACHED.select())
        self._reached = {int(str(row["lane"])): int(str(row["position"])) for row in rows}
        self._grown = await self.tree.frontier(await self.tree.size())
        return self._grown

    async def _next(self, upto: dict[int, int]) -> list[Recorded]:
        found: list[Recorded] = []
        for lane in sorted(upto):
            after = self._reached.get(lane, 0)
            if upto[lane] > after and len(found) < CHUNK:
                found += await self._store.worked(lane, after, upto[lane], CHUNK - len(found))
        return sorted(found, key=lambda row: row.entry.position)

    async def _put(self, rows: Sequence[Recorded], tree: Frontier) -> None:
        hashes = await asyncio.to_thread(_hashed, rows)
        grown, folded, reached = Frontier(tree.size, tree.peaks), Tables(), dict(self._reached)
        for row, leaf in zip(rows, hashes, strict=True):
            folded.put(LEAVES, {"seq": grown.size}, position=row.entry.position, hash=leaf.hex())
            grown.append(leaf)
            reached[row.entry.lane] = row.entry.position
        for level, n, node in grown.full:
            folded.put(NODES, {"level": level, "n": n}, hash=node.hex())
        for lane in {row.entry.lane for row in rows}:
            folded.put(REACHED, {"lane": lane}, position=reached[lane])
        async with self._quiet:
            await self._commit(folded, (tree.size, grown.size))
        grown.full.clear()
        self._grown, self._reached = grown, reached

    async def sign(self) -> Head | None:
        """A head over all that is sealed, kept; None where the latest covers it. Who signs first is heard by the next."""
        async with self._quiet:
            size = await self.tree.size()
            await self._begin((size, size))
            try:
                before = await self.tree.newest()
                if size == 0 or (before and before.size >= size):
                    await self._store.rollback()
                    return None
                head = self.signing.head(
                    before.log if before else "", size, await self.tree.root(0, size), self._clock.now_ms(), before
                )
                folded = Tables()
                cells = {name: value for name, value in msgspec.structs.asdict(head).items() if name != "size"}
                folded.put(HEADS, {"size": size}, **cells)
                await self._store.put(Work([], [], [], [], [], [], [], {}, folded))
                await self._store.commit()
            except BaseException:
                await self._store.rollback()
                raise
        return head

    async def keep(self, folded: Tables) -> None:
        """Write rows of audit tables in a commit of their own."""
        async with self._quiet:
            await self._commit(folded, None)

    async def _commit(self, folded: Tables, move: tuple[int, int] | None) -> None:
        await self._begin(move, folded)
        try:
            await self._store.commit()
        except BaseException:
            await self._store.rollback()
            raise

    async def _begin(self, move: tuple[int, int] | None, folded: Tables | None = None) -> None:
        """A transaction in which the cursor stood as thought (which holds it for whoever comes next), and these rows."""
        await self._store.begin(())
        try:
            cursors = {SEALER: move} if move else {}
            await self._store.put(Work([], [], [], [], [], [], [], cursors, folded or Tables()))
        except BaseException:
            await self._store.rollback()
            raise


def _hashed(rows: Iterable[Recorded]) -> list[bytes]:
    return [leaf_hash(leaf_of(row)) for row in rows]
