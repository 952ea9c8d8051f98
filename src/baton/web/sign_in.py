"""Signing in and out, and what tells that the server is well."""

import asyncio
from typing import Final
from urllib.parse import urlsplit

from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton import __version__
from baton.capabilities.governance.events import SignedIn as SignedInEvent
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.guard import FORM, SESSION, client_of, cookie
from baton.web.identity.events import SignIns
from baton.web.identity.passkeys import Passkeys
from baton.web.identity.sessions import Came, device_of
from baton.web.limits import Buckets
from baton.web.refusals import TooMany
from baton.web.staff import ABSOLUTE_MS, Staff

TRIES: Final = 10
TRY_AGAIN_S: Final = 60
KEEP_S: Final = 5.0
TOLD: Final = {"password": "Your password is set. Sign in with it.", "left": "You are signed out."}
HOME: Final = {
    "customer": "/chat",
    "rep": "/desk",
    "supervisor": "/live",
    "analyst": "/performance",
    "planner": "/planning",
    "knowledge_manager": "/knowledge",
}


class SignIn(BaseModel):
    """An account's address and password."""

    model_config = ConfigDict(extra="forbid")
    email: str = Field(min_length=3, max_length=254, examples=["mara.nilsen@halcyon.example"])
    password: str = Field(min_length=1, max_length=1000)


class SignedIn(BaseModel):
    """Who signed in. `csrf` goes into the header X-CSRF-Token of every request that changes something."""

    csrf: str
    name: str
    role: str


class Health(BaseModel):
    """Serving."""

    status: str
    version: str


class Door:
    """Checks passwords, slowly for those who guess: ten tries an account and address, then one each minute."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._tries = Buckets(app.clock, TRIES, 1 / TRY_AGAIN_S)

    async def enter(self, request: Request, email: str, password: str) -> Staff:
        """Who this is; raises 401 or 429."""
        key = f"{email.strip().lower()} {client_of(request.scope)}"
        wait_s = self._tries.wait_s(key)
        if wait_s:
            raise TooMany(f"Too many tries for this account from here. Wait {wait_s} seconds, then try again.", wait_s)
        staff = await self._app.accounts.check(email, password)
        if staff is None:
            raise BatonError(
                "wrong_password", 401, "The address or the password is not right. Check both and try again."
            )
        self._tries.forget(key)
        self._by_passkey_alone(staff)
        await self.keep(staff)
        return staff

    def _by_passkey_alone(self, staff: Staff) -> None:
        if staff.rights in self._app.policy(SignIns).passkeys and Passkeys(self._app).of(staff.id):
            raise BatonError("passkey_needed", 403, "Your role signs in with a passkey. Use yours.")

    async def keep(self, staff: Staff) -> None:
        """Keep in the log that they came in; raises 503 where it takes nothing."""
        signed = SignedInEvent(staff.id, staff.rights)
        try:
            async with asyncio.timeout(KEEP_S):
                await self._app.committer.append(f"staff/{staff.id}", signed, by=f"staff/{staff.id}")
        except TimeoutError as error:
            told = "The log takes nothing now, and every sign-in is kept in it. Try again in a minute."
            raise BatonError("log_unavailable", 503, told) from error

    def let_in(
        self, request: Request, response: Response, staff: Staff, how: str = "password", subject: str = "", sid: str = ""
    ) -> str:  # fmt: skip
        """Give a new session, never an old one; returns its form token."""
        old = cookie(request.headers, SESSION)
        if old:
            self._app.accounts.close_session(old)
        device = device_of(request.headers.get("user-agent", ""))
        came = Came(how, device, client_of(request.scope), subject, sid)
        secret = self._app.accounts.open_session(staff, came)
        _keep(self._app, response, SESSION, secret, ABSOLUTE_MS // 1000)
        response.delete_cookie(FORM, path="/")
        return self._app.signer.sign("csrf", secret)


def _keep(app: App, response: Response, name: str, value: str, age_s: int) -> None:
    secure = not app.settings.insecure_cookies
    response.set_cookie(name, value, max_age=age_s, path="/", httponly=True, secure=secure, samesite="lax")


def _inside(path: str) -> str:
    """A path of this site to go on to; anything else is home."""
    parts = urlsplit(path)
    good = path.startswith("/") and not path.startswith(("//", "/\\")) and not parts.scheme and not parts.netloc
    return path if good and "\\" not in path else "/"


def form_page(
    app: App, request: Request, email: str = "", error: str = "", next: str = "/", status: int = 200, told: str = "",
) -> Response:  # fmt: skip
    """The sign-in page, with a form that only this browser can send."""
    secret = cookie(request.headers, FORM) or app.chance.token(24)
    body = app.templates.get_template("sign_in.html").render(
        csrf=app.signer.sign("csrf", secret), email=email, error=error, told=told, next=_inside(next), organisation=app.organisation.name,
        accounts=app.organisation.accounts, single_sign_on=bool(app.settings.oidc_issuer), nobody=not app.accounts.everyone(),
        passkey_origin=Passkeys(app).origin,
    )  # fmt: skip
    response = HTMLResponse(body, status, {"Cache-Control": "no-store"})
    _keep(app, response, FORM, secret, 3600)
    return response


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["shell"])
    door = Door(app)

    @routes.get("/health", response_model=Health)
    async def health() -> Health:
        """200 when serving."""
        return Health(status="ok", version=__version__)

    @routes.get("/metrics", response_class=Response, responses={200: {"content": {"text/plain": {}}}})
    async def metrics(request: Request) -> Response:
        """Counts and gauges for Prometheus: from this machine, or with an administrator's token."""
        if client_of(request.scope) not in ("127.0.0.1", "::1", ""):
            app.allow(request, "open", "admin")
        return Response(app.metrics.text(), media_type="text/plain; version=0.0.4; charset=utf-8")

    @routes.post(
        "/api/sign-in", response_model=SignedIn, responses={503: {"description": "The log takes nothing now."}}
    )
    async def sign_in(request: Request, response: Response, body: SignIn) -> SignedIn:
        """Sign in; the session is a cookie."""
        staff = await door.enter(request, body.email, body.password)
        return SignedIn(csrf=door.let_in(request, response, staff), name=staff.name, role=staff.rights)

    _forms(app, routes, door)
    return routes


def _forms(app: App, routes: APIRouter, door: Door) -> None:
    @routes.get("/sign-in", include_in_schema=False)
    async def show(request: Request, next: str = "/", told: str = "") -> Response:
        """The form."""
        return form_page(app, request, next=next, told=TOLD.get(told, ""))

    @routes.post("/sign-in", include_in_schema=False)
    async def enter(
        request: Request, email: str = Form(""), password: str = Form(""), next: str = Form("/")
    ) -> Response:
        """Sign in by form; a wrong password shows the form again."""
        try:
            staff = await door.enter(request, email, password)
        except BatonError as error:
            return form_page(app, request, email, error.message, next, error.status)
        response = RedirectResponse(_inside(next), 303)
        door.let_in(request, response, staff)
        return response

    @routes.post("/sign-out", include_in_schema=False)
    async def leave(request: Request) -> Response:
        """End this session."""
        app.accounts.close_session(cookie(request.headers, SESSION))
        response = RedirectResponse("/sign-in", 303)
        response.delete_cookie(SESSION, path="/")
        return response

    @routes.get("/", include_in_schema=False)
    async def home(request: Request) -> Response:
        """The screen a role begins with."""
        return RedirectResponse(HOME.get(app.staff(request).role, "/performance"), 303)
