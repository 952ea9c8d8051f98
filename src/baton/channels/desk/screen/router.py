"""Router: GET /desk, its parts, and its two files."""

from dataclasses import replace
from pathlib import Path
from typing import Final

from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, Response

from baton.capabilities.knowledge.events import Articles
from baton.channels.desk.desk import Desk
from baton.channels.desk.screen.agreeing import agreements
from baton.channels.desk.screen.asking import consults
from baton.channels.desk.screen.context import Context, articles, context, searched
from baton.channels.desk.screen.forms import forms
from baton.channels.desk.screen.parts import Parts
from baton.channels.desk.screen.work import Work, count_suggestions, work
from baton.channels.desk.screen.wrapping import panel
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.pages import file_response
from baton.web.refusals import not_found

HERE: Final = Path(__file__).parent.parent
FILES: Final = ("desk.js", "desk.css")
VIEWS: Final = ("list", "work", "side")


def screen(app: App) -> APIRouter:
    """The routes of the screen."""
    routes = APIRouter(include_in_schema=False)
    _page(routes, app)
    _parts(routes, app)
    _knowledge(routes, app)
    forms(routes, app)
    consults(routes, Desk(app))
    agreements(routes, Desk(app))
    return routes


def _parts_for(app: App, request: Request) -> Parts:
    return Parts(app, request, app.allow(request, "open", "desk"))


def _page(routes: APIRouter, app: App) -> None:
    @routes.get("/desk")
    async def desk(request: Request, c: str = "", view: str = "", q: str = "") -> Response:
        """The whole page. `c` is what is open, `view` which pane a small screen shows, `q` a question to knowledge."""
        parts = _parts_for(app, request)
        made, beside, gone = await _opened(parts, c)
        current = c if made else ""
        left = await parts.left(current)
        shell = replace(app.shell(request, parts.staff, "desk"), presence="")
        body = parts.render(
            "page", shell=shell, left=left, current=current, work=made, context=beside, gone=gone,
            view=view if view in VIEWS else "work" if made else "list", searched=searched(app, q) if q.strip() else None, query=q,
        )  # fmt: skip
        return HTMLResponse(body, 200, {"Cache-Control": "no-store"})

    @routes.get("/desk/{name}.{ending}")
    async def file(request: Request, name: str, ending: str) -> Response:
        """The script or the style."""
        if f"{name}.{ending}" not in FILES:
            raise not_found()
        return file_response(request, HERE / f"{name}.{ending}")


async def _opened(parts: Parts, ref: str) -> tuple[Work | None, Context | None, bool]:
    try:
        made, beside = await parts.opened(ref)
    except BatonError:
        return None, None, True
    return made, beside, bool(ref) and made is None


def _parts(routes: APIRouter, app: App) -> None:
    @routes.get("/desk/left")
    async def left(request: Request, c: str = "") -> Response:
        """The left pane."""
        parts = _parts_for(app, request)
        made = await parts.left(c)
        return parts.answer(parts.render("left", left=made, current=c) + parts.render("presence", left=made, oob=True))

    @routes.get("/desk/c/{ref}")
    async def opened(request: Request, ref: str) -> Response:
        """What was chosen in the list."""
        return await _parts_for(app, request).middle(ref)

    @routes.get("/desk/c/{key}/more")
    async def more(request: Request, key: str, after: int = 0) -> Response:
        """What was said past a position, and what changed around it."""
        parts = _parts_for(app, request)
        made, stream, told = await work(app, parts.staff, key)
        fresh = made.past(after)
        if any(line.kind == "turn" for line in fresh.lines):
            await parts.look(stream.id)
            await count_suggestions(app, parts.staff, made)
        return parts.answer(
            parts.render("more", work=fresh, context=await context(app, parts.staff, stream, told)),
            HX_Trigger_After_Settle="desk-list" if fresh.lines else "desk-same",
        )  # fmt: skip

    @routes.get("/desk/c/{key}/wrap-up")
    async def wrapping(request: Request, key: str) -> Response:
        """The wrap-up panel, with its suggestion of this moment."""
        parts = _parts_for(app, request)
        made, stream, _ = await work(app, parts.staff, key)
        shown = panel(stream, app.clock.now_ms(), app.organisation.zone)
        return parts.answer(parts.render("wrap", work=made, panel=shown))


def _knowledge(routes: APIRouter, app: App) -> None:
    @routes.get("/desk/knowledge")
    async def found(request: Request, q: str = "") -> Response:
        """Sections that answer a rep's own words."""
        parts = _parts_for(app, request)
        hits = searched(app, q.strip()) if q.strip() else None
        return parts.answer(parts.render("found", searched=hits, query=q))

    @routes.get("/desk/knowledge/{article}/{section}")
    async def section(request: Request, article: str, section: int) -> Response:
        """One section, in the drawer."""
        parts = _parts_for(app, request)
        known = articles(app.policy(Articles), [(f"{article}#{section}", 0)])
        if not known:
            raise not_found()
        return parts.answer(parts.render("article", article=known[0]))
