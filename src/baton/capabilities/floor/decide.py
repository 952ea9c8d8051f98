"""Deciding for the floor: a conversation that was not told of the outage is, and later that it is over, if it was told before."""

from collections.abc import Iterator

from baton.capabilities.floor.events import OutageTold, Warned
from baton.kernel.conversation import Holder, Proposed
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream

ANNOUNCE = 9000


def announced(told: OutageTold, stream: Stream, facts: Facts) -> Iterator[Proposed]:
    """Say it where the AI speaks or the customer waits; a rep who serves says it themselves."""
    holder, warned = facts.get(Holder), facts.get(Warned)
    same = warned if warned is not None and warned.outage == told.outage else None
    if holder is None or holder.kind not in {"agent", "queue"}:
        return
    if (same is not None) != told.over or (same is not None and same.solved):
        return
    args: dict[str, str | int | bool] = {"outage": told.outage, "over": told.over, "waits": holder.kind == "queue"}
    yield Proposed("announce", args, ANNOUNCE, "an outage is over" if told.over else "an outage is under way")
