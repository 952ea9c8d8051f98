"""Parts: each piece of the desk rendered from what is on the log now."""

import re
from dataclasses import replace
from typing import Final

from fastapi import Request
from starlette.responses import HTMLResponse, Response

from baton.capabilities.routing.events import Place
from baton.channels.desk import shown
from baton.channels.desk.screen import words
from baton.channels.desk.screen.advising import consult_of
from baton.channels.desk.screen.context import Context, context
from baton.channels.desk.screen.left import Left, left
from baton.channels.desk.screen.naming import queues
from baton.channels.desk.screen.work import Work, asked_for, count_suggestions, work
from baton.web.app import App
from baton.web.staff import Staff

SEEN: Final = re.compile(r"([\w-]{1,64}):(\d{1,18})")
"""One conversation of the `seen` parameter: its key, and the position up to which this tab has shown it."""


def ref_of(given: str) -> tuple[str, str]:
    """`<key>` or `<key>~<approval>` as (key, approval)."""
    key, _, approval = given.partition("~")
    return key, approval


def place_of(app: App, staff: Staff, key: str, approval: str) -> Place | None:
    """The approval's place on the board, where this rep holds it."""
    place = app.board.places.get(f"conversation/{key}{shown.APPROVAL}{approval}") if approval else None
    return place if place is not None and place.rep == staff.id and place.state == "held" else None


class Parts:
    """Renders for one request."""

    def __init__(self, app: App, request: Request, staff: Staff) -> None:
        self.app, self.request, self.staff = app, request, staff

    def render(self, name: str, **values: object) -> str:
        """A part (or the `page`) as HTML."""
        given = {
            "csrf": self.app.csrf(self.request), "zone": self.app.organisation.zone, "now": self.app.clock.now_ms(), "words": words,
            "staff": self.staff, "queue_options": [(q.id, q.title) for q in queues(self.app)], "ask_options": [("a-supervisor", "A supervisor"), *((q.id, f"A colleague of {q.title}") for q in queues(self.app))], "nonce": self.app.chance.token(12), "oob": False,
        }  # fmt: skip
        where = name if name == "page" else f"parts/{name}"
        return self.app.templates.get_template(f"channels/desk/{where}.html").render(given | values)

    def answer(self, body: str, **headers: str) -> Response:
        """A fragment. Header names are written with underscores."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return HTMLResponse(body, 200, {"Cache-Control": "no-store", **named})

    async def left(self, current: str) -> Left:
        """The left pane, with what is unread in this tab."""
        seen = {key: int(at) for key, at in SEEN.findall(self.request.query_params.get("seen", "")[:2000])}
        if current:
            seen[ref_of(current)[0]] = 1 << 62
        made = await left(self.app, self.staff, seen)
        key, approval = ref_of(current)
        topic = f"conversation/{key}"
        reads = bool(key) and (not approval or bool(consult_of(approval))) and await self.app.may_see(self.staff, topic)
        return replace(made, reading=topic) if reads else made

    async def opened(self, ref: str) -> tuple[Work | None, Context | None]:
        """The work and its context; nothing where nothing is open or this rep may not see it any more."""
        key, approval = ref_of(ref)
        place = place_of(self.app, self.staff, key, approval)
        if not key or (approval and place is None):
            return None, None
        if place is not None and not await self.app.may_see(self.staff, f"conversation/{key}"):
            await self.look(f"conversation/{key}")
            return await asked_for(self.app, self.staff, place), None
        made, stream, told = await work(self.app, self.staff, key)
        await self.look(stream.id)
        await count_suggestions(self.app, self.staff, made)
        if place is not None:
            asked = await asked_for(self.app, self.staff, place)
            made = replace(made, approval=approval, asked=asked.asked, since_ms=asked.since_ms)
        return made, await context(self.app, self.staff, stream, told)

    async def look(self, stream: str) -> None:
        """Keep that its text was opened."""
        from baton.channels.desk.api import looked

        await looked(self.app, self.staff, stream)

    async def middle(self, ref: str) -> Response:
        """Middle and right pane for a conversation that was chosen; the list then marks it."""
        made, beside = await self.opened(ref)
        body = self.render("work", work=made, context=beside) + self.render("side", work=made, context=beside, oob=True)
        where = f"/desk?c={ref}" if made else "/desk"
        return self.answer(body, HX_Trigger_After_Settle="desk-list", HX_Replace_Url=where)

    async def next_up(self, done: str) -> Response:
        """What is opened when `done` was handed on or wrapped up: the oldest that is still held."""
        held = [m.ref for m in (await self.left("")).mine if done not in {m.ref, m.key}]
        return await self.middle(held[0] if held else "")


def is_part(request: Request) -> bool:
    """Whether the page's script asks, and not a plain form."""
    return "hx-request" in request.headers
