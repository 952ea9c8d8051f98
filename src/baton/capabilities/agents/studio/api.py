"""The studio over HTTP: versions, canaries, and two versions compared."""

from math import isfinite
from typing import Annotated, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from baton.capabilities.agents.events import Agents
from baton.capabilities.agents.studio import changing
from baton.capabilities.agents.studio.asking import MadeIn
from baton.capabilities.agents.studio.comparing import Compared
from baton.capabilities.agents.studio.versions import Version, versions
from baton.capabilities.agents.studio.watching import compared
from baton.kernel.stats import Estimate
from baton.web.app import App

HERE: Final = "/api/agents/versions/{id}"
Why = Annotated[str, Field(min_length=3, max_length=500, pattern=r"^[^\x00]*$")]


class ChangeOut(BaseModel):
    """What differs from the version in force."""

    field: str
    before: str
    after: str


class VersionOut(BaseModel):
    """A version. `state`: in force, canary, waiting (approved, gets nothing), not approved; `permille` the share of a canary."""

    version: str
    state: str
    approved: bool
    permille: int
    author: str
    why: str
    at_ms: int
    changes: list[ChangeOut]


class VersionsOut(BaseModel):
    """Every version of an agent, the newest first."""

    versions: list[VersionOut]


class NewIn(MadeIn):
    """A new version, and why it is made."""

    why: Why


class ShareIn(BaseModel):
    """The share (permille) of new conversations; 0 ends a canary. `forced`: why it goes without passing its scenarios."""

    model_config = ConfigDict(extra="forbid")

    permille: int = Field(ge=0, le=changing.MOST_PERMILLE)
    why: Why
    forced: str = Field("", max_length=500, pattern=r"^[^\x00]*$")


class ForceIn(BaseModel):
    """Why it is put in force. `forced`: why it goes without passing its scenarios."""

    model_config = ConfigDict(extra="forbid")

    why: Why
    forced: str = Field("", max_length=500, pattern=r"^[^\x00]*$")


class OutcomeOut(BaseModel):
    """An outcome of both versions, and their difference in permille with its interval (null while there are too few)."""

    outcome: str
    newer: int
    newer_of: int
    other: int
    other_of: int
    difference: int | None
    low: int | None
    high: int | None
    verdict: str


class ComparedOut(BaseModel):
    """Two versions, and the one sentence that may be concluded. `drawn`: chance drew them; else at equal mix."""

    newer: str
    other: str
    drawn: bool
    sentence: str
    outcomes: list[OutcomeOut]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["agents"])
    _reading(routes, app)
    _changing(routes, app)
    return routes


def _reading(routes: APIRouter, app: App) -> None:
    @routes.get(HERE, response_model=VersionsOut)
    async def told(request: Request, id: str) -> VersionsOut:
        """Every version of an agent."""
        app.allow(request, "open", "agents")
        return await _all(app, id)

    @routes.get("/api/agents/compared/{id}", response_model=ComparedOut)
    async def beside(request: Request, id: str, newer: str, other: str) -> ComparedOut:
        """Two versions of an agent compared."""
        app.allow(request, "open", "agents")
        changing.agent_of(app.policy(Agents), id)
        return _compared(await compared(app, id, newer, other))


def _changing(routes: APIRouter, app: App) -> None:
    @routes.post(HERE + "/{version}", response_model=VersionsOut, status_code=201)
    async def make(request: Request, id: str, version: str, body: NewIn) -> VersionsOut:
        """Make a new version from this one. It takes no turn before it is approved."""
        staff = app.allow(request, "change", "agents")
        await changing.make(app, staff, id, version, body.made(), body.why)
        return await _all(app, id)

    @routes.put(HERE + "/{version}/share", response_model=VersionsOut)
    async def share(request: Request, id: str, version: str, body: ShareIn) -> VersionsOut:
        """Give a version a share of new conversations, change it, or end it with 0."""
        now = app.policy(Agents).canary(id)
        lower = now is not None and now.version == version and body.permille < now.permille
        staff = app.allow(request, "stop" if lower else "approve", "agents")
        await changing.share(app, staff, id, version, body.permille, body.why, body.forced)
        return await _all(app, id)

    @routes.post(HERE + "/{version}/force", response_model=VersionsOut)
    async def force(request: Request, id: str, version: str, body: ForceIn) -> VersionsOut:
        """Put a version in force for every new conversation."""
        staff = app.allow(request, "approve", "agents")
        await changing.put_in_force(app, staff, id, version, body.why, body.forced)
        return await _all(app, id)


async def _all(app: App, id: str) -> VersionsOut:
    changing.agent_of(app.policy(Agents), id)
    return VersionsOut(versions=[_out(v) for v in await versions(app, id)])


def _out(v: Version) -> VersionOut:
    changes = [ChangeOut(field=c.field, before=c.before, after=c.after) for c in v.changes]
    return VersionOut(
        version=v.agent.version, state=v.state, approved=v.approved, permille=v.permille, author=v.author, why=v.why, at_ms=v.at_ms, changes=changes
    )  # fmt: skip


def _compared(told: Compared) -> ComparedOut:
    outcomes = [
        _outcome("needs met", (w.newer.met, w.newer.needs, w.other.met, w.other.needs), w.difference, w.verdict)
        if w.outcome == "needs met"
        else _outcome(
            w.outcome, (w.newer.handed, w.newer.ended, w.other.handed, w.other.ended), w.difference, w.verdict
        )
        for w in told.watched
    ]
    mix = told.mix
    if mix is not None and mix.difference is not None:
        sums = (mix.left_raw, mix.right_raw)
        counts = [c for e in sums for c in (round(e.value * e.n), e.n)]
        outcomes = [_outcome("needs met, equal mix", (counts[0], counts[1], counts[2], counts[3]), mix.difference, "")]
    return ComparedOut(
        newer=told.newer, other=told.other, drawn=told.drawn, sentence=told.sentence, outcomes=outcomes
    )  # fmt: skip


def _outcome(name: str, counts: tuple[int, int, int, int], d: Estimate, verdict: str) -> OutcomeOut:
    known = isfinite(d.low)
    told = [round(1000 * x) if known else None for x in (d.value, d.low, d.high)]
    return OutcomeOut(
        outcome=name, newer=counts[0], newer_of=counts[1], other=counts[2], other_of=counts[3], difference=told[0], low=told[1], high=told[2],
        verdict=verdict,
    )  # fmt: skip
