"""Understanding for AI use: a pay band that came or went, told to the team without saying whose."""

from collections.abc import Iterator

from baton.capabilities.ai_use.events import Counted, Employed
from baton.capabilities.ai_use.people.bands import changes
from baton.kernel.conversation import To
from baton.kernel.facts import Facts
from baton.kernel.stream import Stream


def counted(event: Employed, stream: Stream, facts: Facts) -> Iterator[Counted | To]:
    """A rep's team or band is new, other, or over."""
    before = facts.get(Counted) or Counted()
    now = Counted() if event.left_ms or not event.pay_band else Counted(event.team, event.pay_band)
    if now != before:
        yield now
        for team, told in changes(before, now):
            yield To(team, told)
