"""Governance over HTTP: the kill switch, who turned it, who looked at what, and what was vetoed."""

import asyncio
from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, ConfigDict, Field
from sqlalchemy import desc, func, select

from baton.capabilities.agents.events import Agents
from baton.capabilities.governance.agreement.routes import routes as agreement
from baton.capabilities.governance.audit.pages import router as audit_pages
from baton.capabilities.governance.audit.routes import router as audit
from baton.capabilities.governance.events import Stop
from baton.capabilities.governance.policies.api import routes as policies
from baton.capabilities.governance.policies.routes import routes as policy_pages
from baton.capabilities.governance.privacy.serving import router as privacy
from baton.capabilities.governance.register.api import routes as register
from baton.capabilities.governance.register.routes import routes as register_pages
from baton.capabilities.governance.register.spending import watch
from baton.capabilities.governance.screen.routes import routes as pages
from baton.capabilities.governance.switch import reach
from baton.capabilities.governance.tables import ACCESS, SWITCHES, VETOES
from baton.kernel.errors import BatonError
from baton.web.app import App

DAY_MS: Final = 86_400_000
EVERY_S: Final = 5.0
Limit = Annotated[int, Query(ge=1, le=1000, description="How many rows, the newest first.")]
Days = Annotated[int, Query(ge=1, le=3660, description="How many days back, UTC days.")]


class Turning(BaseModel):
    """Which agent (an id, or `*` for all), and why."""

    model_config = ConfigDict(extra="forbid")

    agent: str = Field(min_length=1, max_length=100, pattern=r"^[\w.*-]+$")
    why: str = Field("", max_length=500, pattern=r"^[^\x00]*$")


class Turned(BaseModel):
    """The agents stopped now, and how many open conversations were told."""

    stopped: list[str]
    told: int


class Switched(BaseModel):
    """One turn of the switch: the agents stopped from then on."""

    position: int
    agents: str
    staff: str
    why: str
    at_ms: int


class Switches(BaseModel):
    """The switch now, and how it was turned."""

    stopped: list[str]
    turned: list[Switched]


class Access(BaseModel):
    """A look at a conversation, or a sign-in."""

    position: int
    staff: str
    act: str
    conversation: str
    role: str
    at_ms: int


class Accesses(BaseModel):
    """The access log, the newest first."""

    accesses: list[Access]


class Veto(BaseModel):
    """How often governance refused an action, and why."""

    action: str
    why: str
    vetoed: int


class Vetoes(BaseModel):
    """What governance refused, the most first."""

    vetoes: list[Veto]


def router(app: App) -> APIRouter:
    """The routes; beside them the switch catches up with conversations that began elsewhere while it was turned."""
    routes = APIRouter(prefix="/api/governance", tags=["governance"])
    app.tasks.append(lambda: _catch_up(app))
    app.tasks.append(lambda: watch(app))
    _switch(routes, app)
    _records(routes, app)
    both = APIRouter()
    both.include_router(routes)
    both.include_router(pages(app))
    both.include_router(policies(app))
    both.include_router(policy_pages(app))
    both.include_router(register(app))
    both.include_router(agreement(app))
    both.include_router(register_pages(app))
    both.include_router(privacy(app))
    both.include_router(audit(app))
    both.include_router(audit_pages(app))
    return both


def _switch(routes: APIRouter, app: App) -> None:
    @routes.post("/stop", response_model=Turned, status_code=202)
    async def stop(request: Request, body: Turning) -> Turned:
        """Stop an agent, or all: at once, in conversations that run as in those to come. Their customers go to a person."""
        staff = app.allow(request, "stop", "agents")
        _known(app, body.agent)
        done = await reach.stop(app.committer, body.agent, staff.id, app.reason(body.why))
        return Turned(stopped=list(done.stopped), told=done.told)

    @routes.post("/start", response_model=Turned, status_code=202)
    async def start(request: Request, body: Turning) -> Turned:
        """Let an agent speak again. Conversations that went to a person stay there until they are handed back."""
        staff = app.allow(request, "stop", "agents")
        done = await reach.start(app.committer, body.agent, staff.id, app.reason(body.why))
        return Turned(stopped=list(done.stopped), told=done.told)

    @routes.get("/switches", response_model=Switches)
    async def switches(request: Request, limit: Limit = 50) -> Switches:
        """Which agents are stopped, and who turned the switch when."""
        app.allow(request, "open", "agents")
        rows = await app.store.rows(select(SWITCHES).order_by(desc(SWITCHES.c.position)).limit(limit))
        turned = [Switched.model_validate(dict(row)) for row in rows]
        return Switches(stopped=list(app.policy(Stop).agents), turned=turned)


def _records(routes: APIRouter, app: App) -> None:
    @routes.get("/access", response_model=Accesses)
    async def access(request: Request, limit: Limit = 200, conversation: str = "") -> Accesses:
        """Who looked at conversations and who signed in."""
        app.allow(request, "open", "admin")
        query = select(ACCESS).where(ACCESS.c.act != "forgotten").order_by(desc(ACCESS.c.position)).limit(limit)
        if conversation:
            query = query.where(ACCESS.c.conversation.in_([conversation, f"conversation/{conversation}"]))
        rows = await app.store.rows(query)
        return Accesses(accesses=[Access.model_validate(dict(row)) for row in rows])

    @routes.get("/vetoes", response_model=Vetoes)
    async def vetoes(request: Request, days: Days = 30) -> Vetoes:
        """What governance refused."""
        app.allow(request, "open", "agents")
        since = app.clock.now_ms() // DAY_MS - days
        query = (
            select(VETOES.c.action, VETOES.c.why, func.sum(VETOES.c.vetoed).label("vetoed"))
            .where(VETOES.c.day > since)
            .group_by(VETOES.c.action, VETOES.c.why)
        )
        found = [Veto.model_validate(dict(row)) for row in await app.store.rows(query)]
        return Vetoes(vetoes=sorted(found, key=lambda veto: (-veto.vetoed, veto.action)))


def _known(app: App, agent: str) -> None:
    if agent != "*" and all(agent != a.id for a in app.policy(Agents).agents):
        raise BatonError(
            "no_such_agent", 404, f"There is no agent {agent!r}. Use an id of the list of agents, or '*' for all."
        )


async def _catch_up(app: App) -> None:
    while True:
        await asyncio.sleep(EVERY_S)
        if app.policy(Stop).agents:
            await reach.catch_up(app.committer)
