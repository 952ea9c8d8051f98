"""Agreeing: a yes or a no that a customer says in the conversation, noted by who holds it.

It is kept with the words that were read out, their version, and the turn it rests on. A no is taken from anybody, a yes only from who is proved.
"""

from typing import Annotated, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import Response

from baton.capabilities.governance.events import Consent, Purpose
from baton.channels.desk.desk import Desk
from baton.channels.desk.screen.agreed import language_of
from baton.channels.desk.screen.forms import parts_of, redirected
from baton.channels.desk.screen.parts import is_part
from baton.kernel.errors import BatonError, Conflict
from baton.kernel.stream import Stream
from baton.web.uses import VERSION, WORDINGS


def agreements(routes: APIRouter, desk: Desk) -> None:
    """Add the route."""

    @routes.post("/desk/c/{key}/agreed")
    async def note(
        request: Request, key: str, purpose: Annotated[Purpose, Form()], said: Annotated[Literal["yes", "no"], Form()],
        version: Annotated[str, Form(max_length=40)],
    ) -> Response:  # fmt: skip
        """Note what the customer said about one use."""
        parts = parts_of(desk, request)
        stream, _ = await desk.held(parts.staff, key)
        by, now_ms = f"rep/{parts.staff.id}", desk.app.clock.now_ms()
        customer, told = _told(stream, purpose, version, by, given=said == "yes", now_ms=now_ms)
        await desk.app.committer.append(f"customer/{customer}", told, by=by)
        if not is_part(request):
            return redirected(key)
        made, beside = await parts.opened(key)
        return parts.answer(parts.render("agreed", work=made, context=beside, noted=purpose))


def _told(stream: Stream, purpose: Purpose, version: str, by: str, *, given: bool, now_ms: int) -> tuple[str, Consent]:
    """Of whom what is kept; raises 409 or 422 where it may not be."""
    started = stream.started
    if started is None or not started.customer:
        raise Conflict("nobody_known", "This customer gave no name, so nothing can be kept of what they agree to.")
    if given and started.verified != "verified":
        raise Conflict("not_proved", "A yes counts only from a customer whose identity is verified. Nothing was kept.")
    if purpose == "service":
        raise BatonError("always", 422, "Serving them needs no agreement. Nothing was kept.")
    if version != VERSION:
        raise Conflict(
            "words_changed", "The words changed meanwhile. Open the conversation again and read out the new ones."
        )
    last = max((turn.position for turn in stream.said("customer")), default=0)
    wording = WORDINGS[language_of(stream)][purpose].text
    return started.customer, Consent(
        purpose, given, wording=wording, version=version, source="desk", by=by, captured_ms=now_ms,
        revoked_ms=0 if given else now_ms, proof=f"{stream.id}:{last}",
    )  # fmt: skip
