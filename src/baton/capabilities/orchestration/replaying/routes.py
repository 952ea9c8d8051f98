"""The routes of Replays: the list, asking for one, what it told, and putting its change live."""

from datetime import UTC, datetime, timedelta
from typing import Annotated, Any, Final, NamedTuple
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.capabilities.orchestration.replaying.asking import ask, every, one, put_live
from baton.capabilities.orchestration.replaying.shown import COLUMNS, answer_page, rows_of
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.separated import csv_response
from baton.web.staff import Staff

HERE: Final = "/planning/replays"
FOLDER: Final = "capabilities/orchestration/replaying"
DAYS = 7
EXAMPLE = 'title = "Shorter waits for who waits longest"\n\n[routing]\nstarving_after_s = 600\n'
Text = Annotated[str, Form(max_length=200_000)]
Date = Annotated[str, Form(max_length=40)]


class Wish(NamedTuple):
    """What somebody filled in."""

    change: str
    since: str
    until: str
    seed: int = 1


def router(app: App) -> APIRouter:
    """The pages and their forms."""
    routes = APIRouter(include_in_schema=False)
    _reading(routes, app)
    _asking(routes, app)
    return routes


def _reading(routes: APIRouter, app: App) -> None:
    @routes.get(HERE)
    async def replays(request: Request) -> Response:
        """Every replay, and the form that asks for one."""
        staff = app.allow(request, "open", "planning")
        return await _list(app, request, staff, _usual(app), None)

    @routes.get(f"{HERE}/{{key}}")
    async def replay(request: Request, key: str) -> Response:
        """One replay: how far it is, or what it told."""
        staff = app.allow(request, "open", "planning")
        told = answer_page(app, staff, await one(app, key))
        return app.page(request, f"{FOLDER}/answer.html", screen="planning", **told)

    @routes.get(f"{HERE}/{{key}}/lines.csv")
    async def lines(request: Request, key: str) -> Response:
        """The figures of one replay, a row each, whole numbers of their unit."""
        app.allow(request, "export", "planning")
        return csv_response(rows_of((await one(app, key)).done), COLUMNS, f"replay-{key}")

    @routes.get(f"{HERE}/{{key}}/progress")
    async def progress(request: Request, key: str) -> Response:
        """Whether it is done; then the page is loaded again."""
        app.allow(request, "open", "planning")
        kept = (await one(app, key)).kept
        headers = {"Cache-Control": "no-store"} | ({} if kept.state == "asked" else {"HX-Refresh": "true"})
        return HTMLResponse(app.templates.get_template(f"{FOLDER}/progress.html").render(kept=kept), headers=headers)


def _asking(routes: APIRouter, app: App) -> None:
    @routes.post(HERE)
    async def asked(request: Request, change: Text, since: Date, until: Date, seed: Annotated[int, Form(ge=0, le=1_000_000)] = 1) -> Response:  # fmt: skip
        """Ask for a replay. A change that is refused is kept in the form, with the reason."""
        staff = app.allow(request, "replay", "planning")
        try:
            key = await ask(app, staff.id, change, since, until, seed)
        except BatonError as refused:
            if refused.status != 422:
                raise
            return await _list(app, request, staff, Wish(change, since, until, seed), refused)
        return RedirectResponse(f"{HERE}/{key}", 303)

    @routes.post(f"{HERE}/{{key}}/live")
    async def live(request: Request, key: str, why: Annotated[str, Form(max_length=500)] = "") -> Response:
        """Put its change live."""
        staff = app.allow(request, "change", "planning")
        await put_live(app, key, staff.id, why)
        return RedirectResponse(f"{HERE}/{key}", 303)


async def _list(app: App, request: Request, staff: Staff, wish: Wish, refused: BatonError | None) -> Response:
    told: dict[str, Any] = {
        "replays": await every(app), "wish": wish, "refused": refused.message if refused else "", "zone": app.organisation.zone,
        "names": {s.id: s.name for s in app.accounts.everyone()}, "may_replay": app.may(staff, "replay", "planning"), "csrf": app.csrf(request),
    }  # fmt: skip
    return app.page(
        request, f"{FOLDER}/list.html", screen="planning", status=refused.status if refused else 200, **told
    )


def _usual(app: App) -> Wish:
    """The last seven whole days."""
    today = datetime.fromtimestamp(app.clock.now_ms() / 1000, UTC).astimezone(ZoneInfo(app.organisation.zone)).date()
    return Wish(EXAMPLE, (today - timedelta(days=DAYS)).isoformat(), (today - timedelta(days=1)).isoformat())
