"""All keys: every API key there is, whose it is and what it may; an administrator makes one for an account or ends one."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity.frame import framed
from baton.web.identity.me import LASTS, make_key, offered, revoke_key
from baton.web.identity.own import own
from baton.web.staff import Staff

Text = Annotated[str, Form(max_length=2000)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/admin/keys")
    async def listed(request: Request, owner: str = "") -> Response:
        """Every key."""
        return _shown(app, request, owner)

    @routes.post("/admin/keys")
    async def make(request: Request, owner: Text = "", name: Text = "", days: Text = "90") -> Response:
        """Make a key for an account; it is shown this once."""
        own(app, request)
        by = app.allow(request, "change", "admin")
        scopes = tuple(str(each) for each in (await request.form()).getlist("scope"))
        try:
            key = await make_key(app, _owner(app, owner), by, name[:60], days, scopes)
        except BatonError as no:
            return _shown(app, request, owner, no.status, wrong=no.message)
        return _shown(app, request, owner, 201, made_key=key)

    @routes.post("/admin/keys/revoke")
    async def revoke(request: Request, key: Text = "") -> Response:
        """End a key."""
        by = app.allow(request, "change", "admin")
        await revoke_key(app, key, by.id)
        return RedirectResponse("/admin/keys", 303)

    return routes


def _owner(app: App, staff_id: str) -> Staff:
    found = app.accounts.by_id(staff_id)
    if found is None:
        raise BatonError("no_owner", 422, "Choose whose key it is. Nothing was made.")
    return found


def _shown(app: App, request: Request, owner: str, status: int = 200, made_key: str = "", wrong: str = "") -> Response:
    app.allow(request, "open", "admin")
    whose = app.accounts.by_id(owner) if owner else None
    return framed(
        app, request, "keys", status=status, keys=app.accounts.keys.listed(), people=app.accounts.everyone(), owner=whose,
        names={row.id: row.name for row in app.accounts.rows()}, offered=offered(app, whose) if whose else [], lasts=list(LASTS.items()),
        now_ms=app.clock.now_ms(), made_key=made_key, wrong=wrong,
    )  # fmt: skip
