"""All keys: every API key there is, whose it is and what it may; an administrator makes one for a program or ends one."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity.frame import framed
from baton.web.identity.granting import LASTS, is_program, make_key, offered, revoke_key, see_that_may_have_one
from baton.web.identity.own import GIVES, own
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
        """Make a key for a program; it is shown this once."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        scopes = tuple(str(each) for each in (await request.form()).getlist("scope"))
        try:
            made = await make_key(app, owner_of(app, owner), by, name[:60], days, scopes)
        except BatonError as no:
            return _shown(app, request, owner, no.status, wrong=no.message)
        return _shown(app, request, owner, 201, made_key=made.secret)

    @routes.post("/admin/keys/revoke")
    async def revoke(request: Request, key: Text = "") -> Response:
        """End a key."""
        by = app.allow(request, "change", "admin")
        await revoke_key(app, key, by.id)
        return RedirectResponse("/admin/keys", 303)

    return routes


def owner_of(app: App, staff_id: str) -> Staff:
    """The account of which a key is to be; raises 422 where there is none."""
    found = app.accounts.by_id(staff_id)
    if found is None:
        raise BatonError("no_owner", 422, "Choose whose key it is: an open account. Nothing was made.")
    return found


def _shown(app: App, request: Request, owner: str, status: int = 200, made_key: str = "", wrong: str = "") -> Response:
    by = app.allow(request, "open", "admin")
    whose = app.accounts.by_id(owner) if owner else None
    everyone = app.accounts.everyone()
    if whose is not None and not wrong:
        wrong, whose = _refused(whose, by)
    return framed(
        app, request, "keys", status=status, keys=app.accounts.keys.listed(), people=[p for p in everyone if is_program(p) or p.id == by.id],
        programs={p.id for p in everyone if is_program(p)}, owner=whose, names={row.id: row.name for row in app.accounts.rows()},
        offered=offered(app, whose, by) if whose else [], lasts=list(LASTS.items()), now_ms=app.clock.now_ms(), made_key=made_key, wrong=wrong,
    )  # fmt: skip


def _refused(whose: Staff, by: Staff) -> tuple[str, Staff | None]:
    """Why no key can be made here of somebody's, or nothing and whose it is to be."""
    try:
        see_that_may_have_one(whose, by)
    except BatonError as no:
        return no.message, None
    return "", whose
