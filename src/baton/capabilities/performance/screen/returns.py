"""What contained customers did next: who came back, how soon, by which channel, and each pair side by side."""

import msgspec

from baton.capabilities.performance.registry.definitions import METRICS, WINDOWS_DAYS
from baton.capabilities.performance.registry.ledger import Pair
from baton.capabilities.performance.registry.metric import figure
from baton.capabilities.performance.registry.rows import whole
from baton.capabilities.performance.registry.seen import Figure, Seen
from baton.capabilities.performance.screen.selected import Selected
from baton.web.formats import duration_words

HOUR_MS = 3_600_000
DAY_MS = 24 * HOUR_MS


class Window(msgspec.Struct, frozen=True):
    """How many contained customers came back about the same issue in `days`, of those whose window was observed."""

    days: int
    figure: Figure


async def windows(selected: Selected) -> list[Window]:
    """The share of contained contacts after which the customer came back, for each window."""
    contained = {str(row["conversation"]) for row in await selected.contacts() if whole(row["contained"])}
    found = []
    for days in WINDOWS_DAYS:
        metric = METRICS[f"recontact_{days}d"]
        seen: list[Seen] = [s for s in await metric.rows(selected) if s.id in contained]
        found.append(Window(days, figure(metric, seen, {})))
    return found


def gap_words(gap_ms: int) -> str:
    """How long after: "3 h 20 min later", "2 days later"."""
    return "at once" if gap_ms < 60_000 else f"{duration_words(gap_ms)} later"


def other_channel(pairs: list[Pair]) -> int:
    """In how many pairs the customer changed the channel: those that a bot's own report never sees."""
    return sum(pair.first.channel != pair.then.channel for pair in pairs)
