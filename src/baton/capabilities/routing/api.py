"""Routing over HTTP: the Live screen. What reps do with offers and conversations is under /api/desk."""

from fastapi import APIRouter

from baton.capabilities.routing.screen.routes import routes
from baton.web.app import App


def router(app: App) -> APIRouter:
    """The routes."""
    return routes(app)
