"""Traces: what an agent did in a conversation, as a tree of OpenTelemetry spans with times and costs. Without what was said."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Path, Query, Request
from pydantic import BaseModel
from sqlalchemy import select
from starlette.responses import Response

from baton.capabilities.agents.events import Agents
from baton.capabilities.agents.screen.tabs import tabs
from baton.capabilities.agents.tables import SERVED, SPENT
from baton.engines.tracing import Node, Span, spans_of, tree
from baton.kernel.explain import explained
from baton.web.app import App
from baton.web.refusals import not_found
from baton.web.staff import Staff

SCREEN: Final = "agents"
FOLDER: Final = "capabilities/agents/trials"
PAGE: Final = 50
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


class TraceShown(BaseModel):
    """The trace of a conversation, parents before what stands below them; empty where no agent did anything."""

    conversation: str
    spans: list[SpanShown]


def api(app: App) -> APIRouter:
    """The route for programs."""
    router = APIRouter(prefix="/api/agents/traces", tags=["agents"])

    @router.get("/{conversation}", response_model=TraceShown)
    async def trace(request: Request, conversation: Key) -> TraceShown:
        """What the agent did in a conversation, as spans. What was said is not in them."""
        staff = app.allow(request, "open", SCREEN)
        return TraceShown(conversation=conversation, spans=[_shown(s) for s in await spans(app, staff, conversation)])

    return router


def pages(app: App) -> APIRouter:
    """The list of traces, and one as a tree."""
    router = APIRouter(include_in_schema=False)

    @router.get("/agents/traces")
    async def traces(request: Request, skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0) -> Response:
        """Conversations that an agent served, the newest first."""
        app.allow(request, "open", SCREEN)
        found = await _served(app, skip)
        return app.page(
            request, f"{FOLDER}/traces.html", screen=SCREEN, rows=found[:PAGE], more=len(found) > PAGE, skip=skip, page=PAGE, zone=app.organisation.zone,
            tabs=tabs("/agents/traces"), names={each.id: each.name for each in app.policy(Agents).agents},
        )  # fmt: skip

    @router.get("/agents/traces/{conversation}")
    async def trace(request: Request, conversation: Key) -> Response:
        """One trace."""
        staff = app.allow(request, "open", SCREEN)
        nodes = tree(await spans(app, staff, conversation))
        return app.page(
            request, f"{FOLDER}/trace.html", screen=SCREEN, conversation=conversation, nodes=[_row(node, nodes[0]) for node in nodes], zone=app.organisation.zone,
            tabs=tabs("/agents/traces"), may_see=app.may(staff, "open", "conversations"),
        )  # fmt: skip

    return router


async def spans(app: App, staff: Staff, conversation: str) -> list[Span]:
    """The spans of a conversation, for somebody who may see it; else 404, as for a missing one."""
    if not await app.may_see(staff, f"conversation/{conversation}"):
        raise not_found()
    told = await explained(app.store, app.committer.codec, f"conversation/{conversation}")
    return spans_of(told, {each.id: each.name for each in app.policy(Agents).agents})


async def _served(app: App, skip: int) -> list[dict[str, Any]]:
    query = (
        select(SERVED.c.conversation, SERVED.c.agent, SERVED.c.version, SERVED.c.at_ms, SPENT.c.calls, SPENT.c.tool_calls, SPENT.c.cost_micros)
        .outerjoin_from(SERVED, SPENT, SERVED.c.conversation == SPENT.c.conversation)
        .order_by(SERVED.c.at_ms.desc(), SERVED.c.conversation)
        .limit(PAGE + 1)
        .offset(skip)
    )  # fmt: skip
    return [dict(row) for row in await app.store.rows(query)]


def _row(node: Node, root: Node) -> dict[str, Any]:
    """A line of the tree, with where its bar begins and ends, in thousandths of the whole."""
    span, whole = node.span, max(1, root.span.ms)
    begins = 1000 * (span.start_ms - root.span.start_ms) // whole
    return {
        "span": span, "depth": node.depth, "cost_micros": node.cost_micros, "begins": max(0, min(994, begins)),
        "wide": max(6, min(1000 - min(994, max(0, begins)), 1000 * span.ms // whole)), "told": _told(span),
    }  # fmt: skip


def _told(span: Span) -> list[tuple[str, str]]:
    return [(name, ", ".join(value) if isinstance(value, tuple) else str(value)) for name, value in span.attributes.items()]  # fmt: skip


def _shown(span: Span) -> SpanShown:
    told = {name: list(value) if isinstance(value, tuple) else value for name, value in span.attributes.items()}
    return SpanShown(
        trace_id=span.trace, span_id=span.id, parent_span_id=span.parent, name=span.name, kind=span.kind, start_ms=span.start_ms, end_ms=span.end_ms,
        attributes=told, error=span.error,
    )  # fmt: skip
