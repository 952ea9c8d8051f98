"""The pages of the register: the list, an entry, its form, who approves, incidents, and what an auditor takes along."""

from typing import Annotated, Final
from urllib.parse import quote

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.governance.register.again import approve_again, changed
from baton.capabilities.governance.register.approving import approve, save, withdraw
from baton.capabilities.governance.register.asking import of_form, system_of
from baton.capabilities.governance.register.bundle import FIXED, bundle
from baton.capabilities.governance.register.fields import PARTS, TONGUES
from baton.capabilities.governance.register.history import changes_of, runs, stops
from baton.capabilities.governance.register.incidents import incidents_of
from baton.capabilities.governance.register.noting import KINDS, SEVERITIES, note, say
from baton.capabilities.governance.register.standing import Standing, standing_of, standings
from baton.capabilities.governance.register.texts import TEXTS
from baton.capabilities.governance.screen.standing import refused
from baton.capabilities.governance.screen.tabs import tabs
from baton.web.app import App
from baton.web.refusals import not_found

HERE: Final = "/governance/register"
FOLDER: Final = "capabilities/governance/register"
Why = Annotated[str, Form(max_length=500)]
Short = Annotated[str, Form(max_length=200)]
Long = Annotated[str, Form(max_length=4000)]


def routes(app: App) -> APIRouter:
    """The pages and forms."""
    router = APIRouter(include_in_schema=False)
    _list(router, app)
    _entry(router, app)
    _approvals(router, app)
    _incidents(router, app)
    return router


def _list(router: APIRouter, app: App) -> None:
    @router.get(HERE)
    async def listed(request: Request) -> Response:
        """Every AI system, how it stands, and what needs somebody now."""
        app.allow(request, "open", "agents")
        return await _all(app, request)

    @router.post(f"{HERE}/again")
    async def again(request: Request, why: Why = "") -> Response:
        """Approve together what changed since it was approved, as it was shown."""
        staff = app.allow(request, "approve", "agents")
        shown = [str(each) for each in (await request.form()).getlist("configurations")]
        refused = await approve_again(app, staff, shown, app.reason(why))
        return await _all(app, request, refused) if refused else RedirectResponse(f"{HERE}#agents-card", 303)

    @router.get(f"{HERE}/print")
    async def printed(request: Request) -> Response:
        """Every entry in full, on one page."""
        app.allow(request, "export", "agents")
        told = await standings(app)
        return app.page(
            request, f"{FOLDER}/print.html", screen="governance", systems=told, parts=PARTS, fixed=FIXED, names=_names(app),
            now_ms=app.clock.now_ms(), texts=TEXTS, zone=app.organisation.zone,
        )  # fmt: skip

    @router.get(f"{HERE}/bundle.zip")
    async def taken(request: Request) -> Response:
        """What an auditor takes along."""
        app.allow(request, "export", "agents")
        headers = {"Content-Disposition": 'attachment; filename="ai-register.zip"', "Cache-Control": "no-store"}
        return Response(await bundle(app), media_type="application/zip", headers=headers)


async def _all(app: App, request: Request, refused: list[str] | None = None) -> Response:
    staff = app.staff(request)
    return app.page(
        request, f"{FOLDER}/list.html", screen="governance", status=422 if refused else 200, systems=await standings(app), tabs=tabs(app, staff, HERE),
        fixed=FIXED, names=_names(app), may_export=app.may(staff, "export", "agents"), invented=app.organisation.invented,
        changed=await changed(app, staff), refused=refused or [], may_approve=app.may(staff, "approve", "agents"), csrf=app.csrf(request),
        zone=app.organisation.zone,
    )  # fmt: skip


