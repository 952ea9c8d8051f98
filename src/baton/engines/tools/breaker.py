"""Breakers: a tool that is down is left alone for a while, so that customers hear so at once and it can come back."""

from collections.abc import Callable
from typing import Final

FAILS: Final = 4
"""Calls in a row without an answer after which a tool counts as down."""
REST_S: Final = 20.0
"""How long it is left alone; then one call at a time tries it."""


class Breaker:
    """Of one tool. Closed: calls pass. Open: none does. After `REST_S` one call is let through, and its end decides."""

    def __init__(self, now_s: Callable[[], float]) -> None:
        self._now_s = now_s
        self._failed = 0
        self._until_s = 0.0
        self._trying = False

    @property
    def open(self) -> bool:
        """Whether the tool is left alone now."""
        return self._failed >= FAILS and (self._trying or self._now_s() < self._until_s)

    def admit(self) -> bool:
        """Whether a call may be made now."""
        if self.open:
            return False
        self._trying = self._failed >= FAILS
        return True

    def ended(self, answered: bool) -> None:
        """A call that was admitted is over; `answered` also where the answer was no."""
        self._trying = False
        self._failed = 0 if answered else self._failed + 1
        if self._failed >= FAILS:
            self._until_s = self._now_s() + REST_S
