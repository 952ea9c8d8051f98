"""Checking: the newest part of a running log, and an older part in turn, compared with what was sealed and signed."""

import asyncio
from typing import Final

from sqlalchemy import select

from baton.engines.audit.heads import Head
from baton.engines.audit.tables import LEAVES
from baton.engines.audit.tree import Tree, leaf_of
from baton.engines.audit.verify import Frontier, leaf_hash

PART: Final = 256
NEWEST: Final = 8
"""Parts of 256 inputs that are read again each time, from the newest."""


async def newest_fits(tree: Tree, public: bytes, turn: int) -> tuple[int, str]:
    """The size that was signed, and what is wrong in words (empty: nothing), after reading the newest part and part `turn`."""
    head = await tree.newest()
    if head is None:
        return 0, ""
    if not head.signed_by(public):
        return head.size, f"The head of {head.size} entries is not signed with this log's key."
    parts = (head.size - 1) // PART + 1
    first = max(0, parts - NEWEST)
    whole = await tree.frontier(first * PART)
    for n in range(first, parts):
        told = await _part(tree, n, head, whole)
        if told:
            return head.size, told
    if whole.root().hex() != head.root:
        return head.size, f"The log up to entry {head.size} is not what its head was signed over."
    return head.size, await _part(tree, turn % first, head, Frontier()) if first else ""


async def _part(tree: Tree, n: int, head: Head, grown: Frontier) -> str:
    low, high = n * PART, min(head.size, (n + 1) * PART)
    query = select(LEAVES).where(LEAVES.c.seq >= low, LEAVES.c.seq < high).order_by(LEAVES.c.seq)
    part = Frontier()
    for row in await tree.store.rows(query):
        recorded = await tree.store.at(int(str(row["position"])))
        leaf = leaf_hash(leaf_of(recorded)) if recorded else b""
        if leaf.hex() != row["hash"]:
            return f"Position {row['position']} is not what was sealed: it was edited, moved or taken out."
        part.append(leaf)
        grown.append(leaf)
    await asyncio.sleep(0)
    fits = part.size == high - low and part.root() == await tree.root(low, high)
    return "" if fits else f"Entries {low} to {high - 1} of the sequence are not what was sealed."
