"""Tabs: the pages of agents."""

from collections.abc import Mapping
from typing import Final

TABS: Final = (
    ("/agents", "Agents"),
    ("/agents/scenarios", "Scenarios"),
    ("/agents/trials", "Simulated customers"),
    ("/agents/traces", "Traces"),
    ("/agents/procedures", "Procedures"),
    ("/agents/drafts", "Drafts"),
    ("/agents/outcomes", "Outcomes nobody knew"),
    ("/governance", "Governance"),
)
"""Address and label."""


def tabs(here: str, counts: Mapping[str, int] | None = None) -> list[dict[str, object]]:
    """The pages, with the one that is shown marked, and how much is on those that `counts` names."""
    told = counts or {}
    return [{"href": href, "label": label, "current": href == here, "count": told.get(href)} for href, label in TABS]
