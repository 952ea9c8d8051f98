"""The routes of the Escalations page, of the rows behind its numbers, of its tasks and its CSV files."""

from collections.abc import Callable, Mapping
from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.escalations.events import How
from baton.capabilities.escalations.noticing.tasks import AFTER, WITHIN_DAYS
from baton.capabilities.escalations.reading.parts import Read, read
from baton.capabilities.escalations.reading.tasks import WORDS, tasks
from baton.capabilities.escalations.screen import shown
from baton.capabilities.escalations.screen.asking import HERE, Asking, asking_of
from baton.capabilities.escalations.screen.closing import close, reader
from baton.web.app import App
from baton.web.asked import in_words
from baton.web.refusals import not_found
from baton.web.separated import csv_response
from baton.web.staff import Staff

FOLDER = "capabilities/escalations"
PAGE = 50
Table = tuple[list[dict[str, object]], list[str]]
FILES: Mapping[str, Callable[[Read, Asking], Table]] = {
    "breakdown": shown.table_of, "chart": shown.chart_of, "rows": shown.rows_of,
}  # fmt: skip


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)
    _pages(routes, app)
    _tasks(routes, app)
    return routes


def _pages(routes: APIRouter, app: App) -> None:
    @routes.get(HERE)
    async def page(request: Request) -> Response:
        staff = app.allow(request, "open", "performance")
        told = await shown.page(app, staff, await asking_of(app, request))
        return _page(app, request, "page.html", told, staff)

    @routes.get(f"{HERE}/rows")
    async def rows(request: Request) -> Response:
        """The conversations behind a number."""
        staff = app.allow(request, "open", "performance")
        told = await shown.rows(app, staff, await asking_of(app, request))
        asked = request.query_params.get("page", "1")
        number = max(1, int(asked) if asked.isdigit() and len(asked) < 7 else 1)
        return _page(
            app,
            request,
            "screen/rows.html",
            {**told, "number": number, "size": PAGE, "first": (number - 1) * PAGE},
            staff,
        )

    @routes.get(f"{HERE}/{{name}}.csv")
    async def file(request: Request, name: str) -> Response:
        app.allow(request, "export", "performance")
        if name not in FILES:
            raise not_found()
        asking = await asking_of(app, request)
        found = await read(app.store, asking.asked, app.organisation.zone)
        return csv_response(*FILES[name](found, asking), f"baton-escalations-{name}")


def _tasks(routes: APIRouter, app: App) -> None:
    @routes.get(f"{HERE}/tasks")
    async def every(request: Request) -> Response:
        """Every task; to whoever may not open Performance, only their own."""
        staff, sees_all = reader(app, request)
        told: shown.Context = {
            "tasks": await tasks(app, "" if sees_all else staff.id), "asking": await asking_of(app, request) if sees_all else None,
            "here": HERE, "zone": app.organisation.zone, "in_words": in_words, "hows": WORDS, "after": AFTER, "within_days": WITHIN_DAYS,
            "may_open": app.may(staff, "open", "conversations"), "told": "The task is closed." if "closed" in request.query_params else "",
        }  # fmt: skip
        return _page(app, request, "screen/all_tasks.html", told, staff)

    @routes.post(f"{HERE}/tasks/{{task}}/close")
    async def closed(request: Request, task: str, how: Annotated[How, Form()]) -> Response:
        """Its owner saw to it."""
        await close(app, reader(app, request)[0], task, how)
        return RedirectResponse(f"{HERE}/tasks?closed", 303)


def _page(app: App, request: Request, template: str, told: shown.Context, staff: Staff) -> Response:
    return app.page(
        request, f"{FOLDER}/{template}", screen="performance", csrf=app.csrf(request),
        may_close=lambda task: shown.may_close(staff, task), **told,
    )  # fmt: skip
