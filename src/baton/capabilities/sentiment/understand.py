"""Mood: the newest turn's score, smoothed with those before it (smoothing.exponential)."""

from collections.abc import Iterator

from baton.capabilities.sentiment.events import Mood
from baton.capabilities.sentiment.smoothing.exponential import after, again
from baton.kernel.conversation import ActionDone, TurnSaid
from baton.kernel.facts import Facts
from baton.kernel.ports import Models
from baton.kernel.stream import Stream


def mood(said: TurnSaid, stream: Stream, facts: Facts, models: Models) -> Iterator[Mood]:
    """The mood after a turn of the customer. A machine customer has none, and a rep's is nobody's business."""
    if said.role != "customer":
        return
    judged = models.judge(said.text)
    yield after(facts.get(Mood), judged.mood, judged.frustration, models.version)


def heard_again(done: ActionDone, stream: Stream, facts: Facts) -> Iterator[Mood]:
    """What the slow tier hears in the turn that the words left open, while it is the customer's newest."""
    before, newest = facts.get(Mood), next((t for t in reversed(stream.turns) if t.role == "customer"), None)
    if done.action != "look_again" or not done.ok or before is None or newest is None:
        return
    if newest.position == int(done.args.get("position", 0)):
        now = again(before, int(done.args.get("frustration", 0)))
        if now != before:
            yield now
