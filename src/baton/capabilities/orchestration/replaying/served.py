"""Replays over HTTP: ask for one, read what it told, put its change live."""

from typing import Any

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel, Field

from baton.capabilities.orchestration.replaying.asking import Answer, Kept, ask, every, one, put_live
from baton.web.app import App


class ReplayIn(BaseModel):
    """A change in TOML or JSON, the first and the last day, and a seed."""

    change: str = Field(min_length=1, max_length=200_000)
    since: str = Field(max_length=40)
    until: str = Field(max_length=40)
    seed: int = Field(1, ge=0, le=1_000_000)


class ReplayBegun(BaseModel):
    """The id of the replay that was asked for."""

    replay: str


class ReplayOut(BaseModel):
    """A replay: `state` is `asked`, `done` or `failed`; `answer` holds lines, decisions and what they rest on, once it is done."""

    replay: str
    title: str
    staff: str
    asked_ms: int
    since_ms: int
    until_ms: int
    state: str
    why: str
    live_ms: int
    live_by: str
    answer: dict[str, Any] | None = None


class ReplaysOut(BaseModel):
    """Replays, newest first, without their answers."""

    replays: list[ReplayOut]


class WhyIn(BaseModel):
    """Why it goes live."""

    why: str = Field("", max_length=500)


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/replays", tags=["replays"])

    @routes.post("", response_model=ReplayBegun, status_code=202)
    async def begun(request: Request, body: ReplayIn) -> ReplayBegun:
        """Run past traffic against a change. What is unknown in the change is refused by its name."""
        staff = app.allow(request, "replay", "planning")
        return ReplayBegun(replay=await ask(app, staff.id, body.change, body.since, body.until, body.seed))

    @routes.get("", response_model=ReplaysOut)
    async def listed(request: Request) -> ReplaysOut:
        """Every replay."""
        app.allow(request, "open", "planning")
        return ReplaysOut(replays=[_out(kept) for kept in await every(app)])

    @routes.get("/{key}", response_model=ReplayOut)
    async def told(request: Request, key: str) -> ReplayOut:
        """One replay and its answer."""
        app.allow(request, "open", "planning")
        return _answered(await one(app, key))

    @routes.post("/{key}/live", response_model=ReplayOut)
    async def live(request: Request, key: str, body: WhyIn) -> ReplayOut:
        """Put its policies in force. Refused where somebody revised one since."""
        staff = app.allow(request, "change", "planning")
        await put_live(app, key, staff.id, body.why)
        return _answered(await one(app, key))

    return routes


def _out(kept: Kept) -> ReplayOut:
    return ReplayOut.model_validate({**msgspec.to_builtins(kept)})


def _answered(answer: Answer) -> ReplayOut:
    told = msgspec.json.decode(msgspec.json.encode(answer.done)) if answer.done else None
    return _out(answer.kept).model_copy(update={"answer": told})
