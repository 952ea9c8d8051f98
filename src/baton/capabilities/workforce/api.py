"""Planning over HTTP: what to expect in each slot, with its interval, and the people it needs."""

from typing import Annotated, Literal

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from baton.capabilities.workforce.adherence.routes import router as adherence
from baton.capabilities.workforce.forecasting.ahead import Expected
from baton.capabilities.workforce.months.routes import router as months
from baton.capabilities.workforce.own.routes import router as own
from baton.capabilities.workforce.reading.plan import Plan
from baton.capabilities.workforce.screen.asking import Asking, asking_of
from baton.capabilities.workforce.screen.shown import clock, page, planned, rows_of
from baton.capabilities.workforce.today.routes import router as today
from baton.capabilities.workforce.weeks.contracts import router as contracts
from baton.capabilities.workforce.weeks.making import Making
from baton.capabilities.workforce.weeks.routes import router as weeks
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.separated import csv_response

Label = Annotated[str, Query(max_length=120)]


class SlotOut(BaseModel):
    """A slot of a day: contacts expected with their 80 % interval, reps on the queue, people to schedule."""

    at: str
    expected: float
    low: float
    high: float
    reps: int
    people: int


class DayOut(BaseModel):
    """A day to come; `low` and `high` are the 80 % interval of its total. `ai` is what AI is expected to keep, null where too few days tell."""

    day: str
    expected: float
    low: float
    high: float
    ai: float | None
    ai_low: float | None
    ai_high: float | None
    slots: list[SlotOut]


class PlanOut(BaseModel):
    """The plan of a queue. `error` and `by_hand` are weighted absolute errors of the last open days, shares of what came; null until known."""

    step_min: int
    handle_s: float
    patience_s: float
    target_share: float
    target_s: int
    away: float
    error: float | None
    by_hand: float | None
    inside: float | None
    days: list[DayOut]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["planning"])

    @routes.get(
        "/api/planning/forecast",
        response_model=PlanOut,
        responses={409: {"description": "Less than two weeks of history."}},
    )
    async def forecast(
        request: Request,
        queue: Label = "",
        channel: Label = "",
        days: Literal["7", "14", "28"] = "14",
        level: Literal["", "low", "medium", "high"] = "",
    ) -> PlanOut:
        """Contacts expected in the days to come, and the people they need."""
        app.allow(request, "open", "planning")
        return _told(_known(await planned(app, Asking(queue, channel, int(days), level=level))))

    _screen(routes, app)
    making = Making(app)
    app.tasks.append(making.run)
    routes.include_router(weeks(app, making))
    for part in (contracts, own, adherence, today, months):
        routes.include_router(part(app))
    return routes


def _screen(routes: APIRouter, app: App) -> None:
    @routes.get("/planning", include_in_schema=False)
    async def planning(request: Request) -> Response:
        staff = app.allow(request, "open", "planning")
        told = await page(app, staff, asking_of(request.query_params))
        return app.page(request, "capabilities/workforce/page.html", screen="planning", **told)

    @routes.get("/planning/forecast.csv", include_in_schema=False)
    async def file(request: Request) -> Response:
        app.allow(request, "export", "planning")
        return csv_response(*rows_of(_known(await planned(app, asking_of(request.query_params)))), "baton-forecast")


def _known(told: Plan | None) -> Plan:
    if told is None:
        raise BatonError(
            "short_history",
            409,
            "Less than two weeks of contacts: nothing can be forecast yet. Import contact records or wait.",
        )
    return told


def _told(plan: Plan) -> PlanOut:
    late = plan.lately
    return PlanOut(
        step_min=plan.step_min, handle_s=plan.pace.handle_s, patience_s=plan.pace.patience_s, target_share=plan.aim.share,
        target_s=plan.aim.within_s, away=plan.aim.away, error=late.error if late else None, by_hand=late.by_hand if late else None,
        inside=late.inside if late else None, days=[_day(plan, number) for number in range(len(plan.days))],
    )  # fmt: skip


def _day(plan: Plan, number: int) -> DayOut:
    e = plan.expected
    low, high = (ends[number] if ends is not None else 0.0 for ends in (e.day_low, e.day_high))
    slots = [
        SlotOut(
            at=clock(minute), expected=float(e.middle[number, s]), low=float(e.low[number, s]), high=float(e.high[number, s]),
            reps=int(plan.needed.reps[number, s]), people=int(plan.needed.people[number, s]),
        )
        for s, minute in enumerate(plan.minutes)
    ]  # fmt: skip
    return DayOut(
        day=plan.days[number].isoformat(), expected=float(e.middle[number].sum()), low=float(low), high=float(high), slots=slots,
        **_kept(plan.kept, number),
    )  # fmt: skip


def _kept(kept: Expected | None, number: int) -> dict[str, float | None]:
    if kept is None or kept.day_low is None or kept.day_high is None:
        return {"ai": None, "ai_low": None, "ai_high": None}
    told = kept.middle[number].sum(), kept.day_low[number], kept.day_high[number]
    return dict(zip(("ai", "ai_low", "ai_high"), map(float, told), strict=True))
