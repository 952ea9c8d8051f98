"""Rules of sign-in: which group of a directory gives which role, and which roles sign in with a passkey."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.identity.directory import follow_all
from baton.web.identity.events import GroupRole, SignIns
from baton.web.identity.frame import framed
from baton.web.identity.own import GIVES, own
from baton.web.identity.rights import known_role
from baton.web.identity.ruling import revise, revisions, version
from baton.web.identity.tables import GROUPS

MOST: Final = 200
SPARE: Final = 3
Text = Annotated[str, Form(max_length=500)]
KEPT: Final = "The rules are in force. {} keeps what they may: nobody else may change rights. Give somebody else that right first."


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(include_in_schema=False)

    @routes.get("/admin/sign-in")
    async def rules(request: Request) -> Response:
        """The rules in force."""
        app.allow(request, "open", "admin")
        return await _shown(app, request)

    @routes.post("/admin/sign-in")
    async def change(request: Request, why: Text = "", was: Annotated[int, Form()] = 0) -> Response:
        """Put other rules in force; who is in a group follows them at once."""
        own(app, request, GIVES)
        by = app.allow(request, "change", "admin")
        form = await request.form()
        pairs = zip(form.getlist("group"), form.getlist("role"), strict=False)
        told = [(" ".join(str(g).split())[:200], str(r)) for g, r in pairs]
        try:
            groups = tuple(GroupRole(group, known_role(app, role)) for group, role in told if group)[:MOST]
            passkeys = tuple(known_role(app, str(role)) for role in form.getlist("passkey"))
            await revise(app, SignIns(groups, passkeys), by.id, _reason(why), was)
        except BatonError as no:
            return await _shown(app, request, no.status, no.message)
        if kept := await follow_all(app, [row.id for row in app.accounts.rows()], by.id):
            return await _shown(app, request, 409, KEPT.format(", ".join(kept)))
        return RedirectResponse("/admin/sign-in", 303)

    return routes


def _reason(why: str) -> str:
    if not why.strip():
        raise BatonError("no_reason", 422, "Say why: the reason is kept with the change. Nothing was changed.")
    return why.strip()


async def _shown(app: App, request: Request, status: int = 200, wrong: str = "") -> Response:
    rules = app.policy(SignIns)
    with app.accounts.db.connect() as db:
        known = [(row.name, len(list(filter(None, row.members.split(","))))) for row in db.execute(GROUPS.select())]
    base = app.settings.public_url.rstrip("/") or str(request.base_url).rstrip("/")
    names = {row.id: row.name for row in app.accounts.rows()}
    past = [(at, names.get(each.author, each.author), each.why) for _, at, each in (await revisions(app, SignIns))[:20]]
    return framed(
        app, request, "sign-in", "rules", status=status, rules=rules, spare=SPARE, known=known, roles=app.permissions.roles,
        was=version(app, SignIns), scim=f"{base}/scim/v2", issuer=app.settings.oidc_issuer, past=past, wrong=wrong,
    )  # fmt: skip
