"""Consulting over HTTP: ask a colleague of a queue or a supervisor beside a conversation, give it on, or end that."""

from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from baton.capabilities.floor.events import HelpAsked
from baton.capabilities.routing.events import Consult, Routing
from baton.channels.desk.desk import Desk, unknown_queue
from baton.channels.desk.events import Noted
from baton.kernel.errors import Conflict
from baton.kernel.events import Event
from baton.web.staff import Staff

MOVED: Final[dict[int | str, dict[str, Any]]] = {409: {"description": "Hands changed meanwhile; nothing was kept."}}


class Asking(BaseModel):
    """Whom to ask, by queue, and what about. The note is for reps; the customer never sees it."""

    model_config = ConfigDict(extra="forbid")

    queue: str = Field(min_length=1, max_length=60)
    note: str = Field("", max_length=4000, pattern=r"^[^\x00]*$")


class Giving(BaseModel):
    """What the colleague should know beside all that was said."""

    model_config = ConfigDict(extra="forbid")

    note: str = Field("", max_length=4000, pattern=r"^[^\x00]*$")


class Help(BaseModel):
    """Whether a supervisor's help is needed, and what about. The note is for staff; the customer never sees it."""

    model_config = ConfigDict(extra="forbid")

    needed: bool = True
    note: str = Field("", max_length=4000, pattern=r"^[^\x00]*$")


class Helped(BaseModel):
    """Where it stands in the log."""

    position: int


class Consulted(BaseModel):
    """The consult, and where it stands in the log."""

    consult: str
    position: int


def consults(routes: APIRouter, desk: Desk) -> None:
    """The routes."""

    @routes.post("/conversations/{id}/consults", response_model=Consulted, status_code=202, responses=MOVED)
    async def ask(request: Request, id: str, body: Asking) -> Consulted:
        """Ask a colleague of a queue, and keep the conversation. It is offered to them; once taken they see the conversation."""
        staff = desk.app.allow(request, "serve", "desk")
        consult, position = await asked(desk, staff, id, body.queue, body.note)
        return Consulted(consult=consult, position=position)

    @routes.post(
        "/conversations/{id}/consults/{consult}/end", response_model=Consulted, status_code=202, responses=MOVED
    )
    async def end(request: Request, id: str, consult: str) -> Consulted:
        """End a consult: whoever asked, or the colleague who took it. Ending it again changes nothing."""
        staff = desk.app.allow(request, "serve", "desk")
        return Consulted(consult=consult, position=await ended(desk, staff, id, consult))

    @routes.post(
        "/conversations/{id}/consults/{consult}/give", response_model=Consulted, status_code=202, responses=MOVED
    )
    async def give(request: Request, id: str, consult: str, body: Giving) -> Consulted:
        """Give the conversation to the colleague who took the consult: they hold it at once, past the queue."""
        staff = desk.app.allow(request, "serve", "desk")
        return Consulted(consult=consult, position=await desk.give(staff, id, consult, body.note))

    @routes.post("/conversations/{id}/help", response_model=Helped, status_code=202, responses=MOVED)
    async def help_(request: Request, id: str, body: Help) -> Helped:
        """Ask a supervisor for help with a conversation one holds, or say that none is needed any more."""
        staff = desk.app.allow(request, "serve", "desk")
        return Helped(position=await helped(desk, staff, id, body.note, needed=body.needed))


async def helped(desk: Desk, staff: Staff, key: str, note: str, *, needed: bool) -> int:
    """Ask a supervisor, or ask no more; where that stands."""
    events: list[Event] = [HelpAsked(staff.id, "asked" if needed else "over")]
    if note.strip():
        events.append(Noted(staff.id, desk.app.cover(note.strip()), f"help-{desk.app.chance.token(8)}"))
    return await desk.speak(staff, key, tuple(events))


async def asked(desk: Desk, staff: Staff, key: str, queue: str, note: str) -> tuple[str, int]:
    """Ask a colleague of a queue; the consult and where it stands. Raises 422 for a queue nobody knows."""
    if queue not in {each.id for each in desk.app.policy(Routing).queues}:
        raise unknown_queue(queue)
    consult = desk.app.chance.token(8)
    events: list[Event] = [Consult(consult, staff.id, queue)]
    if note.strip():
        events.append(Noted(staff.id, desk.app.cover(note.strip()), f"consult-{consult}"))
    return consult, await desk.speak(staff, key, tuple(events))


async def ended(desk: Desk, staff: Staff, key: str, consult: str) -> int:
    """End a consult of one's own; where that stands. Raises 409 where one has none of that name here."""
    stream = await desk.app.conversation(staff, key)
    found = stream.facts.slot(Consult, consult)
    if found is None or staff.id not in (found.rep, found.colleague):
        raise Conflict("no_such_consult", f"You have no consult {consult!r} in this conversation. Load it again.")
    over = Consult(consult, found.rep, found.queue, "ended", found.colleague)
    once = f"consult-end:{consult}"
    return await desk.app.committer.append(stream.id, over, by=f"rep/{staff.id}", once=once)
