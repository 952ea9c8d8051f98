"""Intents over HTTP: what somebody corrected, correcting it, and the heads that were taught with their figures."""

from typing import Annotated

import msgspec
from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import select

from baton.capabilities.orchestration.events import Intents
from baton.capabilities.orchestration.replaying.routes import router as replays
from baton.capabilities.orchestration.replaying.served import router as replays_api
from baton.capabilities.orchestration.tables import LABELS
from baton.capabilities.orchestration.teaching.correcting import correct as corrected
from baton.capabilities.orchestration.teaching.routes import router as pages
from baton.capabilities.orchestration.teaching.standing import Kept, every, switches
from baton.web.app import App


class Correction(BaseModel):
    """What the customer wants, as a label; `position` is the turn that says so, 0 where none is meant."""

    label: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9][a-z0-9_]*$")
    position: int = Field(0, ge=0)


class Corrected(BaseModel):
    """Where it stands in the log."""

    position: int


class LabelOut(BaseModel):
    """One label: by whom, when, and what the models had made of it."""

    conversation: str
    position: int
    label: str
    was: str
    staff: str
    at_ms: int


class LabelsOut(BaseModel):
    """Labels to learn from, newest first."""

    labels: list[LabelOut]


class FigureOut(BaseModel):
    """A share of held-out rows in permille with its 95 % interval; `n` rows."""

    permille: int = 0
    low: int = 0
    high: int = 1000
    n: int = 0


class SideOut(BaseModel):
    """What one side reaches: `taught`, `live` (when it was measured) or `simple` (TF-IDF with logistic regression)."""

    name: str
    accuracy: FigureOut = FigureOut()
    given_right: FigureOut = FigureOut()
    abstained: FigureOut = FigureOut()
    left_alone: FigureOut = FigureOut()
    error: FigureOut = FigureOut()
    auroc: int = 500
    known: int = 0


class HeadOut(BaseModel):
    """A head that was taught, or is to be. `head` is its name in policies and facts."""

    head: str
    title: str
    state: str
    staff: str
    given_ms: int
    rows: int
    held: int
    corrections: int
    labels: list[str]
    live: bool
    sides: list[SideOut]


class HeadsOut(BaseModel):
    """Heads, newest first."""

    heads: list[HeadOut]


class SwitchOut(BaseModel):
    """Another head went live; `head` is empty where it is the one that ships."""

    position: int
    head: str
    title: str
    staff: str
    why: str
    at_ms: int


class SwitchesOut(BaseModel):
    """Switches, newest first."""

    switches: list[SwitchOut]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter()
    routes.include_router(_corrections(app))
    routes.include_router(_heads(app))
    routes.include_router(pages(app))
    routes.include_router(replays(app))
    routes.include_router(replays_api(app))
    return routes


def _corrections(app: App) -> APIRouter:
    routes = APIRouter(prefix="/api/intents", tags=["intents"])

    @routes.post("/conversations/{key}", response_model=Corrected, status_code=201)
    async def correct(request: Request, key: str, correction: Correction) -> Corrected:
        """Say what the customer wants. It holds for the conversation from now on, and is a label to learn from."""
        staff = app.allow(request, "open", "conversations")
        stream = await app.conversation(staff, key)
        return Corrected(position=await corrected(app, stream, staff.id, correction.label, correction.position))

    @routes.get("/labels", response_model=LabelsOut)
    async def labels(request: Request, limit: Annotated[int, Query(ge=1, le=10_000)] = 1000) -> LabelsOut:
        """Every label that somebody gave; the words stay in the conversations."""
        app.allow(request, "export", "conversations")
        found = await app.store.rows(select(*LABELS.c).order_by(LABELS.c.at_ms.desc()).limit(limit))
        return LabelsOut(labels=[LabelOut.model_validate(dict(row)) for row in found])

    return routes


def _heads(app: App) -> APIRouter:
    routes = APIRouter(prefix="/api/intents", tags=["intents"])

    @routes.get("/heads", response_model=HeadsOut)
    async def heads(request: Request) -> HeadsOut:
        """Every head that was taught here, with its figures on rows it had not seen."""
        app.allow(request, "export", "performance")
        live = app.policy(Intents).head
        return HeadsOut(heads=[_head(kept, live) for kept in await every(app)])

    @routes.get("/switches", response_model=SwitchesOut)
    async def switched(request: Request) -> SwitchesOut:
        """Who put which head live, when and why."""
        app.allow(request, "export", "performance")
        made = [
            SwitchOut(position=s.position, head=s.to.head, title=s.title, staff=s.staff, why=s.why, at_ms=s.at_ms)
            for s in await switches(app)
        ]
        return SwitchesOut(switches=made)

    return routes


def _head(kept: Kept, live: str) -> HeadOut:
    sides = [SideOut.model_validate(msgspec.to_builtins(side)) for side in kept.figures.sides] if kept.figures else []
    return HeadOut(
        head=kept.head, title=kept.title, state=kept.state, staff=kept.staff, given_ms=kept.given_ms, rows=kept.rows,
        held=kept.held, corrections=kept.corrections, labels=list(kept.labels), live=kept.head == live, sides=sides,
    )  # fmt: skip
