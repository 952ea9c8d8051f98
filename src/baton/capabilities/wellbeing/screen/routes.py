"""The pages of wellbeing: breathers by team for who leads, one's own load for who serves; and what is sent from them."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.capabilities.wellbeing.events import Wellbeing
from baton.capabilities.wellbeing.reading.own import breather_of, mine, shown
from baton.capabilities.wellbeing.reading.reserve import reserve
from baton.capabilities.wellbeing.reading.teams import SMALLEST, teams
from baton.capabilities.wellbeing.screen.acting import answer, approve, forget, own
from baton.web.app import App

FOLDER: Final = "capabilities/wellbeing"
HERE: Final = "/wellbeing"
BACK: Final = {"desk": "/desk", "mine": f"{HERE}/mine"}


def routes(app: App) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False)
    _pages(router, app)
    _offer(router, app)
    _forms(router, app)
    return router


def _pages(router: APIRouter, app: App) -> None:
    @router.get(HERE)
    async def page(request: Request) -> Response:
        """Breathers by team; a rep's own load for a rep."""
        if app.staff(request).role == "rep":
            return RedirectResponse(f"{HERE}/mine", 303)
        staff = app.allow(request, "open", "live")
        return app.page(
            request, f"{FOLDER}/page.html", screen="live", found=await teams(app), reserve=await reserve(app), rules=app.policy(Wellbeing),
            smallest=SMALLEST, may_approve=app.may(staff, "approve", "planning"), csrf=app.csrf(request),
        )  # fmt: skip

    @router.get(f"{HERE}/mine")
    async def of_mine(request: Request) -> Response:
        """One's own load."""
        found = await mine(app, own(app, request).id)
        return app.page(
            request, f"{FOLDER}/screen/mine.html", screen="desk", mine=found, breather=shown(found.breather, found.now_ms), rules=app.policy(Wellbeing),
            csrf=app.csrf(request), zone=app.organisation.zone,
        )  # fmt: skip


def _offer(router: APIRouter, app: App) -> None:
    @router.get(f"{HERE}/mine/offer")
    async def offer(request: Request) -> Response:
        """The line at the foot of the desk: the breather that is offered or under way; nothing where there is none."""
        breather, now_ms = await breather_of(app, own(app, request).id), app.clock.now_ms()
        body = app.templates.get_template(f"{FOLDER}/screen/offer.html").render(
            breather=shown(breather, now_ms), now=now_ms, csrf=app.csrf(request), back="desk"
        )
        return HTMLResponse(body, headers={"Cache-Control": "no-store"})


def _forms(router: APIRouter, app: App) -> None:
    @router.post(f"{HERE}/mine/answer")
    async def answered(
        request: Request, ref: Annotated[str, Form(max_length=64)], said: Annotated[Literal["take", "later", "no"], Form()],
        back: Annotated[Literal["desk", "mine"], Form()] = "mine",
    ) -> Response:  # fmt: skip
        """Take a breather, put it off, or say no."""
        await answer(app, own(app, request), ref, said)
        if "hx-request" in request.headers:
            return Response(status_code=204, headers={"HX-Trigger": "desk-breather, desk-list"})
        return RedirectResponse(BACK[back], 303)

    @router.post(f"{HERE}/mine/forget")
    async def forgotten(request: Request, counting: Annotated[Literal["on", "off"], Form()]) -> Response:
        """Delete one's own load, or begin to count it again."""
        await forget(app, own(app, request), counting == "on")
        return RedirectResponse(f"{HERE}/mine", 303)

    @router.post(f"{HERE}/approve")
    async def approved(
        request: Request, team: Annotated[str, Form(max_length=200)], many: Annotated[int, Form(ge=1, le=100)]
    ) -> Response:  # fmt: skip
        """Approve some of a team's breathers."""
        await approve(app, app.allow(request, "approve", "planning"), team, many)
        return RedirectResponse(HERE, 303)
