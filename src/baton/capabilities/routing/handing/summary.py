"""Summary: what a rep needs to know, as labels with the position of the turn each came from."""

from collections.abc import Iterator

from baton.capabilities.agents.events import Attempts, Underway
from baton.capabilities.empathy.events import PersonNeeded
from baton.capabilities.orchestration.events import Intent
from baton.capabilities.routing.events import Summary
from baton.capabilities.sentiment.events import Mood
from baton.kernel.stream import Stream

FELL = 200
"""Points by which a mood is lower than at first to be called falling."""


def summed_up(stream: Stream) -> Summary:
    """The points, in the order a rep reads them: what is wanted, how it stands, how the customer feels."""
    customers = stream.said("customer", "machine")
    newest = customers[-1].position if customers else stream.entry.position
    return Summary((*_wanted(stream), *_done(stream, newest), *_felt(stream, newest)))


def _wanted(stream: Stream) -> Iterator[tuple[str, int]]:
    intent = stream.facts.get(Intent)
    if intent is None:
        return
    if intent.label:
        yield f"intent:{intent.label}", intent.position
    if intent.issues > 1:
        yield f"issues:{intent.issues}", intent.position
    if intent.language:
        yield f"language:{intent.language}", intent.position


def _done(stream: Stream, newest: int) -> Iterator[tuple[str, int]]:
    underway, attempts = stream.facts.get(Underway), stream.facts.get(Attempts)
    if underway is not None:
        yield f"procedure:{underway.procedure}:{underway.step}", newest
        for name, (position, _, _) in sorted(underway.slots.items(), key=lambda slot: slot[1]):
            yield f"given:{name}", position
    if attempts is not None and attempts.answered:
        yield f"answers:{attempts.answered}", newest
    if attempts is not None and attempts.failed:
        yield f"failed_attempts:{attempts.failed}", newest


def _felt(stream: Stream, newest: int) -> Iterator[tuple[str, int]]:
    mood, needed = stream.facts.get(Mood), stream.facts.get(PersonNeeded)
    if needed is not None:
        yield f"person:{needed.reason}", needed.position
    if mood is not None and mood.score <= mood.first - FELL:
        yield "mood:falling", newest
