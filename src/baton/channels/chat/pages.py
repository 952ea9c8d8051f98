"""What a site embeds: the widget's script and style, and a page that shows it at work."""

from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from baton.web.app import App
from baton.web.pages import file_response
from baton.web.refusals import not_found

HERE: Final = Path(__file__).parent
FILES: Final = ("widget.js", "privacy.js", "widget.css", "host.css")


def pages(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/chat")
    async def host(request: Request) -> Response:
        """A page of the organisation with the widget on it. An invented company's may say who its customer is and by which queue they come: `?customer=`, `?queue=`."""
        said = request.query_params if app.organisation.invented else {}
        return _page(app, "channels/chat/host.html", said.get("customer", "")[:200], said.get("queue", "")[:200])

    @routes.get("/chat/companion")
    async def companion() -> Response:
        """The widget alone, over the whole page: for a link in a message, or beside a call."""
        return _page(app, "channels/chat/companion.html")

    @routes.get("/chat/{name}")
    async def asset(request: Request, name: str) -> Response:
        """One of the widget's files."""
        if name not in FILES:
            raise not_found()
        return file_response(request, HERE / name)

    return routes


def _page(app: App, template: str, customer: str = "", queue: str = "") -> Response:
    shown = app.templates.get_template(template)
    return HTMLResponse(shown.render(organisation=app.organisation, customer=customer, queue=queue))
