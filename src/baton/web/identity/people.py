"""People: who has an account, what they may, and how that changes. Everything done here is on the log."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity import rights
from baton.web.identity.details import change_details, of_form, version_of
from baton.web.identity.frame import framed
from baton.web.identity.history import history
from baton.web.identity.listing import fitting, listed
from baton.web.identity.own import GIVES, own
from baton.web.identity.passkeys import Passkeys
from baton.web.staff import ATTRIBUTES, NO_ROLE, Staff

SHOWN: Final = 200
Text = Annotated[str, Form(max_length=300)]
Why = Annotated[str, Form(max_length=500)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)
    _read(routes, app)
    _add(routes, app)
    _change(routes, app)
    return routes


def _read(routes: APIRouter, app: App) -> None:
    @routes.get("/admin/people")
    async def everyone(request: Request, q: str = "", state: str = "open") -> Response:
        """Everybody, or those who fit."""
        app.allow(request, "open", "admin")
        return _list(app, request, q, state)

    @routes.get("/admin/people/{id}")
    async def one(request: Request, id: str) -> Response:
        """One person."""
        app.allow(request, "open", "admin")
        return await _person(app, request, id)


def _list(app: App, request: Request, q: str = "", state: str = "open", status: int = 200, **more: object) -> Response:
    fits = fitting(app, q, state)
    people = listed(app, fits[:SHOWN])
    told: dict[str, Any] = {"wrong": "", "typed": {}, **more}
    return framed(
        app, request, "people", status=status, people=sorted(people, key=lambda each: each.person.name.casefold()), q=q, state=state,
        found=len(fits), roles=_roles(app), **told,
    )  # fmt: skip


def _roles(app: App) -> list[str]:
    return [*app.permissions.roles, NO_ROLE]


async def _person(app: App, request: Request, staff_id: str, status: int = 200, **more: object) -> Response:
    person = rights.known_staff(app, staff_id)
    row = app.accounts.row(staff_id)
    told: dict[str, Any] = {"wrong": "", "link": "", **more}
    return framed(
        app, request, "people", "person", status=status, person=person, closed=bool(row and row.disabled),
        was=version_of(row) if row else "", by_group=bool(row and row.by_group), has_password=bool(row and row.password), passkeys=Passkeys(app).of(staff_id),
        sessions=app.accounts.sessions.of(staff_id), keys=app.accounts.keys.listed(staff_id), roles=_roles(app),
        attributes=[(name, dict(person.attributes).get(name, "")) for name in ATTRIBUTES], history=await history(app, staff_id), **told,
    )  # fmt: skip


def _add(routes: APIRouter, app: App) -> None:
    @routes.post("/admin/people")
    async def add(request: Request, email: Text = "", name: Text = "", role: Text = NO_ROLE) -> Response:
        """Make an account and a link for its password."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        try:
            made = await rights.make_account(
                app, Staff("", email, _called(name), NO_ROLE, made_role=role), by.id, "page"
            )
            secret = await rights.make_link(app, made.id, by.id)
        except BatonError as no:
            typed = {"email": email, "name": name, "role": role}
            return _list(app, request, status=no.status, wrong=no.message, typed=typed)
        return await _person(app, request, made.id, 201, link=address(app, request, secret))

    @routes.post("/admin/people/{id}/link")
    async def link(request: Request, id: str) -> Response:
        """A link to set a password with, once, within a day."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        secret = await rights.make_link(app, id, by.id)
        return await _person(app, request, id, 201, link=address(app, request, secret))


def _called(name: str) -> str:
    """A name as it is kept; raises 422 where there is none."""
    called = " ".join(name.replace("\x00", "").split())
    if not called:
        raise BatonError("no_name", 422, "Say who it is: a name is missing. Nothing was made.")
    return called


def address(app: App, request: Request, secret: str) -> str:
    """Where the link for a password leads."""
    base = app.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    return f"{base}/sign-in/link/{secret}"


def _change(routes: APIRouter, app: App) -> None:
    @routes.post("/admin/people/{id}/role")
    async def role(request: Request, id: str, role: Text = "", why: Why = "", was: Text = "") -> Response:
        """Give a role; their sessions end."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        try:
            await rights.give_role(app, id, role, by.id, why, was=was)
        except BatonError as no:
            return await _refused(app, request, id, no)
        return RedirectResponse(f"/admin/people/{id}", 303)

    @routes.post("/admin/people/{id}/details")
    async def details(request: Request, id: str) -> Response:
        """Change the name, what they can take, and what is said of them."""
        by = app.allow(request, "change", "admin")
        try:
            form = dict(await request.form())
            await change_details(app, id, by, of_form(form), str(form.get("was", "")))
        except BatonError as no:
            return await _refused(app, request, id, no)
        return RedirectResponse(f"/admin/people/{id}", 303)

    @routes.post("/admin/people/{id}/close")
    async def close(request: Request, id: str, why: Why = "") -> Response:
        """Close the account: sessions and keys stop at once, conversations go back to their queue."""
        by = app.allow(request, "change", "admin")
        try:
            await rights.close_account(app, id, by.id, why)
        except BatonError as no:
            return await _refused(app, request, id, no)
        return RedirectResponse(f"/admin/people/{id}", 303)

    @routes.post("/admin/people/{id}/open")
    async def reopen(request: Request, id: str, why: Why = "") -> Response:
        """Let a closed account be used again."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        await rights.open_account(app, id, by.id, why)
        return RedirectResponse(f"/admin/people/{id}", 303)

    @routes.post("/admin/people/{id}/sessions/end")
    async def end(request: Request, id: str, session: Text = "") -> Response:
        """End one of their sessions, or all."""
        by = app.allow(request, "change", "admin")
        rights.known_staff(app, id)
        await rights.end_sessions(app, id, by.id, "by an administrator", one=session)
        return RedirectResponse(f"/admin/people/{id}#sessions", 303)


async def _refused(app: App, request: Request, staff_id: str, no: BatonError) -> Response:
    if no.code == "not_found":
        raise no
    return await _person(app, request, staff_id, no.status, wrong=no.message)
