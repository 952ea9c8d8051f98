"""Performance over HTTP: figures, the rows behind them, the ledger, who came back, AI use per rep."""

from collections.abc import Iterable
from typing import Annotated, Literal

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import Response

from baton.capabilities.governance.events import Agreement
from baton.capabilities.performance.ai_use import ai_use
from baton.capabilities.performance.costs.setting import router as costs
from baton.capabilities.performance.registry import DIMENSIONS, METRICS, Figure, Filters, metrics, rows_of, with_beside
from baton.capabilities.performance.registry.ledger import changes, equal_mix, ledger, recontact_pairs
from baton.capabilities.performance.registry.single import agreed, measures_of, without_rep
from baton.capabilities.performance.screen.routes import router as screen
from baton.capabilities.performance.tabular import csv_response
from baton.web.app import App
from baton.web.staff import Staff

CSV_OR_JSON: dict[int | str, dict[str, object]] = {200: {"content": {"text/csv": {"schema": {"type": "string"}}}}}
Format = Annotated[Literal["json", "csv"] | None, Query(description="csv as `Accept: text/csv` would give")]
By = Annotated[
    str, Query(max_length=100, description=f"Group by: {', '.join(DIMENSIONS)}; several with commas between.")
]
Time = Annotated[int, Query(ge=0, le=4_102_444_800_000, description="Milliseconds since the epoch.")]
Where = Annotated[
    str, Query(max_length=500, description="Only where a dimension has a value: `channel:chat,intent:refund_status`.")
]


class MetricOut(BaseModel):
    """A definition."""

    id: str
    title: str
    formula: str
    unit: str
    exclusions: str
    options: str
    source: str
    beside: list[str]


class MetricsOut(BaseModel):
    """Every metric there is."""

    metrics: list[MetricOut]
    dimensions: list[str]


class FigureOut(BaseModel):
    """A figure with its 95 % interval; null where nothing was counted."""

    metric: str
    title: str
    unit: str
    group: dict[str, str]
    value: float | None
    low: float | None
    high: float | None
    n: int
    clusters: int
    y: float
    x: float


class FiguresOut(BaseModel):
    """A metric, and those never shown without it."""

    figures: list[FigureOut]


class RowOut(BaseModel):
    """One row behind a figure: y over x, from one conversation."""

    conversation: str
    y: float
    x: float
    of: dict[str, str]


class RowsOut(BaseModel):
    """A page of the rows behind a figure."""

    rows: list[RowOut]
    total: int


class ShareOut(BaseModel):
    """A state of the ledger."""

    state: str
    needs: int
    permille: int


class LedgerOut(BaseModel):
    """The ledger: nine states that sum to 1000 permille of needs, and containment beside."""

    needs: int
    simulated: int
    shares: list[ShareOut]
    contained: FigureOut
    resolved_in_contained: FigureOut
    verified: FigureOut


class ContactOut(BaseModel):
    """One contact of a pair."""

    conversation: str
    channel: str
    source: str
    path: str
    contained: bool
    verdict: str
    started_ms: int
    ended_ms: int
    queue: str
    rep: str


class PairOut(BaseModel):
    """A contact and the one in which the customer came back about the same issue."""

    issue: str
    customer: str
    gap_ms: int
    first: ContactOut
    then: ContactOut


class PairsOut(BaseModel):
    """What contained customers did next."""

    pairs: list[PairOut]


class ChangeOut(BaseModel):
    """A change of a need's state, with its evidence."""

    need: str
    position: int
    state: str
    was: str
    evidence: str
    at_ms: int


class ChangesOut(BaseModel):
    """Changes, latest first."""

    changes: list[ChangeOut]


class EqualMixOut(BaseModel):
    """People and AI at equal mix, and what may be concluded."""

    sentence: str
    refused: str
    overlap_ai: float
    overlap_people: float
    difference: float | None
    low: float | None
    high: float | None


