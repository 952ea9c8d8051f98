"""The page of adherence and shrinkage: by team, never one person's."""

from datetime import timedelta
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import Response

from baton.capabilities.governance.events import Agreement
from baton.capabilities.workforce.adherence.reading import SMALLEST, adherence, by_team, planned_away
from baton.capabilities.workforce.events import Planning
from baton.capabilities.workforce.screen.tabs import tabs
from baton.capabilities.workforce.weeks.shown import teams_of
from baton.capabilities.workforce.weeks.who import today
from baton.web.app import App

HERE: Final = "/planning/adherence"
DAYS: Final = 28


def router(app: App) -> APIRouter:
    """The page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(HERE)
    async def page(request: Request) -> Response:
        """Adherence of teams over the last 28 days, and how much of paid time was away."""
        app.allow(request, "open", "planning")
        now = today(app)
        smallest = max(SMALLEST, app.policy(Agreement).level("adherence", "", app.clock.now_ms()).smallest)
        told = by_team(await adherence(app, now - timedelta(days=DAYS), now), await teams_of(app), smallest)
        return app.page(
            request, "capabilities/workforce/adherence/page.html", screen="planning", tabs=tabs(HERE), teams=told, days=DAYS,
            smallest=smallest, away=await planned_away(app, now), policy=app.policy(Planning), invented=app.organisation.invented,
        )  # fmt: skip

    return routes
