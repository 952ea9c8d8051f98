"""Roles over HTTP: read, proposed with the same questions as on the page, put in force, taken back."""

from fastapi import APIRouter, Request

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity.api import told
from baton.web.identity.api.bodies import (
    ChangeIn,
    InForceIn,
    InForceOut,
    ProposedOut,
    RoleOut,
    RolesOut,
    VersionOut,
    VersionsOut,
)
from baton.web.identity.api.people import CHANGES, CONFLICT, SESSION_ALONE
from baton.web.identity.events import MadeRole, Roles
from baton.web.identity.frame import titles
from baton.web.identity.own import GIVES, own
from baton.web.identity.roles.proposing import as_at, propose, put_in_force, with_role, without
from baton.web.identity.ruling import revisions, version
from baton.web.permissions import cedar_of
from baton.web.refusals import not_found

HERE = "/api/admin/roles"


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["people"])
    _read(routes, app)
    _change(routes, app)
    return routes


def _read(routes: APIRouter, app: App) -> None:
    @routes.get(HERE, response_model=RolesOut)
    async def every(request: Request) -> RolesOut:
        """Every role and what it may do, asked of the policies in force."""
        app.allow(request, "open", "admin")
        return RolesOut(roles=[_role(app, role) for role in app.permissions.roles], version=version(app, Roles))

    @routes.get("/api/admin/role-versions", response_model=VersionsOut)
    async def versions(request: Request) -> VersionsOut:
        """How the organisation's own roles came to be."""
        app.allow(request, "open", "admin")
        now = version(app, Roles)
        past = await revisions(app, Roles)
        return VersionsOut(
            versions=[VersionOut(position=p, at_ms=at, by=e.author, why=e.why, in_force=p == now) for p, at, e in past]
        )

    @routes.get(f"{HERE}/{{id}}", response_model=RoleOut)
    async def one(request: Request, id: str) -> RoleOut:
        """One role."""
        app.allow(request, "open", "admin")
        if id not in app.permissions.roles:
            raise not_found()
        return _role(app, id)


def _role(app: App, id: str) -> RoleOut:
    own_one = next((each for each in app.policy(Roles).roles if each.id == id), None)
    return RoleOut(
        id=id, title=titles(app)[id], kind=app.permissions.kind(id), ships=own_one is None, may=told.role_may(app, id),
        people=sum(each.rights == id for each in app.accounts.everyone()), allows=list(own_one.allows) if own_one else [],
        cedar=own_one.cedar if own_one else "",
    )  # fmt: skip


def _change(routes: APIRouter, app: App) -> None:
    @routes.post(f"{HERE}/propose", response_model=ProposedOut, responses=CONFLICT)
    async def proposed(request: Request, body: ChangeIn) -> ProposedOut:
        """Who would gain and lose what. Nothing is in force; what no role may have is refused here already."""
        by = app.allow(request, "change", "admin")
        proposal = propose(app, by, await _after(app, body))
        cedar = "\n".join(map(cedar_of, proposal.after.roles))
        changes = [told.change(each) for each in proposal.changes]
        return ProposedOut(changes=changes, yours=list(proposal.yours), cedar=cedar, version=version(app, Roles))

    @routes.post(HERE, response_model=InForceOut, responses=CHANGES, openapi_extra=SESSION_ALONE)
    async def in_force(request: Request, body: InForceIn) -> InForceOut:
        """Put the change in force, checked once more; who gains or loses is signed out. Needs a session."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        changes = await put_in_force(app, await _after(app, body), by.id, body.why, body.was)
        return InForceOut(changes=[told.change(each) for each in changes], version=version(app, Roles))


async def _after(app: App, body: ChangeIn) -> Roles:
    """The roles as they would be; raises 422 where not one change is asked for."""
    if (body.role is not None) + bool(body.retire) + (body.position is not None) != 1:
        raise BatonError("one_change", 422, "Send one of `role`, `retire` and `position`. Nothing was changed.")
    if body.role is not None:
        r = body.role
        return with_role(app, r.id, MadeRole(r.id, r.title, r.kind, tuple(dict.fromkeys(r.allows)), r.cedar))
    return without(app, body.retire) if body.retire else await as_at(app, body.position or 0)
