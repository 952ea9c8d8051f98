"""The pages of roles: who may do what where, as the Cedar in force says; making a role, what it would change, and taking back."""

from typing import Annotated, Final

import msgspec
from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity.events import MadeRole, Roles
from baton.web.identity.frame import framed
from baton.web.identity.own import GIVES, own
from baton.web.identity.roles.checking import KINDS
from baton.web.identity.roles.proposing import as_at, propose, put_in_force, with_role, without
from baton.web.identity.ruling import revisions, version
from baton.web.permissions import ACTS, SCREENS, cedar_of
from baton.web.refusals import not_found
from baton.web.staff import ROLES

SHOWN: Final = 20
Text = Annotated[str, Form(max_length=200)]
Long = Annotated[str, Form(max_length=100_000)]
Why = Annotated[str, Form(max_length=500)]
Number = Annotated[int, Form(ge=0)]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)
    _read(routes, app)
    _show(routes, app)
    _apply(routes, app)
    return routes


def _read(routes: APIRouter, app: App) -> None:
    @routes.get("/admin/roles")
    async def roles(request: Request) -> Response:
        """Roles by screens, and how the organisation's own came to be."""
        app.allow(request, "open", "admin")
        return await _matrix(app, request)

    @routes.get("/admin/roles/new")
    async def new(request: Request, kind: str = "rep") -> Response:
        """A form with what the role it is made from may do."""
        app.allow(request, "open", "admin")
        if kind not in KINDS:
            raise not_found()
        allows = tuple(f"{s}:{a}" for s in SCREENS for a in ACTS if app.permissions.may(kind, a, s))
        return _form(app, request, MadeRole("", "", kind, allows), is_new=True)

    @routes.get("/admin/roles/{id}")
    async def one(request: Request, id: str) -> Response:
        """The form of a role of one's own; of one that ships, its Cedar."""
        app.allow(request, "open", "admin")
        role = next((each for each in app.policy(Roles).roles if each.id == id), None)
        if role is None:
            raise not_found()
        return _form(app, request, role)


async def _matrix(app: App, request: Request, status: int = 200, wrong: str = "") -> Response:
    asked, made = app.permissions, app.policy(Roles)
    cells = {s: {r: [a.replace("_", " ") for a in ACTS if asked.may(r, a, s)] for r in asked.roles} for s in SCREENS}
    counts = {role: sum(each.rights == role for each in app.accounts.everyone()) for role in asked.roles}
    names = {row.id: row.name for row in app.accounts.rows()}
    past = [
        (at, pos, names.get(each.author, each.author), each.why)
        for pos, at, each in (await revisions(app, Roles))[:SHOWN]
    ]
    return framed(
        app, request, "roles", status=status, cells=cells, acts=[act.replace("_", " ") for act in ACTS], roles=asked.roles, made={r.id: r for r in made.roles}, counts=counts, kinds=KINDS,
        past=past, now=version(app, Roles), wrong=wrong,
    )  # fmt: skip


def _form(
    app: App, request: Request, role: MadeRole, status: int = 200, wrong: str = "", *, is_new: bool = False
) -> Response:
    return framed(
        app, request, "roles", "role", status=status, role=role, screens=SCREENS, acts=ACTS, is_new=is_new, wrong=wrong, was=version(app, Roles),
        holders=[each for each in app.accounts.everyone() if each.made_role and each.made_role == role.id],
        cedar=cedar_of(msgspec.structs.replace(role, cedar="")) if role.id else "",
    )  # fmt: skip


def _show(routes: APIRouter, app: App) -> None:
    @routes.post("/admin/roles/show")
    async def show(
        request: Request, id: Text = "", title: Text = "", kind: Text = "", cedar: Long = "", was: Number = 0
    ) -> Response:
        """What the role would change, before it is in force."""
        app.allow(request, "change", "admin")
        if kind not in KINDS:
            raise not_found()
        allows = tuple(str(each) for each in (await request.form()).getlist("allow"))
        role = MadeRole(id, title, kind, allows, cedar)
        try:
            return _shown(app, request, with_role(app, id, role), was, " ".join(title.split()))
        except BatonError as no:
            return _form(app, request, role, no.status, no.message, is_new=not id)

    @routes.post("/admin/roles/retire")
    async def retire(request: Request, id: Text = "", was: Number = 0) -> Response:
        """What would change without the role."""
        app.allow(request, "change", "admin")
        return await _or_told(app, request, without(app, id), was, f"without {id}")

    @routes.post("/admin/roles/back")
    async def back(request: Request, position: Number = 0, was: Number = 0) -> Response:
        """What would change if an earlier version were in force again; position 0 is before any."""
        app.allow(request, "change", "admin")
        return await _or_told(app, request, await as_at(app, position), was, "as they were")


async def _or_told(app: App, request: Request, after: Roles, was: int, what: str) -> Response:
    try:
        return _shown(app, request, after, was, what)
    except BatonError as no:
        return await _matrix(app, request, no.status, no.message)


def _shown(app: App, request: Request, after: Roles, was: int, what: str, wrong: str = "") -> Response:
    proposal = propose(app, app.holder(request), after)
    titles = {role.id: role.title for role in (*app.policy(Roles).roles, *after.roles)}
    return framed(
        app, request, "roles", "role_change", status=422 if wrong else 200, changes=proposal.changes, yours=proposal.yours, what=what, body=msgspec.json.encode(after).decode(),
        was=was, named={each: titles.get(each) or each.replace("_", " ").capitalize() for each in (*ROLES, *titles)}, wrong=wrong,
        cedar="\n".join(map(cedar_of, after.roles)),
    )  # fmt: skip


def _apply(routes: APIRouter, app: App) -> None:
    @routes.post("/admin/roles")
    async def apply(request: Request, body: Long = "", why: Why = "", was: Number = 0) -> Response:
        """Put roles in force: checked again, kept with author and reason; who gains or loses signs in again."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        try:
            after = msgspec.json.decode(body, type=Roles)
        except (msgspec.DecodeError, msgspec.ValidationError):
            return await _matrix(app, request, 422, "The roles could not be read. Nothing was changed.")
        if not why.strip():
            return _shown(app, request, after, was, "as shown", "Say why: the reason is kept with the change.")
        try:
            await put_in_force(app, after, by.id, why, was)
        except BatonError as no:
            return await _matrix(app, request, no.status, no.message)
        return RedirectResponse("/admin/roles", 303)
