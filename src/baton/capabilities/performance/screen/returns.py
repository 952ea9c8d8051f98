"""What contained customers did next: who came back, how soon, by which channel, and each pair side by side."""

import msgspec

from baton.capabilities.performance.registry.definitions import METRICS, WINDOWS_DAYS
from baton.capabilities.performance.registry.metric import figures_of
from baton.capabilities.performance.registry.scope import ONE, amount
from baton.capabilities.performance.registry.seen import Figure
from baton.capabilities.performance.screen.selected import Selected
from baton.capabilities.resolution.tables import CONTACTS
from baton.web.formats import duration_words


class Window(msgspec.Struct, frozen=True):
    """How many contained customers came back about the same issue in `days`, of those whose window was observed."""

    days: int
    figure: Figure


async def windows(selected: Selected) -> list[Window]:
    """The share of contained contacts after which the customer came back, for each window."""
    metrics = [METRICS[f"recontact_{days}d"] for days in WINDOWS_DAYS]
    found = await figures_of(selected, metrics, (), amount(CONTACTS.c.contained) == ONE)
    return [Window(days, found[m.id][0]) for days, m in zip(WINDOWS_DAYS, metrics, strict=True)]


def gap_words(gap_ms: int) -> str:
    """How long after: "3 h 20 min later", "2 days later"."""
    return "at once" if gap_ms < 60_000 else f"{duration_words(gap_ms)} later"
