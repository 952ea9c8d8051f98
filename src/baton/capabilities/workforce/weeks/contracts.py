"""Contracts over HTTP: what reps work, read and set one by one."""

from typing import Annotated

from fastapi import APIRouter, Request
from pydantic import BaseModel, Field
from sqlalchemy import select

from baton.capabilities.workforce.events import Contract
from baton.capabilities.workforce.scheduling.people import Person, checked
from baton.capabilities.workforce.tables import CONTRACTS
from baton.kernel.errors import BatonError
from baton.web.app import App

Minute = Annotated[int, Field(ge=0, le=1440)]
Weekday = Annotated[int, Field(ge=0, le=6)]


class ContractIn(BaseModel):
    """A rep's contract: paid minutes a week, on how many days, days off (0 Monday), from and until which minute of a day."""

    rep: Annotated[str, Field(min_length=1, max_length=80)]
    week_min: Annotated[int, Field(ge=30, le=10_080)]
    days_on: Annotated[int, Field(ge=1, le=7)] = 5
    off: list[Weekday] = []
    earliest_min: Minute = 0
    latest_min: Minute = 1440


class ContractsOut(BaseModel):
    """Every contract that was told."""

    contracts: list[ContractIn]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/planning", tags=["planning"])

    @routes.get("/contracts", response_model=ContractsOut)
    async def listed(request: Request) -> ContractsOut:
        """What reps work, as far as it was told."""
        app.allow(request, "open", "planning")
        rows = await app.store.rows(select(*CONTRACTS.c).order_by(CONTRACTS.c.rep))
        days = [[int(day) for day in str(row["off"] or "").split(",") if day] for row in rows]
        return ContractsOut(
            contracts=[ContractIn.model_validate({**row, "off": off}) for row, off in zip(rows, days, strict=True)]
        )

    @routes.put(
        "/contracts",
        response_model=ContractIn,
        status_code=202,
        responses={404: {"description": "No such rep."}, 422: {"description": "A contract that cannot be kept."}},
    )
    async def told(request: Request, body: ContractIn) -> ContractIn:
        """Set a rep's contract; schedules made from then on keep it."""
        staff = app.allow(request, "change", "planning")
        if not any(each.id == body.rep and each.role == "rep" for each in app.accounts.everyone()):
            raise BatonError("no_rep", 404, f"There is no rep {body.rep!r}. Give the id of somebody who serves.")
        off = frozenset(body.off)
        checked(Person(body.rep, frozenset(), body.week_min, body.days_on, off, body.earliest_min, body.latest_min))
        event = Contract(
            body.rep, body.week_min, body.days_on, tuple(sorted(off)), body.earliest_min, body.latest_min, "planner"
        )
        await app.committer.append(f"rep/{body.rep}", event, by=f"staff/{staff.id}")
        return body

    return routes
