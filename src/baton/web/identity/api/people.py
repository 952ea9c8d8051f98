"""People over HTTP: found, added, changed, given roles, closed and opened, signed out."""

from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from starlette.responses import Response

from baton.web.app import App
from baton.web.identity import rights
from baton.web.identity.api import told
from baton.web.identity.api.bodies import (
    DetailsIn,
    EndedOut,
    HistoryOut,
    LinkOut,
    PeopleOut,
    PersonIn,
    PersonMade,
    PersonOut,
    RoleGivenIn,
    ScopesOut,
    SessionsOut,
    WhyIn,
)
from baton.web.identity.details import Details, change_details, staff_from
from baton.web.identity.granting import offered, see_that_may_have_one
from baton.web.identity.listing import fitting
from baton.web.identity.own import GIVES, own
from baton.web.identity.people import address
from baton.web.refusals import not_found
from baton.web.staff import Staff

HERE = "/api/admin/people"
Responses = dict[int | str, dict[str, object]]
CONFLICT: Responses = {
    409: {"description": "It was changed meanwhile, is taken, or nobody would be left to administer."}
}
KEPT: Responses = {503: {"description": "The log takes nothing now, and every change of rights is kept in it."}}
CHANGES: Responses = {**CONFLICT, **KEPT}
SESSION_ALONE: dict[str, object] = {"security": [{"session": []}]}
"""What a key does not do, whatever its scopes, as the document says it."""
Shown = Annotated[int, Query(ge=1, le=200, description="At most so many.")]
Sought = Annotated[str, Query(max_length=200, description="In the name, the address or the id.")]
After = Annotated[str, Query(max_length=200, description="The `next` of the page before.")]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["people"])
    for part in (_read, _add, _change, _open_and_close, _sessions):
        part(routes, app)
    return routes


def _read(routes: APIRouter, app: App) -> None:
    @routes.get(HERE, response_model=PeopleOut)
    async def everybody(
        request: Request,
        q: Sought = "",
        state: Literal["open", "closed", "all"] = "open",
        limit: Shown = 100,
        after: After = "",
    ) -> PeopleOut:
        """Who has an account, by id."""
        app.allow(request, "open", "admin")
        fits = fitting(app, q, state)
        rest = [row for row in fits if row.id > after]
        page = rest[:limit]
        more = page[-1].id if page and len(rest) > limit else ""
        return PeopleOut(people=told.people(app, page), found=len(fits), next=more)

    @routes.get(f"{HERE}/{{id}}", response_model=PersonOut)
    async def one(request: Request, id: str) -> PersonOut:
        """One account, closed or not."""
        app.allow(request, "open", "admin")
        return told.person(app, id)

    @routes.get(f"{HERE}/{{id}}/history", response_model=HistoryOut)
    async def happened(request: Request, id: str) -> HistoryOut:
        """What the log tells of somebody's rights and sign-ins."""
        app.allow(request, "open", "admin")
        rights.known_staff(app, id)
        return await told.happened(app, id)

    @routes.get(f"{HERE}/{{id}}/scopes", response_model=ScopesOut)
    async def scopes(request: Request, id: str) -> ScopesOut:
        """What a key of this account may be given by whoever asks. Refused for another person: they make theirs."""
        by = app.allow(request, "open", "admin")
        owner = app.accounts.by_id(id)
        if owner is None:
            raise not_found()
        see_that_may_have_one(owner, by)
        return ScopesOut(scopes=[each.scope for each in offered(app, owner, by)])


def _add(routes: APIRouter, app: App) -> None:
    @routes.post(HERE, response_model=PersonMade, status_code=201, responses=CHANGES, openapi_extra=SESSION_ALONE)
    async def add(request: Request, response: Response, body: PersonIn) -> PersonMade:
        """Make an account. Needs a session: a key gives nobody a right; a directory provisions by SCIM."""
        own(app, request, GIVES)
        response.headers["Cache-Control"] = "no-store"
        by = app.allow(request, "change", "admin")
        told_of = Details(
            body.name, tuple(body.skills), tuple(body.languages), body.capacity, body.attributes.model_dump()
        )
        made = await rights.make_account(app, staff_from(told_of, body.email, body.role), by.id, "api")
        link = await _linked(app, request, made.id, by) if body.link else None
        return PersonMade(person=told.person(app, made.id), link=link)

    @routes.post(
        f"{HERE}/{{id}}/link", response_model=LinkOut, status_code=201, responses=KEPT, openapi_extra=SESSION_ALONE
    )
    async def link(request: Request, response: Response, id: str) -> LinkOut:
        """A link to set a password with: once, within a day; an earlier one opens nothing any more. Needs a session."""
        own(app, request, GIVES)
        response.headers["Cache-Control"] = "no-store"
        return await _linked(app, request, id, app.allow(request, "change", "admin"))


