"""Recorded models, and a stream worked without a store: what a capability's own tests need, and no more."""

from collections.abc import Sequence

from baton.capabilities import __name__ as capabilities
from baton.kernel.capability import Crafts, load
from baton.kernel.conversation import Entry, Started, TurnSaid
from baton.kernel.events import Event
from baton.kernel.log import STEP
from baton.kernel.loop import Caused, Rest, to_rest
from baton.kernel.ports import Ending, Hit, Judgement, Met
from baton.kernel.stream import Policies, Stream

START_MS = 1_767_225_600_000
"""2026-01-01 00:00 UTC."""


class Recorded:
    """A models port that says what it was told to say of a text, and nothing of any other."""

    version = "recorded"

    def __init__(self, said: dict[str, Judgement] | None = None, met_by: dict[str, Met] | None = None) -> None:
        self.said, self.met_by = said or {}, met_by or {}

    def ahead(self, texts: Sequence[str]) -> None:
        """Nothing is asked ahead."""

    def judge(self, text: str, head: str = "") -> Judgement:
        """What was recorded for `text`."""
        return self.said.get(text, Judgement())

    def search(self, text: str) -> Sequence[Hit]:
        """Nothing is found."""
        return ()

    def met(self, ending: Ending) -> Met:
        """What was recorded for the last words of who served, else for the customer's; no estimate of any other."""
        last = [said[-1] for said in (ending.served, ending.asked) if said]
        return next((self.met_by[text] for text in last if text in self.met_by), Met())


def crafts_of(*names: str) -> Crafts:
    """These capabilities, loaded."""
    return load([f"{capabilities}.{name}" for name in names])


class Talk:
    """One stream, worked input by input; time moves a second with each unless told."""

    def __init__(self, crafts: Crafts, models: Recorded | None = None, id: str = "conversation/one") -> None:
        self.crafts, self.models = crafts, models or Recorded()
        self.stream = Stream(id, Policies())
        self.position, self.at_ms = 0, START_MS

    def happens(self, event: Event, at_ms: int = 0, by: str = "customer") -> Rest:
        """Work one input."""
        self.position += STEP
        self.at_ms = at_ms or self.at_ms + 1000
        return to_rest(
            Entry(self.position, self.stream.id, event, by, self.at_ms, self.at_ms),
            self.stream,
            self.crafts,
            self.models,
        )

    def begins(self, started: Started | None = None) -> Rest:
        """The conversation starts."""
        return self.happens(started or Started())

    def customer(self, text: str, judged: Judgement | None = None) -> Rest:
        """The customer says `text`, which the models judge so."""
        if judged is not None:
            self.models.said[text] = judged
        return self.happens(TurnSaid("customer", text))


def said_of(rest: Rest, kind: type[Event]) -> list[Event]:
    """What was caused of this type, in order."""
    return [c.event for c in rest.caused if isinstance(c.event, kind)]


def by(caused: Sequence[Caused]) -> set[str]:
    """Which capabilities said something."""
    return {c.by for c in caused}
