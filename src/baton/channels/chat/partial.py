"""Partial: what one client was shown of an answer that a model still writes, and what became of it.

What was shown either begins the turn that is then logged, or is said to be taken back. Anything else that is heard meanwhile (the customer
writes more, a person takes over, the thought came to nothing) takes it back too, and nothing more of that thought is shown.
"""

from collections import deque
from collections.abc import Iterable, Iterator
from typing import Final

import msgspec

from baton.kernel.conversation import ActionDone, Ended, Holder, TurnSaid
from baton.kernel.events import Event
from baton.kernel.minds import PARTIAL, Partial

THOUGHTS_KEPT: Final = 16


class Shown:
    """What this client has in front of it. Frames are told in order: those of `settle` stand before the ones of what was heard."""

    __slots__ = ("_over", "text", "thought")

    def __init__(self) -> None:
        self.thought, self.text = "", ""
        self._over: deque[str] = deque(maxlen=THOUGHTS_KEPT)

    def written(self, partial: Partial) -> Iterator[Partial]:
        """A model has written so far: what is told of it."""
        if partial.thought in self._over:
            return
        if self.text and not (partial.thought == self.thought and partial.text.startswith(self.text)):
            yield from self._taken_back()
            if partial.thought in self._over:
                return
        if partial.text and partial.text != self.text:
            self.thought, self.text = partial.thought, partial.text
            yield partial

    def settle(self, events: Iterable[Event]) -> Iterator[Partial]:
        """This was heard: the turn that it began, or anything that takes it back."""
        for event in events:
            if isinstance(event, ActionDone) and event.action == "think":
                self._over.append(event.key)
            if self.text and isinstance(event, TurnSaid) and event.role == "agent" and event.text.startswith(self.text):
                self._over.append(self.thought)
                self.thought, self.text = "", ""
            elif self.text and isinstance(event, TurnSaid | Holder | Ended):
                yield from self._taken_back()
        if self.text and self.thought in self._over:
            yield from self._taken_back()

    def _taken_back(self) -> Iterator[Partial]:
        self._over.append(self.thought)
        yield Partial(self.thought, "")
        self.thought, self.text = "", ""


def partial_of(body: bytes) -> Partial | None:
    """The signal as what is written so far; None where it tells of something else."""
    return msgspec.json.decode(body, type=Partial) if body.startswith(PARTIAL) else None
