"""Agents over HTTP: which there are and whether they may speak, their procedures, and the approvals that wait."""

from typing import Annotated, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from sqlalchemy import func, select

from baton.capabilities.agents.events import Agent, Agents, Procedure, Procedures, Step
from baton.capabilities.agents.screen.routes import routes as pages
from baton.capabilities.agents.studio.routes import routes as studio
from baton.capabilities.agents.studio.watching import watch
from baton.capabilities.agents.tables import ACTIONS, APPROVALS, PROCEDURES
from baton.capabilities.agents.trials.routes import routes as trials
from baton.capabilities.agents.trials.traces import api as traces
from baton.capabilities.governance.events import Stop, as_registered
from baton.kernel.errors import BatonError
from baton.web.app import App

DAY_MS: Final = 86_400_000
Days = Annotated[int, Query(ge=1, le=3660, description="How many days back, UTC days.")]


class AgentShown(BaseModel):
    """An AI agent. `serving`: it takes new conversations, of its queues where it names some; `stopped` by the kill switch; `did` counts its actions."""

    id: str
    name: str
    version: str
    approved: bool
    on: bool
    stopped: bool
    serving: bool
    disclosure: str
    procedures: list[str]
    did: dict[str, int]


class AgentsShown(BaseModel):
    """Every agent in force."""

    agents: list[AgentShown]
    all_stopped: bool


class StepShown(BaseModel):
    """A step of a procedure in plain fields."""

    id: str
    kind: str
    say: str
    slot: str
    tool: str
    risk: str


class ProcedureShown(BaseModel):
    """A procedure and how it ended in the days asked for."""

    id: str
    title: str
    revision: int
    owner: str
    queue: str
    intents: list[str]
    summary: str
    limit_cents: int
    steps: list[StepShown]
    ended: dict[str, int]


class ProceduresShown(BaseModel):
    """Every procedure in force."""

    procedures: list[ProcedureShown]


class ApprovalWaits(BaseModel):
    """An approval that an agent asked for and no rep has answered."""

    approval: str
    conversation: str
    action: str
    why: str
    queue: str
    asked_ms: int


class ApprovalsWait(BaseModel):
    """Approvals that wait, the oldest first."""

    approvals: list[ApprovalWaits]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/agents", tags=["agents"])
    app.tasks.append(lambda: watch(app))

    @routes.get("", response_model=AgentsShown)
    async def agents(request: Request, days: Days = 30) -> AgentsShown:
        """Every agent, whether it may speak, and what it did."""
        app.allow(request, "open", "agents")
        stopped, did = app.policy(Stop).agents, await done(app, days)
        return AgentsShown(agents=shown(app, stopped, did), all_stopped="*" in stopped)

    @routes.get("/procedures", response_model=ProceduresShown)
    async def procedures(request: Request, days: Days = 30) -> ProceduresShown:
        """Every procedure, step by step, and how it ended."""
        app.allow(request, "open", "agents")
        ended = await endings(app, days)
        found = [_procedure(p, ended.get(p.id, {})) for p in app.policy(Procedures).procedures]
        return ProceduresShown(procedures=found)

    @routes.get("/procedures/{id}", response_model=ProcedureShown)
    async def procedure(request: Request, id: str, days: Days = 30) -> ProcedureShown:
        """One procedure."""
        app.allow(request, "open", "agents")
        known = app.policy(Procedures).of(id)
        if known is None:
            raise BatonError("not_found", 404, "There is no such procedure. Look it up in the list of procedures.")
        return _procedure(known, (await endings(app, days)).get(id, {}))

    @routes.get("/approvals", response_model=ApprovalsWait)
    async def approvals(request: Request) -> ApprovalsWait:
        """Approvals that wait for a rep."""
        app.allow(request, "open", "agents")
        query = select(APPROVALS).where(APPROVALS.c.answered_ms.is_(None)).order_by(APPROVALS.c.asked_ms)
        rows = await app.store.rows(query)
        return ApprovalsWait(approvals=[ApprovalWaits.model_validate(dict(row)) for row in rows])

    both = APIRouter()
    both.include_router(routes)
    both.include_router(pages(app))
    both.include_router(trials(app))
    both.include_router(traces(app))
    both.include_router(studio(app))
    return both


def shown(app: App, stopped: tuple[str, ...], did: dict[str, dict[str, int]]) -> list[AgentShown]:
    """The agents in force."""
    known = as_registered(app.committer.memory.policies, app.clock.now_ms())
    return [
        AgentShown(
            id=a.id, name=a.name, version=a.version, approved=a.approved, on=a.on, stopped=bool({"*", a.id} & {*stopped}),
            serving=_serves(known, a, stopped), disclosure=a.disclosure, procedures=list(a.procedures),
            did=did.get(a.id, {}),
        )
        for a in known.agents
    ]  # fmt: skip


def _serves(known: Agents, agent: Agent, stopped: tuple[str, ...]) -> bool:
    first = (known.serving(stopped, lambda each: each.approved, came_in=place) for place in agent.queues or ("",))
    return any(a is not None and a.id == agent.id for a in first)


async def done(app: App, days: int) -> dict[str, dict[str, int]]:
    """How often each agent did what."""
    since = app.clock.now_ms() // DAY_MS - days
    query = (
        select(ACTIONS.c.agent, ACTIONS.c.action, func.sum(ACTIONS.c.times).label("times"))
        .where(ACTIONS.c.day > since)
        .group_by(ACTIONS.c.agent, ACTIONS.c.action)
    )
    found: dict[str, dict[str, int]] = {}
    for row in await app.store.rows(query):
        found.setdefault(str(row["agent"]), {})[str(row["action"])] = int(str(row["times"]))
    return found


async def endings(app: App, days: int) -> dict[str, dict[str, int]]:
    """How each procedure ended."""
    since = app.clock.now_ms() // DAY_MS - days
    names = [c.name for c in PROCEDURES.columns if c.name not in {"procedure", "day"}]
    sums = [func.sum(PROCEDURES.c[name]).label(name) for name in names]
    query = select(PROCEDURES.c.procedure, *sums).where(PROCEDURES.c.day > since).group_by(PROCEDURES.c.procedure)
    rows = await app.store.rows(query)
    return {str(row["procedure"]): {name: int(str(row[name] or 0)) for name in names} for row in rows}


def _procedure(known: Procedure, ended: dict[str, int]) -> ProcedureShown:
    return ProcedureShown(
        id=known.id, title=known.title, revision=known.revision, owner=known.owner, queue=known.queue,
        intents=list(known.intents), summary=known.summary, limit_cents=known.limit_cents,
        steps=[_step(step, known) for step in known.steps], ended=ended,
    )  # fmt: skip


def _step(step: Step, known: Procedure) -> StepShown:
    slot = known.slot(step.slot)
    say = step.say or (slot.ask if slot else "")
    return StepShown(id=step.id, kind=step.kind, say=say, slot=step.slot, tool=step.tool, risk=step.risk)
