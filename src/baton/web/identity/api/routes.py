"""The routes of people, keys, roles and what is one's own, over HTTP."""

from fastapi import APIRouter

from baton.web.app import App
from baton.web.identity.api import keys, mine, people, roles


def router(app: App) -> APIRouter:
    """The routes."""
    made = APIRouter()
    for part in (people, keys, roles, mine):
        made.include_router(part.router(app))
    return made
