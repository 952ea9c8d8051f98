"""The register over HTTP: entries as JSON or CSV, writing one, approving it, incidents, and the bundle for an auditor."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import Response

from baton.capabilities.governance.register.approving import approve, save, withdraw
from baton.capabilities.governance.register.asking import EntryIn, system_of
from baton.capabilities.governance.register.bundle import COLUMNS, bundle, lines, plain
from baton.capabilities.governance.register.incidents import incidents_of
from baton.capabilities.governance.register.noting import IncidentIn, opened, say
from baton.capabilities.governance.register.standing import Standing, standing_of, standings
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.separated import csv_response

HERE = "/api/governance/register"
ZIP: dict[int | str, dict[str, object]] = {
    200: {"content": {"application/zip": {"schema": {"type": "string", "format": "binary"}}}}
}
CSV_OR_JSON: dict[int | str, dict[str, object]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
Format = Annotated[Literal["json", "csv"] | None, Query(description="csv as `Accept: text/csv` would give")]
CHANGED: dict[int | str, dict[str, object]] = {
    409: {"description": "Somebody changed it meanwhile, or it is over; nothing was changed."}
}
Why = Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]*$")]


class EntryOut(BaseModel):
    """An entry: as declared, and what the system knows of it. `configuration` is what an approval is of."""

    model_config = ConfigDict(extra="allow")

    id: str
    kind: str
    name: str
    state: str
    version: str
    configuration: str
    lacks: list[str]
    warnings: list[str]
    spent_cents: int
    open_incidents: int
    rep_emotion_inference: str


class EntriesOut(BaseModel):
    """Every AI system."""

    systems: list[EntryOut]


class ApproveIn(BaseModel):
    """What is approved: the configuration and the revision of the entry that were read. `version` is empty for the one in force."""

    model_config = ConfigDict(extra="forbid")

    configuration: str = Field(min_length=64, max_length=64, pattern=r"^[0-9a-f]*$")
    revision: int = Field(ge=0)
    version: str = Field("", max_length=40, pattern=r"^[\w.-]*$")
    why: str = Field("", max_length=500, pattern=r"^[^\x00]*$")


class WhyIn(BaseModel):
    """A reason."""

    model_config = ConfigDict(extra="forbid")

    why: Why


class SaidIn(BaseModel):
    """What is done about an incident; `closed` ends it."""

    model_config = ConfigDict(extra="forbid")

    action: str = Field(min_length=3, max_length=4000, pattern=r"^[^\x00]*$")
    closed: bool = False


class IncidentMade(BaseModel):
    """The id of an incident."""

    incident: str


class IncidentsOut(BaseModel):
    """The incidents of a system, open ones first, with each step: time, who, text."""

    incidents: list[dict[str, object]]


def routes(app: App) -> APIRouter:
    """The routes."""
    router = APIRouter(tags=["governance"])
    _reading(router, app)
    _writing(router, app)
    _incidents(router, app)
    return router


def _reading(router: APIRouter, app: App) -> None:
    @router.get(HERE, response_model=EntriesOut, responses=CSV_OR_JSON)
    async def listed(request: Request, format: Format = None) -> Response | EntriesOut:
        """Every AI system: agents, and the models that Baton is made of."""
        app.allow(request, "open", "agents")
        told = await standings(app)
        if format == "csv" or (format is None and "text/csv" in request.headers.get("accept", "")):
            app.allow(request, "export", "agents")
            return csv_response(lines(told), COLUMNS, "ai-register")
        return EntriesOut(systems=[_out(each) for each in told])

    @router.get(f"{HERE}-bundle", response_class=Response, responses=ZIP)
    async def taken(request: Request) -> Response:
        """A zip for an auditor: entries, approvals, evaluations, incidents, policy versions, disclosures."""
        app.allow(request, "export", "agents")
        return Response(await bundle(app), media_type="application/zip", headers={"Cache-Control": "no-store"})

    @router.get(f"{HERE}/{{id}}", response_model=EntryOut)
    async def entry(request: Request, id: str) -> EntryOut:
        """One entry."""
        app.allow(request, "open", "agents")
        return _out(await _one(app, id))


def _writing(router: APIRouter, app: App) -> None:
    @router.put(f"{HERE}/{{id}}", response_model=EntryOut, responses=CHANGED)
    async def written(request: Request, id: str, body: EntryIn) -> EntryOut:
        """Write the next revision of an entry. What is approved counts until somebody else approves this one."""
        staff, one = app.allow(request, "change", "agents"), await _one(app, id)
        await save(app, staff, system_of(app, id, one.system.kind, body), app.reason(body.why))
        return _out(await _one(app, id))

    @router.post(f"{HERE}/{{id}}/approve", response_model=EntryOut, responses=CHANGED)
    async def approved(request: Request, id: str, body: ApproveIn) -> EntryOut:
        """Let the version in force take turns as it is configured. Refused for who wrote the entry, or where something is missing."""
        staff = app.allow(request, "approve", "agents")
        await approve(app, staff, id, body.configuration, body.revision, app.reason(body.why), body.version)
        return _out(await _one(app, id))

    @router.post(f"{HERE}/{{id}}/withdraw", response_model=EntryOut)
    async def withdrawn(request: Request, id: str, body: WhyIn) -> EntryOut:
        """Take the approval of an agent back, and stop it at once in every conversation."""
        staff = app.allow(request, "stop", "agents")
        await withdraw(app, staff, id, app.reason(body.why))
        return _out(await _one(app, id))


def _incidents(router: APIRouter, app: App) -> None:
    @router.get(f"{HERE}/{{id}}/incidents", response_model=IncidentsOut)
    async def listed(request: Request, id: str) -> IncidentsOut:
        """Its incidents."""
        app.allow(request, "open", "agents")
        await _one(app, id)
        found = [{f: getattr(i, f) for f in i.__struct_fields__} for i in await incidents_of(app, id)]
        return IncidentsOut(incidents=found)

    @router.post(f"{HERE}/{{id}}/incidents", response_model=IncidentMade, status_code=201)
    async def noted(request: Request, id: str, body: IncidentIn) -> IncidentMade:
        """Open an incident on the entry."""
        staff = app.allow(request, "change", "agents")
        await _one(app, id)
        return IncidentMade(incident=await opened(app, staff, id, body))

    @router.post(f"{HERE}/{{id}}/incidents/{{incident}}", response_model=IncidentMade, responses=CHANGED)
    async def answered(request: Request, id: str, incident: str, body: SaidIn) -> IncidentMade:
        """Say what is done about it, or close it."""
        staff = app.allow(request, "change", "agents")
        await say(app, staff, id, incident, body.action, closed=body.closed)
        return IncidentMade(incident=incident)


async def _one(app: App, id: str) -> Standing:
    found = await standing_of(app, id)
    if found is None:
        raise not_found()
    return found


def _out(one: Standing) -> EntryOut:
    return EntryOut.model_validate(plain(one))
