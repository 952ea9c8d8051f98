"""Me: one's own sign-in: passkeys, sessions and keys."""

from typing import Annotated

from fastapi import APIRouter, Form, Request
from starlette.responses import JSONResponse, RedirectResponse, Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.guard import SESSION, cookie
from baton.web.identity.doors import Credential
from baton.web.identity.events import PasskeyAdded, PasskeyRemoved, SignIns
from baton.web.identity.granting import LASTS, make_key, offered, revoke_key
from baton.web.identity.history import history
from baton.web.identity.once import hashed
from baton.web.identity.own import own
from baton.web.identity.passkeys import Passkeys
from baton.web.identity.rights import end_sessions
from baton.web.identity.telling import tell
from baton.web.refusals import not_found
from baton.web.staff import Staff

Id = Annotated[str, Form(max_length=2000)]
Name = Annotated[str, Form(max_length=60)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)
    _page(routes, app)
    _sessions(routes, app)
    _passkeys(routes, app)
    _keys(routes, app)
    return routes


async def shown(app: App, request: Request, staff: Staff, **more: object) -> Response:
    """The page."""
    needs = staff.rights in app.policy(SignIns).passkeys
    here = hashed(cookie(request.headers, SESSION))
    told: dict[str, object] = {
        "made_key": "", "wrong": "", "passkeys": Passkeys(app).of(staff.id), "sessions": app.accounts.sessions.of(staff.id), "here": here,
        "keys": app.accounts.keys.listed(staff.id), "offered": offered(app, staff), "lasts": list(LASTS.items()), "needs_passkey": needs,
        "must_add": needs and staff.how == "password", "origin": Passkeys(app).origin, "csrf": app.csrf(request), "now_ms": app.clock.now_ms(),
        "zone": app.organisation.zone, "history": await history(app, staff.id), "agreed": "governance" in app.built and staff.role != "customer",
    }  # fmt: skip
    status = int(str(more.pop("status", 200)))
    return app.own_page(request, "identity/me.html", "me", status, {**told, **more})


def _page(routes: APIRouter, app: App) -> None:
    @routes.get("/me")
    async def page(request: Request) -> Response:
        """Passkeys, sessions and keys."""
        return await shown(app, request, own(app, request))


def _sessions(routes: APIRouter, app: App) -> None:
    @routes.post("/me/sessions/end")
    async def end(request: Request, session: Id = "") -> Response:
        """End one of one's sessions; without an id, all but this one."""
        staff, here = own(app, request), cookie(request.headers, SESSION)
        ended = await end_sessions(app, staff.id, staff.id, "by themselves", one=session, but=here)
        if session and not ended:
            raise not_found()
        return RedirectResponse("/me#sessions", 303)


def _passkeys(routes: APIRouter, app: App) -> None:
    passkeys = Passkeys(app)

    @routes.post("/me/passkeys/begin")
    async def begin(request: Request) -> Response:
        """What the browser needs to make a passkey."""
        made = passkeys.adding(own(app, request), hashed(cookie(request.headers, SESSION)))
        return Response(made, media_type="application/json", headers={"Cache-Control": "no-store"})

    @routes.post("/me/passkeys")
    async def add(request: Request, body: Credential) -> Response:
        """Keep the passkey that was made."""
        staff, here = own(app, request), hashed(cookie(request.headers, SESSION))
        made = passkeys.add(staff, here, body.credential, body.name.strip() or "Passkey")
        await tell(app, staff.id, staff.id, PasskeyAdded(staff.id, hashed(made.id)[:12]))
        return JSONResponse({"next": "/me#passkeys"}, 201)

    @routes.post("/me/passkeys/remove")
    async def remove(request: Request, passkey: Id = "") -> Response:
        """Remove one of one's passkeys; the last stays where the role needs one."""
        staff = own(app, request)
        last = len(passkeys.of(staff.id)) == 1
        if last and staff.rights in app.policy(SignIns).passkeys:
            return await shown(
                app,
                request,
                staff,
                wrong="Your role signs in with a passkey. Add another before you remove this one.",
                status=409,
            )
        if not passkeys.remove(staff.id, passkey):
            raise not_found()
        await tell(app, staff.id, staff.id, PasskeyRemoved(staff.id, hashed(passkey)[:12], staff.id))
        return RedirectResponse("/me#passkeys", 303)


def _keys(routes: APIRouter, app: App) -> None:
    @routes.post("/me/keys")
    async def make(request: Request, name: Name = "", days: Annotated[str, Form()] = "90") -> Response:
        """Make a key; it is shown on this page this once."""
        staff = own(app, request)
        app.staff(request)
        given = await request.form()
        scopes = tuple(str(each) for each in given.getlist("scope"))
        try:
            made = await make_key(app, staff, staff, name, days, scopes)
        except BatonError as no:
            return await shown(app, request, staff, wrong=no.message, status=no.status)
        return await shown(app, request, staff, made_key=made.secret, status=201)

    @routes.post("/me/keys/revoke")
    async def revoke(request: Request, key: Id = "") -> Response:
        """End one of one's keys."""
        staff = own(app, request)
        await revoke_key(app, key, staff.id, staff.id)
        return RedirectResponse("/me#keys", 303)
