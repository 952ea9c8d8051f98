"""Single sign-on by OpenID Connect: authorisation code with PKCE, state and nonce. Off unless an issuer is set.

Sources: OpenID Connect Core 1.0, 3.1.3.7 (the checks of an ID token); RFC 9207 (`iss` against mix-up); Back-Channel Logout 1.0.
"""

import json
from base64 import urlsafe_b64decode, urlsafe_b64encode
from hashlib import sha256
from hmac import compare_digest
from typing import Annotated, Any, Final
from urllib.parse import urlencode

import httpx
import msgspec
from fastapi import APIRouter, Form, Request
from joserfc import jwt
from joserfc.errors import JoseError
from joserfc.jwk import KeySet
from starlette.responses import RedirectResponse, Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.guard import cookie
from baton.web.identity.directory import role_of
from baton.web.identity.events import SessionsEnded, SignIns
from baton.web.identity.reaching import Provider
from baton.web.identity.rights import give_role
from baton.web.identity.telling import tell
from baton.web.sign_in import Door, form_page
from baton.web.staff import Staff

PENDING: Final = "baton_oidc"
ALGORITHMS: Final = ["RS256", "ES256", "PS256"]
AGE_S: Final = 600
LEEWAY_S: Final = 60
OLDEST_S: Final = 600
"""How long ago a token may have been issued."""
LOGOUT: Final = "http://schemas.openid.net/event/backchannel-logout"


class Issuer:
    """The identity provider, as its discovery document describes it."""

    def __init__(self, app: App) -> None:
        self._app, self._provider = app, Provider(app.settings.oidc_issuer)
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

    async def see_that_it_is(self, iss: str) -> None:
        """Raise 401 where the answer names another issuer, or none although this one always does (RFC 9207)."""
        told = await self.told()
        if (iss or told.get("authorization_response_iss_parameter_supported") is True) and iss != told["issuer"]:
            raise _refused("The answer came from another identity provider than was asked. Start again.")

    async def address(self, callback: str, state: str, nonce: str, verifier: str) -> str:
        """Where the browser goes to sign in. What the provider asks for in its own address stays there (RFC 6749, 3.1)."""
        challenge = urlsafe_b64encode(sha256(verifier.encode()).digest()).rstrip(b"=").decode()
        asked = {
            "response_type": "code", "client_id": self._app.settings.oidc_client_id, "redirect_uri": callback, "scope": "openid email profile",
            "state": state, "nonce": nonce, "code_challenge": challenge, "code_challenge_method": "S256",
        }  # fmt: skip
        where = str((await self.told()).get("authorization_endpoint", ""))
        if not where.startswith(("https://", "http://")):
            raise _unreachable(where)
        return f"{where}{'&' if '?' in where else '?'}{urlencode(asked)}"

    async def person(self, callback: str, code: str, nonce: str, verifier: str) -> "Vouched":
        """Whoever signed in, with a verified address; raises 401 where any proof is missing."""
        settings = self._app.settings
        form = {
            "grant_type": "authorization_code", "code": code, "redirect_uri": callback, "code_verifier": verifier,
            "client_id": settings.oidc_client_id,
        }  # fmt: skip
        if settings.oidc_client_secret is not None:
            form["client_secret"] = settings.oidc_client_secret.get_secret_value()
        status, body = await self._provider.ask("POST", (await self.told()).get("token_endpoint", ""), form)
        if status != httpx.codes.OK:
            raise _refused("The identity provider refused the sign-in. Start again.")
        try:
            token = str(json.loads(body)["id_token"])
        except (ValueError, KeyError, TypeError) as error:
            raise _refused("The identity provider gave no ID token. Start again.") from error
        return self._vouched(await self.claims(token), nonce)

    def _vouched(self, claims: dict[str, Any], nonce: str) -> "Vouched":
        asked = self._app.settings.oidc_groups_claim
        email, groups, sid = claims.get("email"), claims.get(asked), claims.get("sid", "")
        named = (
            isinstance(claims.get("sub"), str) and bool(claims.get("sub")) and isinstance(email, str) and bool(email)
        )
        fresh = isinstance(claims.get("nonce"), str) and compare_digest(str(claims["nonce"]).encode(), nonce.encode())
        if not named or not fresh or claims.get("email_verified") is not True or "events" in claims:
            raise _refused("The identity provider did not vouch for a verified address. Start again.")
        listed = tuple(str(each) for each in groups) if isinstance(groups, list) else None
        return Vouched(str(email), str(claims["sub"]), sid if isinstance(sid, str) else "", listed)

    async def claims(self, token: str) -> dict[str, Any]:
        """What a token of the provider says, once its signature, issuer, audience and times hold; raises 401 else."""
        try:
            keys = KeySet.import_key_set(await self._get((await self.told())["jwks_uri"]))
            read = jwt.decode(token, keys, algorithms=ALGORITHMS)
            await self._check(read.claims)
        except (JoseError, ValueError, TypeError, KeyError, AttributeError) as error:
            raise _refused("The identity provider's answer is not signed as it must be. Start again.") from error
        return dict(read.claims)

    async def _check(self, claims: dict[str, Any]) -> None:
        now, client = self._app.clock.now_ms() // 1000, self._app.settings.oidc_client_id
        checks = jwt.JWTClaimsRegistry(
            now=now, leeway=LEEWAY_S, exp={"essential": True}, iat={"essential": True},
            iss={"essential": True, "value": (await self.told())["issuer"]}, aud={"essential": True, "value": client},
        )  # fmt: skip
        checks.validate(claims)
        several = isinstance(claims["aud"], list) and len(claims["aud"]) > 1
        if claims.get("azp", None if several else client) != client:
            raise ValueError("issued to another client")
        if now - int(claims["iat"]) > OLDEST_S:
            raise ValueError("issued too long ago")

    async def _get(self, url: object) -> Any:
        status, body = await self._provider.ask("GET", url)
        if not httpx.codes.is_success(status):
            raise _unreachable(url)
        try:
            return json.loads(body)
        except ValueError as error:
            raise _unreachable(url) from error


