"""The routes of identity: one's own sign-in, passkeys, links, people, keys, roles, rules of sign-in, and SCIM."""

from fastapi import APIRouter

from baton.web.app import App
from baton.web.identity import admin, doors, me
from baton.web.identity.scim import serve as scim


def router(app: App) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False)
    for routes in (doors.router(app), me.router(app), admin.router(app), scim.routes(app)):
        made.include_router(routes)
    return made
