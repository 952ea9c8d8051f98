"""The desk's routes: presence, offers, turns, suggestions, hand back, transfer, wrap up, notes, takeover, approvals."""

from typing import Any, Final, Literal

import msgspec
from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from baton.capabilities.agents.events import ApprovalGiven
from baton.capabilities.complexity.events import ComplexityOverridden
from baton.capabilities.governance.events import Looked
from baton.capabilities.performance.events import SuggestionRequested
from baton.capabilities.routing.events import HandedBack, Routing, Transferred, WrappedUp
from baton.channels.desk import shown
from baton.channels.desk.consulting import consults
from baton.channels.desk.desk import Desk, held_since_ms, unknown_queue, used
from baton.channels.desk.events import Noted
from baton.channels.desk.tabs import Tabs
from baton.kernel.conversation import Ended, TurnSaid
from baton.kernel.errors import Conflict
from baton.kernel.events import Event
from baton.web.app import App
from baton.web.staff import Staff

DAY_MS: Final = 86_400_000
LOOK_MS: Final = 600_000
NONCE: Final = r"^[\x21-\x7e]{1,128}$"
TEXT: Final = r"^[^\x00]*\S[^\x00]*$"
MOVED: Final[dict[int | str, dict[str, Any]]] = {
    409: {"description": "Hands changed meanwhile, or the nonce was used for another text; nothing was kept."}
}


class Strict(BaseModel):
    """A body without unknown fields."""

    model_config = ConfigDict(extra="forbid")


class Presence(Strict):
    """Whether a rep can take conversations."""

    presence: Literal["available", "away", "break", "wrap_up", "offline"]
    reason: str = Field("", max_length=200, pattern=r"^[^\x00]*$")


class Passing(Strict):
    """Why an offer is passed: counted by class, never held against one conversation."""

    reason: str = Field("", max_length=200, pattern=r"^[^\x00]*$")


class Say(Strict):
    """A rep's turn. `suggestion` is the suggestion it began from, empty where some were shown and none was used."""

    text: str = Field(min_length=1, max_length=8000, pattern=TEXT)
    nonce: str = Field(pattern=NONCE)
    suggestion: str | None = Field(None, max_length=8000)


class WrapUp(Strict):
    """How it ended: disposition, whether the need was met, a dated promise, how hard it really was, time spent closing."""

    disposition: str = Field(min_length=1, max_length=60, pattern=r"^[a-z0-9_]+$", examples=["refund_explained"])
    need_met: Literal["yes", "no", "refused", "unknown"] = "unknown"
    promise: str = Field("", max_length=1000, pattern=r"^[^\x00]*$")
    promise_due_ms: int = Field(0, ge=0, le=4_102_444_800_000)
    complexity: Literal["low", "medium", "high"] | None = None
    hold_ms: int = Field(0, ge=0, le=86_400_000)
    wrap_ms: int = Field(0, ge=0, le=86_400_000)
    end: bool = True


class Transfer(Strict):
    """Which queue, and what the next rep should know."""

    queue: str = Field(min_length=1, max_length=60)
    note: str = Field("", max_length=4000, pattern=r"^[^\x00]*$")


class NoteIn(Strict):
    """A note for reps; the customer never sees it."""

    text: str = Field(min_length=1, max_length=4000, pattern=TEXT)
    nonce: str = Field(pattern=NONCE)


class Reason(Strict):
    """Why."""

    reason: str = Field("", max_length=200, pattern=r"^[^\x00]*$")


class Approve(Strict):
    """A rep's answer to what an agent asked."""

    approval: str = Field(min_length=1, max_length=200)
    ok: bool


class Typing(Strict):
    """Whether the rep types."""

    on: bool = True


class Position(BaseModel):
    """Where it stands in the log."""

    position: int


class Holding(BaseModel):
    """Who holds it now; `epoch` grows with each change of hands."""

    holder: str
    who: str
    epoch: int


class Sent(BaseModel):
    """It was passed on; nothing was kept."""

    sent: bool = True


class Suggested(BaseModel):
    """A text to send or change, what it rests on, and its score in permille."""

    text: str
    cites: list[str]
    source: str
    title: str
    score: int


