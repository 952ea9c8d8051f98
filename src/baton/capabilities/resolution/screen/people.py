"""The pages on which two identities are said to be one person: from a conversation, with the way back."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.resolution.reading.same import every, identities, identity
from baton.capabilities.resolution.screen import shown
from baton.capabilities.resolution.screen.identifying import allowed, customer_of, join, named, separate
from baton.kernel.errors import BatonError
from baton.web.app import App

TOLD: Final = {"joined": "Both are one person from now on.", "apart": "They are two people again."}


def router(app: App) -> APIRouter:
    """The pages."""
    routes = APIRouter(include_in_schema=False)
    _one(routes, app)
    _saying(routes, app)

    @routes.get("/performance/same-person")
    async def all_of_them(request: Request) -> Response:
        """Every identity that was joined with another."""
        staff = app.allow(request, "open", "performance")
        return shown.page(app, request, "screen/joined.html", staff, {"rows": await every(app.store)})

    return routes


def _one(routes: APIRouter, app: App) -> None:
    @routes.get("/conversations/{id}/same-person")
    async def page(request: Request, id: str) -> Response:
        """The identities of a conversation's customer."""
        told = TOLD.get(request.query_params.get("told", ""), "")
        return await _page(app, request, id, told=told)

    @routes.post("/conversations/{id}/same-person/find")
    async def find(request: Request, id: str, said: Annotated[str, Form()] = "") -> Response:
        """What is known of another identity, by what the customer gave. It is hashed, and not kept."""
        try:
            found = await identity(app.store, named(app, said))
        except BatonError as error:
            return await _page(app, request, id, error=error.message)
        if not found.conversations:
            return await _page(
                app,
                request,
                id,
                error="Nobody is known by that. Look at the spelling, or ask for another address or number.",
            )
        return await _page(app, request, id, found=found)


def _saying(routes: APIRouter, app: App) -> None:
    @routes.post("/conversations/{id}/same-person")
    async def joined(
        request: Request, id: str, customer: Annotated[str, Form(min_length=1, max_length=80)]
    ) -> Response:
        """They are one person."""
        staff = allowed(app, request)
        stream = await app.conversation(staff, id)
        await join(app, staff, customer_of(stream), customer)
        return RedirectResponse(f"/conversations/{stream.key}/same-person?told=joined", 303)

    @routes.post("/conversations/{id}/same-person/apart")
    async def apart(request: Request, id: str, customer: Annotated[str, Form(min_length=1, max_length=80)]) -> Response:
        """They are not, after all."""
        staff = allowed(app, request)
        stream = await app.conversation(staff, id)
        if customer not in {each.customer for each in await identities(app.store, customer_of(stream))}:
            raise BatonError(
                "not_joined", 409, "This identity stands by itself. Nothing was changed; load the page again."
            )
        await separate(app, staff, customer)
        return RedirectResponse(f"/conversations/{stream.key}/same-person?told=apart", 303)


async def _page(app: App, request: Request, id: str, **told: object) -> Response:
    staff = allowed(app, request)
    stream = await app.conversation(staff, id)
    own = customer_of(stream)
    return shown.page(
        app, request, "screen/same.html", staff,
        {"conversation": stream.key, "own": own, "identities": await identities(app.store, own), "found": None, "told": "", "error": "", **told},
        "conversations",
    )  # fmt: skip
