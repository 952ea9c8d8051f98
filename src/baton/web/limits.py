"""Limits: how often one token or address may ask. A token bucket each, in memory, the idle ones dropped."""

from collections import OrderedDict

from baton.kernel.ports import Clock

KEPT = 20_000


class Buckets:
    """One bucket a key: `burst` at once, then `per_s` each second. `per_s` 0 turns the limit off."""

    def __init__(self, clock: Clock, burst: float, per_s: float) -> None:
        self._clock, self._burst, self._per_ms = clock, burst, per_s / 1000
        self._left: OrderedDict[str, tuple[float, int]] = OrderedDict()

    def wait_s(self, key: str) -> int:
        """Take one from the bucket of `key`: 0 where it may go on, else the seconds until it may."""
        if self._per_ms <= 0:
            return 0
        now = self._clock.now_ms()
        left, since = self._left.get(key, (self._burst, now))
        left = min(self._burst, left + (now - since) * self._per_ms)
        allowed = left >= 1
        self._left[key] = (left - 1 if allowed else left, now)
        self._left.move_to_end(key)
        if len(self._left) > KEPT:
            self._left.popitem(last=False)
        return 0 if allowed else max(1, round((1 - left) / self._per_ms / 1000 + 0.5))

    def forget(self, key: str) -> None:
        """Fill the bucket of `key` again."""
        self._left.pop(key, None)
