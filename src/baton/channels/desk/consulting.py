"""Consulting over HTTP: ask a colleague of a queue beside a conversation, and end that."""

from typing import Any, Final

from fastapi import APIRouter, Request
from pydantic import BaseModel, ConfigDict, Field

from baton.capabilities.routing.events import Consult, Routing
from baton.channels.desk.desk import Desk, unknown_queue
from baton.channels.desk.events import Noted
from baton.kernel.errors import Conflict
from baton.kernel.events import Event

MOVED: Final[dict[int | str, dict[str, Any]]] = {409: {"description": "Hands changed meanwhile; nothing was kept."}}


class Asking(BaseModel):
    """Whom to ask, by queue, and what about. The note is for reps; the customer never sees it."""

    model_config = ConfigDict(extra="forbid")

    queue: str = Field(min_length=1, max_length=60)
    note: str = Field("", max_length=4000, pattern=r"^[^\x00]*$")


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
        if body.queue not in {queue.id for queue in desk.app.policy(Routing).queues}:
            raise unknown_queue(body.queue)
        consult = desk.app.chance.token(8)
        asked: list[Event] = [Consult(consult, staff.id, body.queue)]
        if body.note.strip():
            asked.append(Noted(staff.id, desk.app.cover(body.note), f"consult-{consult}"))
        return Consulted(consult=consult, position=await desk.speak(staff, id, tuple(asked)))

    @routes.post(
        "/conversations/{id}/consults/{consult}/end", response_model=Consulted, status_code=202, responses=MOVED
    )
    async def end(request: Request, id: str, consult: str) -> Consulted:
        """End a consult: whoever asked, or the colleague who took it. Ending it again changes nothing."""
        staff = desk.app.allow(request, "serve", "desk")
        stream = await desk.app.conversation(staff, id)
        found = stream.facts.slot(Consult, consult)
        if found is None or staff.id not in (found.rep, found.colleague):
            raise Conflict("no_such_consult", f"You have no consult {consult!r} in this conversation. Load it again.")
        ended = Consult(consult, found.rep, found.queue, "ended", found.colleague)
        once = f"consult-end:{consult}"
        position = await desk.app.committer.append(stream.id, ended, by=f"rep/{staff.id}", once=once)
        return Consulted(consult=consult, position=position)