def _entry(router: APIRouter, app: App) -> None:
    @router.get(f"{HERE}/{{id}}")
    async def entry(request: Request, id: str) -> Response:
        """One entry: what is declared, what the system knows, what happened to it."""
        staff, one = app.allow(request, "open", "agents"), await _one(app, id)
        return app.page(
            request, f"{FOLDER}/entry.html", screen="governance", one=one, parts=PARTS, names=_names(app), fixed=FIXED, texts=TEXTS,
            incidents=await incidents_of(app, id), changes=await changes_of(app, id), runs=await runs(app), stops=await stops(app, id), refused=await refused(app), kinds=KINDS, severities=SEVERITIES,
            people=_people(app), may_change=app.may(staff, "change", "agents"), may_approve=app.may(staff, "approve", "agents"),
            mine=one.system.author == staff.id, csrf=app.csrf(request), zone=app.organisation.zone, invented=app.organisation.invented,
            may_stop=app.may(staff, "stop", "agents"), tongues=TONGUES,
        )  # fmt: skip

    @router.get(f"{HERE}/{{id}}/edit")
    async def edit(request: Request, id: str) -> Response:
        """The form of an entry."""
        app.allow(request, "change", "agents")
        one = await _one(app, id)
        return app.page(
            request, f"{FOLDER}/edit.html", screen="governance", one=one, parts=PARTS, people=_people(app), tongues=TONGUES, texts=TEXTS,
            csrf=app.csrf(request),
        )  # fmt: skip

    @router.post(f"{HERE}/{{id}}")
    async def saved(request: Request, id: str) -> Response:
        """Write its next revision."""
        staff, one = app.allow(request, "change", "agents"), await _one(app, id)
        told = of_form(await request.form())
        await save(app, staff, system_of(app, id, one.system.kind, told), app.reason(told.why))
        return RedirectResponse(f"{HERE}/{id}", 303)


def _approvals(router: APIRouter, app: App) -> None:
    @router.post(f"{HERE}/{{id}}/approve")
    async def approved(
        request: Request,
        id: str,
        configuration: Short,
        revision: Annotated[int, Form()],
        why: Why = "",
        version: Short = "",
    ) -> Response:
        """Let this version take turns as it is configured: the one in force, or one that is named."""
        staff = app.allow(request, "approve", "agents")
        await approve(app, staff, id, configuration, revision, app.reason(why), version)
        to = f"/agents/versions/{quote(id)}/{quote(version)}" if version else f"{HERE}/{id}#approvals"
        return RedirectResponse(to, 303)

    @router.post(f"{HERE}/{{id}}/withdraw")
    async def withdrawn(request: Request, id: str, why: Why) -> Response:
        """Take the approval back and stop it at once."""
        staff = app.allow(request, "stop", "agents")
        await withdraw(app, staff, id, app.reason(why))
        return RedirectResponse(f"{HERE}/{id}#approvals", 303)


def _incidents(router: APIRouter, app: App) -> None:
    @router.post(f"{HERE}/{{id}}/incidents")
    async def opened(
        request: Request,
        id: str,
        kind: Short,
        severity: Short,
        owner: Short,
        due_on: Short,
        what: Long,
        conversation: Short = "",
    ) -> Response:
        """Open one."""
        staff = app.allow(request, "change", "agents")
        await _one(app, id)
        await note(
            app,
            staff,
            id,
            kind=kind,
            severity=severity,
            owner=owner,
            due_on=due_on,
            what=what,
            conversation=conversation,
        )
        return RedirectResponse(f"{HERE}/{id}#incidents", 303)

    @router.post(f"{HERE}/{{id}}/incidents/{{incident}}")
    async def answered(request: Request, id: str, incident: str, action: Long, closed: Short = "") -> Response:
        """Say what is done, or that it is over."""
        staff = app.allow(request, "change", "agents")
        await say(app, staff, id, incident, action, closed=bool(closed))
        return RedirectResponse(f"{HERE}/{id}#incidents", 303)


async def _one(app: App, id: str) -> Standing:
    found = await standing_of(app, id)
    if found is None:
        raise not_found()
    return found


def _names(app: App) -> dict[str, str]:
    return {
        "baton": "Baton",
        "halcyon": app.organisation.name,
        **{each.id: each.name for each in app.accounts.everyone()},
    }


def _people(app: App) -> list[tuple[str, str]]:
    people = [each for each in app.accounts.everyone() if each.role not in {"customer", "integration"}]
    return [("", "Nobody yet"), *((each.id, each.name) for each in sorted(people, key=lambda p: p.name))]
