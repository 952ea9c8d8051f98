"""The routes of the AI use page, of a rep's own, of the rows behind its numbers and its CSV files."""

from fastapi import APIRouter, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.ai_use.reading.uses import read
from baton.capabilities.ai_use.screen import shown
from baton.capabilities.ai_use.screen.asking import HERE, asking_of, level_of
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.separated import csv_response

FOLDER = "capabilities/ai_use"
PAGE = 50


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(HERE)
    async def page(request: Request) -> Response:
        if app.staff(request).role == "rep":
            return RedirectResponse(f"{HERE}/mine", 303)
        staff = app.allow(request, "open", "performance")
        told = await shown.page(app, staff, await asking_of(app, request))
        return app.page(request, f"{FOLDER}/page.html", screen="performance", **told)

    @routes.get(f"{HERE}/mine")
    async def mine(request: Request) -> Response:
        """A rep's own use, and nobody else's."""
        staff = app.allow(request, "serve", "desk")
        told = await shown.mine(app, staff, await asking_of(app, request))
        return app.page(request, f"{FOLDER}/screen/mine.html", screen="desk", **told)

    @routes.get(f"{HERE}/rows")
    async def rows(request: Request) -> Response:
        """The conversations behind a number."""
        rep = app.staff(request).role == "rep"
        staff = app.allow(request, *(("serve", "desk") if rep else ("open", "performance")))
        told = await shown.rows(app, staff, await asking_of(app, request))
        asked = request.query_params.get("page", "1")
        number = max(1, int(asked) if asked.isdigit() and len(asked) < 7 else 1)
        return app.page(
            request, f"{FOLDER}/screen/rows.html", screen="desk" if rep else "performance", number=number, size=PAGE,
            first=(number - 1) * PAGE, is_rep=rep, **told,
        )  # fmt: skip

    @routes.get(f"{HERE}/{{name}}.csv")
    async def file(request: Request, name: str) -> Response:
        staff = app.allow(request, "export", "performance")
        if name not in {"use", "tools"}:
            raise not_found()
        asking = await asking_of(app, request)
        uses = await read(app.store, asking.asked, asking.tool)
        if name == "tools":
            told = shown.table_of(shown.lines(uses, lambda u: u.tool, shown.tool_name), "tool")
        elif (level := level_of(app, staff)).agreed:
            told = shown.table_of(shown.by_rep(app, shown.as_agreed(uses, level)), "rep")
        else:
            told = shown.table_of(shown.by_team(uses, level), "team")
        return csv_response(*told, f"baton-ai-{name}")

    return routes
