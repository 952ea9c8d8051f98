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
    outage, warned = stream.policy(Outage), facts.get(Warned)
    about = outage.id and holder.kind == "queue" and holder.who in outage.queues
    if stream.live and about and (warned is None or warned.outage != outage.id):
        yield To(stream.id, OutageTold(outage.id, outage.text))


def over(told: OutageTold, stream: Stream, facts: Facts) -> Iterator[Fact]:
    """It is over for who was never told of it as well: nothing is said, and nothing will be."""
    warned = facts.get(Warned)
    if told.over and (warned is None or warned.outage != told.outage):
        yield Warned(told.outage, solved=True)
