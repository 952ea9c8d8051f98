"""Forms: what a rep sends from the desk. Each works as a plain form, and as a part that the page's script swaps in."""

from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.agents.events import ApprovalGiven
from baton.capabilities.routing.events import HandedBack, Presence, Routing, Transferred
from baton.channels.desk.desk import Desk, held_since_ms, unknown_queue, used
from baton.channels.desk.events import Noted
from baton.channels.desk.screen import wrapping
from baton.channels.desk.screen.parts import Parts, is_part, place_of, ref_of
from baton.channels.desk.screen.words import CHOICES
from baton.channels.desk.screen.wrapping import Closing
from baton.kernel.conversation import TurnSaid
from baton.kernel.errors import BatonError, Conflict
from baton.kernel.events import Event
from baton.web.app import App

TEXT: Final = r"^[^\x00]*\S[^\x00]*$"
NONCE: Final = r"^[\x21-\x7e]{1,128}$"
Text = Annotated[str, Form(min_length=1, max_length=8000, pattern=TEXT)]
Nonce = Annotated[str, Form(pattern=NONCE)]
Optional = Annotated[str, Form(max_length=4000, pattern=r"^[^\x00]*$")]


def forms(routes: APIRouter, app: App) -> None:
    """Add the routes."""
    desk = Desk(app)
    _being(routes, desk)
    _offers(routes, desk)
    _speaking(routes, desk)
    _handing(routes, desk)
    _approvals(routes, desk)


def parts_of(desk: Desk, request: Request) -> Parts:
    """What renders for a rep who serves; 403 for anybody else."""
    return Parts(desk.app, request, desk.app.allow(request, "serve", "desk"))


def redirected(ref: str) -> Response:
    """The desk again, with what was open."""
    return RedirectResponse(f"/desk?c={ref}" if ref else "/desk", 303)


def answered(request: Request, ref: str, news: str) -> Response:
    """Nothing to swap: the page is told what to fetch again."""
    return Response(status_code=204, headers={"HX-Trigger": news}) if is_part(request) else redirected(ref)


def _being(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/desk/presence")
    async def presence(request: Request, be: Annotated[str, Form()], c: Annotated[str, Form()] = "") -> Response:
        """Say whether one can take conversations: one of the choices, with its reason."""
        parts = parts_of(desk, request)
        known = {f"{name}|{reason}": (name, reason) for name, reason, *_ in CHOICES}
        if be not in known:
            raise BatonError("invalid", 422, "Choose one of the presences shown. Nothing was changed.")
        chosen: Presence = known[be][0]  # type: ignore[assignment]
        await desk.be(parts.staff, chosen, known[be][1])
        return answered(request, c, "desk-list")


def _offers(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/desk/offers/{ref}/take")
    async def take(request: Request, ref: str) -> Response:
        """Take an offer and open it."""
        parts = parts_of(desk, request)
        await desk.take(parts.staff, *ref_of(ref))
        return await parts.middle(ref) if is_part(request) else redirected(ref)

    @routes.post("/desk/offers/{ref}/pass")
    async def pass_on(request: Request, ref: str, c: Annotated[str, Form()] = "") -> Response:
        """Pass an offer on."""
        await desk.pass_on(parts_of(desk, request).staff, *ref_of(ref), "")
        return answered(request, c, "desk-list")


def _speaking(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/desk/c/{key}/say")
    async def say(
        request: Request, key: str, text: Text, nonce: Nonce, suggestion: Annotated[str | None, Form(max_length=8000)] = None
    ) -> Response:  # fmt: skip
        """Say something to the customer."""
        parts = parts_of(desk, request)
        rep = parts.staff.id
        said: list[Event] = [TurnSaid("rep", desk.app.cover(text), nonce, rep)]
        if suggestion is not None:
            said.append(used(rep, suggestion, text))
        await desk.speak(parts.staff, key, tuple(said), f"turn:{rep}:{nonce}")
        return answered(request, key, "desk-more")

    @routes.post("/desk/c/{key}/note")
    async def note(request: Request, key: str, text: Text, nonce: Nonce) -> Response:
        """Write a note for reps."""
        parts = parts_of(desk, request)
        stream = await desk.app.conversation(parts.staff, key)
        noted, rep = Noted(parts.staff.id, desk.app.cover(text), nonce), parts.staff.id
        await desk.app.committer.append(stream.id, noted, by=f"rep/{rep}", once=f"note:{rep}:{nonce}")
        return answered(request, key, "desk-more")


def _handing(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/desk/c/{key}/hand-over")
    async def hand_over(request: Request, key: str, queue: Annotated[str, Form()], note: Optional = "") -> Response:
        """Hand the conversation to another queue, with a note for whoever takes it."""
        parts = parts_of(desk, request)
        if queue not in {q.id for q in desk.app.policy(Routing).queues}:
            raise unknown_queue(queue)
        await desk.speak(parts.staff, key, (Transferred(parts.staff.id, queue, note.strip()),))
        return await parts.next_up(key) if is_part(request) else redirected("")

    @routes.post("/desk/c/{key}/hand-back")
    async def handredirected(request: Request, key: str) -> Response:
        """Give the baton back to the AI."""
        parts = parts_of(desk, request)
        await desk.speak(parts.staff, key, (HandedBack(parts.staff.id),))
        return await parts.next_up(key) if is_part(request) else redirected("")

    @routes.post("/desk/c/{key}/wrap-up")
    async def wrap_up(request: Request, key: str, closing: Annotated[Closing, Form()]) -> Response:
        """Close one's part, and the conversation."""
        parts = parts_of(desk, request)
        stream, _ = await desk.held(parts.staff, key)
        since_ms = held_since_ms(await desk.app.reader.told(stream.id), parts.staff.id)
        handle_ms = max(0, desk.app.clock.now_ms() - since_ms) if since_ms else 0
        events = wrapping.said(closing, parts.staff.id, handle_ms, desk.app.organisation.zone)
        await desk.speak(parts.staff, key, tuple(events))
        return await parts.next_up(key) if is_part(request) else redirected("")


def _approvals(routes: APIRouter, desk: Desk) -> None:
    @routes.post("/desk/approvals/{ref}")
    async def approve(request: Request, ref: str, ok: Annotated[Literal["yes", "no"], Form()]) -> Response:
        """Approve or refuse what an agent asks, by the rep who took the approval."""
        parts = parts_of(desk, request)
        key, approval = ref_of(ref)
        place = place_of(desk.app, parts.staff, key, approval)
        if place is None:
            raise Conflict("not_yours", "This approval is no longer with you: it was answered, or the customer left.")
        given = ApprovalGiven(approval, ok == "yes", parts.staff.id)
        stream = f"conversation/{key}"
        await desk.app.committer.append(stream, given, by=f"rep/{parts.staff.id}", once=f"approval:{approval}")
        return await parts.next_up(ref) if is_part(request) else redirected("")
