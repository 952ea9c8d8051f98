"""Tabs: the pages of governance, as far as somebody may open them."""

from typing import Final

from baton.web.app import App
from baton.web.staff import Staff

TABS: Final = (
    ("/governance", "Switch", "agents"),
    ("/governance/policies", "Policies", "agents"),
    ("/governance/register", "Register", "agents"),
    ("/governance/agreement", "Agreement", ""),
    ("/governance/privacy", "Privacy", "admin"),
    ("/governance/audit", "Audit", "admin"),
)
"""Address, label, and the screen one has to be allowed to open; none for what every member of staff may read."""


def tabs(app: App, staff: Staff, here: str) -> list[dict[str, object]]:
    """The pages, with the one that is shown marked."""
    return [
        {"href": href, "label": label, "current": href == here}
        for href, label, screen in TABS
        if not screen or app.may(staff, "open", screen)
    ]
