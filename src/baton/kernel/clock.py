"""Clock and chance: the real ones, and the ones a test or a replay sets."""

import secrets
import time
from hashlib import blake2b


class WallClock:
    """The machine's clock."""

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return time.time_ns() // 1_000_000


class FakeClock:
    """A clock that moves only when told."""

    def __init__(self, now_ms: int = 1_790_000_000_000) -> None:
        self._now_ms = now_ms

    def now_ms(self) -> int:
        """Milliseconds since the epoch."""
        return self._now_ms

    def forward(self, seconds: float) -> None:
        """Let `seconds` pass."""
        self._now_ms += int(seconds * 1000)


class SystemChance:
    """The operating system's randomness."""

    def token(self, size_bytes: int = 16) -> str:
        """A URL-safe random name."""
        return secrets.token_urlsafe(size_bytes)


class SeededChance:
    """The same names again for the same seed; never for anything secret."""

    def __init__(self, seed: int) -> None:
        self._seed, self._count = seed, 0

    def token(self, size_bytes: int = 16) -> str:
        """The next name."""
        self._count += 1
        return blake2b(f"{self._seed}:{self._count}".encode(), digest_size=size_bytes).hexdigest()
