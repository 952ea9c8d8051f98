"""The routes of a rep's own schedule, and of what was asked for, which a planner or supervisor answers."""

from datetime import timedelta
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from baton.capabilities.workforce.events import FeedMade
from baton.capabilities.workforce.own.calendar import MEDIA, calendar, fingerprint
from baton.capabilities.workforce.own.commands import (
    answer_leave,
    answer_swap,
    ask_leave,
    ask_swap,
    chosen,
    one_leave,
    one_swap,
)
from baton.capabilities.workforce.own.shown import asked, mine
from baton.capabilities.workforce.tables import FEEDS
from baton.capabilities.workforce.weeks.standing import shifts_between
from baton.capabilities.workforce.weeks.who import today
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.refusals import not_found

HERE: Final = "/schedule"
ASKED: Final = "/planning/asked"
FOLDER: Final = "capabilities/workforce/own"
PAST_DAYS, AHEAD_DAYS = 28, 120
Text = Annotated[str, Form(max_length=120)]
Day = Annotated[str, Form(max_length=10)]


def router(app: App) -> APIRouter:
    """The pages, forms and the calendar."""
    routes = APIRouter(include_in_schema=False)
    _own(routes, app)
    _leave(routes, app)
    _swaps(routes, app)
    _calendar(routes, app)
    _deciding(routes, app)
    return routes


def _own(routes: APIRouter, app: App) -> None:
    @routes.get(HERE)
    async def page(request: Request) -> Response:
        """A rep's own shifts and what they asked for."""
        staff = app.allow(request, "serve", "desk")
        told = await mine(app, staff)
        return app.page(request, f"{FOLDER}/mine.html", screen="desk", csrf=app.csrf(request), address="", **told)


def _leave(routes: APIRouter, app: App) -> None:
    @routes.post(f"{HERE}/leave")
    async def leave(request: Request, first: Day, last: Day = "") -> Response:
        """Ask for days off."""
        staff = app.allow(request, "serve", "desk")
        await ask_leave(app, staff.id, first, last)
        return RedirectResponse(f"{HERE}#leave", 303)

    @routes.post(f"{HERE}/leave/{{key}}/withdraw")
    async def withdraw(request: Request, key: str) -> Response:
        """Take the question back."""
        staff = app.allow(request, "serve", "desk")
        if (await one_leave(app, key))["rep"] != staff.id:
            raise not_found()
        await answer_leave(app, key, "withdrawn", staff.id, "")
        return RedirectResponse(f"{HERE}#leave", 303)


def _swaps(routes: APIRouter, app: App) -> None:
    @routes.post(f"{HERE}/swaps")
    async def swap(request: Request, day: Day, to: Text) -> Response:
        """Ask a colleague to take a shift."""
        staff = app.allow(request, "serve", "desk")
        other, _, back = to.partition("|")
        await ask_swap(app, staff.id, day, other, back)
        return RedirectResponse(f"{HERE}#swaps", 303)

    @routes.post(f"{HERE}/swaps/{{key}}")
    async def answer(request: Request, key: str, say: Annotated[Literal["accepted", "declined", "withdrawn"], Form()]) -> Response:  # fmt: skip
        """The colleague accepts or declines; whoever asked takes it back."""
        staff, swap = app.allow(request, "serve", "desk"), await one_swap(app, key)
        if staff.id != (swap.rep if say == "withdrawn" else swap.other):
            raise not_found()
        await answer_swap(app, swap, say, staff.id, "")
        return RedirectResponse(f"{HERE}#swaps", 303)


def _calendar(routes: APIRouter, app: App) -> None:
    @routes.post(f"{HERE}/feed")
    async def feed(request: Request, take_back: Text = "") -> Response:
        """Make a secret address, which is shown once, or take it back; an address made before ends."""
        staff = app.allow(request, "serve", "desk")
        secret = "" if take_back else app.chance.token(24)
        told = FeedMade(staff.id, fingerprint(secret) if secret else "")
        await app.committer.append(f"rep/{staff.id}", told, by=f"rep/{staff.id}")
        address = str(request.url_for("shifts_feed", secret=secret)) if secret else ""
        page = await mine(app, staff) | {"has_feed": bool(secret)}
        return app.page(request, f"{FOLDER}/mine.html", screen="desk", csrf=app.csrf(request), address=address, **page)

    @routes.get(f"{HERE}/feed/{{secret}}.ics", name="shifts_feed")
    async def shifts(secret: str) -> Response:
        """The calendar at a secret address: whoever knows it reads these shifts and nothing else."""
        found = await app.store.rows(select(FEEDS.c.rep).where(FEEDS.c.fingerprint == fingerprint(secret)))
        if not found:
            raise not_found()
        day, rep = today(app), str(found[0]["rep"])
        span = day - timedelta(days=PAST_DAYS), day + timedelta(days=AHEAD_DAYS)
        kept = await shifts_between(app.store, span[0].isoformat(), span[1].isoformat(), rep)
        title = f"Shifts, {app.organisation.name}" if app.organisation.name else "Shifts"
        body = calendar(kept, app.organisation.zone, title, app.clock.now_ms())
        return Response(body, media_type=MEDIA, headers={"Cache-Control": "private, no-store"})


def _deciding(routes: APIRouter, app: App) -> None:
    @routes.get(ASKED)
    async def page(request: Request) -> Response:
        """What waits, and what each would leave missing."""
        staff = app.allow(request, "open", "planning")
        may = app.may(staff, "approve", "planning")
        return app.page(
            request,
            f"{FOLDER}/asked.html",
            screen="planning",
            csrf=app.csrf(request),
            may_approve=may,
            **await asked(app),
        )

    @routes.post(f"{ASKED}/{{kind}}/{{key}}")
    async def decide(
        request: Request, kind: Literal["leave", "swap"], key: str, say: Annotated[Literal["approved", "refused"], Form()], why: Text = ""
    ) -> Response:  # fmt: skip
        """Approve, or refuse with a reason."""
        staff = app.allow(request, "approve", "planning")
        reason = chosen(why) if say == "refused" else ""
        if kind == "leave":
            await answer_leave(app, key, say, staff.id, reason)
        else:
            swap = await one_swap(app, key)
            if staff.id in {swap.rep, swap.other}:
                raise BatonError("own_swap", 403, "Nobody approves a swap of their own. Ask somebody else to.")
            await answer_swap(app, swap, say, staff.id, reason)
        return RedirectResponse(ASKED, 303)
