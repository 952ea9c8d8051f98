"""The routes of the agents screen: procedures, drafts, and outcomes that nobody knew. HTML only; data is under /api/agents."""

from typing import Annotated, Final

from fastapi import APIRouter, Form, Path, Query, Request
from starlette.responses import RedirectResponse, Response

from baton.capabilities.agents.events import Drafts, Procedures
from baton.capabilities.agents.importing.shelf import draft
from baton.capabilities.agents.screen import beginning, revising, unsettled
from baton.capabilities.agents.screen.listing import listed
from baton.capabilities.agents.screen.rehearsing import Rehearsed, rehearsed
from baton.capabilities.agents.screen.steps import shown, words_of
from baton.capabilities.agents.screen.tabs import tabs
from baton.capabilities.agents.studio.lapsing import carrying, lapsed
from baton.kernel.errors import BatonError
from baton.web.app import App
from baton.web.refusals import not_found

SCREEN: Final = "agents"
PARTS: Final = "capabilities/agents/screen"
Id = Annotated[str, Path(max_length=60, pattern=r"^[a-z0-9_]+$")]
NewId = Annotated[str, Form(max_length=60)]
Text = Annotated[str, Form(max_length=200_000)]
Why = Annotated[str, Form(max_length=500)]
Short = Annotated[str, Form(max_length=200)]


def routes(app: App) -> APIRouter:
    """The routes."""
    router = APIRouter(include_in_schema=False)
    _lists(router, app)
    _outcomes(router, app)
    _one(router, app)
    return router


def _lists(router: APIRouter, app: App) -> None:
    @router.get("/agents/procedures")
    async def procedures(request: Request) -> Response:
        """Every procedure in force, and how they ended."""
        app.allow(request, "open", SCREEN)
        return await _list(app, request, "procedures")

    @router.get("/agents/drafts")
    async def drafts(request: Request) -> Response:
        """What is not in force."""
        app.allow(request, "open", SCREEN)
        return await _list(app, request, "drafts")

    @router.post("/agents/drafts")
    async def begin(request: Request, id: NewId = "", need: NewId = "", copy_of: NewId = "") -> Response:
        """A new draft, from an empty procedure or as a copy of one in force. `id` is its name."""
        staff = app.allow(request, "change", SCREEN)
        try:
            name = await beginning.begin(app, staff.id, id, need, copy_of)
        except BatonError as refused:
            return await _list(app, request, "drafts", refused.message)
        return RedirectResponse(f"/agents/procedures/{name}", 303)


def _outcomes(router: APIRouter, app: App) -> None:
    @router.get("/agents/outcomes")
    async def outcomes(request: Request) -> Response:
        """Acts whose outcome nobody knew."""
        app.allow(request, "open", SCREEN)
        return await _list(app, request, "outcomes")

    @router.post("/agents/outcomes/{key}")
    async def tell(request: Request, key: Annotated[str, Path(max_length=200)], outcome: Short = "") -> Response:
        """Somebody looked in the record and says what came of it."""
        staff = app.allow(request, "change", SCREEN)
        await unsettled.tell(app, staff, key, unsettled.said(outcome))
        return RedirectResponse("/agents/outcomes", 303)


def _one(router: APIRouter, app: App) -> None:
    @router.get("/agents/procedures/{id}")
    async def one(
        request: Request, id: Id, back: Annotated[int, Query(alias="from", ge=0)] = 0, done: str = ""
    ) -> Response:
        """One procedure as readable steps, its file, its scenes and its versions."""
        app.allow(request, "open", SCREEN)
        text = revising.file_of(app, id)
        if back:
            text = next((v.text for v in await revising.history(app, id) if v.position == back), "")
        if not text:
            raise not_found()
        return await _page(app, request, id, text, back=back, done=done[:12])

    @router.post("/agents/procedures/{id}/rehearse")
    async def rehearse(request: Request, id: Id, text: Text = "") -> Response:
        """Look at a text, play its scenes, and put it beside past conversations."""
        app.allow(request, "change", SCREEN)
        plain = _lines(text)
        looked = revising.look(app, id, plain)
        found = await rehearsed(app, looked.procedure) if looked.procedure is not None and looked.good else None
        return await _page(app, request, id, plain, found=found, tried=True)

    @router.post("/agents/procedures/{id}/draft")
    async def keep(request: Request, id: Id, text: Text = "") -> Response:
        """Keep a text to go on with."""
        staff = app.allow(request, "change", SCREEN)
        await revising.keep_draft(app, id, _lines(text), staff.id)
        return RedirectResponse(f"/agents/procedures/{id}?done=kept", 303)

    @router.post("/agents/procedures/{id}/force")
    async def force(request: Request, id: Id, text: Text = "", why: Why = "", seen: Short = "") -> Response:
        """Put in force what was rehearsed."""
        staff = app.allow(request, "approve", SCREEN)
        plain = _lines(text)
        try:
            await revising.put_in_force(app, id, plain, why, seen, staff.id)
        except BatonError as refused:
            return await _page(app, request, id, plain, refused=refused, tried=True)
        return RedirectResponse(f"/agents/procedures/{id}?done=force", 303)


async def _list(app: App, request: Request, view: str, wrong: str = "") -> Response:
    staff, open_ = app.staff(request), await unsettled.rows(app)
    waiting = sum(not row.settled for row in open_)
    counts = {"/agents/procedures": len(app.policy(Procedures).procedures), "/agents/drafts": len(app.policy(Drafts).drafts), "/agents/outcomes": waiting}  # fmt: skip
    return app.page(
        request, f"{PARTS}/list.html", status=422 if wrong else 200, view=view, needs=await beginning.needs(app) if view == "drafts" else [], procedures=await listed(app), drafts=app.policy(Drafts).drafts,
        outcomes=open_, tabs=tabs(f"/agents/{view}", counts), wrong=wrong, csrf=app.csrf(request), zone=app.organisation.zone,
        may_change=app.may(staff, "change", SCREEN), names={each.id: each.name for each in app.accounts.everyone()},
    )  # fmt: skip


async def _page(
    app: App, request: Request, id: str, text: str, *, back: int = 0, done: str = "", found: Rehearsed | None = None, tried: bool = False,
    refused: BatonError | None = None,
) -> Response:  # fmt: skip
    staff, looked = app.staff(request), revising.look(app, id, text)
    now = app.policy(Procedures).of(id)
    kept = draft(app.policy(Drafts), id)
    bad = bool(refused) or (tried and not looked.good)
    return app.page(
        request, f"{PARTS}/one.html", status=(refused.status if refused else 422) if bad else 200, id=id, text=text, looked=looked, now=now, kept=kept,
        steps=shown(looked.procedure) if looked.procedure and not looked.problems else [], marked={p.line for p in looked.problems}, found=found,
        seen=revising.seal(app, id, text) if found else "", back=back, done=done, tried=tried, refused=refused.message if refused else "",
        versions=await revising.history(app, id), names={each.id: each.name for each in app.accounts.everyone()}, csrf=app.csrf(request),
        zone=app.organisation.zone, ends=carrying(app, id) if found else [], lapsed=done == "force" and lapsed(app), may_change=app.may(staff, "change", SCREEN), may_force=app.may(staff, "approve", SCREEN), tools=app.tools(), words_of=words_of,
    )  # fmt: skip


def _lines(text: str) -> str:
    """A text as a form sends it, with line ends as files have them."""
    return text.replace("\r\n", "\n").replace("\r", "\n").strip() + "\n"
