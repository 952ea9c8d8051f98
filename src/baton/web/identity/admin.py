"""Administration: people, keys, roles and rules of sign-in, each with its tab."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from baton.web.app import App
from baton.web.identity import all_keys, people, rules
from baton.web.identity.roles import pages


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/admin")
    async def first(request: Request) -> Response:
        """Where administration begins."""
        app.allow(request, "open", "admin")
        return RedirectResponse("/admin/people", 303)

    for part in (people, all_keys, rules, pages):
        routes.include_router(part.router(app))
    return routes
