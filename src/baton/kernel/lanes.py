"""Lanes: 64 of them from day one, in every store; they order and fence, and never divide a transaction."""

from functools import lru_cache
from zlib import crc32

LANES = 64
SEALER = LANES
"""The cursor after the lanes': how many inputs were sealed into the audit tree (engines/audit)."""


@lru_cache(100_000)
def lane_of(stream: str) -> int:
    """The lane a stream belongs to, for ever."""
    return crc32(stream.encode()) % LANES
