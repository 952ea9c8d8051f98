"""The ledger over HTTP: the page that says how it decides. Its figures are served with the metrics."""

from fastapi import APIRouter

from baton.capabilities.resolution.screen.routes import router as screen
from baton.web.app import App


def router(app: App) -> APIRouter:
    """The routes."""
    return screen(app)
