"""Asking a colleague, from the desk: a consult is asked, given on to, or ended. Each works as a plain form and as a part."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from baton.channels.desk.consulting import asked, ended, helped
from baton.channels.desk.desk import Desk
from baton.channels.desk.screen.forms import Optional, answered, parts_of, redirected
from baton.channels.desk.screen.parts import is_part

SUPERVISOR: Final = "a-supervisor"
"""Chosen in the place of a queue."""


def consults(routes: APIRouter, desk: Desk) -> None:
    """Add the routes."""

    @routes.post("/desk/c/{key}/consult")
    async def ask(request: Request, key: str, queue: Annotated[str, Form()], note: Optional = "") -> Response:
        """Ask a colleague of a queue, or a supervisor; the conversation stays with whoever asks."""
        staff = parts_of(desk, request).staff
        if queue == SUPERVISOR:
            await helped(desk, staff, key, note, needed=True)
        else:
            await asked(desk, staff, key, queue, note)
        return answered(request, key, "desk-more")

    @routes.post("/desk/c/{key}/help/over")
    async def alone(request: Request, key: str) -> Response:
        """No supervisor is needed any more."""
        await helped(desk, parts_of(desk, request).staff, key, "", needed=False)
        return answered(request, key, "desk-more")

    @routes.post("/desk/c/{key}/consults/{consult}/end")
    async def end(request: Request, key: str, consult: str) -> Response:
        """End it: whoever asked, or whoever was asked, who then goes on with the next."""
        parts = parts_of(desk, request)
        await ended(desk, parts.staff, key, consult)
        held = any(m.key == key and not m.approval for m in (await parts.left("")).mine)
        if held or not is_part(request):
            return answered(request, key if held else "", "desk-more")
        return await parts.next_up(f"{key}~consult-{consult}")

    @routes.post("/desk/c/{key}/consults/{consult}/give")
    async def give(request: Request, key: str, consult: str, note: Optional = "") -> Response:
        """Give the conversation to the colleague who reads along."""
        parts = parts_of(desk, request)
        await desk.give(parts.staff, key, consult, note)
        return await parts.next_up(key) if is_part(request) else redirected("")
