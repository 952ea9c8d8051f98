"""Intents over HTTP: what somebody corrected, and correcting it."""

from typing import Annotated

from fastapi import APIRouter, Query, Request
from pydantic import BaseModel, Field
from sqlalchemy import select

from baton.capabilities.orchestration.events import Intent, IntentCorrected
from baton.capabilities.orchestration.tables import LABELS
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


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/intents", tags=["intents"])

    @routes.post("/conversations/{key}", response_model=Corrected, status_code=201)
    async def correct(request: Request, key: str, correction: Correction) -> Corrected:
        """Say what the customer wants. It holds for the conversation from now on, and is a label to learn from."""
        staff = app.allow(request, "open", "conversations")
        stream = await app.conversation(staff, key)
        known = stream.facts.get(Intent)
        position = correction.position or (known.position if known else 0)
        said = IntentCorrected(correction.label, staff.id, position, known.label if known else "")
        return Corrected(position=await app.committer.append(stream.id, said, by=f"staff/{staff.id}"))

    @routes.get("/labels", response_model=LabelsOut)
    async def labels(request: Request, limit: Annotated[int, Query(ge=1, le=10_000)] = 1000) -> LabelsOut:
        """Every label that somebody gave; the words stay in the conversations."""
        app.allow(request, "export", "conversations")
        found = await app.store.rows(select(*LABELS.c).order_by(LABELS.c.at_ms.desc()).limit(limit))
        return LabelsOut(labels=[LabelOut.model_validate(dict(row)) for row in found])

    return routes
