"""Export: what was sealed, its heads and its public key as files, so that somebody elsewhere can verify it. Ciphertext only."""

import asyncio
import json
from base64 import b64encode
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Final

import msgspec
from sqlalchemy import select

from baton.engines.audit.tables import LEAVES
from baton.engines.audit.tree import Tree
from baton.kernel.errors import BatonError

CHUNK: Final = 500


async def export(tree: Tree, folder: Path, keys: str) -> int:
    """Write `leaves.jsonl`, `heads.jsonl` and `audit.pub` (the public keys in hex, one a line); returns how many leaves.

    A line of leaves is `[seq, position, hash, lane, stream, once, by, cause, at_ms, happened_at_ms, body, ordinal, caused]`,
    bodies in base64, in the sequence's order, as far as the latest head goes.
    """
    head = await tree.newest()
    if head is None:
        raise BatonError(
            "nothing_signed", 409, "Nothing was signed yet. Run `baton audit seal`, or start Baton, and export again."
        )
    await asyncio.to_thread(folder.mkdir, parents=True, exist_ok=True)
    with await asyncio.to_thread((folder / "leaves.jsonl").open, "w") as out:
        async for lines in _lines(tree, head.size):
            await asyncio.to_thread(out.write, lines)
    heads, after = [], 0
    while some := await tree.heads(after):
        heads += some
        after = some[-1].size
    told = "".join(msgspec.json.encode(h).decode() + "\n" for h in heads if h.size <= head.size)
    await asyncio.to_thread((folder / "heads.jsonl").write_text, told)
    await asyncio.to_thread((folder / "audit.pub").write_text, keys)
    return head.size


async def _lines(tree: Tree, size: int) -> AsyncIterator[str]:
    for low in range(0, size, CHUNK):
        query = select(LEAVES).where(LEAVES.c.seq >= low, LEAVES.c.seq < min(size, low + CHUNK)).order_by(LEAVES.c.seq)
        rows = await tree.store.rows(query)
        yield "".join([await _line(tree, dict(row)) for row in rows])


async def _line(tree: Tree, leaf: dict[str, object]) -> str:
    found = await tree.store.at(int(str(leaf["position"])))
    if found is None:
        raise BatonError(
            "entry_gone",
            409,
            f"The entry at position {leaf['position']} was sealed and is not there. Run `baton audit verify`.",
        )
    e, caused = found.entry, found.caused
    cells = [
        leaf["seq"], leaf["position"], leaf["hash"], e.lane, e.stream, e.once, e.by, e.cause, e.at_ms, e.happened_at_ms,
        b64encode(e.body).decode(), found.ordinal, None if caused is None else b64encode(caused).decode(),
    ]  # fmt: skip
    return json.dumps(cells) + "\n"