class Suggestions(BaseModel):
    """Suggested answers, best first; none where nothing fits."""

    suggestions: list[Suggested]


def router(app: App) -> APIRouter:
    """The routes."""
    routes = APIRouter(prefix="/api/desk", tags=["desk"])
    desk = Desk(app)
    Tabs(app)
    _offers(routes, desk)
    _speaking(routes, desk)
    _handing(routes, desk)
    _leading(routes, desk)
    consults(routes, desk)
    from baton.channels.desk.screen.router import screen  # here: the screen records looks by `looked` below

    both = APIRouter()
    both.include_router(routes)
    both.include_router(screen(app))
    return both


def _serve(desk: Desk, request: Request) -> Staff:
    return desk.app.allow(request, "serve", "desk")


def _offers(routes: APIRouter, desk: Desk) -> None:
    @routes.get("/state", response_model=shown.State)
    async def state(request: Request) -> shown.State:
        """What this rep holds and is offered; for supervisors, everyone at work as well."""
        staff = desk.app.allow(request, "open", "desk")
        return await desk.state(staff, desk.app.may(staff, "take_over", "desk"))

    @routes.post("/presence", response_model=Position, status_code=202)
    async def presence(request: Request, body: Presence) -> Position:
        """Say whether one can take conversations. Leaving gives back what was only offered."""
        return Position(position=await desk.be(_serve(desk, request), body.presence, body.reason))

    @routes.post("/offers/{conversation}/take", response_model=Holding, status_code=202, responses=MOVED)
    async def take(request: Request, conversation: str, approval: str = "") -> Holding:
        """Take an offer; answers when the conversation is this rep's, after at most two seconds. `approval` for one of those."""
        holder = await desk.take(_serve(desk, request), conversation, approval)
        return Holding(holder=holder.kind, who=holder.who, epoch=holder.epoch)

    @routes.post("/offers/{conversation}/pass", response_model=Position, status_code=202, responses=MOVED)
    async def pass_on(request: Request, conversation: str, body: Passing, approval: str = "") -> Position:
        """Pass an offer on to the next rep."""
        return Position(position=await desk.pass_on(_serve(desk, request), conversation, approval, body.reason))

    @routes.get("/conversations/{id}", response_model=shown.Detail)
    async def conversation(request: Request, id: str) -> shown.Detail:
        """Timeline, summary and what is understood. Every look is kept."""
        staff = desk.app.allow(request, "open", "desk")
        stream = await desk.app.conversation(staff, id)
        await looked(desk.app, staff, stream.id)
        full = shown.detail(stream, await desk.app.reader.told(stream.id), staff.id)
        is_new = staff.role == "rep" and staff.id not in await desk.app.reader.reps_of(stream.id)
        return shown.before_taking(full) if is_new else full