class AiUseOut(BaseModel):
    """What one rep did with AI suggestions."""

    rep: str
    requested: int
    shown: int
    picked: int
    edited: int
    own_words: int
    reworked: int
    conversations: int


class AiUsesOut(BaseModel):
    """AI suggestions per rep."""

    reps: list[AiUseOut]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["performance"])
    _metrics(routes, app)
    _rows(routes, app)
    _ledger(routes, app)
    _people(routes, app)
    routes.include_router(screen(app))
    routes.include_router(costs(app))
    return routes


def _metrics(routes: APIRouter, app: App) -> None:
    @routes.get("/api/metrics", response_model=MetricsOut)
    async def defined(request: Request) -> MetricsOut:
        """Every metric with its formula, exclusions and options."""
        app.allow(request, "open", "performance")
        told = [{f: getattr(metric, f) for f in MetricOut.model_fields} for metric in METRICS.values()]
        return MetricsOut(metrics=[MetricOut.model_validate(each) for each in told], dimensions=list(DIMENSIONS))

    @routes.get("/api/metrics/{id}", response_model=FiguresOut, responses=CSV_OR_JSON)
    async def figures(
        request: Request, id: str, by: By = "", where: Where = "",
        since: Annotated[Time, Query(alias="from")] = 0, until: Annotated[Time, Query(alias="to")] = 0, format: Format = None,
    ) -> Response | FiguresOut:  # fmt: skip
        """A metric's figures, one per group, with those it is never shown without."""
        agreed_ms = _per_rep(app, app.allow(request, "open", "performance"), [*named(by), *pairs(where)], id)
        with_beside([id])
        found = await metrics(app.store, [id], named(by), Filters(max(since, agreed_ms), until, pairs(where)))
        if _csv(request, format):
            app.allow(request, "export", "performance")
            rows = [figure.row() for figure in found]
            return csv_response(rows, list(rows[0]) if rows else ["metric"], id)
        return FiguresOut(figures=[_figure(figure) for figure in found])


def _rows(routes: APIRouter, app: App) -> None:
    @routes.get("/api/metrics/{id}/rows", response_model=RowsOut, responses=CSV_OR_JSON)
    async def rows(
        request: Request, id: str, where: Where = "",
        since: Annotated[Time, Query(alias="from")] = 0, until: Annotated[Time, Query(alias="to")] = 0,
        page: Annotated[int, Query(ge=1, le=1_000_000)] = 1, size: Annotated[int, Query(ge=1, le=1000)] = 100,
        format: Format = None,
    ) -> Response | RowsOut:  # fmt: skip
        """The rows behind a figure: which conversations were counted, and as what."""
        staff = app.allow(request, "open", "performance")
        agreed_ms = _per_rep(app, staff, pairs(where), id)
        filters, group = Filters(max(since, agreed_ms), until), pairs(where)
        level = app.policy(Agreement).level(measures_of([id])[0], staff.role, app.clock.now_ms())
        if _csv(request, format):
            app.allow(request, "export", "performance")
            found, _ = await rows_of(app.store, id, filters, group)
            flat = [
                {
                    "conversation": r.id,
                    "y": r.y,
                    "x": r.x,
                    **{d: without_rep(r.of, level).get(d, "") for d in DIMENSIONS},
                }
                for r in found
            ]
            return csv_response(flat, ["conversation", "y", "x", *DIMENSIONS], f"{id}-rows")
        part, total = await rows_of(app.store, id, filters, group, size, (page - 1) * size)
        return RowsOut(
            rows=[RowOut(conversation=r.id, y=r.y, x=r.x, of=without_rep(r.of, level)) for r in part], total=total
        )


