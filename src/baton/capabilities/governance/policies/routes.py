"""The page of the gate's policies: what is in force, a text to check and replay, and how it came to be."""

from collections.abc import Sequence
from typing import Annotated, Final

from fastapi import APIRouter, Form, Query, Request
from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from baton.capabilities.governance.events import GatePolicies
from baton.capabilities.governance.gate.tools import guards, schema
from baton.capabilities.governance.gate.when import WEEKDAYS
from baton.capabilities.governance.policies import reading
from baton.capabilities.governance.policies.adding import WHOM, added, wanted
from baton.capabilities.governance.policies.differing import difference
from baton.capabilities.governance.policies.faults import Fault
from baton.capabilities.governance.policies.serving import (
    Tried,
    history,
    in_force,
    put_in_force,
    put_in_force_at_once,
    refusals,
    tools_of,
    tried,
    version_of,
)
from baton.capabilities.governance.screen.tabs import tabs
from baton.kernel.errors import BatonError
from baton.web.app import App

HERE: Final = "/governance/policies"
PAGE: Final = "capabilities/governance/policies/page.html"
CALLS: Final = "capabilities/governance/policies/calls.html"
LONGEST: Final = 200_000
Text = Annotated[str, Form(max_length=LONGEST)]
Why = Annotated[str, Form(max_length=500)]
Short = Annotated[str, Query(max_length=200)]
Days = Annotated[int, Form(ge=1, le=365)]


def routes(app: App) -> APIRouter:
    """The page and its forms."""
    router = APIRouter(include_in_schema=False)
    _looking(router, app)
    _changing(router, app)
    return router


def _looking(router: APIRouter, app: App) -> None:
    @router.get(HERE)
    async def page(
        request: Request, back_to: Annotated[int, Query(alias="from", ge=0)] = 0, done: bool = False
    ) -> Response:
        """What is in force, or an earlier version to be taken back."""
        app.allow(request, "open", "agents")
        shown = version_of(app, back_to) if back_to else in_force(app)
        return await _page(app, request, shown, back_to=back_to, done=done)

    @router.get(f"{HERE}/calls")
    async def calls(
        request: Request, rule: Short = "", tool: Short = "", refused: bool = False, skip: Annotated[int, Query(ge=0, le=1_000_000)] = 0
    ) -> Response:  # fmt: skip
        """The calls behind a figure: those a rule decided, or of a tool, or that were refused."""
        staff = app.allow(request, "open", "agents")
        found = await reading.calls(app, rule, tool, refused, skip)
        return app.page(
            request, CALLS, screen="governance", tabs=tabs(app, staff, HERE), rule=rule, tool=tool, refused=refused, skip=skip, page=reading.PAGE,
            days=reading.DAYS, rows=found[: reading.PAGE], more=len(found) > reading.PAGE, zone=app.organisation.zone,
        )  # fmt: skip


def _changing(router: APIRouter, app: App) -> None:
    @router.post(f"{HERE}/check")
    async def check(request: Request, text: Text = "", tests: Text = "", days: Days = 30) -> Response:
        """Check a text and show what it would have changed."""
        app.allow(request, "change", "agents")
        offered = GatePolicies(_lines(text), _lines(tests))
        return await _page(app, request, offered, tried=await tried(app, offered, days), days=days)

    @router.post(f"{HERE}/add")
    async def add(request: Request) -> Response:
        """A rule asked for in words: written beside those in force, checked and replayed. Nothing is in force by it."""
        app.allow(request, "change", "agents")
        form = await request.form()
        try:
            asked = wanted(form, tools_of(app))
        except BatonError as refused:
            return await _page(app, request, in_force(app), incomplete=refused.message, typed=form)
        made = added(in_force(app), asked)
        found = await tried(app, made.offered, 30)
        return await _page(app, request, made.offered, tried=found, asked=asked.told, turned=made.turned)

    @router.post(f"{HERE}/force")
    async def force(
        request: Request, text: Text = "", tests: Text = "", why: Why = "", told: Annotated[str, Form(max_length=300)] = "",
        seen: Annotated[str, Form(max_length=100)] = "",
    ) -> Response:  # fmt: skip
        """Put in force what was checked and replayed."""
        staff = app.allow(request, "approve", "agents")
        await put_in_force(app, GatePolicies(_lines(text), _lines(tests)), staff.id, why, told, seen)
        return RedirectResponse(f"{HERE}?done=true", 303)

    @router.post(f"{HERE}/emergency")
    async def emergency(request: Request, text: Text = "", tests: Text = "", why: Why = "") -> Response:
        """Put in force at once what has no fault, without a replay."""
        staff = app.allow(request, "approve", "agents")
        offered = GatePolicies(_lines(text), _lines(tests))
        checked = await put_in_force_at_once(app, offered, staff.id, why)
        if checked.faults:
            return await _page(app, request, offered, faults=checked.faults)
        return RedirectResponse(f"{HERE}?done=true", 303)


async def _page(
    app: App, request: Request, shown: GatePolicies, *, done: bool = False, back_to: int = 0, days: int = 30, tried: Tried | None = None,
    faults: Sequence[Fault] = (), asked: str = "", turned: Sequence[str] = (), incomplete: str = "", typed: FormData | None = None,
) -> Response:  # fmt: skip
    staff, now = app.staff(request), in_force(app)
    wrong = tuple(faults) or (tried.checked.faults if tried else ())
    return app.page(
        request, PAGE, screen="governance", status=422 if wrong or incomplete else 200, tabs=tabs(app, staff, HERE), shown=shown, faults=wrong,
        marked={fault.line for fault in wrong}, text_changes=difference(now.text, shown.text), test_changes=difference(now.tests, shown.tests),
        versions=await history(app), refused=await refusals(app), guards=guards(), schema=schema(), may_change=app.may(staff, "change", "agents"), may_force=app.may(staff, "approve", "agents"), csrf=app.csrf(request),
        zone=app.organisation.zone, built_in=not app.policy(GatePolicies).text, days=days, back_to=back_to, done=done, tried=tried,
        rules=await reading.in_words(app), tools=sorted(tools_of(app)), weekdays=WEEKDAYS, whom=WHOM, asked=asked, turned=turned, incomplete=incomplete, typed=typed or FormData(),
    )  # fmt: skip


def _lines(text: str) -> str:
    """A text as a form sends it, with line ends as files have them."""
    return text.replace("\r\n", "\n").strip() + "\n" if text.strip() else ""
