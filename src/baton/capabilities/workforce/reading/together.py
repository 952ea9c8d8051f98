"""Together: how many conversations a rep has at once while busy, fitted from when each was answered and ended.

at once = time of all conversations / time with at least one in hand. A contact costs a rep its handle time over that: whatever slower replies
several at once bring are in the handle time as it was measured. Calls are one at a time and pull it down, as they should.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Final

from sqlalchemy import Select, select

from baton.capabilities.lake.tables import SEGMENTS
from baton.kernel.learning import Reads

FEWEST: Final = 50
"""Conversations below which a fit says nothing and one at a time is assumed."""
MOST_MS: Final = 4 * 3_600_000
"""A conversation that was open for longer waited for somebody; it is left out."""


@dataclass(frozen=True)
class Together:
    """Conversations at once, 1 or more, and how much longer one takes for each beside it (a share); `count` conversations tell it, 0: assumed."""

    at_once: float = 1.0
    slower: float = 0.0
    count: int = 0


async def together(reads: Reads, since_ms: int, until_ms: int) -> Together:
    """Of all reps in a period."""
    s = SEGMENTS.c
    query: Select[tuple[object, ...]] = select(s.rep, s.answered_ms, s.ended_ms).where(
        s.answered_ms >= since_ms, s.answered_ms < until_ms, s.ended_ms > s.answered_ms, s.rep != ""
    )
    by_rep: dict[str, list[tuple[int, int]]] = {}
    for row in await reads.survey(query):
        start, end = int(str(row["answered_ms"])), int(str(row["ended_ms"]))
        if end - start <= MOST_MS:
            by_rep.setdefault(str(row["rep"]), []).append((start, end))
    return fitted(by_rep)


def fitted(by_rep: Mapping[str, Sequence[tuple[int, int]]]) -> Together:
    """From the spans of each rep's conversations."""
    count = sum(len(spans) for spans in by_rep.values())
    if count < FEWEST:
        return Together()
    whole = sum(end - start for spans in by_rep.values() for start, end in spans)
    busy = sum(_union(spans) for spans in by_rep.values())
    pairs = [pair for spans in by_rep.values() for pair in _beside(spans)]
    return Together(max(1.0, whole / busy), _slower(pairs), count)


def _union(spans: Sequence[tuple[int, int]]) -> int:
    busy, until = 0, 0
    for start, end in sorted(spans):
        busy += max(0, end - max(start, until))
        until = max(until, end)
    return busy


def _beside(spans: Sequence[tuple[int, int]]) -> Iterable[tuple[float, int]]:
    """Of each conversation: how many were in hand beside it when it began, and how long it took."""
    open_until: list[int] = []
    for start, end in sorted(spans):
        open_until = [until for until in open_until if until > start]
        yield float(len(open_until)), end - start
        open_until.append(end)


def _slower(pairs: Sequence[tuple[float, int]]) -> float:
    """The slope of handle time over how many were beside it, as a share of the time of one alone; never below none."""
    n, mean = len(pairs), sum(beside for beside, _ in pairs) / len(pairs)
    spread = sum((beside - mean) ** 2 for beside, _ in pairs)
    middle = sum(took for _, took in pairs) / n
    if not spread:
        return 0.0
    slope = sum((beside - mean) * (took - middle) for beside, took in pairs) / spread
    alone = middle - slope * mean
    return max(0.0, slope / alone) if alone > 0 else 0.0
