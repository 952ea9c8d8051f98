"""The outbox: what one stream says to another, or to itself later. A timer is a send that is due later."""

import heapq
from collections.abc import Iterable

from baton.kernel.log import SendRow

AHEAD_MS = 60_000
"""How far ahead timers are held in memory; the store is read again after half of it."""


class Outbox:
    """Sends that are on disk and not yet appended, soonest first; those due later than `until_ms` stay there."""

    def __init__(self) -> None:
        self.until_ms = 0
        self._rows: dict[str, SendRow] = {}
        self._soonest: list[tuple[int, int, int]] = []

    def add(self, rows: Iterable[SendRow]) -> None:
        """Let these wait; one that waits already is kept once."""
        for row in rows:
            if row.source not in self._rows and row.due_ms < self.until_ms:
                self._rows[row.source] = row
                self._push(row)

    def stale(self, now_ms: int) -> bool:
        """Whether it is time to read from the store what has come near."""
        return now_ms >= self.until_ms - AHEAD_MS // 2

    def reset(self, rows: Iterable[SendRow], until_ms: int) -> None:
        """Let exactly these wait: all that the store holds until then."""
        self.until_ms = until_ms
        self._rows.clear()
        self._soonest.clear()
        self.add(rows)

    def due(self, now_ms: int) -> list[SendRow]:
        """Take what is due. It is offered again only after `again`."""
        taken = []
        while self._soonest and self._soonest[0][0] <= now_ms:
            _, position, n = heapq.heappop(self._soonest)
            row = self._rows.get(f"{position}.{n}")
            if row is not None:
                taken.append(row)
        return taken

    def again(self, source: str) -> None:
        """Offer a send anew whose commit failed."""
        row = self._rows.get(source)
        if row is not None:
            self._push(row)

    def _push(self, row: SendRow) -> None:
        """What one stream says to another arrives in the order it was said: by position, which is no text."""
        position, _, n = row.source.partition(".")
        heapq.heappush(self._soonest, (row.due_ms, int(position), int(n)))

    def sent(self, sources: Iterable[str]) -> None:
        """Forget what was appended."""
        for source in sources:
            self._rows.pop(source, None)

    def wait_s(self, now_ms: int, longest_s: float) -> float:
        """Seconds until the next is due, at most `longest_s`."""
        if not self._soonest:
            return longest_s
        return min(longest_s, max(0.0, (self._soonest[0][0] - now_ms) / 1000))
