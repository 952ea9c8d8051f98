"""The floor over HTTP: joining, moving, lending, cover and outages. What is decided is an event with who decided it."""

from typing import Any, Final

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from baton.capabilities.floor.events import AlertState, Budget, CoverKind
from baton.capabilities.floor.leading import conversations, outages, people
from baton.capabilities.floor.screen.routes import routes as pages
from baton.kernel.conversation import PolicyRevised
from baton.kernel.stream import policy_name
from baton.web.app import App

TEXT: Final = r"^[^\x00]*\S[^\x00]*$"
PLAIN: Final = r"^[^\x00]*$"
SCREEN: Final = "live"
MOVED: Final[dict[int | str, dict[str, Any]]] = {
    409: {"description": "It cannot be done now; the reason is told, and nothing was changed."}
}


class Strict(BaseModel):
    """A body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class Speaking(Strict):
    """What a supervisor says as a third."""

    text: str = Field(min_length=1, max_length=8000, pattern=TEXT)
    nonce: str = Field(pattern=r"^[\x21-\x7e]{1,128}$")


class Owning(Strict):
    """Who has an alert: taken, done, or open again."""

    state: AlertState


class Moving(Strict):
    """Which conversations go to which queue, and why."""

    conversations: list[str] = Field(min_length=1, max_length=100)
    queue: str = Field(min_length=1, max_length=60)
    reason: str = Field("", max_length=200, pattern=PLAIN)


class Lending(Strict):
    """To which queue and for how long."""

    queue: str = Field(min_length=1, max_length=60)
    minutes: int = Field(30, ge=1, le=480)
    reason: str = Field("", max_length=200, pattern=PLAIN)


class Covering(Strict):
    """One more person on a queue: overtime or a partner's, for how long, and why."""

    queue: str = Field(min_length=1, max_length=60)
    kind: CoverKind
    minutes: int = Field(60, ge=15, le=480)
    why: str = Field("", max_length=200, pattern=PLAIN)


class Telling(Strict):
    """A known issue: what it is called among staff, what customers read, and which queues it is about (none: all)."""

    title: str = Field(min_length=1, max_length=120, pattern=TEXT)
    text: str = Field(min_length=1, max_length=500, pattern=TEXT)
    queues: list[str] = Field(default=[], max_length=50)


class Budgeting(Strict):
    """Minutes that may be bought in any hour."""

    overtime_min: int = Field(ge=0, le=6000)
    partner_min: int = Field(ge=0, le=6000)
    why: str = Field("", max_length=200, pattern=PLAIN)


class Position(BaseModel):
    """Where it stands in the log."""

    position: int


class Moved(BaseModel):
    """How many were moved, and how many stayed where they are."""

    moved: int
    left: int


class Began(BaseModel):
    """The outage."""

    outage: str


class Summed(BaseModel):
    """An outage in figures; `ended_ms` 0 while it goes on."""

    outage: str
    began_ms: int
    ended_ms: int
    began_by: str
    ended_by: str
    queues: list[str]
    told: int
    began: int
    waited: int
    answered: int
    left: int


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/floor", tags=["floor"])
    _talking(routes, app)
    _staffing(routes, app)
    _outages(routes, app)
    both = APIRouter()
    both.include_router(routes)
    both.include_router(pages(app))
    return both


def _talking(routes: APIRouter, app: App) -> None:
    @routes.post("/conversations/{id}/say", response_model=Position, status_code=202, responses=MOVED)
    async def say(request: Request, id: str, body: Speaking) -> Position:
        """Speak in a conversation as a third. The customer is told who joined; whoever holds it holds it still."""
        staff = app.allow(request, "take_over", SCREEN)
        return Position(position=await conversations.say(app, staff, id, body.text, body.nonce))

    @routes.post("/move", response_model=Moved, status_code=202)
    async def move(request: Request, body: Moving) -> Moved:
        """Move conversations that wait, or that reps hold, to another queue. Who waited keeps the time they waited since."""
        staff = app.allow(request, "assign", SCREEN)
        done = await conversations.move(app, staff, body.conversations, body.queue, app.reason(body.reason))
        return Moved(moved=done.moved, left=done.left)


def _staffing(routes: APIRouter, app: App) -> None:
    @routes.post("/alerts/{alert}", response_model=Position, status_code=202)
    async def own(request: Request, alert: str, body: Owning) -> Position:
        """Take an alert, say that it is done, or give it back."""
        staff = app.allow(request, "assign", SCREEN)
        return Position(position=await people.own(app, staff, alert, body.state))

    @routes.post("/reps/{rep}/lend", response_model=Position, status_code=202)
    async def lend(request: Request, rep: str, body: Lending) -> Position:
        """Let a rep work for another queue for a while; afterwards they are back by themselves."""
        staff = app.allow(request, "assign", SCREEN)
        return Position(position=await people.lend(app, staff, rep, body.queue, body.minutes, app.reason(body.reason)))

    @routes.post("/reps/{rep}/back", response_model=Position, status_code=202)
    async def back(request: Request, rep: str) -> Position:
        """Send a rep who is lent back to their own queues."""
        return Position(position=await people.send_back(app, app.allow(request, "assign", SCREEN), rep))

    @routes.post("/covers", response_model=Position, status_code=202, responses=MOVED)
    async def cover(request: Request, body: Covering) -> Position:
        """Buy one more person on a queue, within the hour's budget."""
        staff = app.allow(request, "assign", SCREEN)
        why = app.reason(body.why)
        return Position(position=await people.cover(app, staff, body.queue, body.kind, body.minutes, why))

    @routes.put("/budget", response_model=Position, status_code=202)
    async def budget(request: Request, body: Budgeting) -> Position:
        """Set the budget of an hour, with whoever may plan."""
        staff, name = app.allow(request, "change", "planning"), policy_name(Budget)
        of = msgspec.Raw(msgspec.json.encode(Budget(body.overtime_min, body.partner_min)))
        revised = PolicyRevised(name, of, staff.id, app.reason(body.why))
        return Position(position=await app.committer.append(f"policy/{name}", revised, by=f"rep/{staff.id}"))


def _outages(routes: APIRouter, app: App) -> None:
    @routes.post("/outages", response_model=Began, status_code=202, responses=MOVED)
    async def begin(request: Request, body: Telling) -> Began:
        """Tell customers of a known issue: those who wait, those the AI serves, and everyone who comes."""
        staff = app.allow(request, "assign", SCREEN)
        for queue in body.queues:
            people.queue_of(app, queue)
        return Began(outage=await outages.begin(app, staff, body.title, body.text, body.queues))

    @routes.post("/outages/end", response_model=Summed, status_code=202, responses=MOVED)
    async def end(request: Request) -> Summed:
        """It is over: who was told is told so. Answers with what it cost."""
        outage = await outages.end(app, app.allow(request, "assign", SCREEN))
        return await _summed(app, outage)

    @routes.get("/outages/{outage}", response_model=Summed)
    async def summed(request: Request, outage: str) -> Summed:
        """An outage in figures."""
        app.allow(request, "open", SCREEN)
        return await _summed(app, outage)


async def _summed(app: App, outage: str) -> Summed:
    return Summed.model_validate(msgspec.to_builtins(await outages.summary(app, outage)))
