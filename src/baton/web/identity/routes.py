"""The routes of identity: one's own sign-in, passkeys, links, people, keys, roles, rules of sign-in, SCIM, and the same over HTTP."""

from fastapi import APIRouter

from baton.web.app import App
from baton.web.identity import admin, doors, me
from baton.web.identity.api import routes as api
from baton.web.identity.scim import serve as scim


def router(app: App) -> APIRouter:
    """The routes."""
    made = APIRouter()
    for routes in (doors.router(app), me.router(app), admin.router(app), scim.routes(app), api.router(app)):
        made.include_router(routes)
    return made
