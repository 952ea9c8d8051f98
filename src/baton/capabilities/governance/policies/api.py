"""The gate's policies over HTTP: read them, check a text with its tests as a build does, and put in force what was checked."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field

from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.tools import guards, schema
from baton.capabilities.governance.policies.serving import history, in_force, put_in_force, tried
from baton.web.app import App

LONGEST: Final = 200_000
PLAIN: Final = r"^[^\x00]*$"
Days = Annotated[int, Query(ge=1, le=365, description="Judge the calls of so many days again.")]


class Offered(BaseModel):
    """A policy text (Cedar) and its tests (TOML)."""

    model_config = ConfigDict(extra="forbid")

    text: str = Field(max_length=LONGEST, pattern=PLAIN)
    tests: str = Field(max_length=LONGEST, pattern=PLAIN)


class Forcing(Offered):
    """What was checked, why it changes, and what the check answered as `told` and `seen`."""

    why: str = Field(min_length=1, max_length=500, pattern=PLAIN)
    told: str = Field(max_length=300, pattern=PLAIN)
    seen: str = Field(max_length=100, pattern=PLAIN)


class FaultTold(BaseModel):
    """What is wrong, where, and what to do. `line` 0 is about the tests or the whole."""

    line: int
    rule: str
    says: str
    do: str


class ChangeTold(BaseModel):
    """Past calls that would come out otherwise."""

    tool: str
    risk: str
    kind: str
    allowed: bool
    rules: str
    times: int


class CheckTold(BaseModel):
    """The faults; without any, what the replay says, and `seen` to put the text in force with."""

    faults: list[FaultTold]
    tests: int = 0
    told: str = ""
    seen: str = ""
    changes: list[ChangeTold] = []


class VersionTold(BaseModel):
    """A version that was put in force."""

    position: int
    at_ms: int
    who: str
    why: str
    replay: str
    emergency: bool


class PoliciesTold(BaseModel):
    """What is in force, what holds beside it, what a rule may speak of, and the versions."""

    text: str
    tests: str
    guards: str
    schema_text: str
    versions: list[VersionTold]


def routes(app: App) -> APIRouter:
    """The routes."""
    router = APIRouter(prefix="/api/governance/policies", tags=["governance"])

    @router.get("", response_model=PoliciesTold)
    async def policies(request: Request) -> PoliciesTold:
        """The policies in force."""
        app.allow(request, "open", "agents")
        return await _told(app)

    @router.post("/check", response_model=CheckTold)
    async def check(request: Request, body: Offered, days: Days = 30) -> CheckTold:
        """Check a text with its tests and replay it. Nothing is changed."""
        app.allow(request, "change", "agents")
        done = await tried(app, GatePolicies(body.text, body.tests), days)
        faults = [FaultTold.model_validate(fault, from_attributes=True) for fault in done.checked.faults]
        if done.replay is None:
            return CheckTold(faults=faults)
        changes = [ChangeTold.model_validate(change, from_attributes=True) for change in done.replay.changes]
        return CheckTold(
            faults=[], tests=done.checked.tests, told=done.replay.in_short(), seen=done.seen, changes=changes
        )

    @router.post(
        "", response_model=PoliciesTold, status_code=202,
        responses={409: {"description": "Not the text that was replayed, or others were put in force since."}},
    )  # fmt: skip
    async def force(request: Request, body: Forcing) -> PoliciesTold:
        """Put in force what was checked and replayed."""
        staff = app.allow(request, "approve", "agents")
        await put_in_force(app, GatePolicies(body.text, body.tests), staff.id, body.why, body.told, body.seen)
        return await _told(app)

    return router


async def _told(app: App) -> PoliciesTold:
    now = in_force(app)
    versions = [VersionTold.model_validate(version, from_attributes=True) for version in await history(app)]
    return PoliciesTold(text=now.text, tests=now.tests, guards=guards(), schema_text=schema(), versions=versions)
