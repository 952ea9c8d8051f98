"""The Performance page, its parts, its definitions and its CSV files."""

import logging
import sqlite3

import msgspec
from fastapi import APIRouter, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.capabilities.performance.registry import metric_of
from baton.capabilities.performance.registry.metric import Metric
from baton.capabilities.performance.registry.seen import DIMENSIONS, Seen
from baton.capabilities.performance.registry.single import measures_of, without_rep
from baton.capabilities.performance.screen.files import FILES
from baton.capabilities.performance.screen.meanings import PAGE, meaning
from baton.capabilities.performance.screen.paces import HALVES, rows_of_half
from baton.capabilities.performance.screen.parts import PARTS, Ask, Context, telling
from baton.capabilities.performance.screen.selected import Selected, choices, has_stated, reach
from baton.capabilities.performance.tabular import csv_response
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.asked import SIDE_WORDS, asked_of, bar
from baton.web.refusals import not_found
from baton.web.staff import Staff

SIDES = [*SIDE_WORDS.items(), ("all", "People and AI")]
FOLDER = "capabilities/performance"
STOP_POLLING = 286
LAZY = tuple(name for name in PARTS if name != "ledger")
LOG = logging.getLogger(__name__)


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)
    _page(routes, app)
    _parts(routes, app)
    _meanings(routes, app)
    return routes


async def ask_of(app: App, request: Request, staff: Staff) -> Ask:
    """What a request asks. Where it names no time and the last 28 days are empty, all of the log."""
    query, now = request.query_params, app.clock.now_ms()
    asked = asked_of(query, now, app.organisation.zone, took="ai")
    if not query.get("range") and not query.get("from") and not query.get("until"):
        n, _, last = await reach(app.store)
        if n and last < asked.from_ms:
            asked = asked_of({**query, "range": "all"}, now, app.organisation.zone, took="ai")
    return Ask(app, staff, asked)


def _page(routes: APIRouter, app: App) -> None:
    @routes.get("/performance")
    async def page(request: Request) -> Response:
        staff = app.staff(request)
        if staff.role == "rep":
            return RedirectResponse("/performance/mine", 303)
        app.allow(request, "open", "performance")
        ask = await ask_of(app, request, staff)
        n, first, last = await reach(app.store)
        named = PARTS if "whole" in request.query_params else ("ledger",)
        parts = {name: await _html(app, ask, name) for name in named} if n else {}
        return app.page(
            request, f"{FOLDER}/page.html", screen="performance", known=n, first_ms=first, last_ms=last, parts=parts,
            lazy=[name for name in LAZY if name not in parts and (name != "stated" or await has_stated(app.store))], filters=bar(ask.asked, await choices(app.store, ask.titles), SIDES),
            organisation=app.organisation, telling=telling(app), **ask.common(),
        )  # fmt: skip

    @routes.get("/performance/mine")
    async def mine(request: Request) -> Response:
        """A rep's own row, and nobody else's."""
        ask = await ask_of(app, request, app.allow(request, "serve", "desk"))
        return app.page(
            request, f"{FOLDER}/screen/mine.html", screen="performance", part=await _html(app, ask, "suggestions"),
            filters=bar(ask.asked, {}, [])[:1], **ask.common(),
        )  # fmt: skip


def _parts(routes: APIRouter, app: App) -> None:
    @routes.get("/performance/part/{name}")
    async def part(request: Request, name: str) -> Response:
        staff = app.allow(request, "open", "performance")
        if name not in PARTS:
            raise not_found()
        ask = await ask_of(app, request, staff)
        over = name == "ledger" and telling(app) is None
        return HTMLResponse(await _html(app, ask, name), STOP_POLLING if over else 200, {"Cache-Control": "no-store"})

    @routes.get("/performance/{name}.csv")
    async def file(request: Request, name: str) -> Response:
        staff = app.allow(request, "export", "performance")
        if name not in FILES:
            raise not_found()
        rows, columns = await FILES[name](await ask_of(app, request, staff))
        return csv_response(rows, columns, f"baton-{name}")