async def _linked(app: App, request: Request, id: str, by: Staff) -> LinkOut:
    secret = await rights.make_link(app, id, by.id)
    return told.link(address(app, request, secret), app.clock.now_ms() + rights.LINK_MS)


def _change(routes: APIRouter, app: App) -> None:
    @routes.patch(f"{HERE}/{{id}}", response_model=PersonOut, responses=CHANGES)
    async def details(request: Request, id: str, body: DetailsIn) -> PersonOut:
        """Change name, skills, languages, conversations at once, or what is said of somebody (that last needs a session)."""
        by = app.allow(request, "change", "admin")
        before = rights.known_staff(app, id)
        now = Details(before.name, before.skills, before.languages, before.capacity, dict(before.attributes))
        said = body.model_dump(exclude={"was"}, exclude_none=True, exclude_unset=True)
        said["attributes"] = {**now.attributes, **said.get("attributes", {})}
        await change_details(app, id, by, msgspec.structs.replace(now, **said), body.was)
        return told.person(app, id)

    @routes.post(f"{HERE}/{{id}}/role", response_model=PersonOut, responses=CHANGES, openapi_extra=SESSION_ALONE)
    async def role(request: Request, id: str, body: RoleGivenIn) -> PersonOut:
        """Give a role; they are signed out everywhere. Needs a session."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        await rights.give_role(app, id, body.role, by.id, body.why, was=body.was)
        return told.person(app, id)


def _open_and_close(routes: APIRouter, app: App) -> None:
    @routes.post(f"{HERE}/{{id}}/close", response_model=PersonOut, responses=CHANGES)
    async def close(request: Request, id: str, body: WhyIn) -> PersonOut:
        """Close the account: sessions and keys stop at once, conversations go back to their queue."""
        by = app.allow(request, "change", "admin")
        await rights.close_account(app, id, by.id, body.why)
        return told.person(app, id)

    @routes.post(f"{HERE}/{{id}}/open", response_model=PersonOut, responses=KEPT, openapi_extra=SESSION_ALONE)
    async def reopen(request: Request, id: str, body: WhyIn) -> PersonOut:
        """Let a closed account be used again, with the role and password it had. Needs a session."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        await rights.open_account(app, id, by.id, body.why)
        return told.person(app, id)


def _sessions(routes: APIRouter, app: App) -> None:
    @routes.get(f"{HERE}/{{id}}/sessions", response_model=SessionsOut)
    async def listed(request: Request, id: str) -> SessionsOut:
        """Where somebody is signed in."""
        app.allow(request, "open", "admin")
        rights.known_staff(app, id)
        return SessionsOut(sessions=[told.session(each) for each in app.accounts.sessions.of(id)])

    @routes.delete(f"{HERE}/{{id}}/sessions", response_model=EndedOut, responses=KEPT)
    async def end_all(request: Request, id: str) -> EndedOut:
        """Sign somebody out everywhere."""
        by = app.allow(request, "change", "admin")
        rights.known_staff(app, id)
        return EndedOut(ended=await rights.end_sessions(app, id, by.id, "by an administrator"))

    @routes.delete(f"{HERE}/{{id}}/sessions/{{session}}", response_model=EndedOut, responses=KEPT)
    async def end_one(request: Request, id: str, session: str) -> EndedOut:
        """End one of their sessions."""
        by = app.allow(request, "change", "admin")
        ended = await rights.end_sessions(app, id, by.id, "by an administrator", one=session)
        if not ended:
            raise not_found()
        return EndedOut(ended=ended)
