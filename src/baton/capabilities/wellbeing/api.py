"""Wellbeing over HTTP: a rep's own load and breathers for that rep alone; a team's need and its cost for who approves it."""

from typing import Literal

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field
from starlette.responses import JSONResponse, Response

from baton.capabilities.wellbeing.breathers.pricing import Pricing
from baton.capabilities.wellbeing.reading.own import Mine, exported, mine, shown, since_forgotten
from baton.capabilities.wellbeing.reading.teams import teams
from baton.capabilities.wellbeing.screen.acting import answer, approve, forget, own
from baton.capabilities.wellbeing.screen.routes import routes as screen
from baton.web.app import App


class Strict(BaseModel):
    """A body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class Answer(Strict):
    """What a rep makes of a breather they are offered."""

    ref: str = Field(min_length=1, max_length=64, pattern=r"^[0-9a-f]+$")
    answer: Literal["take", "later", "no"]


class Forgetting(Strict):
    """Whether the load is counted from then on."""

    counting: bool = True


class Approval(Strict):
    """How many of a team's breathers, the oldest first."""

    many: int = Field(ge=1, le=100)


class Position(BaseModel):
    """Where it stands in the log."""

    position: int


class BreatherOut(BaseModel):
    """A breather that is offered or taken, until when, and what it costs: permille more customers answered late meanwhile."""

    ref: str
    state: str
    kind: str
    rest_s: int
    until_ms: int
    late_permille: int


class MineOut(BaseModel):
    """One's own load: thousandths of a weighted minute, and what counted since the last break."""

    milli_min: int
    run: int
    served: int
    hard: int
    hostile: int
    occupancy_permille: int | None
    rested_ms: int
    counts: bool
    breather: BreatherOut | None


class TeamOut(BaseModel):
    """A team of eight or more: breathers that wait, what all of them at once cost, the day's budget, how evenly hard work falls."""

    team: str
    people: int
    waiting: int
    late_permille: int
    granted_s: int
    budget_s: int
    taken: int
    hard_gini: float | None
    hard_gini_low: float | None
    hard_gini_high: float | None
    hard_gini_by_chance: float | None


class TeamsOut(BaseModel):
    """The teams; `small` are those too small to be told of."""

    teams: list[TeamOut]
    small: int


def router(app: App) -> APIRouter:
    """The routes."""
    app.tasks.append(Pricing(app).run)
    routes = APIRouter(tags=["wellbeing"])
    _own(routes, app)
    _teams(routes, app)
    routes.include_router(screen(app))
    return routes


def _own(routes: APIRouter, app: App) -> None:
    @routes.get("/api/wellbeing/mine", response_model=MineOut)
    async def load(request: Request) -> MineOut:
        """One's own load. There is no route to anybody else's."""
        return _mine_out(await mine(app, own(app, request).id))

    @routes.get("/api/wellbeing/mine/export", response_model=list[dict[str, object]])
    async def export(request: Request) -> Response:
        """Everything kept of one's own load since it was last deleted."""
        told = since_forgotten(await app.reader.told(f"rep/{own(app, request).id}"))
        name = {"Content-Disposition": 'attachment; filename="baton-my-load.json"', "Cache-Control": "no-store"}
        return JSONResponse(exported(told), headers=name)

    @routes.post("/api/wellbeing/mine/answer", response_model=Position, status_code=202)
    async def answered(request: Request, body: Answer) -> Position:
        """Take a breather, put it off, or say no."""
        return Position(position=await answer(app, own(app, request), body.ref, body.answer))

    @routes.post("/api/wellbeing/mine/forget", response_model=Position, status_code=202)
    async def forgotten(request: Request, body: Forgetting) -> Position:
        """Delete one's own load; it begins anew, or is counted no more."""
        return Position(position=await forget(app, own(app, request), body.counting))


def _teams(routes: APIRouter, app: App) -> None:
    @routes.get("/api/wellbeing/teams", response_model=TeamsOut)
    async def of_teams(request: Request) -> TeamsOut:
        """What teams of eight or more need, and what it costs."""
        app.allow(request, "open", "live")
        found = await teams(app)
        return TeamsOut(
            teams=[
                TeamOut(
                    team=t.name, people=t.people, waiting=t.waiting, late_permille=t.price.late_permille, granted_s=t.granted_s,
                    budget_s=t.budget_s, taken=t.taken, hard_gini=t.hard.gini.value if t.hard else None,
                    hard_gini_low=t.hard.gini.low if t.hard else None, hard_gini_high=t.hard.gini.high if t.hard else None,
                    hard_gini_by_chance=t.hard.by_chance if t.hard else None,
                )
                for t in found.teams
            ],
            small=found.small,
        )  # fmt: skip

    @routes.post("/api/wellbeing/teams/{team}/approve", response_model=Position, status_code=202)
    async def approved(request: Request, team: str, body: Approval) -> Position:
        """Approve some of a team's breathers, whoever's they are."""
        return Position(position=await approve(app, app.allow(request, "approve", "planning"), team, body.many))


def _mine_out(found: Mine) -> MineOut:
    load, breather = found.load, shown(found.breather, found.now_ms)
    return MineOut(
        milli_min=load.milli_min, run=load.run, served=load.served, hard=load.hard, hostile=load.hostile,
        occupancy_permille=found.occupancy_permille, rested_ms=load.rested_ms, counts=found.counts,
        breather=BreatherOut(
            ref=breather.ref, state=breather.state, kind=breather.kind, rest_s=breather.rest_s, until_ms=breather.until_ms,
            late_permille=breather.late_permille,
        ) if breather else None,
    )  # fmt: skip
