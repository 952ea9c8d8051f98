"""The routes of Live: the page, its parts, watching, whispering, taking, and why something changed. HTML only; data is under /api."""

from pathlib import Path
from typing import Annotated, Final, Literal

from fastapi import APIRouter, Form, Query, Request
from msgspec.structs import replace
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.capabilities.floor.events import HelpAsked
from baton.capabilities.routing.screen.asked import bar
from baton.capabilities.routing.screen.explained import why_of
from baton.capabilities.routing.screen.gaze import Gaze
from baton.capabilities.routing.screen.lists import Listing, listing
from baton.capabilities.routing.screen.parts import TILE, Part, by_id, changed, parts
from baton.capabilities.routing.screen.risk import Risks
from baton.capabilities.routing.screen.seen import Seen
from baton.capabilities.routing.screen.watching import looked, name_of, watched
from baton.channels.desk.desk import Desk
from baton.channels.desk.events import Noted
from baton.web.app import App
from baton.web.asked import address
from baton.web.live import OPENS
from baton.web.pages import file_response
from baton.web.refusals import not_found
from baton.web.staff import Staff

SCREEN: Final = "live"
HERE: Final = "capabilities/routing"
FILES: Final = Path(__file__).parents[1] / "parts"


class Live:
    """What the routes share."""

    def __init__(self, app: App) -> None:
        self.app, self.gaze, self.desk = app, Gaze(app), Desk(app)

    def may(self, staff: Staff) -> dict[str, bool]:
        """What someone may do here; whoever leads the floor also sees who the customers are."""
        app = self.app
        sees = app.permissions.may_with(staff, "see", "conversation/any", [])
        take = app.may(staff, "take_over", SCREEN)
        return {
            "see": sees, "take": sees and take, "whisper": sees and app.may(staff, "serve", "desk"),
            "stop": app.may(staff, "stop", "agents"), "history": app.may(staff, "open", "agents"), "rules": app.may(staff, "open", "planning"),
            "lead": sees and app.may(staff, "assign", SCREEN),
        }  # fmt: skip

    async def parts(self, staff: Staff, seen: Seen) -> tuple[Part, ...]:
        """Every part; customers are named for whoever may see them."""
        made = parts(seen, self.gaze.revisions.all, self.gaze.filling())
        return tuple([await self._named(p) if p.id == "risk" else p for p in made]) if self.may(staff)["see"] else made

    async def _named(self, part: Part) -> Part:
        assert isinstance(part.shows, Risks)  # noqa: S101  the part of that id
        named = [replace(risk, name=await name_of(self.app, risk.key)) for risk in part.shows.shown]
        return Part(part.id, part.template, replace(part.shows, shown=tuple(named)), part.version)

    async def listing(self, staff: Staff, seen: Seen, what: str) -> Listing | None:
        """A list of conversations, with names for whoever may see them."""
        found = listing(seen, what)
        if found is None or not self.may(staff)["see"]:
            return found
        named = [replace(line, name=await name_of(self.app, line.key)) for line in found.lines]
        return replace(found, lines=tuple(named))

    def filters(self, seen: Seen) -> list[dict[str, object]]:
        """The filter bar."""
        return bar(seen.asked, list(seen.queues.values()))

    def hears_policy(self, staff: Staff) -> bool:
        """Whether someone may be told at once that a policy changed."""
        return any(self.app.may(staff, "open", screen) for screen in OPENS["policy"])

    def context(self, request: Request, staff: Staff, seen: Seen) -> dict[str, object]:
        """What every template needs."""
        return {
            "asked": seen.asked, "now": self.app.clock.now_ms(), "zone": seen.zone, "may": self.may(staff), "staff_id": staff.id,
            "csrf": self.app.csrf(request), "queue_options": [(q.id, q.title) for q in seen.queues.values()],
        }  # fmt: skip

    def fragment(self, template: str, **context: object) -> HTMLResponse:
        """A piece of HTML."""
        body = self.app.templates.get_template(f"{HERE}/parts/{template}.html").render(**context)
        return HTMLResponse(body, headers={"Cache-Control": "no-store"})

    def done(self, request: Request, text: str, href: str = "", label: str = "") -> Response:
        """What was done, as a toast; without script, the page again."""
        if "hx-request" not in request.headers:
            return RedirectResponse(href or "/live", 303)
        return self.fragment("toast", text=text, href=href, label=label)


def routes(app: App) -> APIRouter:
    """The routes."""
    router, live = APIRouter(include_in_schema=False), Live(app)
    _page(router, live)
    _watching(router, live)
    _acting(router, live)
    return router


