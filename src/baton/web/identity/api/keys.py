"""Keys over HTTP: listed, made for programs, revoked."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from baton.web.app import App
from baton.web.identity.all_keys import owner_of
from baton.web.identity.api import told
from baton.web.identity.api.bodies import KeyIn, KeyMade, KeysOut, MyKeyIn
from baton.web.identity.api.people import KEPT, SESSION_ALONE
from baton.web.identity.granting import make_key, revoke_key
from baton.web.identity.own import GIVES, own
from baton.web.staff import Staff

HERE = "/api/admin/keys"
Owner = Annotated[str, Query(max_length=200, description="The id of an account; empty for every key.")]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["people"])

    @routes.get(HERE, response_model=KeysOut)
    async def listed(request: Request, owner: Owner = "") -> KeysOut:
        """Every key, or those of one account."""
        app.allow(request, "open", "admin")
        return keys_of(app, owner)

    @routes.post(HERE, response_model=KeyMade, status_code=201, responses=KEPT, openapi_extra=SESSION_ALONE)
    async def make(request: Request, response: Response, body: KeyIn) -> KeyMade:
        """Make a key for a program, with scopes that it and whoever asks both have. Needs a session; a person's key is made by them, at /api/me/keys."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        return await made(app, response, owner_of(app, body.owner), by, body)

    @routes.delete(f"{HERE}/{{id}}", status_code=204, responses=KEPT)
    async def revoke(request: Request, id: str) -> Response:
        """End a key: a program that uses it stops at once."""
        by = app.allow(request, "change", "admin")
        await revoke_key(app, id, by.id)
        return Response(status_code=204)

    return routes


def keys_of(app: App, owner: str) -> KeysOut:
    """Keys of an account, or all."""
    now_ms = app.clock.now_ms()
    return KeysOut(keys=[told.key(each, now_ms) for each in app.accounts.keys.listed(owner)])


async def made(app: App, response: Response, owner: Staff, by: Staff, body: MyKeyIn) -> KeyMade:
    """A key, whose secret no cache keeps."""
    response.headers["Cache-Control"] = "no-store"
    new = await make_key(app, owner, by, body.name, str(body.days), tuple(dict.fromkeys(body.scopes)))
    return KeyMade(key=told.key(new.key, app.clock.now_ms()), secret=new.secret)
