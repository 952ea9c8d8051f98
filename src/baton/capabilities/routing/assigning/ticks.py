"""Ticks: where many wait, offers are made a few times a second, all at once, instead of one by one at every event."""

from collections.abc import Iterator, Sequence

from baton.capabilities.routing.assigning.able import Floor
from baton.capabilities.routing.assigning.matching import Offer
from baton.capabilities.routing.events import Effects, Pace, Place, Post, Routing, Tick
from baton.capabilities.wellbeing.events import Easing
from baton.kernel.conversation import Due, To
from baton.kernel.events import Fact
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

CROWDED = 150
"""Places on the board from which on ticks offer: below, one event is matched in a few milliseconds."""
EVERY_MS = 250


def is_crowded(facts: Facts) -> bool:
    """Whether so many are on the board that offers are made by ticks."""
    return facts.count(Place) >= CROWDED


def next_tick(stream: Stream, facts: Facts) -> Iterator[Fact | To]:
    """Ask for the next tick, unless one is on its way."""
    tick = facts.get(Tick)
    if is_crowded(facts) and (tick is None or tick.at_ms <= stream.now_ms):
        at_ms = stream.now_ms + EVERY_MS
        yield Tick(at_ms)
        yield To(stream.id, Due("match"), at_ms)


def floor_of(stream: Stream) -> Floor:
    """The floor as the assignment stream has it."""
    facts = stream.facts
    eased = frozenset(each.rep for each in facts.all(Easing) if each.until_ms > stream.now_ms)
    return Floor(
        facts.all(Place), facts.all(Post), stream.policy(Routing), facts.all(Pace), stream.now_ms,
        effects=stream.policy(Effects), eased=eased,
    )  # fmt: skip


def written(offers: Sequence[Offer]) -> str:
    """Offers as one line of a decision's arguments: `conversation/4kx>kim:970 …`."""
    return " ".join(f"{each.conversation}>{each.rep}:{each.chance_permille}" for each in offers)


def read(pairs: str) -> Iterator[Offer]:
    """The offers of such a line."""
    for pair in pairs.split():
        conversation, _, rest = pair.partition(">")
        rep, _, chance = rest.rpartition(":")
        yield Offer(conversation, rep, int(chance))
