"""Serving: the routes of privacy, and what runs beside them: erasures that were put off, and records whose time is over."""

import asyncio
import logging
from typing import Final

from fastapi import APIRouter

from baton.capabilities.governance.privacy import commands, erasing, own, retention
from baton.capabilities.governance.privacy.screen.routes import router as pages
from baton.web.app import App

EVERY_S: Final = 60.0
log = logging.getLogger(__name__)


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    for part in (commands.router, own.router, pages):
        routes.include_router(part(app))
    app.tasks.append(lambda: _now_and_then(app))
    return routes


async def _now_and_then(app: App) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        try:
            await due(app)
        except Exception:
            log.exception("what is to be forgotten could not be; it is tried again in a minute")


async def due(app: App) -> int:
    """Do what is due now; returns how many people and records were forgotten."""
    if not app.committer.lanes:
        return 0
    return await erasing.finish(app) + await retention.run(app)