def _page(router: APIRouter, live: Live) -> None:
    @router.get("/live/floor.{kind}")
    async def file(request: Request, kind: Literal["css", "js"]) -> Response:
        """How the page looks and what it does, beside the shell."""
        return file_response(request, FILES / f"floor.{kind}")

    @router.get("/live")
    async def page(request: Request, watch: str = "", show: str = "") -> Response:
        """The page; with `watch` also the drawer of that conversation, with `show` that of a list."""
        staff = live.app.allow(request, "open", SCREEN)
        seen = await live.gaze.seen(request.query_params)
        found = await live.parts(staff, seen)
        opened = await watched(live.app, staff, watch) if watch and live.may(staff)["see"] else None
        if opened is not None:
            await looked(live.app, staff, opened.key)
        return live.app.page(
            request, f"{HERE}/page.html", screen=SCREEN, status=200, **live.context(request, staff, seen), parts=by_id(found), watched=opened, listing=await live.listing(staff, seen, show) if show else None,
            tile_ids=[p.id for p in found if p.id.startswith(TILE)], filters=live.filters(seen), hears_policy=live.hears_policy(staff),
        )  # fmt: skip

    @router.get("/live/parts")
    async def fetch(request: Request, seen: Annotated[list[str], Query()] = []) -> Response:  # noqa: B006  FastAPI copies it
        """The parts that the page does not have as they are now."""
        staff = live.app.allow(request, "open", SCREEN)
        floor = await live.gaze.seen(request.query_params, patient=True)
        fresh = changed(await live.parts(staff, floor), seen)
        if not fresh:
            return Response(status_code=204)
        template = live.app.templates.get_template(f"{HERE}/parts/part.html")
        context = live.context(request, staff, floor)
        body = "".join(template.render(**context, part=part, oob=True) for part in fresh)
        return HTMLResponse(body, headers={"Cache-Control": "no-store"})


def _watching(router: APIRouter, live: Live) -> None:
    @router.get("/live/watch/{key}")
    async def watch(request: Request, key: str) -> Response:
        """A conversation in the drawer, read-only. Every look is kept."""
        staff = live.app.allow(request, "open", SCREEN)
        if "hx-request" not in request.headers:
            return RedirectResponse(address("/live", {"watch": key}), 303)
        seen = await live.gaze.seen(request.query_params)
        found = await watched(live.app, staff, key)
        await looked(live.app, staff, found.key)
        return live.fragment("watch", watched=found, **live.context(request, staff, seen))

    @router.get("/live/watch/{key}/lines")
    async def lines(request: Request, key: str, after: int = 0) -> Response:
        """What was said since."""
        staff = live.app.allow(request, "open", SCREEN)
        found = await watched(live.app, staff, key, after)
        return live.fragment("watch_news", watched=found, now=live.app.clock.now_ms(), zone=live.app.organisation.zone)

    @router.get("/live/show/{what}")
    async def show(request: Request, what: str) -> Response:
        """What stands behind a number or a person, in the drawer."""
        staff = live.app.allow(request, "open", SCREEN)
        if "hx-request" not in request.headers:
            return RedirectResponse(address("/live", {"show": what}), 303)
        seen = await live.gaze.seen(request.query_params)
        found = await live.listing(staff, seen, what)
        if found is None:
            raise not_found()
        return live.fragment("list", listing=found, **live.context(request, staff, seen))

    @router.get("/live/changes/{position}")
    async def why(request: Request, position: int) -> Response:
        """Why something changed."""
        staff = live.app.allow(request, "open", SCREEN)
        seen = await live.gaze.seen(request.query_params)
        found = await why_of(live.app, seen, live.gaze.revisions.all, position)
        context = live.context(request, staff, seen)
        if "hx-request" not in request.headers:
            return RedirectResponse("/live#changes", 303)
        return live.fragment("why", why=found, **context)


def _acting(router: APIRouter, live: Live) -> None:
    @router.get("/live/conversations/{key}/{act}")
    async def ask(request: Request, key: str, act: str) -> Response:
        """What a dialog asks before it is done."""
        staff = live.app.allow(request, "open", SCREEN)
        if act not in ("take", "whisper"):
            raise not_found()
        shown = {
            "watched": await watched(live.app, staff, key),
            "csrf": live.app.csrf(request),
            "nonce": live.app.chance.token(12),
        }
        if "hx-request" not in request.headers:
            return live.app.page(request, f"{HERE}/parts/asks.html", screen=SCREEN, status=200, act=act, **shown)
        return live.fragment(act, **shown)

    @router.post("/live/conversations/{key}/whisper")
    async def whisper(
        request: Request, key: str, text: Annotated[str, Form(min_length=1, max_length=4000)], nonce: Annotated[str, Form(max_length=128)]
    ) -> Response:  # fmt: skip
        """A note for whoever serves; the customer never sees it."""
        staff = live.app.allow(request, "serve", "desk")
        stream = await live.app.conversation(staff, key)
        noted = Noted(staff.id, live.app.cover(text), nonce)
        await live.app.committer.append(stream.id, noted, by=f"rep/{staff.id}", once=f"note:{staff.id}:{nonce}")
        asked = stream.facts.get(HelpAsked)
        if asked is not None and asked.state == "asked" and asked.rep != staff.id:
            helped = HelpAsked(asked.rep, "answered", staff.id)
            await live.app.committer.append(stream.id, helped, by=f"rep/{staff.id}")
        return live.done(request, "The note is beside the conversation. The customer does not see it.")

    @router.post("/live/conversations/{key}/take")
    async def take(request: Request, key: str, reason: Annotated[str, Form(max_length=200)] = "") -> Response:
        """Take a conversation at once, whoever has it."""
        staff = live.app.allow(request, "take_over", SCREEN)
        await live.desk.take_over(staff, key, live.app.reason(reason))
        return live.done(
            request, "You have it now. Nobody else speaks in it.", address("/desk", {"c": key}), "Open in Desk"
        )
