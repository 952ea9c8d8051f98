"""Moods by conversation: how it began, how it ended, how low it went."""

from baton.capabilities.sentiment.events import Mood
from baton.capabilities.sentiment.tables import CONVERSATIONS
from baton.kernel.stream import Stream
from baton.kernel.tables import Tables


def moods(mood: Mood, stream: Stream, tables: Tables) -> None:
    """The conversation's row after this turn."""
    tables.put(
        CONVERSATIONS, {"conversation": stream.key},
        first=mood.first, last=mood.score, lowest=mood.lowest, frustration=mood.frustration, turns=mood.turns,
    )  # fmt: skip
