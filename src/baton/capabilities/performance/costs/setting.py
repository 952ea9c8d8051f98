"""Setting the costs: by an administrator, on a page or over HTTP; whoever may open Performance reads them."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Form, Request
from pydantic import BaseModel, Field
from sqlalchemy import select
from starlette.responses import RedirectResponse, Response

from baton.capabilities.performance.costs.made import made
from baton.capabilities.performance.events import Costs
from baton.capabilities.performance.screen.meanings import cost_of
from baton.capabilities.performance.screen.routes import SIDES, ask_of
from baton.capabilities.performance.screen.selected import Selected, choices
from baton.capabilities.performance.tables import COSTS
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name
from baton.web.app import App
from baton.web.asked import bar
from baton.web.staff import Staff

THOUSANDTHS = 1000
MOST_CENTS = 1_000_000
PAGE = "capabilities/performance/costs/page.html"
NAME = policy_name(Costs)
Cents = Annotated[float, Field(ge=0, le=MOST_CENTS, description="Cents, with up to three decimals.")]


class CostsOut(BaseModel):
    """What service costs, in cents of the organisation's currency."""

    rep_hour: Cents = 0.0
    ai_turn: Cents = 0.0
    conversation: Cents = 0.0
    voice_minute: Cents = 0.0


def router(app: App) -> APIRouter:
    """The page and the API."""
    routes = APIRouter()
    _page(routes, app)
    _api(routes, app)
    return routes


def _api(routes: APIRouter, app: App) -> None:
    @routes.get("/api/performance/costs", response_model=CostsOut)
    async def told(request: Request) -> CostsOut:
        """The costs in force; all 0 before anybody set them."""
        app.allow(request, "open", "performance")
        return _out(app.policy(Costs))

    @routes.put("/api/performance/costs", response_model=CostsOut)
    async def put(request: Request, body: CostsOut) -> CostsOut:
        """Set the costs. They count from now on, for all of the log: costs of earlier times are not kept apart."""
        await revise(app, app.allow(request, "change", "admin"), body)
        return _out(app.policy(Costs))


def _page(routes: APIRouter, app: App) -> None:
    @routes.get("/performance/costs", include_in_schema=False)
    async def page(request: Request) -> Response:
        """What is set, by whom and when, the form of an administrator, and how the figure comes about in what is selected."""
        staff = app.allow(request, "open", "performance")
        rows, ask = await app.store.rows(select(COSTS)), await ask_of(app, request, staff)
        selected, costs = Selected(app.store, ask.asked), app.policy(Costs)
        return app.page(
            request, PAGE, screen="performance", costs=_out(costs), known=rows[0] if rows else None, csrf=app.csrf(request),
            may_set=app.may(staff, "change", "admin"), most=MOST_CENTS, made=await made(selected, costs), figure=await cost_of(selected),
            filters=bar(ask.asked, await choices(app.store, ask.titles), SIDES), names={each.id: each.name for each in app.accounts.everyone()},
            **ask.common(),
        )  # fmt: skip

    @routes.post("/performance/costs", include_in_schema=False)
    async def set_costs(request: Request, form: Annotated[CostsOut, Form()]) -> Response:
        """Set them by the form."""
        await revise(app, app.allow(request, "change", "admin"), form)
        return RedirectResponse("/performance/costs", 303)


async def revise(app: App, staff: Staff, to: CostsOut) -> None:
    """A new version of the policy."""
    costs = Costs(**{name: round(THOUSANDTHS * cents) for name, cents in to.model_dump().items()})
    event = PolicyRevised(NAME, msgspec.Raw(msgspec.json.encode(costs)), staff.id, "costs of service")
    await app.committer.append(f"policy/{NAME}", event, by=f"staff/{staff.id}")


def _out(costs: Costs) -> CostsOut:
    return CostsOut(**{name: found / THOUSANDTHS for name, found in msgspec.structs.asdict(costs).items()})
