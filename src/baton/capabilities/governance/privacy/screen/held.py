"""Legal holds on a page: what is held, why and until when; placing one and ending it."""

from datetime import date, datetime, time
from typing import Annotated, Final
from zoneinfo import ZoneInfo

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.governance.privacy import asking, holds
from baton.capabilities.governance.privacy.governance import RECORDS, Records, Scope
from baton.capabilities.governance.privacy.screen import showing
from baton.kernel.errors import BatonError
from baton.web.app import App

HERE: Final = "/governance/privacy/holds"
Text = Annotated[str, Form(max_length=500)]
Kinds = Annotated[list[str], Form()]
SCOPES: Final[dict[str, Scope]] = {"all": "all", "person": "customer", "conversation": "conversation"}


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)

    @routes.get(HERE)
    async def page(request: Request) -> Response:
        """Every hold."""
        app.allow(request, "open", "admin")
        return await _page(app, request)

    @routes.post(HERE)
    async def place(
        request: Request, scope: Text = "", ref: Text = "", why: Text = "", until: Text = "", records: Kinds | None = None
    ) -> Response:  # fmt: skip
        """Place one; what was filled in stays where it is refused."""
        staff = app.allow(request, "change", "admin")
        kinds: tuple[Records, ...] = tuple(each for each in RECORDS if each in (records or ()))
        try:
            chosen = SCOPES.get(scope, "all")
            of = await _of(app, chosen, ref)
            end_ms = _end_of_day(until, app.organisation.zone)
            await holds.place(app.committer, app.chance.token(9), staff.id, chosen, of, kinds, app.cover(why), end_ms)
        except BatonError as error:
            filled = {"scope": scope, "ref": ref, "why": why, "until": until}
            return await _page(app, request, error.message, filled)
        return RedirectResponse(HERE, 303)

    @routes.post(f"{HERE}/{{key}}/end")
    async def end(request: Request, key: str) -> Response:
        """End one before its time."""
        staff = app.allow(request, "change", "admin")
        await holds.end(app.committer, key, staff.id)
        return RedirectResponse(HERE, 303)

    return routes


async def _page(app: App, request: Request, error: str = "", filled: dict[str, str] | None = None) -> Response:
    found = await holds.with_reasons(app.committer, await holds.every(app.store))
    now = app.clock.now_ms()
    return showing.page(
        app, request, "holds", "holds", holds=found, now=now, error=error, filled=filled or {}, records=RECORDS
    )


async def _of(app: App, scope: Scope, ref: str) -> str:
    """The key of who or what is held; an address or number is turned into the customer it belongs to."""
    if scope == "all":
        return ""
    if scope == "conversation":
        await asking.found(app, conversation=ref)
        return ref.strip().removeprefix("conversation/")
    subject = await asking.found(app, ref, ref)
    return subject.customers[0] if subject.customers else subject.conversations[0]


def _end_of_day(day: str, zone: str) -> int:
    try:
        chosen = date.fromisoformat(day)
    except ValueError:
        return 0
    return int(datetime.combine(chosen, time(23, 59, 59), ZoneInfo(zone)).timestamp() * 1000)
