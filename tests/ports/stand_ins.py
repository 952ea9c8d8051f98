"""Stand-ins for the ports that a test must hold still: a clock that is told, chance that repeats."""

import base64
import random

START_MS = 1_767_225_600_000
"""2026-01-01 00:00 UTC."""


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self, at_ms: int = START_MS) -> None:
        self.at_ms = at_ms

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return self.at_ms

    def advance(self, *, ms: int = 0, s: int = 0, minutes: int = 0, days: int = 0) -> int:
        """Move forward; the new time."""
        self.at_ms += ms + 1000 * (s + 60 * minutes + 86_400 * days)
        return self.at_ms


class SeededChance:
    """Names that look random and are the same in every run of the same seed."""

    def __init__(self, seed: int = 0) -> None:
        self._source = random.Random(seed)

    def token(self, size_bytes: int = 16) -> str:
        """A URL-safe name of `size_bytes` of repeatable chance."""
        return base64.urlsafe_b64encode(self._source.randbytes(size_bytes)).rstrip(b"=").decode()
