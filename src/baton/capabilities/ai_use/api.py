"""AI use over HTTP: other tools tell of theirs as CloudEvents; what reps do with drafts, as far as the asker may see it."""

from typing import Annotated, Any, Final

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel
from starlette.responses import JSONResponse, Response

from baton.capabilities.ai_use.outside.cloud import BATCH, MOST, ONE, TYPES, read
from baton.capabilities.ai_use.outside.taking import take
from baton.capabilities.ai_use.reading import uses as reading
from baton.capabilities.ai_use.screen import shown
from baton.capabilities.ai_use.screen.asking import level_of
from baton.capabilities.ai_use.screen.routes import router as screen
from baton.web.app import App
from baton.web.asked import Asked
from baton.web.problems import problem

Time = Annotated[int, Query(ge=0, le=4_102_444_800_000, description="Milliseconds since the epoch.")]
EXAMPLE: Final[dict[str, Any]] = {
    "specversion": "1.0", "id": "7f3c", "source": "https://translator.example.com", "type": "baton.ai-use.sent",
    "time": "2026-11-27T10:00:00Z", "data": {"rep": "jack.moreau", "tool": "translator", "changed_permille": 120},
}  # fmt: skip
EVENT: Final[dict[str, Any]] = {
    "type": "object", "description": "A CloudEvent 1.0 in JSON, structured mode.", "required": ["specversion", "id", "source", "type", "data"],
    "properties": {
        "specversion": {"type": "string", "enum": ["1.0"]}, "id": {"type": "string", "minLength": 1, "maxLength": 200},
        "source": {"type": "string", "minLength": 1, "maxLength": 200}, "type": {"type": "string", "enum": list(TYPES)},
        "time": {"type": "string", "format": "date-time"}, "subject": {"type": "string"}, "datacontenttype": {"type": "string", "enum": ["application/json"]},
        "data": {
            "type": "object", "required": ["rep", "tool"], "additionalProperties": False,
            "properties": {
                "rep": {"type": "string", "description": "A rep's id, or the e-mail address of one here."}, "tool": {"type": "string"},
                "conversation": {"type": "string", "description": "The key of the conversation it was for, where the tool knows."},
                "changed_permille": {"type": "integer", "minimum": 0, "maximum": 1000}, "count": {"type": "integer", "minimum": 1, "maximum": 1000},
            },
        },
    },
}  # fmt: skip
BODY: Final[dict[str, Any]] = {
    "requestBody": {
        "required": True,
        "content": {
            ONE: {"schema": EVENT, "example": EXAMPLE},
            BATCH: {"schema": {"type": "array", "maxItems": MOST, "items": EVENT}, "example": [EXAMPLE]},
        },
    }
}  # fmt: skip


class TakenOut(BaseModel):
    """How many events were kept, and how many were known already by their source and id."""

    accepted: int
    known: int


class StepOut(BaseModel):
    """A step of the funnel, with its share of the step before and the 95 % interval; null where too few to say."""

    step: str
    n: int
    of: int
    share: float | None
    low: float | None
    high: float | None


class FunnelOut(BaseModel):
    """From shown to resolved: of all, of one rep or of one tool."""

    reps: int
    steps: list[StepOut]
    edited_mean_permille: int | None


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(tags=["ai use"])
    _events(routes, app)
    _figures(routes, app)
    routes.include_router(screen(app))
    return routes


def _events(routes: APIRouter, app: App) -> None:
    @routes.post("/api/ai-use", response_model=TakenOut, status_code=202, openapi_extra=BODY)
    async def told(request: Request) -> Response:
        """Tell of AI use in another tool, as one CloudEvent 1.0 or a batch of them, with an API token of an integration.

        The same source and id are kept once. One wrong event refuses the whole request; `errors` names each fault.
        """
        staff, path = app.allow(request, "import", "performance"), request.url.path
        media = request.headers.get("content-type", "").partition(";")[0].strip().lower()
        if media not in {ONE, BATCH}:
            told = f"Send `Content-Type: {ONE}` for one CloudEvent or `{BATCH}` for a batch. Nothing was kept."
            return problem(415, path, "wrong_media_type", told)
        known = {each.email.lower(): each.id for each in app.accounts.everyone()}
        events, faults = read(media, await request.body(), known)
        if faults:
            whole = not faults[0].at
            told = "The events cannot be read; nothing was kept. See `errors`."
            return problem(400 if whole else 422, path, "malformed" if whole else "invalid", told, faults[:100])
        taken = await take(app.committer, events, f"machine/{staff.id}", app.hub.newest)
        return JSONResponse({"accepted": taken.accepted, "known": taken.known}, 202)


def _figures(routes: APIRouter, app: App) -> None:
    @routes.get("/api/ai-use/funnel", response_model=FunnelOut)
    async def funnel(
        request: Request, rep: Annotated[str, Query(max_length=80)] = "", tool: Annotated[str, Query(max_length=80)] = "",
        since: Annotated[Time, Query(alias="from")] = 0, until: Annotated[Time, Query(alias="to")] = 0,
    ) -> Response | FunnelOut:  # fmt: skip
        """The funnel of AI drafts. A rep may ask for themselves, an analyst or administrator for anybody, others for all."""
        staff = app.staff(request)
        if rep != staff.id or staff.role != "rep":
            app.allow(request, "open", "performance")
            level = level_of(app, staff)
            if rep and not level.agreed:
                return problem(403, request.url.path, "not_allowed", level.why)
            since = max(since, level.since_ms) if rep else since
        found = await reading.read(app.store, Asked("all", "", "", since, until), tool)
        line = shown.line(rep, rep, [u for u in found if not rep or u.rep == rep])
        steps = [_step(s) for s in reading.funnel([u for u in found if not rep or u.rep == rep])]
        return FunnelOut(
            reps=line.reps, steps=steps, edited_mean_permille=round(1000 * line.change.value) if line.change else None
        )


def _step(step: reading.Step) -> StepOut:
    value, low, high = (step.share.value, step.share.low, step.share.high) if step.share else (None, None, None)
    return StepOut(step=step.id, n=step.n, of=step.of, share=value, low=low, high=high)
