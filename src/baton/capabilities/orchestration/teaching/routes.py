"""The routes of Understanding: the heads, one of them, what is asked to teach and to switch, and correcting an intent."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Request
from starlette.datastructures import FormData, UploadFile
from starlette.responses import HTMLResponse, RedirectResponse, Response

from baton.capabilities.orchestration.events import TeachingAsked
from baton.capabilities.orchestration.teaching import switching
from baton.capabilities.orchestration.teaching.correcting import correct, form_of
from baton.capabilities.orchestration.teaching.given import Uploaded, Wish, give
from baton.capabilities.orchestration.teaching.shown import head_page, page
from baton.capabilities.orchestration.teaching.standing import one
from baton.kernel.errors import BatonError, Conflict
from baton.web.app import App

HERE: Final = "/understanding"
FOLDER: Final = "capabilities/orchestration"
NOTHING: Final = Wish("", Uploaded("", b""), Uploaded("", b""), False, "")
RUNNING: Final = frozenset({"given", "asked"})
Key = Annotated[str, Form(max_length=40)]
Why = Annotated[str, Form(min_length=1, max_length=300)]
Seen = Annotated[int, Form(ge=0)]
Label = Annotated[str, Form(min_length=1, max_length=60)]


def router(app: App) -> APIRouter:
    """The pages and their forms."""
    routes = APIRouter(include_in_schema=False)
    _pages(routes, app)
    _teaching(routes, app)
    _switching(routes, app)
    _correcting(routes, app)
    return routes


def _pages(routes: APIRouter, app: App) -> None:
    @routes.get(HERE)
    async def heads(request: Request) -> Response:
        """What names intents, and what may be taught."""
        staff = app.allow(request, "open", "performance")
        told = await page(app, staff, NOTHING, "")
        return app.page(request, f"{FOLDER}/page.html", screen="performance", **told)

    @routes.get(f"{HERE}/heads/{{key}}")
    async def head(request: Request, key: str) -> Response:
        """One head: how far it is, or its figures beside the live one's."""
        staff = app.allow(request, "open", "performance")
        told = await head_page(app, staff, key)
        return app.page(request, f"{FOLDER}/teaching/head.html", screen="performance", **told)

    @routes.get(f"{HERE}/heads/{{key}}/progress")
    async def progress(request: Request, key: str) -> Response:
        """How far it is; once it is over, the page is loaded again."""
        app.allow(request, "open", "performance")
        kept = await one(app, key)
        headers = {"Cache-Control": "no-store"} | ({} if kept.state in RUNNING else {"HX-Refresh": "true"})
        body = app.templates.get_template(f"{FOLDER}/teaching/progress.html").render(kept=kept)
        return HTMLResponse(body, headers=headers)


def _teaching(routes: APIRouter, app: App) -> None:
    @routes.post(f"{HERE}/heads")
    async def given(request: Request) -> Response:
        """Rows to learn from. Refused ones are named on the page, and nothing is changed."""
        staff = app.allow(request, "change", "performance")
        async with request.form() as form:
            wish = await _wish(form)
        try:
            key = await give(app, wish, staff.id)
        except BatonError as refused:
            if refused.status != 422:
                raise
            told = await page(app, staff, wish, refused.message)
            return app.page(request, f"{FOLDER}/page.html", screen="performance", status=422, **told)
        return RedirectResponse(f"{HERE}/heads/{key}", 303)

    @routes.post(f"{HERE}/heads/{{key}}/teach")
    async def teach(request: Request, key: str) -> Response:
        """Leave out the rows with a fault and teach the others; or try again what failed."""
        staff = app.allow(request, "change", "performance")
        kept = await one(app, key)
        if kept.state not in {"doubted", "failed"}:
            raise Conflict("asked_already", "This head is being taught already. Load the page to see how far it is.")
        await app.committer.append(kept.head, TeachingAsked(staff.id), by=f"staff/{staff.id}")
        return RedirectResponse(f"{HERE}/heads/{key}", 303)


def _switching(routes: APIRouter, app: App) -> None:
    @routes.post(f"{HERE}/switch")
    async def switch(request: Request, why: Why, seen: Seen, head: Key = "") -> Response:
        """Put a head live for conversations that begin from now on."""
        staff = app.allow(request, "approve", "performance")
        await switching.switch(app, head, staff.id, why, seen)
        return RedirectResponse(f"{HERE}#live", 303)

    @routes.post(f"{HERE}/undo")
    async def undo(request: Request, why: Why, seen: Seen) -> Response:
        """Go back to the head before."""
        staff = app.allow(request, "approve", "performance")
        await switching.undo(app, staff.id, why, seen)
        return RedirectResponse(f"{HERE}#live", 303)

    @routes.post(f"{HERE}/queues")
    async def queue(request: Request, label: Label, queue: Label) -> Response:
        """Replay the last week with a queue that takes a label too; its change goes live from there."""
        staff = app.allow(request, "approve", "performance")
        return RedirectResponse(f"/planning/replays/{await switching.give_queue(app, label, queue, staff.id)}", 303)


def _correcting(routes: APIRouter, app: App) -> None:
    @routes.get(f"{HERE}/corrections/{{key}}")
    async def ask(request: Request, key: str) -> Response:
        """The form that corrects an intent: in its place beside the conversation, or a page without script."""
        staff = app.allow(request, "open", "conversations")
        told = await form_of(app, await app.conversation(staff, key))
        if "hx-request" not in request.headers:
            return app.page(request, f"{FOLDER}/teaching/correction.html", screen="conversations", alone=True, **told)
        body = app.templates.get_template(f"{FOLDER}/teaching/correction_form.html").render(
            csrf=app.csrf(request), **told
        )
        return HTMLResponse(body, headers={"Cache-Control": "no-store"})

    @routes.post(f"{HERE}/corrections/{{key}}")
    async def corrected(request: Request, key: str, label: Annotated[str, Form(max_length=60)] = "", other: Annotated[str, Form(max_length=200)] = "") -> Response:  # fmt: skip
        """Somebody says what the customer wants."""
        staff = app.allow(request, "open", "conversations")
        stream = await app.conversation(staff, key)
        await correct(app, stream, staff.id, other or label)
        return RedirectResponse(f"/conversations/{stream.key}", 303)


async def _wish(form: FormData) -> Wish:
    def text(name: str) -> str:
        return str(form.get(name) or "")[:200]

    return Wish(
        text("title"), await _uploaded(form.get("file")), await _uploaded(form.get("test")), bool(form.get("corrections")),
        text("out_of_scope"),
    )  # fmt: skip


async def _uploaded(sent: object) -> Uploaded:
    return Uploaded(sent.filename or "", await sent.read()) if isinstance(sent, UploadFile) else Uploaded("", b"")
