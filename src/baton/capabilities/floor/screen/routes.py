"""Forms of Live: each works as a plain form, and tells what was done as a toast where the page's script sent it."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.capabilities.floor.events import AlertState, CoverKind, Outage
from baton.capabilities.floor.leading import conversations, outages, people
from baton.capabilities.routing.events import Routing
from baton.web.app import App
from baton.web.formats import duration_words
from baton.web.refusals import not_found

SCREEN: Final = "live"
HERE: Final = "capabilities/floor/parts"
Text = Annotated[str, Form(min_length=1, max_length=8000, pattern=r"^[^\x00]*\S[^\x00]*$")]
Plain = Annotated[str, Form(max_length=200, pattern=r"^[^\x00]*$")]


def routes(app: App) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False)
    _joining(router, app)
    _alerts(router, app)
    _people(router, app)
    _outage(router, app)
    return router


def done(app: App, request: Request, text: str, href: str = "/live", label: str = "") -> Response:
    """What was done, as a toast; without script, the page again."""
    if "hx-request" not in request.headers:
        return RedirectResponse(href, 303)
    body = app.templates.get_template(f"{HERE}/toast.html").render(text=text, href=href if label else "", label=label)
    return HTMLResponse(body, headers={"Cache-Control": "no-store"})


def _joining(router: APIRouter, app: App) -> None:
    @router.get("/live/join/{key}")
    async def ask(request: Request, key: str) -> Response:
        """What is said as a third, before it is."""
        staff = app.allow(request, "take_over", SCREEN)
        stream = await app.conversation(staff, key)
        csrf, nonce = app.csrf(request), app.chance.token(12)
        if "hx-request" not in request.headers:
            return app.page(
                request, f"{HERE}/asks.html", screen=SCREEN, form="join", title="Speak in the conversation", key=stream.key,
                csrf=csrf, nonce=nonce,
            )  # fmt: skip
        body = app.templates.get_template(f"{HERE}/join.html").render(key=stream.key, csrf=csrf, nonce=nonce)
        return HTMLResponse(body, headers={"Cache-Control": "no-store"})

    @router.post("/live/join/{key}")
    async def say(request: Request, key: str, text: Text, nonce: Annotated[str, Form(max_length=128)]) -> Response:
        """Say it. The customer reads who joined."""
        staff = app.allow(request, "take_over", SCREEN)
        await conversations.say(app, staff, key, text, nonce)
        return done(
            app, request, "Said, with your name. Whoever holds the conversation holds it still.", f"/live?watch={key}"
        )

    @router.post("/live/move")
    async def move(
        request: Request, queue: Annotated[str, Form(max_length=60)], key: Annotated[list[str], Form()], reason: Plain = ""
    ) -> Response:  # fmt: skip
        """Move what was ticked to another queue."""
        staff = app.allow(request, "assign", SCREEN)
        found = await conversations.move(app, staff, key, queue, app.reason(reason))
        stayed = f" {found.left} stayed: hands had changed, or they were there already." if found.left else ""
        return done(app, request, f"{found.moved} moved to {people.queue_of(app, queue).title}.{stayed}")


def _alerts(router: APIRouter, app: App) -> None:
    @router.post("/live/alerts/{alert}")
    async def own(request: Request, alert: str, state: Annotated[AlertState, Form()]) -> Response:
        """Take an alert, say that it is done, or give it back."""
        staff = app.allow(request, "assign", SCREEN)
        await people.own(app, staff, alert, state)
        told = {
            "taken": "It is yours. Everyone who leads the floor sees that.",
            "done": "Done. It comes back if somebody else waits too long.",
            "open": "It is open again.",
        }
        return done(app, request, told[state])

    @router.post("/live/cover")
    async def cover(
        request: Request, queue: Annotated[str, Form()], kind: Annotated[CoverKind, Form()], minutes: Annotated[int, Form()] = 60, why: Plain = ""
    ) -> Response:  # fmt: skip
        """One more person on a queue, within the budget."""
        staff = app.allow(request, "assign", SCREEN)
        await people.cover(app, staff, queue, kind, minutes, app.reason(why))
        left = await people.budget_left(app)
        rest = left.overtime if kind == "overtime" else left.partner
        title = people.queue_of(app, queue).title
        return done(
            app,
            request,
            f"One more on {title} for {minutes} minutes ({kind}). {rest} minutes of this hour's budget are left.",
        )


def _people(router: APIRouter, app: App) -> None:
    @router.post("/live/reps/{rep}/lend")
    async def lend(
        request: Request, rep: str, queue: Annotated[str, Form()], minutes: Annotated[int, Form()] = 30, reason: Plain = ""
    ) -> Response:  # fmt: skip
        """Lend a rep to another queue for a while."""
        staff = app.allow(request, "assign", SCREEN)
        await people.lend(app, staff, rep, queue, minutes, app.reason(reason))
        name, title = app.board.posts[rep].name or rep, people.queue_of(app, queue).title
        return done(
            app,
            request,
            f"{name} serves {title} for {duration_words(minutes * people.MINUTE_MS)}, then their own queues again.",
        )

    @router.post("/live/reps/{rep}/back")
    async def back(request: Request, rep: str) -> Response:
        """Their own queues again."""
        staff = app.allow(request, "assign", SCREEN)
        await people.send_back(app, staff, rep)
        return done(app, request, "They serve their own queues again.")


def _outage(router: APIRouter, app: App) -> None:
    @router.get("/live/outage")
    async def form(request: Request) -> Response:
        """What is told to whom, before the switch is turned; while it is on, how to end it."""
        app.allow(request, "assign", SCREEN)
        queues = [(q.id, q.title) for q in app.policy(Routing).queues]
        return app.page(
            request, f"{HERE}/outage.html", screen=SCREEN, now_on=app.policy(Outage), queues=queues, csrf=app.csrf(request),
            zone=app.organisation.zone,
        )  # fmt: skip

    @router.post("/live/outage")
    async def begin(
        request: Request, title: Annotated[str, Form(min_length=1, max_length=120)], text: Annotated[str, Form(min_length=1, max_length=500)],
        queue: Annotated[list[str] | None, Form()] = None,
    ) -> Response:  # fmt: skip
        """Turn it on."""
        staff = app.allow(request, "assign", SCREEN)
        for each in queue or ():
            people.queue_of(app, each)
        await outages.begin(app, staff, title, text, queue or ())
        return RedirectResponse("/live", 303)

    @router.post("/live/outage/end")
    async def end(request: Request) -> Response:
        """Turn it off, and see what it cost."""
        staff = app.allow(request, "assign", SCREEN)
        return RedirectResponse(f"/live/outages/{await outages.end(app, staff)}", 303)

    @router.get("/live/outages/{outage}")
    async def summary(request: Request, outage: str) -> Response:
        """An outage in figures."""
        app.allow(request, "open", SCREEN)
        found = await outages.summary(app, outage)
        if not found.began_ms:
            raise not_found()
        titles = {q.id: q.title for q in app.policy(Routing).queues}
        names = {staff.id: staff.name for staff in app.accounts.everyone()}
        return app.page(
            request, f"{HERE}/summary.html", screen=SCREEN, summary=found, titles=titles, names=names, zone=app.organisation.zone,
            lasted=duration_words((found.ended_ms or app.clock.now_ms()) - found.began_ms),
        )  # fmt: skip
