"""The page of eighteen months, and its rows as a file."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from baton.capabilities.workforce.months.shown import HERE, SHARES, page, planned, rows_of
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.separated import csv_response


def router(app: App) -> APIRouter:
    """The page and the file."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(HERE)
    async def shown(request: Request) -> Response:
        """People needed and there, month by month."""
        app.allow(request, "open", "planning")
        told = await page(app, _more(request), request.query_params.get("team", "")[:80])
        return app.page(request, "capabilities/workforce/months/page.html", screen="planning", **told)

    @routes.get(f"{HERE}.csv")
    async def file(request: Request) -> Response:
        app.allow(request, "export", "planning")
        told = await planned(app, _more(request))
        if told is None:
            raise BatonError(
                "short_history", 409, "Two weeks of contacts and an import of people are needed. Run baton import hr."
            )
        return csv_response(*rows_of(told), "baton-months")

    return routes


def _more(request: Request) -> int:
    more = request.query_params.get("more", "0")
    return int(more) if more in {str(share) for share in SHARES} else 0
