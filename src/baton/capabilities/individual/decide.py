"""Proposals of individual: tell a customer that the rep they wait for will not come."""

from collections.abc import Iterator

from baton.capabilities.individual.events import Choice, WantedRepLeft
from baton.kernel.conversation import Holder, Proposed
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

TELL = 5000


def rep_left(event: WantedRepLeft, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Say so at once: they wait for anybody now, at the same place."""
    holder = facts.get(Holder)
    if (
        facts.get(Choice) is not None
        and holder is not None
        and holder.kind == "queue"
        and event.epoch in {0, holder.epoch}
    ):
        args: dict[str, str | int | bool] = {"name": event.name, "why": event.why}
        yield Proposed("tell_rep_left", args, TELL, f"the rep who is waited for: {event.why}")
