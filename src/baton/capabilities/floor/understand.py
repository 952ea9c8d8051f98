"""Understanding for the floor: help that is not needed any more, and which conversations hear of an outage."""

from collections.abc import Iterator

from msgspec.structs import replace

from baton.capabilities.floor.events import HelpAsked, Outage, OutageTold, Warned
from baton.kernel.conversation import Holder, Started, To
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream


def helped(holder: Holder, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """Hands changed: who asked for help does not need it any more."""
    asked = facts.get(HelpAsked)
    if asked is not None and asked.state == "asked" and (holder.kind, holder.who) != ("rep", asked.rep):
        yield replace(asked, state="over")


def begins(started: Started, stream: Stream, facts: Facts) -> Iterator[To]:
    """A conversation that begins during an outage of everything is told at once."""
    outage = stream.policy(Outage)
    if stream.live and outage.id and not outage.queues:
        yield To(stream.id, OutageTold(outage.id, outage.text))


def waits(holder: Holder, stream: Stream, facts: Facts) -> Iterator[To]:
    """One that comes into a queue the outage is about is told there."""
    outage = stream.policy(Outage)
    if (
        stream.live
        and outage.id
        and holder.kind == "queue"
        and holder.who in outage.queues
        and facts.get(Warned) is None
    ):
        yield To(stream.id, OutageTold(outage.id, outage.text))


def over(told: OutageTold, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """It is over for who was never told of it as well: nothing is said, and nothing will be."""
    if told.over and facts.get(Warned) is None:
        yield Warned(told.outage, over=True)
