"""Routing over HTTP: the Live screen, and the rules. What reps do with offers and conversations is under /api/desk."""

from fastapi import APIRouter

from baton.capabilities.routing.rules.page import pages
from baton.capabilities.routing.rules.revising import revising
from baton.capabilities.routing.screen.routes import routes
from baton.web.app import App


def router(app: App) -> APIRouter:
    """The routes."""
    both = APIRouter()
    both.include_router(pages(app))
    both.include_router(routes(app))
    both.include_router(revising(app))
    return both
