"""Escalations over HTTP: what led to a person with control limits, what came of each need, tasks for what was lacking."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel

from baton.capabilities.escalations.events import How, TaskState
from baton.capabilities.escalations.reading.parts import read
from baton.capabilities.escalations.reading.people import fates, needs
from baton.capabilities.escalations.reading.slices import Group, groups, overall, series
from baton.capabilities.escalations.reading.tasks import Task, tasks
from baton.capabilities.escalations.screen.closing import close, reader
from baton.capabilities.escalations.screen.routes import router as screen
from baton.kernel.stats import Estimate
from baton.kernel.stats.control import Chart, Kind
from baton.web.app import App
from baton.web.asked import Asked

By = Literal["reason", "intent", "version", "turn", "step", "hour", "field"]
Time = Annotated[int, Query(ge=0, le=4_102_444_800_000, description="Milliseconds since the epoch.")]
Label = Annotated[str, Query(max_length=160)]


class ShareOut(BaseModel):
    """A share with its 95 % interval over `clusters` customers."""

    value: float
    low: float
    high: float
    n: int
    clusters: int


class PointOut(BaseModel):
    """A period: `x` of `n`, its limits where there are any, and whether it signals."""

    start: str
    x: int
    n: int
    value: float | None
    low: float | None
    high: float | None
    beyond: str
    run: str


class ChartOut(BaseModel):
    """A control chart: Laney's p' (a share) or u' (a rate per conversation)."""

    kind: Kind
    centre: float
    sigma_z: float
    points: list[PointOut]


class GroupOut(BaseModel):
    """Escalations of one value: `conversations` with one, of those it could have happened in."""

    value: str
    conversations: int
    escalations: int
    of: int
    share: ShareOut
    sigma_z: float
    signals: int


class FateOut(BaseModel):
    """What came of needs for a person; all of them sum to the needs."""

    fate: str
    meaning: str
    needs: int
    share: ShareOut


class EscalationsOut(BaseModel):
    """Escalations of the conversations an AI had."""

    conversations: int
    escalated: ShareOut
    by: By
    groups: list[GroupOut]
    chart: ChartOut
    needs: list[FateOut]


class TaskOut(BaseModel):
    """A field the AI lacked, and whether its owner has a task because of it."""

    task: str
    procedure: str
    field: str
    owner: str
    state: TaskState
    lacked: int
    opened: int
    opened_ms: int
    closed_ms: int
    closed_by: str
    how: str


class TasksOut(BaseModel):
    """Tasks, open ones first."""

    tasks: list[TaskOut]


class CloseIn(BaseModel):
    """How it was seen to."""

    how: How


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["escalations"])
    _figures(routes, app)
    _tasks(routes, app)
    routes.include_router(screen(app))
    return routes


def _figures(routes: APIRouter, app: App) -> None:
    @routes.get("/api/escalations", response_model=EscalationsOut)
    async def figures(
        request: Request, by: By = "reason", value: Label = "", every: Literal["day", "week"] = "day", kind: Kind = "p",
        since: Annotated[Time, Query(alias="from")] = 0, until: Annotated[Time, Query(alias="to")] = 0,
        queue: Label = "", channel: Label = "", intent: Label = "", source: Label = "",
    ) -> EscalationsOut:  # fmt: skip
        """What led from AI to people, with control limits; `value` draws one row of `by` instead of all escalations."""
        app.allow(request, "open", "performance")
        asked = Asked("all", "", "", since, until, source, queue, channel, intent)
        found = await read(app.store, asked, app.organisation.zone)
        over = series(found, by if value else "", value, every == "week", kind)
        starts = [start.isoformat() for start in over.starts]
        told = [
            FateOut(fate=f.id, meaning=f.meaning, needs=f.needs, share=_share(f.share))
            for f in fates(await needs(app.store, found))
        ]
        return EscalationsOut(
            conversations=len(found.parts), escalated=_share(overall(found)), by=by, chart=_chart(over.chart, starts), needs=told,
            groups=[_group(g) for g in groups(found, by, every == "week", kind)],
        )  # fmt: skip


def _tasks(routes: APIRouter, app: App) -> None:
    @routes.get("/api/escalations/tasks", response_model=TasksOut)
    async def every(request: Request) -> TasksOut:
        """Tasks for what the AI lacked; to whoever may not open Performance, only their own."""
        staff, sees_all = reader(app, request)
        return TasksOut(tasks=[_task(t) for t in await tasks(app, "" if sees_all else staff.id)])

    @routes.post(
        "/api/escalations/tasks/{task}/close",
        response_model=TaskOut,
        responses={409: {"description": "It is not open."}},
    )
    async def closed(request: Request, task: str, body: CloseIn) -> TaskOut:
        """Close a task: for its owner and for administrators."""
        await close(app, reader(app, request)[0], task, body.how)
        return _task(next(t for t in await tasks(app) if t.task == task))


def _share(e: Estimate) -> ShareOut:
    return ShareOut(value=e.value, low=e.low, high=e.high, n=e.n, clusters=e.clusters)


def _chart(chart: Chart, starts: list[str]) -> ChartOut:
    points = [
        PointOut(start=s, x=p.x, n=p.n, value=p.value, low=p.low, high=p.high, beyond=p.beyond, run=p.run)
        for s, p in zip(starts, chart.points, strict=True)
    ]
    return ChartOut(kind=chart.kind, centre=chart.centre, sigma_z=chart.sigma_z, points=points)


def _group(g: Group) -> GroupOut:
    return GroupOut(
        value=g.value, conversations=g.conversations, escalations=g.escalations, of=g.of, share=_share(g.share),
        sigma_z=g.chart.sigma_z, signals=len(g.chart.signals),
    )  # fmt: skip


def _task(t: Task) -> TaskOut:
    return TaskOut.model_validate({name: getattr(t, name) for name in TaskOut.model_fields})
