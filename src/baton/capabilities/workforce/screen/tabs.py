"""Tabs: the pages of planning."""

from typing import Final

TABS: Final = (
    ("/planning", "Forecast"),
    ("/planning/week", "Week"),
    ("/planning/today", "Today"),
    ("/planning/asked", "Asked for"),
    ("/planning/adherence", "Adherence"),
    ("/planning/months", "18 months"),
    ("/planning/replays", "Replays"),
)


def tabs(here: str) -> list[dict[str, object]]:
    """The pages, with the one that is shown marked."""
    return [{"href": href, "label": label, "current": href == here} for href, label in TABS]
