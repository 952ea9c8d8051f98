"""The routes of identity: one's own sign-in, passkeys, links, people, keys, roles, rules of sign-in, and SCIM."""

from fastapi import APIRouter

from baton.web.app import App
from baton.web.identity.scim import serve as scim


def router(app: App) -> APIRouter:
    """The routes."""
    made = APIRouter(include_in_schema=False)
    made.include_router(scim.routes(app))
    return made