def _unreachable(url: object) -> BatonError:
    return BatonError(
        "oidc_unreachable",
        502,
        f"{str(url)[:200]!r} does not answer as it must. Check BATON_OIDC_ISSUER, or sign in with a password.",
    )


def _refused(told: str) -> BatonError:
    return BatonError("oidc_refused", 401, told)


class Vouched(msgspec.Struct, frozen=True):
    """Who the provider vouches for; `groups` is None where it names none."""

    email: str
    subject: str
    sid: str
    groups: tuple[str, ...] | None


class Pending(msgspec.Struct, frozen=True):
    """What the browser carries, signed, between leaving for the provider and coming back."""

    state: str
    nonce: str
    verifier: str


def router(app: App) -> APIRouter:
    """The routes; none where no issuer is set."""
    routes = APIRouter(include_in_schema=False)
    if app.settings.oidc_issuer:
        issuer = Issuer(app)
        _there_and_back(routes, app, issuer, Door(app))
        _out(routes, app, issuer)
    return routes


def _there_and_back(routes: APIRouter, app: App, issuer: Issuer, door: Door) -> None:
    @routes.get("/sign-in/oidc")
    async def leave(request: Request) -> Response:
        """Go to the provider."""
        pending = Pending(app.chance.token(16), app.chance.token(16), app.chance.token(32))
        address = await issuer.address(_callback(app, request), pending.state, pending.nonce, pending.verifier)
        app.accounts.once.make(PENDING, pending.nonce, AGE_S * 1000, pending.state)
        response = RedirectResponse(address, 303)
        body = urlsafe_b64encode(msgspec.json.encode(pending)).decode()
        secure = not app.settings.insecure_cookies
        signed = f"{body}.{app.signer.sign('oidc', body)}"
        response.set_cookie(
            PENDING, signed, max_age=AGE_S, path="/sign-in", httponly=True, secure=secure, samesite="lax"
        )
        return response

    @routes.get("/sign-in/oidc/back", name="come_back")
    async def come_back(request: Request, code: str = "", state: str = "", iss: str = "") -> Response:
        """Come back with a code, once; only addresses with an account may enter."""
        pending = _pending(app, cookie(request.headers, PENDING))
        known = pending is not None and compare_digest(pending.state.encode(), state.encode())
        if pending is None or not known or not code or app.accounts.once.take(PENDING, state) != pending.nonce:
            return form_page(app, request, error="The sign-in was not finished in time. Start again.", status=401)
        try:
            await issuer.see_that_it_is(iss)
            vouched = await issuer.person(_callback(app, request), code, pending.nonce, pending.verifier)
            staff = await _known(app, vouched)
            await door.keep(staff)
        except BatonError as error:
            return form_page(app, request, error=error.message, status=error.status)
        response = RedirectResponse("/", 303)
        door.let_in(request, response, staff, "provider", vouched.subject, vouched.sid)
        response.delete_cookie(PENDING, path="/sign-in")
        return response


def _out(routes: APIRouter, app: App, issuer: Issuer) -> None:
    @routes.post("/sign-in/oidc/out")
    async def out(logout_token: Annotated[str, Form()] = "") -> Response:
        """The provider tells that a session, or a person, is signed out there (OpenID Connect Back-Channel Logout 1.0)."""
        claims = await issuer.claims(logout_token)
        subject, sid, once = claims.get("sub", ""), claims.get("sid", ""), claims.get("jti")
        events = claims.get("events")
        meant = isinstance(events, dict) and LOGOUT in events and "nonce" not in claims
        if (
            not meant
            or not isinstance(once, str)
            or not (subject or sid)
            or not all(isinstance(s, str) for s in (subject, sid))
        ):
            raise BatonError("oidc_refused", 400, "This is no logout token. Nothing was ended.")
        if app.accounts.once.look(LOGOUT, once) is not None:
            raise BatonError("oidc_refused", 400, "This logout token was used. Nothing was ended.")
        app.accounts.once.make(LOGOUT, "used", 2 * OLDEST_S * 1000, once)
        for staff in app.accounts.sessions.end_at_provider(subject, sid):
            await tell(app, staff, "provider", SessionsEnded(staff, "provider", 1, "signed out at the provider"))
        return Response(status_code=200, headers={"Cache-Control": "no-store"})


def _callback(app: App, request: Request) -> str:
    base = app.settings.public_url.rstrip("/")
    return f"{base}/sign-in/oidc/back" if base else str(request.url_for("come_back"))


async def _known(app: App, vouched: Vouched) -> Staff:
    """The account of whom the provider vouches for, with the role their groups give; raises 403 where there is none."""
    staff = app.accounts.by_email(vouched.email)
    if staff is None:
        raise BatonError("no_account", 403, "There is no account for this address. Ask an administrator.")
    if vouched.groups is None or not app.policy(SignIns).groups:
        return staff
    role = role_of(app.policy(SignIns), vouched.groups)
    if not role:
        raise BatonError("no_group", 403, "None of your groups gives you a role here. Ask an administrator.")
    await give_role(app, staff.id, role, "provider", "groups at the provider", by_group=True)
    return app.accounts.by_id(staff.id) or staff


def _pending(app: App, kept: str) -> Pending | None:
    body, _, signature = kept.rpartition(".")
    if not body or not app.signer.fits("oidc", body, signature):
        return None
    return msgspec.json.decode(urlsafe_b64decode(body), type=Pending)
