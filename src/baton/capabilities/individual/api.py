"""Individual over HTTP: how often wait quotes were kept, the rows behind it, and what is remembered of a customer, with its delete."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from baton.capabilities.individual.events import Forgotten
from baton.capabilities.individual.waiting.kept import quotes
from baton.capabilities.individual.waiting.page import COLUMNS, asking, figures, page, rows_of
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.separated import csv_response

Time = Annotated[int, Query(ge=0, le=4_102_444_800_000, description="Milliseconds since the epoch.")]
Label = Annotated[str, Query(max_length=120)]


class KeptOut(BaseModel):
    """Quotes of one group: the share kept with its 95 % interval, and the mean error of the likely wait (null where too few)."""

    cut: str
    group: str
    quotes: int
    kept: float
    low: float
    high: float
    left_before: int
    error_s: float | None


class ForgottenOut(BaseModel):
    """Nothing from before this time is remembered."""

    until_ms: int


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["individual"])

    @routes.get("/api/waits", response_model=list[KeptOut])
    async def kept(request: Request, since: Time = 0, until: Time = 0, queue: Label = "") -> list[KeptOut]:
        """How often wait quotes were kept, where somebody had to wait: by whom was waited for, by queue, by hour."""
        app.allow(request, "open", "live")
        waited = [row for row in await quotes(app.store, since, until, queue) if row["found"]]
        found = figures(waited, app.organisation.zone)
        return [
            KeptOut(
                cut=cut, group=k.label, quotes=k.quotes, kept=k.kept.value, low=k.kept.low, high=k.kept.high, left_before=k.unknown,
                error_s=k.error.value if k.error else None,
            )
            for cut, k in found
        ]  # fmt: skip

    @routes.delete("/api/conversations/{id}/memory", response_model=ForgottenOut)
    async def forget(request: Request, id: str) -> ForgottenOut:
        """Forget what is remembered of this conversation's customer: who served them, channel, language, tempo, needs."""
        return ForgottenOut(until_ms=await _forget(app, request, id))

    _screens(routes, app)
    return routes


def _screens(routes: APIRouter, app: App) -> None:
    @routes.get("/waits", include_in_schema=False)
    async def waits(request: Request) -> Response:
        staff = app.allow(request, "open", "live")
        told = await page(app, staff, asking(app, request))
        return app.page(request, "capabilities/individual/page.html", screen="live", **told)

    @routes.get("/waits.csv", include_in_schema=False)
    async def file(request: Request) -> Response:
        app.allow(request, "export", "live")
        return csv_response(await rows_of(app, asking(app, request)), COLUMNS, "baton-waits")

    @routes.post("/conversations/{id}/memory/forget", include_in_schema=False)
    async def forgotten(request: Request, id: str) -> Response:
        await _forget(app, request, id)
        return RedirectResponse(f"/desk?c={id}", 303)


async def _forget(app: App, request: Request, id: str) -> int:
    staff = app.staff(request)
    if not (app.may(staff, "serve", "desk") or app.may(staff, "change", "admin")):
        raise BatonError(
            "not_allowed",
            403,
            f"The role {staff.role!r} may not delete what is remembered. Ask a rep or an administrator.",
        )
    stream = await app.conversation(staff, id)
    if stream.started is None or not stream.started.customer:
        raise BatonError(
            "nobody_known", 409, "Nothing is remembered here: the customer of this conversation is not known."
        )
    now_ms = app.clock.now_ms()
    event = Forgotten(now_ms, f"staff/{staff.id}", stream.id)
    await app.committer.append(f"customer/{stream.started.customer}", event, by=f"staff/{staff.id}")
    return now_ms
