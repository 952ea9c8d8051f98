"""Witnessing: heads of other organisations' logs, kept for them. One that does not continue the last is refused."""

import asyncio
from collections.abc import Sequence
from typing import Final

import msgspec
from sqlalchemy import desc, select

from baton.engines.audit.heads import Head, Receipt
from baton.engines.audit.proofs import grown
from baton.engines.audit.sealing import Sealer
from baton.engines.audit.tables import WITNESSED
from baton.kernel.errors import BatonError
from baton.kernel.ports import Clock
from baton.kernel.tables import Tables

LOGS: Final = 1000


class Brought(msgspec.Struct, frozen=True):
    """A head brought to be kept, the size of the last that was kept, and the proof that it continues it."""

    head: Head
    since: int = 0
    proof: tuple[str, ...] = ()
    public: str = ""


class Kept(msgspec.Struct, frozen=True):
    """A head that is kept, since when, and the receipt that was given."""

    head: Head
    seen_ms: int
    receipt: str
    brought_by: str


class Witness:
    """Keeps heads of others. A log's first head says which key signs it; it cannot change."""

    def __init__(self, sealer: Sealer, clock: Clock) -> None:
        self._sealer, self._clock = sealer, clock
        self._one = asyncio.Lock()

    async def kept(self, log: str = "", limit: int = 100, by: str = "") -> list[Kept]:
        """What is kept, of one log or of all, brought by one or by anybody, the newest first."""
        query = select(WITNESSED).order_by(desc(WITNESSED.c.seen_ms), desc(WITNESSED.c.size)).limit(limit)
        query = query.where(WITNESSED.c.log == log) if log else query
        rows = await self._sealer.tree.store.rows(query.where(WITNESSED.c.brought_by == by) if by else query)
        return [Kept(msgspec.convert({k: v for k, v in row.items() if k in Head.__struct_fields__}, Head),
                     int(str(row["seen_ms"])), str(row["receipt"]), str(row["brought_by"])) for row in rows]  # fmt: skip

    async def keep(self, brought: Brought, by: str) -> Receipt:
        """Keep a head; raises `head_refused` where it is not signed, and 409 where it does not continue what was kept."""
        async with self._one:
            return await self._keep(brought, by)

    async def _keep(self, brought: Brought, by: str) -> Receipt:
        head = brought.head
        public = await self._key_of(brought, by)
        last = await self.kept(head.log, 1)
        _fits(last, brought)
        if last and last[0].head.size == head.size:
            return msgspec.json.decode(last[0].receipt, type=Receipt)
        receipt = self._sealer.signing.receipt(head, self._clock.now_ms())
        cells = msgspec.structs.asdict(head)
        key = {name: cells.pop(name) for name in ("log", "size", "root")}
        folded = Tables()
        folded.put(
            WITNESSED, key, **cells, public=public, seen_ms=receipt.at_ms, receipt=msgspec.json.encode(receipt).decode(), brought_by=by,
        )  # fmt: skip
        await self._sealer.keep(folded)
        return receipt

    async def _key_of(self, brought: Brought, by: str) -> str:
        """The key the log is known by; the one brought where it is new. Raises where it did not sign the head, or another brings it."""
        known = await self._sealer.tree.store.rows(
            select(WITNESSED.c.public, WITNESSED.c.brought_by).where(WITNESSED.c.log == brought.head.log).limit(1)
        )
        public = str(known[0]["public"]) if known else brought.public
        try:
            right = brought.head.signed_by(bytes.fromhex(public))
        except ValueError:
            right = False
        if not right or (known and known[0]["brought_by"] != by):
            raise BatonError(
                "head_refused",
                422,
                "The head is not signed with the key this log is known by, or the log was brought by somebody else.",
            )
        if not known and await self._full():
            raise BatonError("too_many_logs", 507, f"This Baton already keeps heads of {LOGS} logs. Ask another one.")
        return public

    async def _full(self) -> bool:
        rows = await self._sealer.tree.store.rows(select(WITNESSED.c.log).distinct().limit(LOGS))
        return len(rows) >= LOGS


def _fits(last: Sequence[Kept], brought: Brought) -> None:
    """Raise where the head that is brought does not continue the last that is kept."""
    if not last:
        return
    was, head = last[0].head, brought.head
    try:
        path = [bytes.fromhex(step) for step in brought.proof]
        fits = was.size <= head.size and grown(
            was.size, head.size, bytes.fromhex(was.root), bytes.fromhex(head.root), path
        )
    except ValueError:
        fits = False
    if was.size == head.size:
        fits = was.root == head.root
    if not fits:
        raise BatonError("head_disagrees", 409, f"The last head kept of this log has {was.size} entries, and this one does not continue it. "
                         "Bring the proof from that size, or find out who rolled the log back.")  # fmt: skip
