"""The routes of a week: its page, asking for it, how far it is, and its shifts as a file."""

from datetime import date
from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.capabilities.workforce.events import week_of
from baton.capabilities.workforce.weeks.making import Making, ask
from baton.capabilities.workforce.weeks.shown import STEPS, next_monday, page, rows_of
from baton.capabilities.workforce.weeks.standing import week
from baton.capabilities.workforce.weeks.who import serves_of
from baton.web.app import App
from baton.web.separated import csv_response

HERE: Final = "/planning/week"
FOLDER: Final = "capabilities/workforce/weeks"
Day = Annotated[str, Form(max_length=10)]


def router(app: App, making: Making) -> APIRouter:
    """The pages and the form."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(HERE)
    async def shown(request: Request) -> Response:
        """A week: the next one where none is named."""
        staff = app.allow(request, "open", "planning")
        monday = monday_of(app, request.query_params.get("week", ""))
        day = request.query_params.get("day", "")
        told = await page(app, staff, monday, int(day) if day in set("0123456") else 0)
        return app.page(request, f"{FOLDER}/week.html", screen="planning", csrf=app.csrf(request), **told)

    @routes.post(HERE)
    async def make(request: Request, week: Day) -> Response:
        """Ask for a week's schedule."""
        staff = app.allow(request, "change", "planning")
        monday = monday_of(app, week)
        await ask(app, monday, staff.id, making)
        return RedirectResponse(f"{HERE}?week={monday.isoformat()}", 303)

    @routes.get(f"{HERE}/progress")
    async def progress(request: Request) -> Response:
        """How far it is; once it is over, the page is loaded again."""
        app.allow(request, "open", "planning")
        found = await week(app.store, monday_of(app, request.query_params.get("week", "")), app.organisation.zone, {})
        headers = {"Cache-Control": "no-store"} | ({} if found.state == "asked" else {"HX-Refresh": "true"})
        body = app.templates.get_template(f"{FOLDER}/progress.html").render(week=found, step_words=STEPS)
        return HTMLResponse(body, headers=headers)

    @routes.get(f"{HERE}.csv")
    async def file(request: Request) -> Response:
        app.allow(request, "export", "planning")
        monday = monday_of(app, request.query_params.get("week", ""))
        found = await week(app.store, monday, app.organisation.zone, await serves_of(app))
        names = {each.id: each.name for each in app.accounts.everyone()}
        return csv_response(*rows_of(found, names, app.organisation.zone), f"baton-week-{monday.isoformat()}")

    return routes


def monday_of(app: App, text: str) -> date:
    """The Monday of a day's week; of the next week where the text is no day."""
    try:
        told = date.fromisoformat(text)
    except ValueError:
        return next_monday(app)
    return (
        date.fromisoformat(week_of(told.isoformat()))
        if date(2000, 1, 1) < told < date(2200, 1, 1)
        else next_monday(app)
    )