def _ledger(routes: APIRouter, app: App) -> None:
    @routes.get("/api/ledger", response_model=LedgerOut)
    async def bar(
        request: Request, where: Where = "", since: Annotated[Time, Query(alias="from")] = 0,
        until: Annotated[Time, Query(alias="to")] = 0,
    ) -> LedgerOut:  # fmt: skip
        """The resolution ledger: every need in one of nine states."""
        app.allow(request, "open", "performance")
        return LedgerOut.model_validate(
            msgspec.to_builtins(await ledger(app.store, Filters(since, until, pairs(where))))
        )

    @routes.get("/api/ledger/recontacts", response_model=PairsOut)
    async def back(
        request: Request, days: Annotated[int, Query(ge=1, le=30)] = 7, contained: bool = True,
        limit: Annotated[int, Query(ge=1, le=1000)] = 100,
    ) -> PairsOut:  # fmt: skip
        """What contained customers did next: each contact with the one in which they came back about the same issue."""
        app.allow(request, "open", "performance")
        found = await recontact_pairs(app.store, None, days, contained, limit)
        return PairsOut.model_validate({"pairs": msgspec.to_builtins(found.shown)})

    @routes.get("/api/ledger/changes", response_model=ChangesOut)
    async def changed(
        request: Request,
        need: Annotated[str, Query(max_length=100)] = "",
        limit: Annotated[int, Query(ge=1, le=1000)] = 200,
    ) -> ChangesOut:
        """Every change of a need's state with its evidence, latest first."""
        app.allow(request, "open", "performance")
        return ChangesOut(
            changes=[ChangeOut.model_validate(dict(row)) for row in await changes(app.store, limit, need)]
        )


def _people(routes: APIRouter, app: App) -> None:
    @routes.get("/api/performance/equal-mix", response_model=EqualMixOut)
    async def mix(request: Request, where: Where = "") -> EqualMixOut:
        """People and AI at equal mix of intent, complexity and channel, with the sentence that may be concluded."""
        app.allow(request, "open", "performance")
        found = await equal_mix(app.store, Filters(where=pairs(where)))
        c, d = found.comparison, found.comparison.difference
        return EqualMixOut(
            sentence=found.sentence, refused=c.refused, overlap_ai=c.overlap_left, overlap_people=c.overlap_right,
            difference=d.value if d else None, low=d.low if d else None, high=d.high if d else None,
        )  # fmt: skip

    @routes.get("/api/performance/ai-use", response_model=AiUsesOut, responses=CSV_OR_JSON)
    async def use(request: Request, format: Format = None) -> Response | AiUsesOut:
        """AI suggestions asked for, sent, edited and replaced by own words, per rep: for analysts and administrators."""
        agreed_ms = _per_rep(app, app.allow(request, "open", "performance"), ["rep"], "suggestions_requested")
        found = [msgspec.structs.asdict(each) for each in await ai_use(app.store, agreed_ms)]
        if _csv(request, format):
            app.allow(request, "export", "performance")
            return csv_response(found, list(AiUseOut.model_fields), "ai-use")
        return AiUsesOut(reps=[AiUseOut.model_validate(each) for each in found])


def _per_rep(app: App, staff: Staff, by: Iterable[str], metric: str) -> int:
    """From when on a metric of single reps exists for who asks; raises 403 where it does not. A rep sees their own on their page."""
    return agreed(app.policy(Agreement), [metric], staff.role, app.clock.now_ms(), by)


def named(by: str) -> list[str]:
    """Names with commas between."""
    return [name.strip() for name in by.split(",") if name.strip()]


def pairs(where: str) -> dict[str, str]:
    """`channel:chat,intent:refund_status` as a dictionary; dimensions nobody knows are left out."""
    split = (part.partition(":") for part in where.split(","))
    return {name.strip(): value.strip() for name, _, value in split if name.strip() in DIMENSIONS and value.strip()}


def _csv(request: Request, format: str | None) -> bool:
    return format == "csv" or (format is None and "text/csv" in request.headers.get("accept", ""))


def _figure(figure: Figure) -> FigureOut:
    return FigureOut.model_validate(msgspec.structs.asdict(figure))
