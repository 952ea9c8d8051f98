"""Single sign-on by OpenID Connect: authorisation code with PKCE, state and nonce. Off unless an issuer is set."""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Mapping
from hashlib import sha256
from typing import Any, Final
from urllib.parse import urlencode

import httpx
import msgspec
from fastapi import APIRouter, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.responses import RedirectResponse, Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.guard import cookie
from baton.web.sign_in import Door, form_page

PENDING: Final = "baton_oidc"
ALGORITHMS: Final = ["RS256", "ES256", "PS256"]
TIMEOUT_S: Final = 10.0
AGE_S: Final = 600


class Issuer:
    """The identity provider, as its discovery document describes it. Sign-ins are rare: no connection outlives its answer."""

    def __init__(self, app: App) -> None:
        self._app = app
        self._told: dict[str, Any] = {}

    async def told(self) -> dict[str, Any]:
        """The discovery document; its issuer must be the one that is set."""
        if not self._told:
            issuer = self._app.settings.oidc_issuer.rstrip("/")
            found = await self._get(f"{issuer}/.well-known/openid-configuration")
            if str(found.get("issuer", "")).rstrip("/") != issuer:
                raise BatonError(
                    "oidc_issuer",
                    502,
                    f"The provider calls itself {found.get('issuer')!r}. Set BATON_OIDC_ISSUER to that.",
                )
            self._told = found
        return self._told

    async def address(self, callback: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in."""
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self._app.settings.oidc_client_id, "redirect_uri": callback, "scope": "openid email profile",
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        return f"{(await self.told())['authorization_endpoint']}?{urlencode(asked)}"

    async def email(self, callback: str, code: str, nonce: str, verifier: str) -> str:
        """The verified address of whoever signed in; raises 401 where any proof is missing."""
        settings = self._app.settings
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier,
            "client_id": settings.oidc_client_id,
        }  # fmt: skip
        if settings.oidc_client_secret is not None:
            form["client_secret"] = settings.oidc_client_secret.get_secret_value()
        answer = await self._asked("POST", (await self.told())["token_endpoint"], form)
        if answer.status_code != httpx.codes.OK:
            raise BatonError("oidc_refused", 401, "The identity provider refused the sign-in. Start again.")
        claims = await self._claims(str(answer.json().get("id_token", "")))
        if claims.get("nonce") != nonce or not claims.get("email") or claims.get("email_verified") is False:
            raise BatonError(
                "oidc_refused", 401, "The identity provider did not vouch for a verified address. Start again."
            )
        return str(claims["email"])

    async def _claims(self, token: str) -> dict[str, Any]:
        keys = KeySet.import_key_set(await self._get((await self.told())["jwks_uri"]))
        checks = jwt.JWTClaimsRegistry(
            now=self._app.clock.now_ms() // 1000, leeway=60, exp={"essential": True},
            iss={"essential": True, "value": (await self.told())["issuer"]},
            aud={"essential": True, "value": self._app.settings.oidc_client_id},
        )  # fmt: skip
        try:
            read = jwt.decode(token, keys, algorithms=ALGORITHMS)
            checks.validate(read.claims)
        except (JoseError, ValueError) as error:
            raise BatonError(
                "oidc_refused", 401, "The identity provider's answer is not signed as it must be. Start again."
            ) from error
        return dict(read.claims)

    async def _get(self, url: str) -> Any:
        answer = await self._asked("GET", url)
        try:
            return answer.raise_for_status().json()
        except (httpx.HTTPError, json.JSONDecodeError) as error:
            raise _unreachable(url) from error

    async def _asked(self, method: str, url: str, form: Mapping[str, str] | None = None) -> httpx.Response:
        try:
            async with httpx.AsyncClient(timeout=TIMEOUT_S) as client:
                return await client.request(method, url, data=form)
        except httpx.HTTPError as error:
            raise _unreachable(url) from error


def _unreachable(url: str) -> BatonError:
    return BatonError(
        "oidc_unreachable", 502, f"{url!r} does not answer. Check BATON_OIDC_ISSUER, or sign in with a password."
    )


class Pending(msgspec.Struct, frozen=True):
    """What the browser carries, signed, between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str


def router(app: App) -> APIRouter:
    """The routes; none where no issuer is set."""
    routes = APIRouter(include_in_schema=False)
    if not app.settings.oidc_issuer:
        return routes
    issuer, door = Issuer(app), Door(app)

    @routes.get("/sign-in/oidc")
    async def leave(request: Request) -> Response:
        """Go to the provider."""
        pending = Pending(app.chance.token(16), app.chance.token(16), app.chance.token(32))
        callback = str(request.url_for("come_back"))
        response = RedirectResponse(await issuer.address(callback, pending.state, pending.nonce, pending.verifier), 303)
        body = urlsafe_b64encode(msgspec.json.encode(pending)).decode()
        secure = not app.settings.insecure_cookies
        signed = f"{body}.{app.signer.sign('oidc', body)}"
        response.set_cookie(
            PENDING, signed, max_age=AGE_S, path="/sign-in", httponly=True, secure=secure, samesite="lax"
        )
        return response

    @routes.get("/sign-in/oidc/back", name="come_back")
    async def come_back(request: Request, code: str = "", state: str = "") -> Response:
        """Come back with a code; only addresses with an account may enter."""
        pending = _pending(app, cookie(request.headers, PENDING))
        if pending is None or not code or pending.state != state:
            return form_page(app, request, error="The sign-in was not finished in time. Start again.", status=401)
        try:
            email = await issuer.email(str(request.url_for("come_back")), code, pending.nonce, pending.verifier)
        except BatonError as error:
            return form_page(app, request, error=error.message, status=error.status)
        staff = app.accounts.by_email(email)
        if staff is None:
            return form_page(
                app, request, email, "There is no account for this address. Ask an administrator.", status=403
            )
        response = RedirectResponse("/", 303)
        door.let_in(request, response, staff)
        response.delete_cookie(PENDING, path="/sign-in")
        return response

    return routes


def _pending(app: App, kept: str) -> Pending | None:
    body, _, signature = kept.rpartition(".")
    if not body or not app.signer.fits("oidc", body, signature):
        return None
    return msgspec.json.decode(urlsafe_b64decode(body), type=Pending)
