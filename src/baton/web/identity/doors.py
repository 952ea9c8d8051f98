"""Doors: signing in by a passkey, and setting a password by a link that opens once."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response

from baton.web.app import App
from baton.web.guard import FORM, client_of, cookie
from baton.web.identity.events import PasskeyRefused, PasswordSet
from baton.web.identity.once import hashed
from baton.web.identity.passkeys import Copied, Passkeys, refused
from baton.web.identity.rights import LINK
from baton.web.identity.telling import tell
from baton.web.limits import Buckets
from baton.web.refusals import TooMany
from baton.web.sign_in import TRIES, TRY_AGAIN_S, Door
from baton.web.staff import Staff

SHORTEST: Final = 12
LONGEST: Final = 1000
A_WORD: Final = 4
"""Shorter parts of a name are no hint."""
GONE: Final = "This link was used, or it is over. Ask an administrator for another."
JSON: Final = {"Cache-Control": "no-store"}


class Credential(BaseModel):
    """What the browser's passkey answered."""

    model_config = ConfigDict(extra="forbid")
    credential: dict[str, Any]
    name: str = Field("", max_length=60, pattern=r"^[^\x00-\x1f]*$")


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)
    tries = Buckets(app.clock, TRIES, 1 / TRY_AGAIN_S)
    _passkeys(routes, app, tries)
    _links(routes, app, tries)
    return routes


def _slowly(tries: Buckets, key: str) -> None:
    wait_s = tries.wait_s(key)
    if wait_s:
        raise TooMany(f"Too many tries from here. Wait {wait_s} seconds, then try again.", wait_s)


def _passkeys(routes: APIRouter, app: App, tries: Buckets) -> None:
    passkeys, door = Passkeys(app), Door(app)
    asks = Buckets(app.clock, 10 * TRIES, 1.0)

    @routes.post("/sign-in/passkey/begin")
    async def begin(request: Request) -> Response:
        """A challenge for this browser."""
        _slowly(asks, client_of(request.scope))
        return Response(passkeys.asking(_browser(request)), media_type="application/json", headers=JSON)

    @routes.post("/sign-in/passkey")
    async def enter(request: Request, body: Credential) -> Response:
        """Come in by what the passkey answered."""
        address = client_of(request.scope)
        _slowly(tries, address)
        try:
            staff = passkeys.enter(_browser(request), body.credential)
        except Copied as copy:
            why = "its counter went back"
            await tell(app, copy.staff, copy.staff, PasskeyRefused(copy.staff, hashed(copy.passkey)[:12], why))
            raise
        tries.forget(address)
        await door.keep(staff)
        response = JSONResponse({"next": "/"}, headers=JSON)
        door.let_in(request, response, staff, "passkey")
        return response


def _browser(request: Request) -> str:
    """What a challenge is bound to: the browser that shows the form."""
    secret = cookie(request.headers, FORM)
    if not secret:
        raise refused()
    return hashed(secret)


def _links(routes: APIRouter, app: App, tries: Buckets) -> None:
    @routes.get("/sign-in/link/{secret}")
    async def show(request: Request, secret: str) -> Response:
        """The form; a link that opens nothing says so."""
        _slowly(tries, f"link {client_of(request.scope)}")
        return _shown(app, request, secret)

    @routes.post("/sign-in/link/{secret}")
    async def choose(
        request: Request, secret: str, password: Annotated[str, Form(max_length=LONGEST)] = ""
    ) -> Response:
        """Set the password; the link opens nothing from then on, and every session ends."""
        staff = _of(app, secret)
        wrong = "" if staff is None else weakness(password, staff)
        if staff is None or wrong or app.accounts.once.take(LINK, secret) is None:
            return _shown(app, request, secret, wrong)
        await tell(app, staff.id, staff.id, PasswordSet(staff.id))
        app.accounts.set_password(staff.id, password)
        return RedirectResponse("/sign-in?told=password", 303)


def weakness(password: str, staff: Staff) -> str:
    """What is wrong with a password, or nothing (NIST SP 800-63B: length matters, what is known of the person does not count)."""
    low = password.casefold()
    if len(password) < SHORTEST:
        return f"Use at least {SHORTEST} characters. A few words in a row are easy to remember."
    known = {staff.email.partition("@")[0].casefold(), staff.name.casefold().replace(" ", ""), "password", "baton"}
    left = low.replace(" ", "")
    for word in known:
        left = left.replace(word, "") if len(word) >= A_WORD else left
    if len(set(low)) < SHORTEST // 2 or len(left) < SHORTEST // 2:
        return "This password is easy to guess. Choose words that have nothing to do with you."
    return ""


def _of(app: App, secret: str) -> Staff | None:
    staff_id = app.accounts.once.look(LINK, secret)
    return app.accounts.by_id(staff_id) if staff_id else None


def _shown(app: App, request: Request, secret: str, error: str = "") -> Response:
    staff, form = _of(app, secret), cookie(request.headers, FORM) or app.chance.token(24)
    body = app.templates.get_template("identity/link.html").render(
        staff=staff, csrf=app.signer.sign("csrf", form), error=error, gone=GONE, organisation=app.organisation.name, shortest=SHORTEST,
    )  # fmt: skip
    response = HTMLResponse(
        body, 404 if staff is None else 422 if error else 200, {**JSON, "Referrer-Policy": "no-referrer"}
    )
    secure = not app.settings.insecure_cookies
    response.set_cookie(FORM, form, max_age=3600, path="/", httponly=True, secure=secure, samesite="lax")
    return response
