"""Traces: what an agent did in a conversation, turn by turn, and the same as OpenTelemetry spans. Without what was said."""

from typing import Annotated, Any, Final, Literal

import msgspec
from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from sqlalchemy import select
from starlette.responses import Response

from baton.capabilities.agents.events import Agents
from baton.capabilities.agents.screen.tabs import tabs
from baton.capabilities.agents.tables import SERVED, SPENT
from baton.capabilities.agents.trials.timeline import timeline
from baton.capabilities.resolution.tables import CONTACTS, NEEDS
from baton.engines.tracing import Evaluation, Need, Span, evaluations_of, of_need, spans_of
from baton.kernel.explain import Explained, explained
from baton.kernel.log import Store
from baton.web.app import App
from baton.web.staff import Staff

SCREEN: Final = "agents"
FOLDER: Final = "capabilities/agents/trials"
PAGE: Final = 50
Only = Literal["all", "models", "tools"]
VIEWS: Final[dict[Only, str]] = {"all": "All", "models": "Asked a model", "tools": "Called a tool"}
Key = Annotated[str, Path(max_length=100, pattern=r"^[\w-]+$", description="Key of the conversation.")]


class SpanShown(BaseModel):
    """A span in the words of OpenTelemetry's GenAI conventions. Times in milliseconds since the epoch; `error` is empty where nothing went wrong."""

    trace_id: str
    span_id: str
    parent_span_id: str
    name: str
    kind: str
    start_ms: int
    end_ms: int
    attributes: dict[str, str | int | list[str]]
    error: str


class ResultShown(BaseModel):
    """The result of an evaluation (event `gen_ai.evaluation.result`) on the span it judges; `score` from 0 to 1, null where there is a label only."""

    name: str
    label: str
    score: float | None
    explanation: str
    span_id: str
    at_ms: int


class TraceShown(BaseModel):
    """The trace of a conversation, parents before what stands below them; empty where no agent did anything."""

    conversation: str
    spans: list[SpanShown]
    evaluations: list[ResultShown]


class Trace(msgspec.Struct, frozen=True):
    """What the log tells of a conversation, its spans, what was judged of it, and how its need stands."""

    told: list[Explained]
    spans: list[Span]
    results: list[Evaluation]
    need: Need | None


def api(app: App) -> APIRouter:
    """The route for programs."""
    router = APIRouter(prefix="/api/agents/traces", tags=["agents"])

    @router.get("/{conversation}", response_model=TraceShown)
    async def trace(request: Request, conversation: Key) -> TraceShown:
        """What the agent did in a conversation, as spans. What was said is not in them."""
        staff = app.allow(request, "open", SCREEN)
        found = await traced(app, staff, conversation)
        return TraceShown(
            conversation=conversation, spans=[_shown(s) for s in found.spans], evaluations=[_result(r) for r in found.results]
        )  # fmt: skip

    return router


def pages(app: App) -> APIRouter:
    """The list of traces, and one turn by turn."""
    router = APIRouter(include_in_schema=False)

    @router.get("/agents/traces")
    async def traces(
        request: Request, only: Only = "all", skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0
    ) -> Response:
        """Conversations that an agent served, the newest first: all, or those in which it asked a model or called a tool."""
        app.allow(request, "open", SCREEN)
        found = await _served(app, only, skip)
        return app.page(
            request, f"{FOLDER}/traces.html", screen=SCREEN, rows=found[:PAGE], more=len(found) > PAGE, skip=skip, page=PAGE, zone=app.organisation.zone,
            tabs=tabs("/agents/traces"), names={each.id: each.name for each in app.policy(Agents).agents}, only=only,
            views=[(f"/agents/traces?only={key}", label, key == only) for key, label in VIEWS.items()],
        )  # fmt: skip

    @router.get("/agents/traces/{conversation}")
    async def trace(request: Request, conversation: Key) -> Response:
        """One trace."""
        staff = app.allow(request, "open", SCREEN)
        found = await traced(app, staff, conversation)
        return app.page(
            request, f"{FOLDER}/trace.html", screen=SCREEN, conversation=conversation, shown=timeline(found.told, found.spans, found.results),
            need=found.need, zone=app.organisation.zone, tabs=tabs("/agents/traces"),
            may_see=app.may(staff, "open", "conversations"), may_explain=app.may(staff, "explain", "conversations"),
        )  # fmt: skip

    return router


async def traced(app: App, staff: Staff, conversation: str) -> Trace:
    """The trace of a conversation, for somebody who may see it; else 404, as for a missing one."""
    stream = await app.conversation(staff, conversation)
    told = await explained(app.store, app.committer.codec, stream.id)
    spans = spans_of(told, {each.id: each.name for each in app.policy(Agents).agents})
    need = await need_of(app.store, conversation)
    settled = of_need(need, spans, conversation) if need is not None else []
    return Trace(told, spans, [*evaluations_of(told), *settled], need)


async def need_of(store: Store, conversation: str) -> Need | None:
    """What the ledger says of the need that a conversation is about; None where it is not over."""
    named = select(CONTACTS.c.need).where(CONTACTS.c.conversation == conversation).scalar_subquery()
    rows = await store.rows(select(NEEDS.c.state, NEEDS.c.since_ms, NEEDS.c.evidence).where(NEEDS.c.need == named))
    if not rows:
        return None
    query = select(CONTACTS.c.conversation).where(CONTACTS.c.need == named).order_by(CONTACTS.c.started_ms)
    spanned = [str(row["conversation"]) for row in await store.rows(query)]
    evidence = str(rows[0]["evidence"] or "")
    since_ms = rows[0]["since_ms"]
    return Need(str(rows[0]["state"]), since_ms if isinstance(since_ms, int) else 0, evidence.split(",") if evidence else (), spanned)  # fmt: skip


async def _served(app: App, only: Only, skip: int) -> list[dict[str, Any]]:
    columns = (SERVED.c.conversation, SERVED.c.agent, SERVED.c.version, SERVED.c.at_ms, SPENT.c.calls, SPENT.c.tool_calls, SPENT.c.cost_micros)  # fmt: skip
    query = (
        select(*columns, NEEDS.c.state)
        .outerjoin_from(SERVED, SPENT, SERVED.c.conversation == SPENT.c.conversation)
        .outerjoin(CONTACTS, CONTACTS.c.conversation == SERVED.c.conversation)
        .outerjoin(NEEDS, NEEDS.c.need == CONTACTS.c.need)
        .order_by(SERVED.c.at_ms.desc(), SERVED.c.conversation)
        .limit(PAGE + 1)
        .offset(skip)
    )
    if only != "all":
        query = query.where((SPENT.c.calls if only == "models" else SPENT.c.tool_calls) > 0)
    return [dict(row) for row in await app.store.rows(query)]


def _result(each: Evaluation) -> ResultShown:
    score = None if each.permille is None else each.permille / 1000
    return ResultShown(
        name=each.name, label=each.label, score=score, explanation=each.explanation, span_id=each.span, at_ms=each.at_ms
    )


def _shown(span: Span) -> SpanShown:
    told = {name: list(value) if isinstance(value, tuple) else value for name, value in span.attributes.items()}
    return SpanShown(
        trace_id=span.trace, span_id=span.id, parent_span_id=span.parent, name=span.name, kind=span.kind, start_ms=span.start_ms, end_ms=span.end_ms,
        attributes=told, error=span.error,
    )  # fmt: skip