def _speaking(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/conversations/{id}/turns", response_model=Position, status_code=202, responses=MOVED)
    async def say(request: Request, id: str, body: Say) -> Position:
        """Say something to the customer; only whoever holds the conversation can. The same nonce is kept once."""
        staff = _serve(desk, request)
        said: list[Event] = [TurnSaid("rep", desk.app.cover(body.text), body.nonce, staff.id)]
        if body.suggestion is not None:
            said.append(used(staff.id, body.suggestion, body.text))
        return Position(position=await desk.speak(staff, id, tuple(said), f"turn:{staff.id}:{body.nonce}"))

    @routes.post("/conversations/{id}/suggestions", response_model=Suggestions, responses=MOVED)
    async def suggest(request: Request, id: str) -> Suggestions:
        """Suggested answers to what the customer said last. That they were asked for is counted."""
        staff = _serve(desk, request)
        stream, _ = await desk.held(staff, id)
        found = [Suggested.model_validate(msgspec.to_builtins(s)) for s in desk.app.suggest(stream)]
        await desk.speak(staff, id, (SuggestionRequested(staff.id, len(found)),))
        return Suggestions(suggestions=found)

    @routes.post("/conversations/{id}/typing", response_model=Sent, status_code=202, responses=MOVED)
    async def typing(request: Request, id: str, body: Typing) -> Sent:
        """Tell the customer that the rep types. Never logged."""
        stream, _ = await desk.held(_serve(desk, request), id)
        await desk.app.hub.signal(stream.id, b'{"role":"rep","on":%s}' % (b"true" if body.on else b"false"))
        return Sent()

    @routes.post("/conversations/{id}/notes", response_model=Position, status_code=202, responses=MOVED)
    async def note(request: Request, id: str, body: NoteIn) -> Position:
        """Write a note, as long as one may see the conversation."""
        staff = _serve(desk, request)
        stream = await desk.app.conversation(staff, id)
        noted = Noted(staff.id, desk.app.cover(body.text), body.nonce)
        once = f"note:{staff.id}:{body.nonce}"
        return Position(position=await desk.app.committer.append(stream.id, noted, by=f"rep/{staff.id}", once=once))


def _handing(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/conversations/{id}/wrap-up", response_model=Position, status_code=202, responses=MOVED)
    async def wrap_up(request: Request, id: str, body: WrapUp) -> Position:
        """Close one's part; `end` ends the conversation as well."""
        staff = _serve(desk, request)
        stream, _ = await desk.held(staff, id)
        since_ms = held_since_ms(await desk.app.reader.told(stream.id), staff.id)
        handle_ms = max(0, desk.app.clock.now_ms() - since_ms) if since_ms else 0
        events: list[Event] = [ComplexityOverridden(body.complexity, staff.id)] if body.complexity else []
        events.append(
            WrappedUp(
                staff.id,
                body.disposition,
                body.need_met,
                body.promise,
                body.promise_due_ms,
                handle_ms,
                body.hold_ms,
                body.wrap_ms,
            )
        )
        if body.end:
            events.append(Ended("closed_by_rep", staff.id))
        return Position(position=await desk.speak(staff, id, tuple(events)))

    @routes.post("/conversations/{id}/hand-back", response_model=Position, status_code=202, responses=MOVED)
    async def hand_back(request: Request, id: str) -> Position:
        """Give the baton back to the AI, which speaks again."""
        staff = _serve(desk, request)
        return Position(position=await desk.speak(staff, id, (HandedBack(staff.id),)))

    @routes.post("/conversations/{id}/transfer", response_model=Position, status_code=202, responses=MOVED)
    async def transfer(request: Request, id: str, body: Transfer) -> Position:
        """Hand the conversation to another queue, with a note for the next rep."""
        staff = _serve(desk, request)
        if body.queue not in {queue.id for queue in desk.app.policy(Routing).queues}:
            raise unknown_queue(body.queue)
        return Position(position=await desk.speak(staff, id, (Transferred(staff.id, body.queue, body.note),)))


def _leading(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/conversations/{id}/takeover", response_model=Holding, status_code=202, responses=MOVED)
    async def take_over(request: Request, id: str, body: Reason) -> Holding:
        """A supervisor takes a conversation at once, whoever has it."""
        holder = await desk.take_over(desk.app.allow(request, "take_over", "live"), id, body.reason)
        return Holding(holder=holder.kind, who=holder.who, epoch=holder.epoch)

    @routes.post("/conversations/{id}/approve", response_model=Position, status_code=202, responses=MOVED)
    async def approve(request: Request, id: str, body: Approve) -> Position:
        """Answer an approval the agent asked for; it carries on at once. Answering twice the same changes nothing."""
        staff = _serve(desk, request)
        stream = await desk.app.conversation(staff, id)
        asked = {a.approval: a for a in shown.approvals(await desk.app.reader.told(stream.id))}
        if body.approval not in asked:
            raise Conflict(
                "no_such_approval", f"No approval {body.approval!r} was asked in this conversation. Load it again."
            )
        given = ApprovalGiven(body.approval, body.ok, staff.id)
        position = await desk.app.committer.append(
            stream.id, given, by=f"rep/{staff.id}", once=f"approval:{body.approval}"
        )
        return Position(position=position)


async def looked(app: App, staff: Staff, conversation: str) -> None:
    """Keep that someone opened a conversation's text, once in ten minutes."""
    now = app.clock.now_ms()
    look = Looked(staff.id, conversation)
    once = f"{staff.id}:{conversation}:{now // LOOK_MS}"
    await app.committer.append(f"access/{now // DAY_MS}", look, by=f"rep/{staff.id}", once=once)
