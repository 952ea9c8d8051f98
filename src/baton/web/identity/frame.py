"""The frame of administration pages: tabs, what may be changed, and the form token."""

from typing import Any, Final

from fastapi import Request
from starlette.responses import Response

from baton.web.app import App
from baton.web.identity.events import Roles
from baton.web.staff import NO_ROLE

TABS: Final = (("people", "People"), ("roles", "Roles"), ("keys", "Keys"), ("sign-in", "Sign-in"))


def framed(app: App, request: Request, tab: str, template: str = "", status: int = 200, **context: object) -> Response:
    """A page of administration under its tab."""
    staff = app.allow(request, "open", "admin")
    tabs = [{"href": f"/admin/{name}", "label": label, "current": name == tab} for name, label in TABS]
    shown: dict[str, Any] = context
    return app.page(
        request, f"identity/{template or tab}.html", screen="admin", status=status, tabs_of=tabs, csrf=app.csrf(request),
        may_change=app.may(staff, "change", "admin"), zone=app.organisation.zone, titles=titles(app), **shown,
    )  # fmt: skip


def titles(app: App) -> dict[str, str]:
    """What each role is called on a screen."""
    made = {role.id: role.title for role in app.policy(Roles).roles}
    told = {role: made.get(role) or role.replace("_", " ").capitalize() for role in app.permissions.roles}
    return {**told, NO_ROLE: "No role yet"}
