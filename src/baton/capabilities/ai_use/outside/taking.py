"""Taking CloudEvents into the log: once for each (source, id), whoever sends them again."""

import asyncio
from collections.abc import Sequence
from hashlib import blake2b

import msgspec

from baton.capabilities.ai_use.events import stream_of
from baton.capabilities.ai_use.outside.cloud import Told
from baton.kernel.committer import Committer
from baton.kernel.errors import Conflict


class Taken(msgspec.Struct, frozen=True):
    """How many were kept, and how many were known already."""

    accepted: int
    known: int


async def take(committer: Committer, told: Sequence[Told], by: str, newest: int) -> Taken:
    """Append what is new; `newest` is the last position before. Two events with one source and id are the same (CloudEvents 1.0.2,
    section 3.1.1): the first one is kept.
    """
    fresh = {(each.source, each.id): each for each in reversed(told)}
    positions = await asyncio.gather(*(_append(committer, each, by) for each in fresh.values()))
    new = sum(position > newest for position in positions)
    return Taken(new, len(told) - new)


async def _append(committer: Committer, told: Told, by: str) -> int:
    try:
        return await committer.append(
            stream_of(told.source),
            told.event,
            by=by,
            once=f"ce:{blake2b(told.id.encode(), digest_size=12).hexdigest()}",
            happened_at_ms=told.at_ms,
        )
    except Conflict:
        return 0
