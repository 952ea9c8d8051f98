"""The agreement on a page that every member of staff may read, its form for administrators, and the same over HTTP."""

from typing import Final

from fastapi import APIRouter, Request
from pydantic import BaseModel
from starlette.responses import RedirectResponse, Response

from baton.capabilities.governance.agreement.agreeing import AccordIn, agree, of_form
from baton.capabilities.governance.agreement.measures import MEASURES, ROLES
from baton.capabilities.governance.agreement.shown import changes, shown
from baton.capabilities.governance.screen.tabs import tabs
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.staff import Staff

HERE: Final = "/governance/agreement"
API: Final = "/api/governance/agreement"
FOLDER: Final = "capabilities/governance/agreement"


class MeasureOut(BaseModel):
    """A measure of single reps: for whom it exists and how many days back; nobody where it does not."""

    measure: str
    title: str
    roles: list[str]
    days: int


class AccordOut(BaseModel):
    """An accord: its state, site, who agreed, from when until when (ms, 0 is open), and its measures."""

    state: str
    site: str
    parties: str
    text: str
    smallest_group: int
    from_ms: int
    until_ms: int
    measures: list[MeasureOut]


class AgreementOut(BaseModel):
    """Every accord, those in force first."""

    accords: list[AccordOut]


def routes(app: App) -> APIRouter:
    """The page, its form and the API."""
    router = APIRouter()
    _page(router, app)
    _api(router, app)
    return router


def _page(router: APIRouter, app: App) -> None:
    @router.get(HERE, include_in_schema=False)
    async def page(request: Request) -> Response:
        """What is agreed, for whoever it is about as for whoever looks at figures."""
        staff = _reader(app, request)
        screen = "governance" if app.may(staff, "open", "agents") else "desk" if staff.role == "rep" else "performance"
        return app.page(
            request, f"{FOLDER}/page.html", screen=screen, accords=shown(app), changes=await changes(app), tabs=tabs(app, staff, HERE),
            may_change=app.may(staff, "change", "admin"), measures=MEASURES, roles=ROLES, csrf=app.csrf(request), zone=app.organisation.zone,
            names={"halcyon": app.organisation.name, **{each.id: each.name for each in app.accounts.everyone()}}, invented=app.organisation.invented,
        )  # fmt: skip

    @router.post(HERE, include_in_schema=False)
    async def agreed(request: Request) -> Response:
        """Write down what was agreed."""
        staff = app.allow(request, "change", "admin")
        await agree(app, staff, of_form(await request.form()))
        return RedirectResponse(HERE, 303)


def _api(router: APIRouter, app: App) -> None:
    @router.get(API, response_model=AgreementOut, tags=["governance"])
    async def told(request: Request) -> AgreementOut:
        """Which figures exist for single reps, for whom, and how many days back."""
        _reader(app, request)
        return _out(app)

    @router.post(API, response_model=AgreementOut, status_code=201, tags=["governance"])
    async def write(request: Request, body: AccordIn) -> AgreementOut:
        """Write down an accord for a site, from a day on that has not passed."""
        await agree(app, app.allow(request, "change", "admin"), body)
        return _out(app)


def _reader(app: App, request: Request) -> Staff:
    staff = app.staff(request)
    if staff.role == "customer":
        raise BatonError("not_allowed", 403, "The agreement is for staff. Sign in with a staff account.")
    return staff


def _out(app: App) -> AgreementOut:
    told = []
    for each in shown(app):
        measures = [
            MeasureOut(
                measure=line.measure,
                title=line.title,
                roles=list(line.term.roles) if line.term else [],
                days=line.term.days if line.term else 0,
            )
            for line in each.lines
        ]
        plain = {
            f: getattr(each.accord, f) for f in ("site", "parties", "text", "smallest_group", "from_ms", "until_ms")
        }
        told.append(AccordOut(state=each.state, measures=measures, **plain))
    return AgreementOut(accords=told)
