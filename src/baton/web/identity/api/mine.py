"""Mine over HTTP: who asks and what they may, their own sessions, their own keys."""

from fastapi import APIRouter, Request
from starlette.responses import Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.guard import SESSION, cookie
from baton.web.identity.api import told
from baton.web.identity.api.bodies import EndedOut, HistoryOut, KeyMade, KeysOut, MeOut, MyKeyIn, ScopesOut, SessionsOut
from baton.web.identity.api.keys import keys_of, made
from baton.web.identity.api.people import KEPT, SESSION_ALONE
from baton.web.identity.events import SignIns
from baton.web.identity.granting import offered, revoke_key
from baton.web.identity.once import hashed
from baton.web.identity.own import own
from baton.web.identity.rights import end_sessions
from baton.web.problems import TOLD
from baton.web.refusals import not_found
from baton.web.staff import Staff

HERE = "/api/me"


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["people"])
    _who(routes, app)
    _sessions(routes, app)
    _keys(routes, app)
    return routes


def _staff(app: App, request: Request) -> Staff:
    """Who asks; raises 403 for customers, who have no address of staff."""
    staff = app.holder(request)
    if staff.role == "customer":
        raise BatonError("not_allowed", 403, TOLD[403][1])
    return staff


def _mine(app: App, request: Request) -> Staff:
    """Who asks, by session."""
    own(app, request)
    return _staff(app, request)


def _enrolled(app: App, request: Request) -> Staff:
    """The same, where they may do anything beyond adding a passkey."""
    _mine(app, request)
    return app.staff(request)


def _who(routes: APIRouter, app: App) -> None:
    @routes.get(HERE, response_model=MeOut)
    async def who(request: Request, response: Response) -> MeOut:
        """Who asks and what they may: by session, or what a key may, whatever its scopes."""
        staff = _staff(app, request)
        response.headers["Cache-Control"] = "no-store"
        needed = staff.how == "password" and staff.rights in app.policy(SignIns).passkeys
        scopes = sorted(staff.scopes) if staff.scopes is not None else None
        return MeOut(
            id=staff.id, name=staff.name, role=staff.rights, kind=staff.role, how=staff.how, scopes=scopes, may=told.may(app, staff),
            passkey_needed=needed,
        )  # fmt: skip

    @routes.get(f"{HERE}/scopes", response_model=ScopesOut, openapi_extra=SESSION_ALONE)
    async def scopes(request: Request) -> ScopesOut:
        """What a key of one's own may be given."""
        return ScopesOut(scopes=[each.scope for each in offered(app, _enrolled(app, request))])

    @routes.get(f"{HERE}/history", response_model=HistoryOut, openapi_extra=SESSION_ALONE)
    async def happened(request: Request) -> HistoryOut:
        """What the log tells of one's own sign-ins, rights, keys and links for a password, and who did it."""
        return await told.happened(app, _mine(app, request).id)


def _sessions(routes: APIRouter, app: App) -> None:
    @routes.get(f"{HERE}/sessions", response_model=SessionsOut, openapi_extra=SESSION_ALONE)
    async def listed(request: Request) -> SessionsOut:
        """Where one is signed in."""
        staff, here = _mine(app, request), hashed(cookie(request.headers, SESSION))
        return SessionsOut(sessions=[told.session(each, here) for each in app.accounts.sessions.of(staff.id)])

    @routes.delete(f"{HERE}/sessions", response_model=EndedOut, responses=KEPT, openapi_extra=SESSION_ALONE)
    async def end_others(request: Request) -> EndedOut:
        """Sign out everywhere but here."""
        staff, here = _mine(app, request), cookie(request.headers, SESSION)
        return EndedOut(ended=await end_sessions(app, staff.id, staff.id, "by themselves", but=here))

    @routes.delete(f"{HERE}/sessions/{{session}}", response_model=EndedOut, responses=KEPT, openapi_extra=SESSION_ALONE)
    async def end_one(request: Request, session: str) -> EndedOut:
        """End one of one's sessions."""
        staff = _mine(app, request)
        ended = await end_sessions(app, staff.id, staff.id, "by themselves", one=session)
        if not ended:
            raise not_found()
        return EndedOut(ended=ended)


def _keys(routes: APIRouter, app: App) -> None:
    @routes.get(f"{HERE}/keys", response_model=KeysOut, openapi_extra=SESSION_ALONE)
    async def listed(request: Request) -> KeysOut:
        """One's keys."""
        return keys_of(app, _enrolled(app, request).id)

    @routes.post(f"{HERE}/keys", response_model=KeyMade, status_code=201, responses=KEPT, openapi_extra=SESSION_ALONE)
    async def make(request: Request, response: Response, body: MyKeyIn) -> KeyMade:
        """Make a key of one's own; its secret is shown this once. A key makes no key."""
        staff = _enrolled(app, request)
        return await made(app, response, staff, staff, body)

    @routes.delete(f"{HERE}/keys/{{id}}", status_code=204, responses=KEPT, openapi_extra=SESSION_ALONE)
    async def revoke(request: Request, id: str) -> Response:
        """End one of one's keys."""
        staff = _mine(app, request)
        await revoke_key(app, id, staff.id, staff.id)
        return Response(status_code=204)
