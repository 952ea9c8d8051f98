"""The page of today."""

from collections.abc import Mapping

from fastapi import APIRouter, Request
from starlette.responses import Response

from baton.capabilities.workforce.today.shown import CHOICES, HERE, page
from baton.capabilities.workforce.today.what_if import If
from baton.web.app import App


def router(app: App) -> APIRouter:
    """The page."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(HERE)
    async def shown(request: Request) -> Response:
        """Today so far, the rest of it, and what if."""
        app.allow(request, "open", "planning")
        told = await page(app, if_of(request.query_params))
        return app.page(request, "capabilities/workforce/today/page.html", screen="planning", **told)

    return routes


def if_of(query: Mapping[str, str]) -> If:
    """What is supposed; what is said wrongly is as it is."""
    usual = {"contacts": 100, "handle": 100, "away": 0}
    told = {name: query.get(name, "") for name in usual}
    return If(**{n: int(t) if t in {str(c) for c in CHOICES[n]} else usual[n] for n, t in told.items()})