def _meanings(routes: APIRouter, app: App) -> None:
    @routes.get("/performance/metrics/{id}")
    async def metric(request: Request, id: str) -> Response:
        """A definition with its figure: a drawer, or by itself without script."""
        ask = await ask_of(app, request, app.allow(request, "open", "performance"))
        told: Context = {"meaning": await meaning(Selected(app.store, ask.asked), id), **ask.common()}
        return _drawer(app, request, "screen/metric.html", told, metric_of(id).title)

    @routes.get("/performance/metrics/{id}/rows")
    async def rows(request: Request, id: str) -> Response:
        """The rows behind a figure, each with its conversation."""
        ask = await ask_of(app, request, app.allow(request, "open", "performance"))
        metric = metric_of(id)
        asked_page = request.query_params.get("page", "1")
        number = max(1, int(asked_page[:6])) if asked_page.isdigit() else 1
        half, line = _half(request)
        found, total = await _rows(ask, metric, half, line, PAGE, (number - 1) * PAGE)
        level = ask.level(measures_of([id])[0])
        return app.page(
            request, f"{FOLDER}/screen/rows.html", screen="performance", metric=metric, total=total, number=number, size=PAGE, half=half, line=line,
            rows=[msgspec.structs.replace(r, of=without_rep(r.of, level)) for r in found], filters=bar(ask.asked, await choices(app.store, ask.titles), SIDES),
            **ask.common(),
        )  # fmt: skip

    @routes.get("/performance/metrics/{id}/rows.csv")
    async def file(request: Request, id: str) -> Response:
        """All rows behind a figure, of the same selection as the page."""
        ask = await ask_of(app, request, app.allow(request, "export", "performance"))
        found, _ = await _rows(ask, metric_of(id), *_half(request), 0, 0)
        level = ask.level(measures_of([id])[0])
        of = [(r, without_rep(r.of, level)) for r in found]
        flat = [
            {"conversation": r.id, "y": r.y, "x": r.x, **{d: told.get(d, "") for d in DIMENSIONS}} for r, told in of
        ]
        return csv_response(flat, ["conversation", "y", "x", *DIMENSIONS], f"{id}-rows")


def _half(request: Request) -> tuple[str, str]:
    """Which half of the reps and which line of the table of handle times; empty for all."""
    half, line = (request.query_params.get(name, "")[:120] for name in ("half", "line"))
    return half, line


async def _rows(ask: Ask, metric: Metric, half: str, line: str, limit: int, first: int) -> tuple[list[Seen], int]:
    selected = Selected(ask.app.store, ask.asked)
    if metric.id == "aht" and half in HALVES:
        return await rows_of_half(selected, half, line, limit, first)
    return await metric.page(selected, {}, limit, first)


def _drawer(app: App, request: Request, template: str, told: Context, title: str) -> Response:
    body = app.templates.get_template(f"{FOLDER}/{template}").render(told)
    if "hx-request" in request.headers:
        return HTMLResponse(body, headers={"Cache-Control": "no-store"})
    return app.page(request, f"{FOLDER}/screen/alone.html", screen="performance", body=body, heading=title, **told)


async def _html(app: App, ask: Ask, name: str) -> str:
    """A part as HTML. One that cannot be worked out says so in its place and leaves the others standing."""
    try:
        told = await PARTS[name](ask)
    except (BatonError, sqlite3.Error, OSError) as error:
        LOG.warning("part_failed", exc_info=error, extra={"part": name})
        told = {"failed_part": name, "why": error.message if isinstance(error, BatonError) else ""}
        return app.templates.get_template(f"{FOLDER}/screen/failed.html").render(told | ask.common())
    return app.templates.get_template(f"{FOLDER}/screen/{name}.html").render(told | ask.common())
