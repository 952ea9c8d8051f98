"""The pages of privacy, under /governance/privacy."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.governance.privacy import asking, consent, erasing, erasures, holds, looks
from baton.capabilities.governance.privacy.certificate import GROUNDS, REMAINS, certificate
from baton.capabilities.governance.privacy.commands import zipped
from baton.capabilities.governance.privacy.governance import WHYS, Purposes, Why
from baton.capabilities.governance.privacy.screen import keeping, showing
from baton.capabilities.governance.privacy.screen.held import router as held
from baton.capabilities.governance.privacy.subject import holding
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.refusals import not_found

HERE: Final = "/governance/privacy"
Said = Annotated[str, Form(max_length=200)]
Subject = Annotated[str, Form(min_length=1, max_length=100)]


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)
    _finding(routes, app)
    _forgetting(routes, app)
    for part in (held, keeping.router):
        routes.include_router(part(app))

    @routes.get(f"{HERE}/looks")
    async def looked(request: Request) -> Response:
        """Who read or took out whose words."""
        app.allow(request, "open", "admin")
        asked = {name: request.query_params.get(name, "")[:80] for name in ("staff", "conversation", "customer")}
        found = await looks.seen(
            app, asked["staff"], asked["conversation"], [asked["customer"]] if asked["customer"] else []
        )
        return showing.page(app, request, "looks", "looks", asked=asked, looks=found, most=looks.MOST)

    return routes


def _finding(routes: APIRouter, app: App) -> None:
    @routes.get(HERE)
    async def page(request: Request) -> Response:
        """Find a person; who was forgotten."""
        app.allow(request, "open", "admin")
        return await _people(app, request)

    @routes.post(f"{HERE}/find")
    async def find(request: Request, said: Said = "", conversation: Said = "") -> Response:
        """Whom that belongs to. What was typed is kept nowhere."""
        app.allow(request, "open", "admin")
        try:
            subject = await asking.found(app, said, conversation)
        except BatonError as error:
            return await _people(app, request, error=error.message)
        return RedirectResponse(f"{HERE}/people/{subject.stream}", 303)

    @routes.get(f"{HERE}/people/{{kind}}/{{key}}")
    async def person(request: Request, kind: str, key: str) -> Response:
        """What is held of a person, what they agreed to, who looked; and what can be done."""
        app.allow(request, "open", "admin")
        return await _person(app, request, f"{kind}/{key}")


def _forgetting(routes: APIRouter, app: App) -> None:
    @routes.post(f"{HERE}/erase")
    async def erase(request: Request, subject: Subject, why: Said = "asked", sure: Said = "") -> Response:
        """Forget them, once whoever asks has said so twice."""
        staff = app.allow(request, "change", "admin")
        ground: Why = next((each for each in WHYS if each == why), "asked")
        if sure != "yes":
            return await _person(app, request, subject, error="Tick that it is for ever. Nothing was erased.")
        try:
            done = await erasing.erase(app, await asking.named(app, subject), ground, staff.id)
        except BatonError as error:
            return await _person(app, request, subject, error=error.message)
        return RedirectResponse(f"{HERE}/erasures/{done}", 303)

    @routes.post(f"{HERE}/take-out")
    async def take_out(request: Request, subject: Subject) -> Response:
        """Everything of a person, to be given to them."""
        staff = app.allow(request, "export", "admin")
        return zipped(await asking.taken(app, await asking.named(app, subject), staff.id))

    @routes.get(f"{HERE}/erasures/{{kind}}/{{key}}")
    async def proof(request: Request, kind: str, key: str) -> Response:
        """The certificate, to be printed."""
        app.allow(request, "open", "admin")
        found = await erasures.record(app, f"{kind}/{key}")
        if found is None:
            raise not_found()
        entry, told = found
        made = await certificate(app, entry, told)
        return showing.page(
            app, request, "certificate", "people", entry=entry, told=told, made=made, grounds=GROUNDS, remains=REMAINS
        )


async def _people(app: App, request: Request, error: str = "") -> Response:
    now = app.clock.now_ms()
    return showing.page(
        app, request, "people", "people", error=error, erasures=await erasures.every(app), active=await holds.active(app.store, now),
    )  # fmt: skip


async def _person(app: App, request: Request, subject: str, error: str = "") -> Response:
    found = await asking.named(app, subject)
    now = app.clock.now_ms()
    return showing.page(
        app, request, "person_held", "people", error=error, subject=found, held=await holding(app.committer, found.streams),
        holds=await holds.holding_back(app.store, found, now), agreed=await consent.of(app.store, found.customers), asks=app.policy(Purposes).ask,
        grounds=GROUNDS, now=now, erased=await erasures.record(app, found.stream) is not None,
        looks=(await looks.seen(app, customers=found.customers, conversation="" if found.customers else found.conversations[0]))[:20],
    )  # fmt: skip
