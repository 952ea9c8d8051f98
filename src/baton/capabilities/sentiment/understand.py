"""Mood: the newest turn's score, smoothed with those before it (smoothing.exponential)."""

from collections.abc import Iterator

from baton.capabilities.sentiment.events import Mood
from baton.capabilities.sentiment.smoothing.exponential import after
from baton.kernel.conversation import TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Models
from baton.kernel.stream import Stream


def mood(said: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Mood]:
    """The mood after a turn of the customer. A machine customer has none, and a rep's is nobody's business."""
    if said.role != "customer":
        return
    judged = models.judge(said.text)
    yield after(facts.get(Mood), judged.mood, judged.frustration, models.version)
